"""What scenarios change: differences to the reference, draw by draw."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from simdyn.arrays import Array
from simdyn.names import CORE
from simdyn.report.figures.drawing import GREY, SPACING, head, new_figure
from simdyn.report.figures.parts import (
    Told,
    band_handles,
    draw_band,
    legend,
    scenario_handles,
    year_axis,
)
from simdyn.report.tables import BAND
from simdyn.report.words.text import wrapped
from simdyn.scenarios import Scenario


def differences(told: Told) -> Figure | None:
    """Draw how scenarios differ from the reference in percent, a row a quantity."""
    others = [pair for pair in told.featured if pair[0] is not told.study.reference]
    if not others:
        return None
    regions = told.regions
    figure = new_figure(2.3 * len(regions) + 0.8, 1.75 * len(CORE) + 1.1)
    grid = figure.subplots(len(CORE), len(regions), sharex=True, sharey="row", squeeze=False)
    for row, quantity in zip(grid, CORE, strict=True):
        for axes, region in zip(row, regions, strict=True):
            for scenario, colour in others:
                years, points = _paired(told, region, scenario, quantity.variable)
                draw_band(axes, years, points, colour, told.style(region))
            axes.axhline(0, color=GREY, linewidth=0.8)
            year_axis(axes)
        unit = told.labels("fig_difference_unit")
        row[0].set_ylabel(
            wrapped(f"{told.short_title(quantity)}\n{unit}", 30), fontsize=7.5, linespacing=SPACING
        )
    for axes, region in zip(grid[0], regions, strict=True):
        axes.set_title(wrapped(told.name(region), 24))
    reference = told.labels.scenario(told.study.reference)
    head(figure, told.labels("fig_differences", reference=reference))
    handles = [
        handle
        for handle, (scenario, _) in zip(scenario_handles(told), told.featured, strict=True)
        if scenario is not told.study.reference
    ]
    legend(figure, [*handles, *band_handles(told)], told.labels("fig_differences_note"))
    return figure


def _paired(told: Told, region: str, scenario: Scenario, variable: str) -> tuple[range, Array]:
    """Return years and the band of differences, (3, year), in percent of the reference.

    A year has none if the reference is not above zero in every draw.
    """
    years = told.results.draws(region, scenario.name)
    base = told.results.draws(region, told.study.reference.name)
    ok = years.ok & base.ok
    value, reference = years.values[variable][:, ok], base.values[variable][:, ok]
    share = np.divide(value, reference, out=np.full(value.shape, np.nan), where=reference > 0)
    return years.years, np.asarray(np.percentile(100 * (share - 1), BAND, axis=1))
