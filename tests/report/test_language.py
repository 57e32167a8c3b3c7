"""Both languages say the same things, and everything that results name has a Chinese word."""

import string

import pytest

from simdyn.names import EXTENSIVE, RATIOS
from simdyn.report.language import Language, labels_of
from simdyn.sensitivity.regional import Question
from simdyn.sensitivity.regional.inputs import Kind


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_every_label_with_the_same_places() -> None:
    english, chinese = (labels_of(language).words for language in Language)
    assert english.keys() == chinese.keys()
    for name, text in english.items():
        assert _places(text) == _places(chinese[name]), name


@pytest.mark.parametrize(
    "english",
    [
        *(q.title for q in (*EXTENSIVE, *RATIOS)),
        *dict.fromkeys(q.unit for q in (*EXTENSIVE, *RATIOS)),
        *(question.value for question in Question),
        *(kind.value for kind in Kind),
    ],
)
def test_what_results_name_has_a_chinese_word(english: str) -> None:
    labels = labels_of(Language.ZH)
    assert labels.term(english) != english
    assert labels_of(Language.EN).term(english) == english
