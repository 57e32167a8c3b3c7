"""What pictures of sensitivity share: answers in words, names, kinds of inputs, panels, keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simdyn.answers.indicators import INDICATORS
from simdyn.names import EXTENSIVE, RATIOS
from simdyn.regions import Basis
from simdyn.report.figures.drawing import COLOURS, GREY, head, settle
from simdyn.report.words.language import Labels
from simdyn.report.words.names import input_name
from simdyn.report.words.text import short_title, wrapped
from simdyn.sensitivity.regional import TOLD, Sensitivity
from simdyn.sensitivity.regional.inputs import Kind
from simdyn.sensitivity.regional.outcomes import LOG_POINTS
from simdyn.study import Study

TITLES = {quantity.variable: quantity.title for quantity in (*EXTENSIVE, *RATIOS)}
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


@dataclass(frozen=True)
class Asked:
    """What sensitivity found about a study, as a language tells it."""

    study: Study
    found: Sensitivity
    labels: Labels

    def rows(self, table: str, **where: object) -> pd.DataFrame:
        """Return the rows in which columns have these values; none if there is no such table."""
        if table not in self.found.tables or self.found.tables[table].empty:
            return pd.DataFrame()
        return self.found.rows(table, **where)

    def title(self, indicator: str) -> str:
        """Return how readers call an indicator, without what that explains in brackets."""
        return short_title(self.labels, TITLES.get(indicator, indicator))

    def outcome(self, rows: pd.DataFrame) -> str:
        """Return how readers call the outcome of rows; a period's name has its year already."""
        name, year = str(rows["indicator"].iloc[0]), rows["year"].iloc[0]
        indicator = INDICATORS.get(name)
        if indicator is not None and indicator.year is not None:
            return self.title(name)
        return self.labels("fig_dated", what=self.title(name), when=year)

    def share_of(self, scale: str) -> str:
        """Return the unit of an index of an outcome told on this scale, in words."""
        return self.labels("fig_share_of_log" if scale == LOG_POINTS else "fig_share_of")

    def input(self, name: str, width: int = NAME_WIDTH, most_lines: int = 2) -> str:
        """Return the name of an input as it stands beside an axis; a part's has its region's."""
        return wrapped(input_name(name, self.labels, self._places), width, most_lines)

    @cached_property
    def _places(self) -> Mapping[str, str]:
        """Names of regions in the language by the English ones."""
        regions = self.study.regions.values()
        return {r.name: self.labels.either(r.name, r.file.name_zh) for r in regions}

    def region(self, key: str, width: int = 60, most_lines: int | None = None) -> str:
        """Return the name of a region in lines; the mark of an illustrative one stays."""
        region = self.study.regions[key]
        name = self.labels.either(region.name, region.file.name_zh)
        return wrapped(name, width, most_lines) + self.labels.region(region).removeprefix(name)

    def head(self, figure: Figure, regions: Sequence[str], text: str) -> None:
        """Write what a figure shows above it, and what the mark of illustrative regions means."""
        marked = any(self.study.regions[r].file.basis is Basis.ILLUSTRATIVE for r in regions)
        head(figure, text + (self.labels("fig_mark") if marked else ""))

    def colours(self) -> dict[str, str]:
        """Return the colour of each region, the same as in the other pictures of the study."""
        regions = dict.fromkeys((*self.study.file.regions, *self.found.regions))
        return {region: COLOURS[i % len(COLOURS)] for i, region in enumerate(regions)}


LOOKS: Mapping[str, Look] = {
    Kind.UNCERTAINTY: Look(COLOURS[0], "o", ""),
    Kind.POLICY: Look(COLOURS[1], "^", "////"),
    Kind.OUTSIDE: Look(COLOURS[2], "s", "...."),
}


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
    settle(figure)
    inches = axes.get_window_extent().width / figure.dpi
    axes.text(
        0, top, wrapped(text, int(NOTE_LETTERS * inches)), transform=axes.transAxes, va="top",
        fontsize=NOTE_SIZE, linespacing=1.35,
    )  # fmt: skip


def swatch(label: str, **look: Any) -> Line2D:
    """Return an entry of a legend without a line."""
    return Line2D([], [], **{"linestyle": "", "color": GREY, "label": label, **look})
