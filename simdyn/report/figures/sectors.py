"""What regions live on: shares of the sectors in GDP."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from simdyn.names import SECTORS
from simdyn.regions import Operator
from simdyn.report.figures.drawing import COLOURS, head, new_figure
from simdyn.report.figures.evidence import evidence_handles, mark, mark_projection
from simdyn.report.figures.parts import (
    Told,
    band_handles,
    band_of,
    draw_band,
    legend,
    year_axis,
)
from simdyn.report.words.text import wrapped

SHADES: Mapping[str, str] = dict(zip(SECTORS, (COLOURS[2], COLOURS[0], COLOURS[1]), strict=True))
ABREAST = 3


def sector_shares(told: Told) -> Figure:
    """Draw the shares of the sectors under the reference, a panel a region."""
    regions = told.regions
    n_column = min(ABREAST, len(regions))
    n_row = -(-len(regions) // n_column)
    figure = new_figure(3.5 * n_column + 0.4, 2.7 * n_row + 1.2)
    panels = figure.subplots(n_row, n_column, squeeze=False, sharey=True)
    for axes, region in zip(panels.flat, regions, strict=False):
        _panel(axes, told, region)
    for axes in panels.flat[len(regions) :]:
        axes.set_axis_off()
    for row in panels:
        row[0].set_ylabel(told.labels("fig_share_unit"), fontsize=8)
    scenario = told.labels.scenario(told.study.reference)
    head(figure, told.labels("fig_sectors", scenario=scenario))
    sectors = [
        Line2D([], [], color=colour, linewidth=2, label=told.labels(_name(sector)))
        for sector, colour in SHADES.items()
    ]
    handles = [*sectors, *band_handles(told), *evidence_handles(told)]
    legend(figure, handles, told.labels("fig_sectors_note"))
    return figure


def _name(sector: str) -> str:
    return f"fig_{sector.replace(' ', '_')}"


def _panel(axes: Axes, told: Told, region: str) -> None:
    years = told.results.draws(region, told.study.reference.name)
    for sector, colour in SHADES.items():
        share = 100 * years.values[sector] / years.values["GDP"]
        draw_band(axes, years.years, band_of(years, share), colour, told.style(region))
    mark_projection(axes, told, region)
    found = told.results.calibrated.get(region)
    if found is not None:
        problem = found.problem
        for o, value in zip(problem.region.observations, problem.reported, strict=True):
            if o.operator is Operator.SHARE and not o.measurement_parameters:
                mark(axes, told, o, float(value), SHADES[o.variable])
    axes.set_title(wrapped(told.name(region), 30), pad=13)
    axes.set_ylim(0, 100)
    year_axis(axes)
