"""Conflicts between figures in words; the Chinese is composed from the figures themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import Formatter

from simdyn.answers.coherence import Contradiction, Rule
from simdyn.facts.checks.record import Conflict, ConflictKind
from simdyn.facts.collection import Facts
from simdyn.facts.records import Bound, Fact, Kind, Moment, Period, Role
from simdyn.facts.words import kind_words
from simdyn.report.words.language import Labels
from simdyn.report.words.sensitivity.quotes import significant

DIGITS = 4
"""Significant digits of numbers that are implied."""
PLAIN = (Kind.LEVEL, Kind.SHARE)
"""Kinds that a measured figure need not name."""
FLOORS = (Bound.GT, Bound.GE)
TWICE = "{0} ({from0}), {1} ({from1}), which differ."
PARTS = "The part, {larger}{unit}, exceeds the whole, {smaller}{unit}: {all}."
BACK = "{1} after {2} implies {implied}{unit}, not {0}."
VINTAGES = " The figures are of different vintages."

CONFLICTS: Mapping[ConflictKind, str] = {
    ConflictKind.COMPOUNDING: "{0} compounds to {implied} %, against {1}.",
    ConflictKind.LEVELS: BACK,
    ConflictKind.TWO_VALUES: TWICE,
    ConflictKind.BREAK: "From {0} ({from0}) to {1} ({from1}) is too far.",
    ConflictKind.PARTS: PARTS,
    ConflictKind.POPULATION: "{0} over {1} gives {most}{implied} persons, {rest} {stated}.",
    ConflictKind.TARGET: "{0} from {1} needs {most}{implied} % a year, against {2}.",
}
"""Terms for conflicts by kind. Figures are numbered as the conflict names them."""
BY_FIGURES: Mapping[tuple[ConflictKind, int], str] = {
    (ConflictKind.VINTAGES, 2): TWICE,
    (ConflictKind.VINTAGES, 3): BACK,
    (ConflictKind.SECTORS, 2): "{0}, then {1}: too fast a change.",
    (ConflictKind.SECTORS, 3): "The shares make {implied} %, not 100 %: {all}.",
}
"""The same for kinds that differ by how many figures they are between."""
CONTRADICTIONS: Mapping[Rule, str] = {
    Rule.GROWTH: "{2} every year leads from {1} to {implied}{unit}, against {0}.",
    Rule.SHARE: "{0}, but what it lies within is {implied} %: {rest}.",
    Rule.RATIO: "{0} needs {implied} % of output, against {stated} %: {rest}.",
    Rule.OUTGROW: "From {1} to {0} with {2} needs {implied} % a year, against {3}.",
    Rule.PARTS: PARTS,
    Rule.CONTRACTS: "{0}, against {implied}{unit} of all investment in as many years ({1}).",
    Rule.REACHED: "{0} is no more than {1}{over_years}.",
    Rule.WHOLES: "{0} and {1} make {stated}{unit}, {2} and {3} {implied}{unit}.",
}
"""The same for plans that contradict themselves, by rule."""
OVER_YEARS = ", or {implied}{unit} over as many years"


def conflict_text(conflict: Conflict | Contradiction, facts: Facts, labels: Labels) -> str:
    """Return what a conflict is, in a sentence; the English is the conflict's own."""
    between = [facts[name] for name in conflict.facts]
    pattern = _pattern(conflict)
    composed = labels.term(pattern).format(
        *(figure_text(fact, labels) for fact in between),
        **_numbers(conflict, between, labels),
        **_sources(between, facts, labels),
        **_others(pattern, between, labels),
    )
    if len({fact.vintage for fact in between}) > 1:
        composed += labels.term(VINTAGES)
    return labels.either(conflict.sentence, composed)


def figure_text(fact: Fact, labels: Labels) -> str:
    """Return a figure in words: period, quantity, how it is read, number and unit."""
    is_plain = fact.kind in PLAIN and fact.role is Role.OBSERVED
    number = f"{fact.bound.sign}{fact.printed}{_unit(fact, labels)}"
    pattern = "{period} {what} {value}" if is_plain else "{period} {what} ({kind}) {value}"
    return labels.term(pattern).format(
        period=period_text(fact.period, labels),
        what=labels.quantity(fact.quantity),
        kind=labels.term(kind_words(fact)),
        value=number if fact.printed else labels.term("not stated"),
    )


def period_text(period: Period, labels: Labels) -> str:
    """Return when a figure is of."""
    if period.end is None:
        return labels.term("undated")
    end = _moment(period.end, labels)
    if period.start is None:
        return labels.term("until {end}").format(end=end)
    if period.start == period.end:
        return end
    start = _moment(period.start, labels) if period.start.part else str(period.start.year)
    return f"{start}-{end}"


def _moment(moment: Moment, labels: Labels) -> str:
    part = labels.term(moment.part) if moment.part else ""
    return labels.term("{year} {part}").format(year=moment.year, part=part)


def _unit(fact: Fact, labels: Labels) -> str:
    return " %" if fact.unit.unit == "percent" else labels.term(fact.unit.meaning)


def _pattern(conflict: Conflict | Contradiction) -> str:
    if isinstance(conflict, Contradiction):
        return CONTRADICTIONS[conflict.rule]
    by_figures = BY_FIGURES.get((conflict.kind, len(conflict.facts)))
    return by_figures or CONFLICTS[conflict.kind]


def _numbers(
    conflict: Conflict | Contradiction, between: Sequence[Fact], labels: Labels
) -> dict[str, str]:
    """Return what is stated and implied, with the unit of the figure that states it."""
    stated = [fact for fact in between if fact.value == conflict.stated]
    pair = (conflict.stated, conflict.implied)
    numbers = {"stated": pair[0], "implied": pair[1], "smaller": min(pair), "larger": max(pair)}
    told = {name: _number(number) for name, number in numbers.items()}
    told["unit"] = _unit((stated or between)[0], labels)
    over_years = labels.term(OVER_YEARS).format(**told)
    told["over_years"] = "" if between[1].value == conflict.implied else over_years
    told["most"] = labels.term("at most ") if between[1].bound in FLOORS else ""
    return told


def _number(value: float) -> str:
    text = significant(value, DIGITS)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sources(between: Sequence[Fact], facts: Facts, labels: Labels) -> dict[str, str]:
    """Return the titles of the first two documents."""
    documents = [facts.sources[fact.document] for fact in between[:2]]
    return {f"from{n}": labels.either(d.title_en, d.title) for n, d in enumerate(documents)}


def _others(pattern: str, between: Sequence[Fact], labels: Labels) -> dict[str, str]:
    """Return all figures, and those that a pattern does not number."""
    numbered = {name for _, name, _, _ in Formatter().parse(pattern)}
    texts = [figure_text(fact, labels) for fact in between]
    rest = [text for n, text in enumerate(texts) if str(n) not in numbered]
    return {"all": labels.listed(texts), "rest": labels.listed(rest)}
