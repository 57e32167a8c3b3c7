"""The model of the study as the report shows it."""

from lxml import html

from simdyn.engine.model import Model
from simdyn.report.page.model import LOOPS, OVERVIEW, SECTOR, model_part


def test_the_real_model_is_drawn_and_listed(growth_model: Model) -> None:
    part = model_part(growth_model)
    kinds = [kind for kind, _, _ in part.pictures]
    assert kinds[0] == OVERVIEW
    assert {SECTOR, LOOPS} <= set(kinds)
    for _, _, svg in part.pictures:
        assert html.fromstring(svg).tag == "svg"
    names = [row["name"] for row in part.equations]
    assert {"GDP", "Debt", "population"} <= set(names)
    debt = next(row for row in part.equations if row["name"] == "Debt")
    assert debt["loops"]
    marks = {str(loop["mark"]) for loop in part.loops}
    assert set(debt["loops"].split(", ")) <= marks
