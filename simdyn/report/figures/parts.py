"""What the pictures of a study share: its results in words, panels, bands, keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from simdyn.arrays import Array
from simdyn.names import FIRST_YEAR, LAST_YEAR, Quantity
from simdyn.regions import Basis
from simdyn.report.figures.drawing import COLOURS, GREY
from simdyn.report.tables import BAND
from simdyn.report.words.figure_names import figure_labels, target_labels
from simdyn.report.words.language import Labels
from simdyn.report.words.text import columns, short_title, wrapped
from simdyn.scenarios import Scenario
from simdyn.study import Results, Study
from simdyn.years import Years

BAND_OPACITY = 0.15
PALE = 0.3
"""Depth of a band's colour on white, as legends show it."""
LETTER = 0.075
"""Inches that a letter of a legend takes."""
SWATCH = 0.75
"""Inches that an entry of a legend takes besides its letters."""
NOTE_SIZE, NOTE_LETTERS = 8, 15.5
"""Of notes below pictures: size in points, letters that surely fit into an inch."""


@dataclass(frozen=True)
class Told:
    """Results as a language tells them.

    tables : of the study, by the name of their file
    """

    results: Results
    labels: Labels
    tables: Mapping[str, pd.DataFrame]

    @property
    def study(self) -> Study:
        """The study."""
        return self.results.study

    @property
    def regions(self) -> tuple[str, ...]:
        """Keys of the regions that pictures show."""
        return self.study.file.regions

    @property
    def featured(self) -> list[tuple[Scenario, str]]:
        """The scenarios that pictures show, each with its colour."""
        return list(zip(self.study.featured, COLOURS, strict=False))

    def colour(self, region: str) -> str:
        """Return the colour of a region, the same in all pictures."""
        keys = dict.fromkeys((*self.regions, *self.results.calibrated))
        return COLOURS[list(keys).index(region) % len(COLOURS)]

    def name(self, region: str) -> str:
        """Return the name of a region, with the mark of an illustrative one."""
        return self.labels.region(self.study.regions[region])

    def figure(self, region: str, label: str) -> str:
        """Return the name of a reported figure of a region."""
        return self._figures.get((region, label), label)

    def target(self, region: str, label: str) -> str:
        """Return the name of a target of a region."""
        return self._targets.get((region, label), label)

    @cached_property
    def _figures(self) -> Mapping[tuple[str, str], str]:
        return figure_labels(self.study, self.labels)

    @cached_property
    def _targets(self) -> Mapping[tuple[str, str], str]:
        return target_labels(self.study, self.labels)

    def short_title(self, quantity: Quantity) -> str:
        """Return the title of a quantity without what it explains in brackets."""
        return short_title(self.labels, quantity.title)

    def unit(self, quantity: Quantity) -> str:
        """Return the unit of a quantity, with its price basis."""
        return self.labels.term(quantity.unit)

    def is_illustrative(self, region: str) -> bool:
        """Return whether a region rests on priors and public statistics."""
        return self.study.regions[region].file.basis is Basis.ILLUSTRATIVE

    def style(self, region: str) -> Literal["-", "--"]:
        """Return the style of a region's lines: dashes where it is illustrative."""
        return "--" if self.is_illustrative(region) else "-"

    def any_illustrative(self) -> bool:
        """Return whether some region is."""
        return any(self.is_illustrative(region) for region in self.regions)


def year_axis(axes: Axes) -> None:
    """Let an axis run over the years of the study."""
    axes.set_xlim(FIRST_YEAR, LAST_YEAR)
    axes.set_xticks(range(FIRST_YEAR, LAST_YEAR + 1, 5))


def draw_band(
    axes: Axes,
    years: Sequence[int],
    points: Array,
    colour: str,
    style: Literal["-", "--"] = "-",
) -> None:
    """Draw the median strong and the band light.

    Parameters
    ----------
    points : lower end, median and upper end, (3, year)
    """
    low, median, high = points
    axes.fill_between(years, low, high, color=colour, alpha=BAND_OPACITY, linewidth=0)
    axes.plot(years, median, color=colour, linewidth=1.8, linestyle=style)


def band_of(years: Years, values: Array) -> Array:
    """Return the band of values (year, draw) over the sound draws, (3, year)."""
    return np.asarray(np.percentile(values[:, years.ok], BAND, axis=1))


def scenario_handles(told: Told) -> list[Artist]:
    """Return an entry of a legend for each scenario."""
    return [
        Line2D([], [], color=colour, linewidth=2, label=told.labels.scenario(scenario))
        for scenario, colour in told.featured
    ]


def band_handles(told: Told, *, dashed: bool = True) -> list[Artist]:
    """Return what lines, bands and dashes mean."""
    labels = told.labels
    red, green, blue = (1 - PALE * (1 - part) for part in to_rgb(GREY))
    handles: list[Artist] = [
        Line2D([], [], color=GREY, linewidth=1.8, label=labels("fig_median")),
        Patch(facecolor=(red, green, blue), label=labels("fig_band")),
    ]
    if dashed and told.any_illustrative():
        handles.append(Line2D([], [], color=GREY, linestyle="--", label=labels("fig_illustrative")))
    return handles


def legend(figure: Figure, handles: Sequence[Artist], note: str = "") -> None:
    """Explain below a figure what it shows: as many entries in a row as have room, then a note."""
    width = figure.get_figwidth()
    found = figure.legend(
        handles=handles, loc="outside lower left", frameon=False, fontsize=8.5,
        ncols=_n_column([str(handle.get_label()) for handle in handles], width), alignment="left",
        title=wrapped(note, int(NOTE_LETTERS * width)) or None, title_fontsize=NOTE_SIZE,
    )  # fmt: skip
    found.get_title().set_color(GREY)


def _n_column(entries: Sequence[str], width: float) -> int:
    """Return how many columns of a legend have room in so many inches, column after column."""
    sizes = np.array([SWATCH + LETTER * columns(entry) for entry in entries])
    for n in range(len(entries), 1, -1):
        if sum(column.max() for column in np.array_split(sizes, n)) <= width:
            return n
    return 1
