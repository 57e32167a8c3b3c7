"""What a row must satisfy beyond its single cells: one short rule each, in one table."""

from __future__ import annotations

from collections.abc import Iterator

from simdyn.facts.records import Bound, Fact, Kind, Layer, Role

RATIO_WORDS = ("completion", "ratio")
"""Last word of a quantity measured against a plan or another quantity: may exceed 100 percent."""

SIGNED_DIMENSIONS = ("money", "share")
"""Dimensions in which a level may be negative: balances, changes of a share."""

Complaint = tuple[str, str]
"""The column to mend and the message."""


def complaints(fact: Fact) -> Iterator[Complaint]:
    """Yield what is wrong with `fact`, column by column."""
    for rule in RULES:
        if complaint := rule(fact):
            yield complaint


def _value_present(fact: Fact) -> Complaint | None:
    if fact.value is None and fact.kind is not Kind.BOUND:
        return "value", f"no number. Only kind 'bound' may leave it out, not '{fact.kind}'."
    return None


def _bare_bound_is_one_sided(fact: Fact) -> Complaint | None:
    if fact.value is None and fact.bound in {Bound.EQ, Bound.APPROX}:
        return "bound", "without a number the bound must be ge, gt, le or lt."
    return None


def _period_complete(fact: Fact) -> Complaint | None:
    if fact.period.start is not None and fact.period.end is None:
        return "end", f"no end. Write '{fact.period.start}' again for a single period."
    return None


def _period_forward(fact: Fact) -> Complaint | None:
    start, end = fact.period.start, fact.period.end
    if start and end and start.months[0] > end.months[1]:
        return "start", f"starts {start} after its end {end}. Exchange start and end."
    return None


def _growth_period(fact: Fact) -> Complaint | None:
    start, end = fact.period.start, fact.period.end
    if not fact.kind.is_growth:
        return None
    if start is None or end is None:
        return "start", f"'{fact.kind}' needs both start and end. Write the years of growth."
    if fact.kind in {Kind.GROWTH_YOY, Kind.TARGET_GROWTH_YOY} and start != end:
        return "end", f"'{fact.kind}' is growth in one year. Write '{start}', or another kind."
    if fact.kind is Kind.GROWTH_TOTAL and start == end:
        return "start", "growth_total runs from a base year to a later one. Write the base year."
    return None


def _growth_unit(fact: Fact) -> Complaint | None:
    if fact.kind.is_growth and fact.kind is not Kind.GROWTH_TOTAL and fact.unit.base != "percent":
        return "unit", f"'{fact.kind}' is in percent, not '{fact.unit.unit}'. Write 'percent'."
    return None


def _growth_possible(fact: Fact) -> Complaint | None:
    relative = fact.kind.is_growth and fact.unit.base == "percent"
    if relative and fact.value is not None and fact.value < -100:
        return "value", f"growth of {fact.printed} percent: nothing falls by more than 100."
    return None


def _share_unit(fact: Fact) -> Complaint | None:
    if fact.kind.is_share and fact.unit.dimension != "share":
        return "unit", f"a share is in percent, not '{fact.unit.unit}'. Write 'percent'."
    return None


def _share_possible(fact: Fact) -> Complaint | None:
    """Part of a whole: 0 to 100 percent; a ratio to a plan has no upper limit."""
    if not fact.kind.is_share or fact.value is None or fact.unit.dimension != "share":
        return None
    lowest = 0 if fact.unit.base == "percent" else -100
    if fact.value < lowest:
        return "value", f"a share of {fact.printed} {fact.unit.unit} is impossible: below {lowest}."
    if fact.value > 100 and fact.quantity.split("_")[-1] not in RATIO_WORDS:
        mend = "If it is measured against a plan, end the quantity in _completion or _ratio."
        return "value", f"a share of {fact.printed} {fact.unit.unit} is above 100. {mend}"
    return None


def _level_possible(fact: Fact) -> Complaint | None:
    counted = not (fact.kind.is_growth or fact.kind.is_share or fact.kind is Kind.BOUND)
    unsigned = fact.unit.dimension not in SIGNED_DIMENSIONS
    net = fact.quantity.startswith("net_")
    if counted and unsigned and not net and fact.value is not None and fact.value < 0:
        return "value", f"{fact.printed} {fact.unit.unit} cannot be negative. Drop the sign."
    return None


def _target_role(fact: Fact) -> Complaint | None:
    if fact.kind.is_target and fact.role is not Role.TARGET:
        return "role", f"'{fact.kind}' is a target. Write 'target', or the kind without target_."
    return None


def _section_named(fact: Fact) -> Complaint | None:
    if fact.layer is Layer.DOCUMENTS and not fact.section:
        return "section", "no section. Write where in the document the figure is printed."
    return None


RULES = (
    _value_present,
    _bare_bound_is_one_sided,
    _period_complete,
    _period_forward,
    _growth_period,
    _growth_unit,
    _growth_possible,
    _share_unit,
    _share_possible,
    _level_possible,
    _target_role,
    _section_named,
)
