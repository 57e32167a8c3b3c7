"""Plans that contradict themselves: the arithmetic of targets, computed from the facts.

Each rule looks at the figures of one region and compares only what one document says, so that
neither vintage nor concept can be at fault. A figure that the rules carry forward grows as the
document itself aims at; where it states a limit (more than, at least), so does the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from simdyn.answers.plans import (
    aim_beside,
    base_of,
    factor,
    forward,
    last_of,
    last_year,
    target_growth,
    targets,
)
from simdyn.facts.checks.parts import parts_above_whole, zone_targets_above_whole
from simdyn.facts.checks.record import Conflict
from simdyn.facts.collection import Facts
from simdyn.facts.intervals import yearly
from simdyn.facts.records import Bound, Fact, Kind, Role
from simdyn.facts.words import quantity_words, title, unit_words, value_words

TOLERANCE = 1.0
"""Percentage points a year between two growth rates that are not worth a remark."""
FLOORS = frozenset({Bound.GE, Bound.GT})


class Rule(StrEnum):
    """What contradicts what."""

    GROWTH = "target level against target growth"
    SHARE = "target share against its parts"
    RATIO = "target share against target output"
    OUTGROW = "target share against target growth"
    PARTS = "parts against the whole"
    CONTRACTS = "contracts against investment"
    REACHED = "target already reached"
    WHOLES = "two shares of one whole"


@dataclass(frozen=True)
class Contradiction:
    """Targets of one document that cannot all be meant.

    stated : the number that the document gives
    implied : the number that its other figures imply, in the same unit
    facts : ids of the figures compared
    places : their files, lines, documents and sections, in the same order
    """

    rule: Rule
    region: str
    sentence: str
    stated: float
    implied: float
    facts: tuple[str, ...]
    places: tuple[str, ...]


class Share(NamedTuple):
    """A share of GDP that a plan aims at.

    within : the quantity that the part would have to lie in, if it is what its name says
    output : the part's gross output
    ratio : value added and gross output whose ratio the part is measured by
    """

    within: str
    output: str = ""
    ratio: tuple[str, str] = ("", "")


SHARES = {
    "food_industry_gdp_share": Share(
        "industrial_value_added_above_scale",
        "food_industry_output",
        ("industrial_value_added_above_scale", "industrial_output_above_scale"),
    ),
    "hightech_value_added_gdp_share": Share("industrial_value_added_above_scale"),
}
"""Shares of GDP by quantity."""

ZONE_PARTS = {"etdz_industrial_output": "industrial_output_above_scale"}
"""Parts and the whole that a plan carries forward by its own growth."""

CONTRACTS = ("contracted_investment", "fixed_asset_investment")

SUMS = {"ecommerce_park_cumulative_transactions": "ecommerce_park_annual_transactions"}
"""Targets for the sum over years, and the yearly flow that is reported."""

LAND = (
    ("land_transferred_area", "land_transferred_share"),
    ("scale_operated_land_area", "scale_operated_land_share"),
)
"""Areas with their shares of the same whole, contracted land."""


def contradictions(facts: Facts, region: str | None = None) -> tuple[Contradiction, ...]:
    """Return where plans contradict themselves, in one region or in all in register order."""
    keys = tuple(facts.regions) if region is None else (region,)
    return tuple(found for key in keys for rule in RULES for found in rule(facts, key))


def _level_against_growth(facts: Facts, region: str) -> Iterator[Contradiction]:
    """Yield each target level that the document's own target growth does not lead to."""
    for target in targets(facts, region, Kind.TARGET_LEVEL):
        base = base_of(facts, target, target.quantity)
        growth = None if base is None else target_growth(facts, target, target.quantity, base)
        if base is None or growth is None:
            continue
        n_year = last_year(target) - last_year(base)
        needed = yearly(target.amount / base.amount, n_year)
        if abs(needed - growth.number) > TOLERANCE:
            given = base.number * factor(growth, n_year)
            sentence = (
                f"{title(target.quantity)}: {value_words(target)} in {target.period} from "
                f"{value_words(base)} in {base.period} ({unit_words(target)}) needs "
                f"{'up to ' if base.bound in FLOORS else ''}{needed:.1f} % a year; the target "
                f"for {growth.period}, {value_words(growth)} %, every year gives {given:.0f}."
            )
            yield _found(Rule.GROWTH, sentence, target.number, given, target, base, growth)


