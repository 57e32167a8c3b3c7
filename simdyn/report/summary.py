"""The short tables of a study, in words and Markdown, for reading and quoting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from simdyn.calibrate.priors import shrinkage
from simdyn.calibrate.tables import verdict
from simdyn.regions import Basis
from simdyn.report.tables import headline_table
from simdyn.study import Results

SHOWN = {
    "GDP growth 2021-2025": "GDP 2021-25, % a year",
    "GDP growth 2026-2035": "GDP 2026-35, % a year",
    "Resident population 2035": "population 2035, 10,000",
    "Debt to GDP 2035": "debt 2035, % of GDP",
}
GROWTH_COLUMNS = ("region", "scenario", *SHOWN.values())
ILLUSTRATIVE = " *"
"""Mark behind the name of a region that no figure of the documents stands behind."""
TOP_INPUTS = 3
RANKING_NOTE = (
    "Mean absolute change when the input alone crosses the middle 80 % of its posterior, a lever "
    "from zero to the plan. Inputs cross independently: correlations are ignored, so effects can "
    "exceed the bands above."
)
RANKED = "Gross domestic product 2035"


def summary(results: Results, targets: pd.DataFrame, fit: pd.DataFrame) -> str:
    """Return the summary as Markdown: growth paths, targets, fit, sensitivity, checks, limits."""
    study = results.study
    parts = [
        f"# {study.file.title}",
        (
            "Median [middle 80 % of draws]. Intervals carry the uncertainty of the parameters "
            "only: not that the model is wrong, nor that growth regimes change. Regions marked \\* "
            "are illustrative: they run on priors and public anchors, no figure of the documents."
        ),
        "## Growth paths",
        _markdown(GROWTH_COLUMNS, growth_rows(results)),
        "## Targets of the documents",
        _markdown(
            ["region", "target", "aim", *(s.file.title for s in study.scenarios), "source"],
            _target_rows(results, targets),
        ),
        "Cells: median [middle 80 %], probability that the target is met.",
        "## Reported figures and the fit",
        _markdown(
            ["region", "figure", "reported", "model", "z", "5-95 % of draws", "layer"],
            _fit_rows(results, fit),
        ),
        "## What the figures determined",
        _markdown(
            ["region", "figures", "worth", "parameters", "set by figures", "prior only"],
            _evidence_rows(results),
        ),
        f"## What moves {RANKED} most, one input at a time",
        _markdown(["region", "first", "second", "third"], _ranking_rows(results)),
        RANKING_NOTE,
        "## Checks",
        _checks(results),
    ]
    return "\n\n".join(parts) + "\n"


def growth_rows(results: Results) -> Iterator[list[str]]:
    """Yield the rows of the table of growth paths, under `GROWTH_COLUMNS`."""
    study, headlines = results.study, headline_table(results)
    for region in study.file.regions:
        file = study.regions[region].file
        for scenario in study.scenarios:
            rows = headlines[
                (headlines["region"] == region) & (headlines["scenario"] == scenario.name)
            ].set_index("headline")
            cells = [
                interval(*(float(rows[point][name]) for point in ("p10", "p50", "p90")))
                for name in SHOWN
            ]
            mark = ILLUSTRATIVE if file.basis is Basis.ILLUSTRATIVE else ""
            yield [file.name + mark, scenario.name, *cells]


def _target_rows(results: Results, targets: pd.DataFrame) -> Iterator[list[str]]:
    for (region, target), group in targets.groupby(["region", "target"], sort=False):
        rows = group.to_dict("records")
        cells = [
            f"{interval(r['p10'], r['p50'], r['p90'])}, {probability(r['probability'])}"
            for r in rows
        ]
        name = results.study.regions[str(region)].name
        source = f"{rows[0]['document']}, {rows[0]['section']}"
        yield [name, str(target), f"{rows[0]['aim']:g}", *cells, source]


def _fit_rows(results: Results, fit: pd.DataFrame) -> Iterator[list[str]]:
    for row in fit.itertuples():
        yield [
            results.study.regions[str(row.region)].name,
            str(row.figure),
            f"{row.reported:.4g}",
            f"{row.model:.4g}",
            f"{row.z:.2f}",
            f"{row.p5:.4g} to {row.p95:.4g}",
            str(row.layer),
        ]


def _evidence_rows(results: Results) -> Iterator[list[str]]:
    for c in results.calibrated.values():
        shrunk = shrinkage(c.problem.region.priors, c.sample.pooled)
        verdicts = [verdict(float(s)) for s in shrunk]
        yield [
            c.problem.region.name,
            str(len(c.problem.region.observations)),
            f"{c.fit.effective_figures:.1f}",
            str(c.problem.n_parameter),
            str(verdicts.count("set by figures")),
            str(verdicts.count("prior only")),
        ]


def _ranking_rows(results: Results) -> Iterator[list[str]]:
    table = results.sensitivity
    for key, c in results.calibrated.items():
        rows = table[(table["region"] == key) & (table["outcome"] == RANKED)].head(TOP_INPUTS)
        cells = [f"{r.input} ({_short(float(str(r.effect)))} %)" for r in rows.itertuples()]
        yield [c.problem.region.name, *cells]


def _checks(results: Results) -> str:
    audit = results.audit
    worst = worst_headline(audit.solver)
    identities = {k: v for k, v in audit.identities.items() if k != "smallest stock"}
    name, error = max(identities.items(), key=lambda item: item[1])
    failed = sum(audit.failed_draws.values())
    lines = [
        (
            f"- {audit.n_run} runs, step {audit.time_step:g} year, every step audited: largest "
            f"relative error of an accounting identity {error:.1e} ({name}); "
            f"smallest stock {audit.identities['smallest stock']:.3g}."
        ),
        f"- {failed} of {audit.n_run} runs left the finite numbers or turned a stock negative"
        + (" and are left out of the bands." if failed else "."),
        (
            "- Halving the step changes headlines by at most "
            f"{100 * worst['relative_change']:.2f} % ({worst['headline']}, {worst['region']}, "
            f"{worst['scenario']})."
        ),
        *(
            f"- {c.problem.region.name}: {c.fit.n_agreeing} of {len(c.fit.costs)} starts agree."
            for c in results.calibrated.values()
            if c.problem.region.observations
        ),
    ]
    return "\n".join(lines)


def worst_headline(solver: pd.DataFrame) -> dict[str, Any]:
    """Return the headline that halving the step changes most, a row of the solver table."""
    rows = solver.to_dict("records")
    return {str(k): v for k, v in max(rows, key=lambda row: row["relative_change"]).items()}


def interval(low: float, median: float, high: float) -> str:
    """Write a median with its band, to a digit after the point or three significant digits."""
    return f"{_short(median)} [{_short(low)}, {_short(high)}]"


def probability(value: float) -> str:
    """Write a probability in percent, never as certain as the number of draws cannot show."""
    if value < 0.01:
        return "< 1 %"
    return "> 99 %" if value > 0.99 else f"{100 * value:.0f} %"


def _short(value: float) -> str:
    return f"{value:.1f}" if abs(value) < 100 else f"{value:.0f}"


def _markdown(header: Sequence[str], rows: Iterator[list[str]]) -> str:
    cells = [list(header), ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in cells)
