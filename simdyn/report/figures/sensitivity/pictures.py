"""Every picture of a study's sensitivity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from matplotlib.figure import Figure

from simdyn.report.figures.drawing import Picture
from simdyn.report.figures.sensitivity.convergence import convergence_figure
from simdyn.report.figures.sensitivity.parts import Asked
from simdyn.report.figures.sensitivity.screening import screening_figure
from simdyn.report.figures.sensitivity.shares import shares_figure
from simdyn.report.figures.sensitivity.sources import sources_figure
from simdyn.report.figures.sensitivity.tornado import tornado_figure
from simdyn.report.figures.sensitivity.years import years_figure
from simdyn.report.words.language import Labels
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Study

OF_REGION: Mapping[str, Callable[[Asked, str], Figure | None]] = {
    "shares": shares_figure,
    "years": years_figure,
    "screening": screening_figure,
    "tornado": tornado_figure,
}
OF_ALL: Mapping[str, Callable[[Asked], Figure | None]] = {
    "convergence": convergence_figure,
    "sources": sources_figure,
}


def sensitivity_pictures(study: Study, found: Sensitivity, labels: Labels) -> list[Picture]:
    """Return every picture, still to be drawn; one whose table has no rows gives none."""
    asked = Asked(study, found, labels)
    of_region = [
        Picture(f"sensitivity_{name}_{region}", partial(draw, asked, region))
        for region in found.regions
        for name, draw in OF_REGION.items()
    ]
    of_all = [
        Picture(f"sensitivity_{name}", partial(draw_all, asked))
        for name, draw_all in OF_ALL.items()
    ]
    return [*of_region, *of_all]
