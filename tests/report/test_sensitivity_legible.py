"""No text of a picture of sensitivity is cut off, lies over another or is read as mathematics."""

from collections.abc import Callable, Sequence
from itertools import combinations

import pytest
from made_up_sensitivity import PARAMETERS, changed, sensitivity
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from simdyn.report.sensitivity_figures import sensitivity_figures
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Study

Written = Callable[[Figure], Sequence[Text]]
LONG = "initial industry share of private investment in the whole of the zone"
HOSTILE = r"<b>$x$</b> \frac{1}{2} ^_{ &amp; %s"


def room(text: Text) -> Bbox:
    """Where the letters are, without the line from a name to its point."""
    text.get_window_extent()
    return Text.get_window_extent(text)


def check(study: Study, found: Sensitivity, written: Written) -> None:
    for stem, figure in sensitivity_figures(study, found):
        texts = written(figure)
        canvas = figure.bbox.padded(0.5)
        rooms = {text: room(text) for text in texts}
        for text, place in rooms.items():
            corners = [(place.x0, place.y0), (place.x1, place.y1)]
            assert canvas.count_contains(corners) == 2, (stem, text.get_text())
        for one, other in combinations(texts, 2):
            a, b = rooms[one].padded(-0.75), rooms[other].padded(-0.75)
            assert not a.overlaps(b), (stem, one.get_text(), other.get_text())


def test_a_few_inputs(study: Study, answers: Sensitivity, written: Written) -> None:
    check(study, answers, written)


def test_many_inputs_and_regions(study: Study, written: Written) -> None:
    regions = ("songbei", "shuangcheng", "qiqihar", "daoli", "hachang_zone")
    parameters = [f"{LONG} {i}" if i % 3 == 0 else f"parameter {i}" for i in range(45)]
    levers = [f"{LONG}, lever {i}" for i in range(20)]
    found = sensitivity(study, regions, parameters, levers)
    shared = ("stages", "convergence", "sources")
    tables = {
        name: table if name in shared else table[table["region"] == regions[0]]
        for name, table in found.tables.items()
    }
    check(study, changed(found, tables), written)


def test_one_input(study: Study, written: Written) -> None:
    check(study, sensitivity(study, parameters=("initial GDP",), levers=("tax",)), written)


def test_long_and_hostile_names(called: Callable[[str], Study], written: Written) -> None:
    study = called(HOSTILE + " and a long name for a region of many parts")
    names = [f"{HOSTILE} {name}" for name in PARAMETERS]
    check(study, sensitivity(study, ("songbei", "daoli"), names, names), written)


@pytest.mark.parametrize("name", [HOSTILE, "$\\undefined$", "100 %"])
def test_names_are_text(called: Callable[[str], Study], written: Written, name: str) -> None:
    study = called(name)
    for stem, figure in sensitivity_figures(study, sensitivity(study, parameters=(name, "other"))):
        texts = written(figure)
        assert any(name in text.get_text().replace("\n", " ") for text in texts), stem
        assert not any(text.get_parse_math() for text in texts), stem
