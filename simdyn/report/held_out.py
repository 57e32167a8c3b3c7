"""What the fit did not see: tables of the figures foretold, and what they show in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict

import pandas as pd
from scipy.stats import binomtest

from simdyn.calibrate.backtest import Backtests
from simdyn.calibrate.foretell import MODEL
from simdyn.calibrate.known import Way
from simdyn.calibrate.leaving_out import By
from simdyn.calibrate.scores import ALL, LEVELS, backtest_scores, backtest_table
from simdyn.facts.collection import Facts
from simdyn.report.words.language import Labels
from simdyn.report.words.markdown import escaped
from simdyn.study import Results

FEW = 10
"""Below so many figures a difference in scores is called too little to tell."""
SURPRISE = 0.05
"""Coverage that would come about with less probability is called poor."""

Row = Mapping[str, object]


def held_out_tables(found: Backtests, facts: Facts) -> dict[str, pd.DataFrame]:
    """Return the tables of backtests by the name of their file.

    backtest : a row for each figure that a method foretold, as of `backtest_table`
    backtest_scores : mean scores by trial and method, as of `backtest_scores`
    leave_one_out : each figure beside what all others foretell, as of `loo_table`
    """
    table = backtest_table(found, facts)
    return {
        "backtest": table,
        "backtest_scores": backtest_scores(table),
        "leave_one_out": found.loo_table(facts),
    }


def study_held_out(results: Results) -> dict[str, pd.DataFrame]:
    """Return the tables of a study's backtests; none where there is no figure to foretell."""
    found = results.backtests
    return {} if found is None else held_out_tables(found, results.study.facts)


def held_out_section(
    found: Backtests | None,
    tables: Mapping[str, pd.DataFrame],
    called: Mapping[str, str],
    labels: Labels,
) -> Iterator[str]:
    """Yield the parts of a section in Markdown: what was foretold, and how it fared.

    Parameters
    ----------
    called : names of regions in the language, by key
    """
    if found is not None:
        told = [
            *findings(tables["backtest_scores"], labels),
            *by_region(tables["backtest"], called, labels),
            *ways_told(found, labels),
        ]
        yield f"## {labels('backtests')}"
        yield "\n".join(f"- {sentence}" for sentence in told)
        yield labels("backtest_scored")
        yield labels("backtest_spread") + labels("backtest_note")


def ways_of(found: Backtests | None) -> dict[str, object]:
    """Return how figures were left out, for a manifest."""
    if found is None:
        return {}
    # Of some ways there is no tail index, of others no R-hat, and JSON knows no nan.
    ways = [pd.Series(asdict(way)).dropna().to_dict() for way in found.model.ways]
    refused = [figure.label for figure in found.refused]
    return {"thorough": found.model.thorough, "ways": ways, "refused": refused}


def findings(scores: pd.DataFrame, labels: Labels) -> list[str]:
    """Return what the scores say, in sentences: who wins, and whether intervals hold enough."""
    sentences = []
    for (test, rival), group in scores.groupby(["test", "figures_of"], sort=False):
        rows = group.to_dict("records")
        if rival == ALL:
            sentences += [_coverage(str(test), row, labels) for row in rows]
        if len(rows) > 1:
            sentences.append(_winner(str(test), str(rival), rows, labels))
    return sentences


def by_region(table: pd.DataFrame, called: Mapping[str, str], labels: Labels) -> Iterator[str]:
    """Yield, for each test of the model, how many figures its intervals hold in every region."""
    own = table[table["method"] == MODEL]
    for test, rows in own.groupby("test", sort=False):
        held = rows.groupby("region", sort=False)["in_90"].agg(["sum", "size"])
        if len(held) < 2:
            continue
        told = [
            labels("backtest_of", region=escaped(called[key]), held=int(n_held), n=int(n))
            for key, n_held, n in held.itertuples()
        ]
        yield labels(
            "backtest_by_region",
            trial=labels.term(str(test)),
            level=f"{100 * LEVELS[-1]:.0f}",
            told=labels("backtest_joint").join(told),
        )


def _coverage(test: str, row: Mapping[object, object], labels: Labels) -> str:
    """Say how many figures the widest interval held, and whether that is poor."""
    n, level = int(str(row["figures"])), LEVELS[-1]
    held = round(float(str(row["covered_90"])) * n)
    verdict = "right"
    if float(binomtest(held, n, level).pvalue) < SURPRISE:
        verdict = "too_few" if held < level * n else "too_many"
    elif held == n:
        verdict = "all"
    return labels(
        "backtest_coverage",
        trial=labels.term(test),
        method=labels.term(str(row["method"])),
        level=f"{100 * level:.0f}",
        held=held,
        n=n,
        verdict=labels(f"backtest_held_{verdict}"),
    )


def _winner(test: str, rival: str, rows: list[dict[object, object]], labels: Labels) -> str:
    """Say which method has the least score and which the smallest error, and how all did."""
    ranked = sorted(rows, key=lambda row: float(str(row["mean_crps"])))
    best = min(rows, key=lambda row: float(str(row["mean_absolute_error"])))
    n = int(str(rows[0]["figures"]))
    told = labels("backtest_joint").join(
        labels(
            "backtest_method",
            method=labels.term(str(row["method"])),
            score=f"{row['mean_crps']:.2f}",
            error=f"{row['mean_absolute_error']:.2f}",
        )
        for row in ranked
    )
    name = "backtest_winner" if rival == ALL else "backtest_winner_against"
    return labels(
        name,
        trial=labels.term(test),
        rival=labels.term(rival),
        n=labels("backtest_figure" if n == 1 else "backtest_figures", n=n),
        winner=labels.term(str(ranked[0]["method"])),
        told=told,
        best=_best(ranked[0]["method"] == best["method"], str(best["method"]), labels),
        few="" if n >= FEW else labels("backtest_few"),
    )


def _best(same: bool, method: str, labels: Labels) -> str:
    if same:
        return labels("backtest_also")
    return labels("backtest_but", method=labels.term(method))


def ways_told(found: Backtests, labels: Labels) -> list[str]:
    """Say how figures were left out, and which could not be."""
    return [*_ways(found, labels), *_refused(found, labels)]


def _ways(found: Backtests, labels: Labels) -> Iterator[str]:
    for way in found.model.ways:
        name = "backtest_moved" if way.by is By.MOVED else "backtest_anew"
        yield labels(name, what=labels.term(way.name), **_numbers(way))


def _numbers(way: Way) -> dict[str, str]:
    return {
        "k": f"{way.k:.2f}",
        "rhat": f"{way.rhat:.3f}",
        "rhat_foretold": f"{way.rhat_foretold:.3f}",
        "size": f"{way.size:.0f}",
    }


def _refused(found: Backtests, labels: Labels) -> Iterator[str]:
    if found.refused:
        names = labels("backtest_joint").join(escaped(figure.label) for figure in found.refused)
        yield labels("backtest_refused", n=len(found.refused), names=names)
