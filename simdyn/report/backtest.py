"""The page of the backtests, in words and Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from simdyn.calibrate.ahead import Trial
from simdyn.calibrate.backtest import Backtests
from simdyn.calibrate.conflicts import TENSION
from simdyn.calibrate.leaving_out import USELESS, By
from simdyn.calibrate.verdicts import pair_table
from simdyn.facts.collection import Facts
from simdyn.report.held_out import findings, held_out_tables, ways_told
from simdyn.report.words.language import Language, labels_of
from simdyn.report.words.markdown import markdown

INTRODUCTION = (
    "How far the model can be trusted, by leaving out what is known. `docs/method.md` has the "
    "equations. This page is written by `simdyn calibrate --backtest`."
)
SCORES_NOTE = (
    "Errors and scores are means over figures: in percentage points of growth and shares, in "
    "percent of the figure for levels, sums and ratios. The score is the continuous ranked "
    "probability score; less is better. Figures of: the figures that all methods compared foretell."
)
FIGHT_NOTE = (
    "z: what the others expect of a figure less what is reported, in standard deviations, with the "
    "errors that the fit assumes and the model taken as linear. Listed where z is beyond "
    f"{TENSION:g} and falls when the other is left out too."
)
SCORE_HEADER = (
    *("test", "figures of", "method", "figures", "error", "score"),
    *("in 50 %", "in 80 %", "in 90 %"),
)
AHEAD_HEADER = (
    *("test", "region", "figure", "unit", "reported", "method", "expected", "90 %", "score"),
    *("evidence", "rests on"),
)
LOO_HEADER = (
    *("region", "figure", "unit", "reported", "others expect", "90 %", "z", "k", "by"),
    *("evidence", "source"),
)
FIGHT_HEADER = ("figure", "z", "the other", "z without the other")
PAIR_HEADER = ("region", "first", "second", "known", "correlation", "alone", "together")


def backtest_page(found: Backtests, facts: Facts) -> str:
    """Return the page of the backtests as Markdown."""
    table, scores, loo = held_out_tables(found, facts).values()
    labels = labels_of(Language.EN)
    names = {key: p.region.label for key, p in found.calibration.posterior.problems.items()}
    parts = [
        "# Backtests",
        INTRODUCTION,
        "## Who wins",
        "\n".join(f"- {sentence}" for sentence in findings(scores, labels)),
        markdown(SCORE_HEADER, _score_rows(scores)),
        SCORES_NOTE,
        "## Figures foretold",
        labels("backtest_spread") + labels("backtest_note"),
        markdown(AHEAD_HEADER, _ahead_rows(table, names)),
        "## Each figure from all others",
        _loo_words(loo, names),
        "\n".join(f"- {sentence}" for sentence in ways_told(found, labels)),
        markdown(LOO_HEADER, _loo_rows(loo, names)),
        "## Figures that fight",
        FIGHT_NOTE,
        markdown(FIGHT_HEADER, _fight_rows(found.fights, names)),
        "## Parameters known only together",
        "Shrinkage of the variance: of each alone, and of their best-known combination.",
        markdown(PAIR_HEADER, _pair_rows(pair_table(found.calibration), names)),
    ]
    return "\n\n".join(parts) + "\n"


def _score_rows(scores: pd.DataFrame) -> Iterator[list[str]]:
    for row in scores.to_dict("records"):
        yield [
            *(row["test"], row["figures_of"], row["method"], str(row["figures"])),
            *(f"{row[name]:.2f}" for name in ("mean_absolute_error", "mean_crps")),
            *(_percent(row[f"covered_{level}"]) for level in (50, 80, 90)),
        ]


def _ahead_rows(table: pd.DataFrame, names: Mapping[str, str]) -> Iterator[list[str]]:
    ahead = table[table["test"] != Trial.ONE.value]
    for _, group in ahead.groupby(["test", "region", "figure"], sort=False):
        for row in group.to_dict("records"):
            yield [
                *(row["test"], names[row["region"]], row["figure"], row["unit"]),
                *(f"{row['reported']:.4g}", row["method"], f"{row['mean']:.4g}"),
                f"{row['p5']:.4g} to {row['p95']:.4g}{'' if row['in_90'] else ' !'}",
                *(f"{row['crps']:.3g}", row["layer"], row["rests_on"]),
            ]


def _loo_words(loo: pd.DataFrame, names: Mapping[str, str]) -> str:
    worst = max(loo.to_dict("records"), key=lambda row: abs(row["z"]))
    counts = loo["by"].value_counts()
    ways = ", ".join(f"{counts.get(by.value, 0)} by {by.value}" for by in By)
    return (
        f"{(loo['flag'] != '').sum()} of {len(loo)} figures are more than two standard deviations "
        f"from what all others expect (!); the worst is {worst['figure']} of "
        f"{names[worst['region']]}, z {worst['z']:.1f}. Left out {ways}: k is the tail index of "
        f"the weights, of no use above {USELESS:g}, where all regions are fitted anew:"
    )


def _loo_rows(loo: pd.DataFrame, names: Mapping[str, str]) -> Iterator[list[str]]:
    for row in loo.to_dict("records"):
        yield [
            *(names[row["region"]], row["figure"], row["unit"], f"{row['reported']:.4g}"),
            *(f"{row['mean']:.4g}", f"{row['p5']:.4g} to {row['p95']:.4g}"),
            *(f"{row['z']:.2f} {row['flag']}".strip(), f"{row['pareto_k']:.2f}", row["by"]),
            *(row["layer"], f"{row['document']} {row['section']}".strip()),
        ]


def _fight_rows(fights: pd.DataFrame, names: Mapping[str, str]) -> Iterator[list[str]]:
    for row in fights.to_dict("records"):
        yield [
            f"{names[row['region']]}: {row['figure']}",
            f"{row['z']:.1f}",
            f"{names[row['other_region']]}: {row['other']}",
            f"{row['z_without_other']:.1f}",
        ]


def _pair_rows(pairs: pd.DataFrame, names: Mapping[str, str]) -> Iterator[list[str]]:
    for row in pairs.to_dict("records"):
        alone = (row["shrinkage_first"], row["shrinkage_second"])
        yield [
            *(names[row["region"]], row["first"], row["second"], row["known"]),
            f"{row['correlation']:.2f}",
            ", ".join(map(_percent, alone)),
            f"{100 * row['shrinkage_together']:.1f} %",
        ]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
