"""The short tables of a study, in words and Markdown, for reading and quoting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from simdyn.audit import SMALLEST
from simdyn.calibrate.verdicts import Verdict, evidence_table
from simdyn.regions import Evidence
from simdyn.report.held_out import held_out_section
from simdyn.report.tables import OFF, POINTS, diagnostic_tables, headline_table
from simdyn.report.words.language import ENGLISH, Labels
from simdyn.report.words.markdown import escaped, markdown
from simdyn.report.words.names import outcome_name
from simdyn.report.words.sensitivity import sensitivity_section
from simdyn.scenarios import Scenario
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Results

SHOWN = {
    "GDP growth 2021-2025": "GDP 2021-25, % a year",
    "GDP growth 2026-2035": "GDP 2026-35, % a year",
    "Resident population 2035": "population 2035, 10,000",
    "Debt to GDP 2035": "debt 2035, % of GDP",
}
GROWTH_COLUMNS = ("region", "scenario", *SHOWN.values())
LIMITS = (
    "Intervals carry the uncertainty of the parameters and a drift of growth every five years, as "
    "wide as growth in the Northeast drifted before 2020; chances of targets also the noise of "
    "single years. They do not carry that the model is wrong. Regions marked \\* are illustrative: "
    "they rest on priors, and on public statistics where these are evidence (the zone also on "
    "Shuangcheng, which is fitted)."
)
EVIDENCE = {
    Evidence.BOTH: "the documents and public statistics to 2020",
    Evidence.DOCUMENTS: "the figures of the documents alone",
}
FIT_NOTE = (
    "z: model less reported, in standard deviations of the figure's error, the noise of single "
    "years included; ! beyond two, where "
    "figures contradict each other or the model. Evidence: the documents, or a public statistic."
)
CELLS_NOTE = (
    "Cells: median [middle 80 %], chance that the target is met. targets.csv has notes and all "
    "scenarios."
)
EVIDENCE_NOTE = (
    "Worth: how many independent exact figures would say as much about the parameters. Set by: "
    "figures took more than half of a parameter's variance; moved by: some of it; pooled: mostly "
    "figures of other regions did; prior only: less than 5 percent went. parameters.csv names them."
)


def summary(
    results: Results,
    sensitivity: Sensitivity,
    targets: pd.DataFrame,
    fit: pd.DataFrame,
    held_out: Mapping[str, pd.DataFrame],
) -> str:
    """Return the summary as Markdown: paths, targets, fit, backtests, sensitivity, checks."""
    study = results.study
    titles = "; ".join(f"{s.name}: {s.file.title}" for s in study.scenarios)
    parts = [
        f"# {study.file.title}",
        f"Median [middle 80 % of {study.file.draws} draws]. {LIMITS}",
        f"Scenarios: {titles}. Evidence: {EVIDENCE[study.file.evidence]}.",
        "## Growth paths",
        markdown(GROWTH_COLUMNS, growth_rows(results, study.scenarios)),
        "## Targets of the documents",
        markdown(
            ["region", "target", "unit", "aim", *(s.name for s in study.featured), "source"],
            _target_rows(results, targets),
        ),
        CELLS_NOTE,
        "## Reported figures and the fit",
        markdown(
            ["region", "figure", "unit", "reported", "model", "z", "90 % of draws", "evidence"],
            _fit_rows(results, fit),
        ),
        FIT_NOTE,
        "## What the figures determined",
        markdown(
            ["region", "figures", "worth", "parameters", *(verdict.value for verdict in Verdict)],
            _evidence_rows(results),
        ),
        EVIDENCE_NOTE,
        *held_out_section(results.backtests, held_out, _called(results), ENGLISH),
        sensitivity_section(study, sensitivity),
        "## Checks",
        checks(results),
    ]
    return "\n\n".join(parts) + "\n"


def _called(results: Results) -> dict[str, str]:
    return {key: ENGLISH.region(region) for key, region in results.study.regions.items()}


def growth_rows(results: Results, scenarios: Iterable[Scenario]) -> Iterator[list[str]]:
    """Yield the rows of the table of growth paths, under `GROWTH_COLUMNS`."""
    scenarios = list(scenarios)
    study, headlines = results.study, headline_table(results)
    for region in study.file.regions:
        for scenario in scenarios:
            rows = headlines[
                (headlines["region"] == region) & (headlines["scenario"] == scenario.name)
            ].set_index("headline")
            cells = [interval(*(float(rows[point][name]) for point in POINTS)) for name in SHOWN]
            yield [study.regions[region].label, scenario.name, *cells]


def _target_rows(results: Results, targets: pd.DataFrame) -> Iterator[list[str]]:
    featured = [scenario.name for scenario in results.study.featured]
    for (region, target), group in targets.groupby(["region", "target"], sort=False):
        rows = group[group["scenario"].isin(featured)].to_dict("records")
        cells = [
            f"{interval(r['p10'], r['p50'], r['p90'])}, {probability(r['probability'])}"
            for r in rows
        ]
        name = results.study.regions[str(region)].label
        source = f"{rows[0]['document']}, {rows[0]['section']}"
        yield [name, str(target), rows[0]["unit"], f"{rows[0]['aim']:g}", *cells, source]


def _fit_rows(results: Results, fit: pd.DataFrame) -> Iterator[list[str]]:
    for row in fit.to_dict("records"):
        beyond = " !" if abs(row["z"]) > OFF else ""
        yield [
            results.study.regions[row["region"]].label,
            row["figure"],
            row["unit"],
            f"{row['reported']:.4g}",
            f"{row['model']:.4g}",
            f"{row['z']:.2f}{beyond}",
            f"{row['p5']:.4g} to {row['p95']:.4g}",
            row["layer"],
        ]


def _evidence_rows(results: Results) -> Iterator[list[str]]:
    for row in evidence_table(results.calibration).to_dict("records"):
        yield [
            results.study.regions[row["region"]].label,
            str(row["figures"]),
            f"{row['worth']:.1f}",
            *(str(row[name]) for name in ("parameters", *Verdict)),
        ]


def checks(results: Results, labels: Labels = ENGLISH) -> str:
    """Return what the checks of a study measured, a line each, in Markdown."""
    audit = results.audit
    identities = {k: v for k, v in audit.identities.items() if k != SMALLEST}
    identity, error = max(identities.items(), key=lambda item: item[1])
    failed = sum(audit.failed_draws.values())
    lines = [
        labels(
            "checks_runs",
            n_run=audit.n_run,
            step=f"{audit.time_step:g}",
            fitted=f"{next(iter(results.calibrated.values())).time_step:g}",
            error=f"{error:.1e}",
            identity=labels.term(identity),
            stock=f"{audit.identities[SMALLEST]:.3g}",
        ),
        labels("checks_failed", n_run=audit.n_run, n_failed=failed)
        if failed
        else labels("checks_all_ran", n_run=audit.n_run),
        _halved_line(results, labels),
        _posterior_line(results, labels),
    ]
    return "\n".join(f"- {line}" for line in lines)


def _halved_line(results: Results, labels: Labels) -> str:
    worst, study = worst_headline(results.audit.solver), results.study
    scenarios = {scenario.name: labels.scenario(scenario) for scenario in study.scenarios}
    return labels(
        "checks_halved",
        change=f"{100 * worst['relative_change']:.2f}",
        headline=outcome_name(worst["headline"], labels),
        region=escaped(labels.region(study.regions[worst["region"]])),
        scenario=escaped(scenarios.get(worst["scenario"], worst["scenario"])),
    )


def _posterior_line(results: Results, labels: Labels) -> str:
    calibration = results.calibration
    fit, sample = calibration.fit, calibration.sample
    worst, spread = diagnostic_tables(results), calibration.control_spread
    return labels(
        "checks_calibration",
        n_agreeing=fit.n_agreeing,
        n_start=len(fit.costs),
        n_draw=sample.n_draw,
        rhat=f"{worst['rhat'].max():.3f}",
        size=f"{worst['ess_bulk'].min():.0f}",
        n_diverging=sample.n_diverging,
        n_impossible=sample.n_impossible,
        n_untouched=len(spread),
        low=f"{spread.min():.3f}",
        high=f"{spread.max():.3f}",
    )


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
    return f"{value:z.1f}" if abs(value) < 100 else f"{value:.0f}"
