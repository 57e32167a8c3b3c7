"""What pictures of sensitivity share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simdyn.answers.indicators import INDICATORS
from simdyn.names import EXTENSIVE, RATIOS
from simdyn.regions import Basis
from simdyn.report.drawing import COLOURS, GREY, head, wrapped
from simdyn.sensitivity.regional import TOLD, Sensitivity
from simdyn.sensitivity.regional.inputs import Kind
from simdyn.sensitivity.regional.outcomes import LOG_POINTS
from simdyn.study import Study

TITLES = {quantity.variable: quantity.short_title for quantity in (*EXTENSIVE, *RATIOS)}
"""How readers call an indicator; others by their own name."""
NAME_WIDTH = 34
"""Letters of an input's name in a line; there are at most two."""
NOTE_SIZE, NOTE_LETTERS = 8.5, 15.5
"""Of an explanation: size in points, letters that surely fit into an inch."""


class Look(NamedTuple):
    """How inputs of a kind are told from others."""

    colour: str
    marker: str
    hatch: str


LOOKS: Mapping[str, Look] = {
    Kind.UNCERTAINTY: Look(COLOURS[0], "o", ""),
    Kind.POLICY: Look(COLOURS[1], "^", "////"),
    Kind.OUTSIDE: Look(COLOURS[2], "s", "...."),
}


def rows_of(found: Sensitivity, table: str, **where: object) -> pd.DataFrame:
    """Return the rows in which columns have these values; none if there is no such table."""
    if table not in found.tables or found.tables[table].empty:
        return pd.DataFrame()
    return found.rows(table, **where)


def told_indicators(*tables: pd.DataFrame) -> list[str]:
    """Return the indicators of tables that pictures are about; if none is there, the first few."""
    there = dict.fromkeys(name for table in tables for name in table.get("indicator", ()))
    return [name for name in TOLD if name in there] or list(there)[: len(TOLD)]


def in_last_year(rows: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Return the rows about an indicator in the last year that it is told in."""
    if rows.empty:
        return rows
    rows = rows[rows["indicator"] == indicator]
    return rows[rows["year"] == rows["year"].max()]


def title_of(indicator: str) -> str:
    """Return how readers call an indicator."""
    return TITLES.get(indicator, indicator)


def outcome_title(rows: pd.DataFrame, called: Callable[[str], str] = title_of) -> str:
    """Return how readers call the outcome of rows; a period's name has its year already."""
    name, year = str(rows["indicator"].iloc[0]), rows["year"].iloc[0]
    indicator = INDICATORS.get(name)
    fixed = indicator is not None and indicator.year is not None
    return called(name) if fixed else f"{called(name)} {year}"


def share_of(scale: str) -> str:
    """Return the unit of an index of an outcome told on this scale, in words."""
    return "share of the variance" + (" of the logarithm" if scale == LOG_POINTS else "")


def short(name: str, width: int = NAME_WIDTH, most_lines: int = 2) -> str:
    """Return the name of an input as it stands beside an axis."""
    return wrapped(name, width, most_lines)


def region_name(study: Study, region: str, width: int = 60, most_lines: int | None = None) -> str:
    """Return the name of a region in lines, with the mark of an illustrative one, which stays."""
    name, label = study.regions[region].name, study.regions[region].label
    return wrapped(name, width, most_lines) + label.removeprefix(name)


def region_head(figure: Figure, study: Study, regions: Sequence[str], text: str) -> None:
    """Write what a figure shows above it, and what the mark of illustrative regions means."""
    marked = any(study.regions[key].file.basis is Basis.ILLUSTRATIVE for key in regions)
    head(figure, text + ("   (* illustrative: priors and public statistics)" if marked else ""))


def region_colours(study: Study, found: Sensitivity) -> dict[str, str]:
    """Return the colour of each region, the same as in the other pictures of the study."""
    regions = dict.fromkeys((*study.file.regions, *found.regions))
    return {region: COLOURS[i % len(COLOURS)] for i, region in enumerate(regions)}


def panels_and_key(
    figure: Figure, n_panel: int, abreast: int, heights: Sequence[float] | None = None
) -> tuple[list[Axes], Axes]:
    """Divide a figure into panels, row by row, and a blank field behind them for the key.

    Parameters
    ----------
    heights : of the panels and the key, relative to each other; all the same if None
    """
    n_row = n_panel // abreast + 1
    tall = [1.0] * (n_panel + 1) if heights is None else list(heights)
    ratios = [max(tall[i * abreast : (i + 1) * abreast]) for i in range(n_row)]
    fields = list(figure.subplots(n_row, abreast, squeeze=False, height_ratios=ratios).flat)
    for axes in fields[n_panel:]:
        axes.set_axis_off()
    return fields[:n_panel], fields[n_panel]


def explain(figure: Figure, axes: Axes, text: str, top: float) -> None:
    """Write how to read the picture into a blank field, from a share `top` of its height down.

    The picture is complete but for this.
    """
    figure.draw_without_rendering()
    inches = axes.get_window_extent().width / figure.dpi
    note = axes.text(
        0, top, wrapped(text, int(NOTE_LETTERS * inches)), transform=axes.transAxes, va="top",
        fontsize=NOTE_SIZE, linespacing=1.35,
    )  # fmt: skip
    note.set_in_layout(False)


def swatch(label: str, **look: Any) -> Line2D:
    """Return an entry of a legend without a line."""
    return Line2D([], [], **{"linestyle": "", "color": GREY, "label": label, **look})
