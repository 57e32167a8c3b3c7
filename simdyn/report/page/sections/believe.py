"""The section on whether the model can be believed: figures foretold, fit, checks."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from simdyn.report.held_out import by_region, findings
from simdyn.report.page.content import Content
from simdyn.report.page.sections.rows import Row, from_markdown
from simdyn.report.reported import first_fact
from simdyn.report.tables import OFF
from simdyn.report.words.figure_names import figure_labels
from simdyn.report.words.language import Labels
from simdyn.study import Study


def told(study: Study, content: Content, labels: Labels) -> Row:
    """Return what the section's template shows."""
    return {
        "fit": list(_fit(study, content, labels)),
        "held_out": _held_out(study, content, labels),
        "checks": from_markdown(content.checks),
    }


def _held_out(study: Study, content: Content, labels: Labels) -> Row | None:
    """Return what backtests found, in sentences; None where no figure could be foretold."""
    if "backtest_scores" not in content.held_out:
        return None
    called = {key: labels.region(region) for key, region in study.regions.items()}
    told = [
        *findings(content.held_out["backtest_scores"], labels),
        *by_region(content.held_out["backtest"], called, labels),
        *content.ways,
    ]
    return {
        "told": from_markdown("\n".join(f"- {sentence}" for sentence in told)),
        "notes": [labels("backtest_scored"), labels("backtest_spread") + labels("backtest_note")],
    }


def _fit(study: Study, content: Content, labels: Labels) -> Iterator[Row]:
    names = figure_labels(study, labels)
    for row in content.fit.to_dict("records"):
        yield {
            "region": labels.region(study.regions[row["region"]]),
            "figure": names.get((row["region"], row["figure"]), row["figure"]),
            "unit": labels.term(row["unit"]),
            "note": "" if pd.isna(row["note"]) else str(row["note"]),
            "reported": f"{row['reported']:.4g}",
            "model": f"{row['model']:.4g}",
            "z": f"{row['z']:.2f}",
            "off": abs(row["z"]) > OFF,
            "interval": f"{row['p5']:.4g} – {row['p95']:.4g}",
            "layer": row["layer"],
            "source": f"{row['document']} {row['section']}",
            "fact": first_fact(row["facts"]),
        }
