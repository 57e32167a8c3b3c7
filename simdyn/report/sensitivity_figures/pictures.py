"""Every picture of a study's sensitivity whose table is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from simdyn.report.drawing import STYLE
from simdyn.report.sensitivity_figures.convergence import convergence_figure
from simdyn.report.sensitivity_figures.screening import screening_figure
from simdyn.report.sensitivity_figures.shares import shares_figure
from simdyn.report.sensitivity_figures.sources import sources_figure
from simdyn.report.sensitivity_figures.tornado import tornado_figure
from simdyn.report.sensitivity_figures.years import years_figure
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Study

Of = Callable[[Study, Sensitivity], Figure | None]
OfRegion = Callable[[Study, Sensitivity, str], Figure | None]

OF_REGION: Mapping[str, OfRegion] = {
    "shares": shares_figure,
    "years": years_figure,
    "screening": screening_figure,
    "tornado": tornado_figure,
}
OF_ALL: Mapping[str, Of] = {
    "convergence": convergence_figure,
    "sources": sources_figure,
}
TICK_SIZE = 8
"""Of the numbers along axes, in points."""


def sensitivity_figures(study: Study, found: Sensitivity) -> Iterator[tuple[str, Figure]]:
    """Yield (file stem, figure) for every picture whose table has rows."""
    for region in found.regions:
        for name, draw in OF_REGION.items():
            figure = _in_style(partial(draw, study, found, region))
            if figure is not None:
                yield f"sensitivity_{name}_{region}", figure
    for name, draw_all in OF_ALL.items():
        figure = _in_style(partial(draw_all, study, found))
        if figure is not None:
            yield f"sensitivity_{name}", figure


def _in_style(draw: Callable[[], Figure | None]) -> Figure | None:
    """Draw a figure so that it keeps its style wherever it is saved."""
    with mpl.rc_context(STYLE):
        figure = draw()
        if figure is not None:
            _keep_style(figure)
    return figure


def _keep_style(figure: Figure) -> None:
    """Make all ticks, which take the style of that moment, and fix how many have room."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if not isinstance(axis.get_major_locator(), FixedLocator):
                axis.set_tick_params(labelsize=TICK_SIZE)
    figure.draw_without_rendering()