def _share_against_part(facts: Facts, region: str) -> Iterator[Contradiction]:
    """Yield each target share of GDP that exceeds what it is said to lie within."""
    for target, share in _target_shares(facts, region):
        whole = forward(facts, target, "gdp")
        part = forward(facts, target, share.within)
        if whole is None or part is None or part.amount >= target.number / 100 * whole.amount:
            continue
        implied = 100 * part.amount / whole.amount
        sentence = (
            f"{title(target.quantity)}: {value_words(target)} % in {target.period} cannot be "
            f"{quantity_words(share.within)}: {part.words} is {implied:.1f} % of "
            f"{whole.words} ({unit_words(whole.base)})."
        )
        yield _found(
            Rule.SHARE, sentence, target.number, implied, target, *whole.facts, *part.facts
        )


def _share_against_output(facts: Facts, region: str) -> Iterator[Contradiction]:
    """Yield each target share that needs more value added of its output than is reported."""
    for target, share in _target_shares(facts, region):
        whole, output = forward(facts, target, "gdp"), aim_beside(facts, target, share.output)
        added, gross = (base_of(facts, target, name) for name in share.ratio)
        if whole is None or output is None or added is None or gross is None:
            continue
        needed = target.number / 100 * whole.amount / output.amount
        usual = added.amount / gross.amount
        if needed > usual:
            sentence = (
                f"{title(target.quantity)}: {value_words(target)} % of {whole.words} is "
                f"{100 * needed:.1f} % of the {quantity_words(output.quantity)} of "
                f"{value_words(output)} aimed at ({unit_words(output)}); above-scale industry had "
                f"{added.printed} of {gross.printed}, {100 * usual:.1f} %, in {added.period}."
            )
            figures = (target, output, *whole.facts, added, gross)
            yield _found(Rule.RATIO, sentence, 100 * usual, 100 * needed, *figures)


def _share_against_growth(facts: Facts, region: str) -> Iterator[Contradiction]:
    """Yield each rising share whose part must outgrow the sector that it is said to lie within."""
    for target, share in _target_shares(facts, region):
        before = last_of(facts, target, target.quantity, Kind.SHARE)
        if before is None:
            continue
        gdp, sector = (target_growth(facts, target, name, before) for name in ("gdp", share.within))
        if gdp is None or sector is None:
            continue
        n_year = last_year(target) - last_year(before)
        needed = yearly(target.number / before.number * factor(gdp, n_year), n_year)
        if needed > sector.number + TOLERANCE:
            sentence = (
                f"{title(target.quantity)}: from {value_words(before)} % in {before.period} to "
                f"{value_words(target)} % in {target.period} with GDP growing by {gdp.printed} % "
                f"needs growth of {needed:.1f} % a year, against a target of {value_words(sector)} "
                f"% for {quantity_words(share.within)}."
            )
            yield _found(Rule.OUTGROW, sentence, sector.number, needed, target, before, gdp, sector)


def _part_against_whole(facts: Facts, region: str) -> Iterator[Contradiction]:
    """Yield each target of a part that exceeds its whole, grown as the document aims at."""
    for target in targets(facts, region, Kind.TARGET_LEVEL):
        name = ZONE_PARTS.get(target.quantity)
        whole = forward(facts, target, name) if name else None
        if whole is not None and target.amount > whole.amount:
            sentence = (
                f"{title(target.quantity)}: {value_words(target)} in {target.period} exceeds the "
                f"{quantity_words(whole.base.quantity)} of the whole region, {whole.words} "
                f"({unit_words(target)})."
            )
            number = whole.amount / target.unit.factor
            yield _found(Rule.PARTS, sentence, target.number, number, target, *whole.facts)


def _parts_of_sums(facts: Facts, region: str) -> Iterator[Contradiction]:
    """Yield each whole whose reported parts add up to more, and each target beyond the whole."""
    known = {target.id for target in facts if target.quantity in ZONE_PARTS}
    for check in (parts_above_whole, zone_targets_above_whole):
        for conflict in check(facts, region):
            if not known & set(conflict.facts):
                yield _of_conflict(conflict)


def _contracts_against_investment(facts: Facts, region: str) -> Iterator[Contradiction]:
    """Yield contracts signed, or aimed at, that exceed all investment of as many years."""
    signed, built = CONTRACTS
    for whole in facts.select(region=region, quantity=built, kind=Kind.CUMULATIVE):
        n_year = len(whole.period.years)
        for one in facts.select(region=region, quantity=signed):
            span = len(one.period.years)
            own = one.document == whole.document and one.unit.base == whole.unit.base
            share = whole.amount / n_year * span
            if own and span and not one.kind.is_growth and one.amount > share:
                yield _contracts(one, whole, share / one.unit.factor)


