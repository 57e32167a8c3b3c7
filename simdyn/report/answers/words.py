"""What it would take, in words of the report's languages, and the names of levers in them."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Any

from simdyn.answers.contributions import SHOCK, TOTAL
from simdyn.report.language import Labels
from simdyn.scenarios import read_levers
from simdyn.study import Study


def lever_titles(study: Study, labels: Labels) -> dict[str, str]:
    """Return the title of each lever, and of the parts that contributions have besides, by name.

    Raises
    ------
    ScenarioError : with file, line and mend, for the first wrong row of the table of levers
    """
    rows = read_levers(study.project.levers).values()
    titles = {row.lever: labels.either(row.title, row.title_zh) for row in rows}
    return {**titles, **{name: labels.term(name) for name in (SHOCK, TOTAL)}}


def needed_words(row: Mapping[str, Any], titles: Mapping[str, str], labels: Labels) -> str:
    """Return what a lever must be, from a row of `what_it_would_take`."""
    places = {
        "lever": titles[row["lever"]],
        "unit": labels.term(row["lever_unit"]),
        "from_": f"{row['low']:g}",
        "to": f"{row['high']:g}",
    }
    if not row["possible"]:
        best, at = f"{100 * row['best_chance']:.0f}", f"{row['best']:.3g}"
        return labels("needs_none", **places, best=best, at=at)
    if isnan(row["value"]):
        return labels("needs_any", **places)
    low, high = (_end(row[name], labels) for name in ("value_low", "value_high"))
    side, value = labels.term(row["side"]), f"{row['value']:.3g}"
    return labels("needs", **places, side=side, value=value, low=low, high=high)


def _end(value: float, labels: Labels) -> str:
    """Return the end of an interval; in words if it leaves the limits of the lever."""
    return labels("open_end") if isnan(value) else f"{value:.3g}"
