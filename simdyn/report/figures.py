"""The pictures of a study. Medians are strong lines, the middle 80 percent of draws light bands."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import matplotlib.lines
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simdyn.arrays import Array
from simdyn.facts.records import Layer
from simdyn.names import BASE_YEAR, CORE, FIRST_YEAR, LAST_YEAR, Quantity
from simdyn.regions import Basis, Operator
from simdyn.report.tables import BAND
from simdyn.study import Results
from simdyn.years import Years

# Okabe and Ito's palette: told apart by the colour-blind and in grey print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
GREY = "#666666"
STYLE: Any = {
    "text.parse_math": False,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.6,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "grid.linewidth": 0.4,
    "grid.color": "#dddddd",
    "axes.grid": True,
    "axes.axisbelow": True,
}
MARKERS = {Layer.DOCUMENTS: "o", Layer.PUBLIC: "s"}
LEGEND_WIDTH = 2.2
"""Inches that an entry of a legend takes."""
N_INPUT_SHOWN = 12
PANELS_ABREAST = 2
RANKED_QUANTITIES = ("GDP", "industry output", "budget revenue", "population")


POINTS_NOTE = (
    "Points are levels reported in the unit of the panel. Growth rates, sums and shares are fitted "
    "too; fit.csv lists them all. GDP is reported at current prices, here it is at those of 2015."
)


def figures(results: Results) -> Iterator[tuple[str, Figure]]:
    """Yield (file stem, figure) for every picture of a study."""
    with mpl.rc_context(STYLE):
        yield "growth_paths", growth_paths(results)
        yield "regions_compared", regions_compared(results)
        for region in results.study.file.regions:
            yield f"paths_{region}", region_paths(results, region)
        for region in results.calibrated:
            yield f"sensitivity_{region}", ranking(results, region)


def _new(width: float, height: float) -> Figure:
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def growth_paths(results: Results) -> Figure:
    """Draw every region's real GDP on one index, 2020 = 100, a panel a scenario."""
    scenarios = results.study.featured
    n_row = -(-len(scenarios) // PANELS_ABREAST)
    n_column = -(-len(scenarios) // n_row)
    figure = _new(5.6 * n_column + 1, 5 * n_row)
    panels = figure.subplots(n_row, n_column, sharey=True, squeeze=False)
    for axes in panels.flat[len(scenarios) :]:
        axes.set_axis_off()
    for axes, scenario in zip(panels.flat, scenarios, strict=False):
        ends = []
        for region, colour in _coloured(results):
            years = results.draws(region, scenario.name)
            index = 100 * years.values["GDP"] / years.of("GDP", BASE_YEAR)
            median = _band(axes, years, index, colour, dashed=_illustrative(results, region))
            ends.append((median[-1], _name(results, region), colour))
        _label_ends(axes, ends)
        axes.axvline(BASE_YEAR, color=GREY, linewidth=0.6, linestyle=":")
        axes.set_title(scenario.file.title)
        _year_axis(axes)
    for row in panels:
        row[0].set_ylabel("Real GDP, 2020 = 100")
    figure.suptitle(
        "Growth paths of the regions: median and middle 80 % of draws; "
        "dashed and *: illustrative, priors and public statistics",
        x=0.01, ha="left", fontsize=10,
    )  # fmt: skip
    return figure


def regions_compared(results: Results) -> Figure:
    """Draw the core quantities of all regions in a trellis: a row a quantity, a column a region."""
    regions = list(results.study.file.regions)
    figure = _new(2.6 * len(regions) + 0.6, 2.1 * len(CORE))
    grid = figure.subplots(len(CORE), len(regions), sharex=True, squeeze=False)
    for row, quantity in zip(grid, CORE, strict=True):
        for axes, region in zip(row, regions, strict=True):
            _scenarios(axes, results, region, quantity)
            _reported(axes, results, region, quantity)
        row[0].set_ylabel(_wrapped(f"{quantity.short_title}\n{quantity.unit}", 32), fontsize=7.5)
    for axes, region in zip(grid[0], regions, strict=True):
        axes.set_title(_name(results, region))
    _legend(figure, results)
    return figure


def region_paths(results: Results, region: str) -> Figure:
    """Draw the core quantities of one region under every scenario, with its reported levels."""
    figure = _new(11, 6.4)
    grid = figure.subplots(2, 3)
    panels = list(grid.flat)
    for axes, quantity in zip(panels, CORE, strict=False):
        _scenarios(axes, results, region, quantity)
        _reported(axes, results, region, quantity)
        axes.set_title(quantity.short_title)
        axes.set_ylabel(quantity.unit)
    panels[-1].axis("off")
    file = results.study.regions[region].file
    note = _wrapped(f"{file.basis.value.capitalize()}. {file.basis_note} {POINTS_NOTE}", 46)
    panels[-1].text(0, 0.95, note, va="top", fontsize=9, transform=panels[-1].transAxes)
    _legend(figure, results)
    figure.suptitle(
        f"{_name(results, region)}: median and middle 80 % of draws",
        x=0.01,
        ha="left",
        fontweight="bold",
    )
    return figure


def ranking(results: Results, region: str) -> Figure:
    """Draw what moves the outcomes of one region most, one input at a time."""
    table = results.sensitivity
    figure = _new(13, 8.5)
    titles = [q.title for name in RANKED_QUANTITIES for q in CORE if q.variable == name]
    for axes, title in zip(figure.subplots(2, 2).flat, titles, strict=True):
        outcome = f"{title} {LAST_YEAR}"
        rows = table[(table["region"] == region) & (table["outcome"] == outcome)]
        _bars(axes, rows.head(N_INPUT_SHOWN), outcome)
    figure.suptitle(
        f"{_name(results, region)}: mean effect of one input alone, scaled to its range; "
        "+ raises, \u2212 lowers on average\nBlue: uncertainty, middle 80 % of its posterior. "
        f"Orange: lever, from zero to '{results.study.policy.file.title}'. "
        "Lines: 95 % interval of the mean.",
        x=0.01, ha="left", fontsize=10,
    )  # fmt: skip
    return figure


def _bars(axes: Axes, rows: pd.DataFrame, outcome: str) -> None:
    place = np.arange(len(rows))[::-1]
    colours = [COLOURS[1] if kind == "lever" else COLOURS[0] for kind in rows["kind"]]
    width = rows["effect"].to_numpy()
    error = [width - rows["effect_low"], rows["effect_high"] - width]
    axes.barh(place, width, color=colours, xerr=error, error_kw={"ecolor": "black", "lw": 1})
    signs = ["+" if direction > 0 else "\u2212" for direction in rows["direction"]]
    names = [f"{name}  {sign}" for name, sign in zip(rows["input"], signs, strict=True)]
    axes.set_yticks(place, names, color="black")
    axes.grid(visible=False, axis="y")
    axes.set_title(outcome.replace(" (secondary value added)", ""))
    axes.set_xlabel(f"mean absolute effect, {rows['effect_unit'].iloc[0]}")


def _scenarios(axes: Axes, results: Results, region: str, quantity: Quantity) -> None:
    for scenario, colour in zip(results.study.featured, COLOURS, strict=False):
        years = results.draws(region, scenario.name)
        dashed = _illustrative(results, region)
        _band(axes, years, years.values[quantity.variable], colour, dashed=dashed)
    axes.axvline(BASE_YEAR, color=GREY, linewidth=0.6, linestyle=":")
    axes.set_ylim(bottom=0)
    _year_axis(axes)


def _year_axis(axes: Axes) -> None:
    axes.set_xlim(FIRST_YEAR, LAST_YEAR)
    axes.set_xticks(range(FIRST_YEAR, LAST_YEAR + 1, 5))


def _band(axes: Axes, years: Years, values: Array, colour: str, *, dashed: bool) -> Array:
    low, median, high = np.percentile(values[:, years.ok], BAND, axis=1)
    axes.fill_between(years.years, low, high, color=colour, alpha=0.15, linewidth=0)
    axes.plot(years.years, median, color=colour, linewidth=1.8, linestyle="--" if dashed else "-")
    return np.asarray(median)


def _reported(axes: Axes, results: Results, region: str, quantity: Quantity) -> None:
    """Mark the levels that the region was fitted to: dots of documents, squares of statistics."""
    found = results.calibrated.get(region)
    if found is None:
        return
    for o, reported in zip(found.problem.region.observations, found.problem.reported, strict=True):
        plain = o.operator is Operator.LEVEL and not o.measurement_parameters
        if plain and o.variable == quantity.variable:
            layer = results.study.facts[o.fact_ids[0]].layer
            axes.plot([o.end], [reported], MARKERS[layer], color="black", markersize=5, zorder=5)


def _label_ends(axes: Axes, ends: list[tuple[float, str, str]]) -> None:
    """Write each line's name at its end, pushed apart where lines end close together."""
    low, high = axes.get_ylim()
    gap = 0.045 * (high - low)
    place = -np.inf
    for value, name, colour in sorted(ends):
        place = max(value, place + gap)
        axes.annotate(
            f"{name} {value:.0f}", (LAST_YEAR, place), xytext=(4, 0), textcoords="offset points",
            color=colour, va="center", fontsize=8, annotation_clip=False,
        )  # fmt: skip


def _legend(figure: Figure, results: Results) -> None:
    lines = [
        mpl.lines.Line2D([], [], color=colour, linewidth=2, label=scenario.file.title)
        for scenario, colour in zip(results.study.featured, COLOURS, strict=False)
    ]
    points = [
        mpl.lines.Line2D([], [], color="black", marker=marker, linestyle="", label=label)
        for marker, label in (("o", "document"), ("s", "public statistic"))
    ]
    dashed = mpl.lines.Line2D(
        [], [], color=GREY, linestyle="--", label="* illustrative: priors and public statistics"
    )
    figure.legend(
        handles=[*lines, *points, dashed], loc="outside lower left", frameon=False,
        ncols=max(1, int(figure.get_figwidth() / LEGEND_WIDTH)),
    )  # fmt: skip


def _coloured(results: Results) -> Iterator[tuple[str, str]]:
    return zip(results.study.file.regions, COLOURS, strict=False)


def _illustrative(results: Results, region: str) -> bool:
    return results.study.regions[region].file.basis is Basis.ILLUSTRATIVE


def _name(results: Results, region: str) -> str:
    return results.study.regions[region].label


def _wrapped(text: str, width: int = 30) -> str:
    lines = [wrapped for line in text.split("\n") for wrapped in textwrap.wrap(line, width) or [""]]
    return "\n".join(lines)