def _contracts(one: Fact, whole: Fact, share: float) -> Contradiction:
    aim = "target of " if one.role is Role.TARGET else ""
    given = f"{whole.printed} in {whole.period} ({unit_words(one)})"
    if one.period != whole.period:
        given = f"{share:.0f} in as many mean years, of {given}"
    sentence = (
        f"Contracts: the {aim}{value_words(one)} for {one.period} is {one.number / share:.1f} "
        f"times all fixed asset investment, {given}: even if it were all theirs, "
        f"{100 * share / one.number:.0f} % would be built."
    )
    return _found(Rule.CONTRACTS, sentence, one.number, share, one, whole)


def _already_reached(facts: Facts, region: str) -> Iterator[Contradiction]:
    """Yield each target to reach at least what the document reports as reached."""
    for target in facts.select(region=region, role=Role.TARGET):
        if target.bound in FLOORS and target.value is not None and not target.kind.is_growth:
            before = _before(facts, target)
            if before is not None and before[1] >= target.amount:
                yield _reached(target, *before)


def _reached(target: Fact, before: Fact, amount: float) -> Contradiction:
    reached = amount / target.unit.factor
    times = "" if before.amount == amount else f", {reached:g} over as many years,"
    sentence = (
        f"{title(target.quantity)}: {value_words(target)} in {target.period} "
        f"({unit_words(target)}) asks for no more than {before.period}: "
        f"{value_words(before)}{times} was reported."
    )
    return _found(Rule.REACHED, sentence, target.number, reached, target, before)


def _before(facts: Facts, target: Fact) -> tuple[Fact, float] | None:
    """Return the last figure reported before a target of the same span, and its amount."""
    n_year = len(target.period.years)
    if name := SUMS.get(target.quantity):
        flow = base_of(facts, target, name)
        return None if flow is None else (flow, flow.amount * n_year)
    kinds = (Kind.SHARE,) if target.kind.is_share else (Kind.LEVEL, Kind.CUMULATIVE)
    found = last_of(facts, target, target.quantity, *kinds)
    if found is None or len(found.period.years) != n_year:
        return None
    return found, found.amount


def _wholes_of_shares(facts: Facts, region: str) -> Iterator[Contradiction]:
    """Yield two target areas whose shares imply different wholes."""
    pairs = []
    for area_name, share_name in LAND:
        for area in facts.select(region=region, quantity=area_name, kind=Kind.TARGET_LEVEL):
            share = aim_beside(facts, area, share_name)
            if share is not None:
                pairs.append((area, share, 100 * area.number / share.number))
    for (area, share, whole), (other, part, implied) in pairwise(pairs):
        if abs(implied / whole - 1) > TOLERANCE / 100:
            sentence = (
                f"{title(area.quantity)} {value_words(area)} is {value_words(share)} % of "
                f"{whole:.1f}, {quantity_words(other.quantity)} {value_words(other)} is "
                f"{value_words(part)} % of {implied:.1f} ({unit_words(area)}), both in "
                f"{area.period}."
            )
            yield _found(Rule.WHOLES, sentence, whole, implied, area, share, other, part)


Check = Callable[[Facts, str], Iterator[Contradiction]]

RULES: tuple[Check, ...] = (
    _level_against_growth,
    _share_against_part,
    _share_against_output,
    _share_against_growth,
    _part_against_whole,
    _parts_of_sums,
    _contracts_against_investment,
    _already_reached,
    _wholes_of_shares,
)
"""Each takes the facts and the key of a region; a new rule is a new row."""


def _target_shares(facts: Facts, region: str) -> Iterator[tuple[Fact, Share]]:
    for target in targets(facts, region, Kind.TARGET_SHARE):
        if target.quantity in SHARES:
            yield target, SHARES[target.quantity]


def _found(rule: Rule, sentence: str, stated: float, implied: float, *facts: Fact) -> Contradiction:
    ids = tuple(fact.id for fact in facts)
    places = tuple(fact.place for fact in facts)
    return Contradiction(rule, facts[0].region, sentence, stated, implied, ids, places)


def _of_conflict(conflict: Conflict) -> Contradiction:
    return Contradiction(
        Rule.PARTS, conflict.region, conflict.sentence, conflict.stated, conflict.implied,
        conflict.facts, conflict.places,
    )  # fmt: skip
