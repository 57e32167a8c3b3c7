"""What the report calls inputs and outcomes of sensitivity, in each language."""

from __future__ import annotations

import re
from collections.abc import Mapping

from simdyn.names import EXTENSIVE, RATIOS
from simdyn.report.words.language import Labels
from simdyn.scenarios import LEVER_SUFFIX
from simdyn.scenarios.levers import constant_of

TITLES = {q.variable: q.title for q in (*EXTENSIVE, *RATIOS)}
"""Titles of quantities by the model's names."""
OUTCOME = re.compile(r"(?P<what>.+?)(?P<growth> growth)? (?P<years>\d{4}(-\d{4})?)")
"""What and when: "Debt 2035", "GDP growth 2021-2025"."""
IN_BRACKETS = re.compile(r"[(\uff08][^()\uff08\uff09]*[)\uff09]$")
"""What a title explains at its end, in brackets of either width."""


def input_name(name: str, labels: Labels, regions: Mapping[str, str]) -> str:
    """Return what a language calls a parameter or a lever.

    Parameters
    ----------
    name : of a parameter, with its region behind a comma where a sum has several; or of a lever,
        as the model's constant is called
    regions : names of regions in the language by the English ones
    """
    what, comma, place = name.rpartition(", ")
    if comma and place in regions:
        return labels("input_of", name=input_name(what, labels, {}), place=regions[place])
    if name.endswith(LEVER_SUFFIX):
        return labels("lever_of", name=lever_name(name, labels))
    return labels.term(name)


def lever_name(name: str, labels: Labels) -> str:
    """Return what a language calls a lever, without saying that it is one, or a change."""
    title = labels.term(name)
    if title == name:
        return labels.term(name.removesuffix(LEVER_SUFFIX))
    return IN_BRACKETS.sub("", title)


def part_name(name: str, labels: Labels) -> str:
    """Return what a language calls a lever by its short name, or another part of a difference."""
    constant = constant_of(name)
    known = labels.term(constant) != constant
    return lever_name(constant, labels) if known else labels.term(name)


def outcome_name(name: str, labels: Labels) -> str:
    """Return what a language calls an indicator, or an indicator in a year."""
    found = OUTCOME.fullmatch(name)
    what = found["what"] if found else name
    title = labels.term(TITLES.get(what, what))
    if found is None:
        return labels.either(name, title)
    pattern = "mean growth of {what} {years}" if found["growth"] else "{what} {years}"
    return labels.either(name, labels.term(pattern).format(what=title, years=found["years"]))
