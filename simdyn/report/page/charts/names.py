"""What charts choose from: regions, scenarios and quantities, with their names and colours."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle

from simdyn.names import EXTENSIVE, RATIOS, Quantity
from simdyn.regions import Basis
from simdyn.report.figures.drawing import COLOURS
from simdyn.report.page.charts.plain import Plain
from simdyn.report.reported import last_fitted
from simdyn.study import Results

QUANTITIES = (*EXTENSIVE, *RATIOS)


def regions(results: Results) -> Iterator[dict[str, Plain]]:
    """Yield each region; fitted_to is the last year that figures cover."""
    for key, colour in zip(results.study.file.regions, cycle(COLOURS), strict=False):
        region = results.study.regions[key]
        yield {
            "key": key,
            "name": region.name,
            "name_zh": region.file.name_zh,
            "basis": region.file.basis.value,
            "illustrative": region.file.basis is Basis.ILLUSTRATIVE,
            "fitted_to": last_fitted(results, key),
            "colour": colour,
        }


def scenarios(results: Results) -> Iterator[dict[str, Plain]]:
    """Yield each scenario; those featured are shown beside each other."""
    featured = {scenario.name for scenario in results.study.featured}
    for scenario in results.study.scenarios:
        yield {
            "key": scenario.name,
            "title": scenario.file.title,
            "title_zh": scenario.file.title_zh,
            "featured": scenario.name in featured,
        }


def quantities() -> Iterator[dict[str, Plain]]:
    """Yield each quantity of the results."""
    for q in QUANTITIES:
        yield _quantity(q)


def _quantity(q: Quantity) -> dict[str, Plain]:
    return {"key": q.variable, "title": q.title, "unit": q.unit, "kind": q.kind}
