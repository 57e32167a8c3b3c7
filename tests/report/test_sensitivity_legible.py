"""No text of a picture of sensitivity is cut off, lies over another or is read as mathematics."""

from collections.abc import Callable, Sequence

import pytest
from legible import check_legible
from made_up_sensitivity import PARAMETERS, changed, sensitivity
from matplotlib.figure import Figure
from matplotlib.text import Text

from simdyn.report.figures.drawing import draw
from simdyn.report.figures.sensitivity import sensitivity_pictures
from simdyn.report.words.language import Language, labels_of
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Study

Written = Callable[[Figure], Sequence[Text]]
LONG = "initial industry share of private investment in the whole of the zone"
HOSTILE = r"<b>$x$</b> \frac{1}{2} ^_{ &amp; %s"


def check(study: Study, found: Sensitivity, written: Written, language: Language) -> None:
    for picture in sensitivity_pictures(study, found, labels_of(language)):
        figure = draw(picture, language)
        if figure is not None:
            check_legible(picture.name, written(figure), figure)


@pytest.mark.parametrize("language", Language)
def test_a_few_inputs(
    study: Study, answers: Sensitivity, written: Written, language: Language
) -> None:
    check(study, answers, written, language)


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
    check(study, changed(found, tables), written, Language.EN)


def test_one_input(study: Study, written: Written) -> None:
    check(
        study,
        sensitivity(study, parameters=("initial GDP",), levers=("tax",)),
        written,
        Language.EN,
    )


def test_long_and_hostile_names(called: Callable[[str], Study], written: Written) -> None:
    study = called(HOSTILE + " and a long name for a region of many parts")
    names = [f"{HOSTILE} {name}" for name in PARAMETERS]
    check(study, sensitivity(study, ("songbei", "daoli"), names, names), written, Language.EN)


@pytest.mark.parametrize("name", [HOSTILE, "$\\undefined$", "100 %"])
def test_names_are_text(called: Callable[[str], Study], written: Written, name: str) -> None:
    study = called(name)
    found = sensitivity(study, parameters=(name, "other"))
    for picture in sensitivity_pictures(study, found, labels_of(Language.EN)):
        stem, figure = picture.name, draw(picture, Language.EN)
        assert figure is not None
        texts = written(figure)
        assert any(name in text.get_text().replace("\n", " ") for text in texts), stem
        assert not any(text.get_parse_math() for text in texts), stem
