"""Which core quantities are reported for which years, from which layer, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from simdyn.facts.collection import Facts
from simdyn.facts.records import Fact, Kind, Layer, Role

YEARS = range(2015, 2022)
"""The years that a study of the thirteenth plan period can use."""

CORE = {
    "resident population": ("population",),
    "registered population": ("registered_population",),
    "GDP": ("gdp",),
    "industrial value added": ("industrial_value_added_above_scale", "industrial_value_added"),
    "industrial output": ("industrial_output_above_scale", "industrial_output_total"),
    "fixed asset investment": ("fixed_asset_investment",),
    "general budget revenue": ("general_budget_revenue",),
    "total fiscal revenue": ("total_fiscal_revenue",),
    "debt": ("government_debt", "debt"),
    "primary share": ("primary_share",),
    "secondary share": ("secondary_share",),
    "tertiary share": ("tertiary_share",),
}
"""What a growth model wants to know, with the quantities that tell it."""

LEVELS = (Kind.LEVEL, Kind.SHARE)
AVERAGES = (Kind.GROWTH_ANNUAL_AVERAGE, Kind.GROWTH_TOTAL, Kind.CUMULATIVE)

ByYear = Mapping[int, tuple[Layer, ...]]
"""The layers that report a year, documents first; a year without figures is left out."""


@dataclass(frozen=True)
class Coverage:
    """What is observed of one core quantity of one region in `YEARS`.

    level : years with a level (or share)
    growth : years with growth of that very year
    within : years inside a span of which only average, total growth or sum is known
    """

    region: str
    quantity: str
    level: ByYear
    growth: ByYear
    within: ByYear

    @property
    def reported(self) -> bool:
        """Whether any year is covered in any way."""
        return bool(self.level or self.growth or self.within)

    @property
    def missing_level(self) -> tuple[int, ...]:
        """Years without a level."""
        return tuple(year for year in YEARS if year not in self.level)

    @property
    def missing(self) -> tuple[int, ...]:
        """Years of which nothing at all is known."""
        known = {*self.level, *self.growth, *self.within}
        return tuple(year for year in YEARS if year not in known)


def coverage(facts: Facts, region: str) -> tuple[Coverage, ...]:
    """Return the coverage of every core quantity of `region`, in the order of `CORE`."""
    return tuple(_coverage(facts, region, name) for name in CORE)


def _coverage(facts: Facts, region: str, name: str) -> Coverage:
    observed = [
        fact
        for fact in facts.select(region=region, role=Role.OBSERVED)
        if fact.quantity in CORE[name] and fact.value is not None
    ]
    return Coverage(
        region=region,
        quantity=name,
        level=_by_year(fact for fact in observed if fact.kind in LEVELS),
        growth=_by_year(fact for fact in observed if fact.kind is Kind.GROWTH_YOY),
        within=_by_year(fact for fact in observed if fact.kind in AVERAGES),
    )


def _by_year(facts: Iterable[Fact]) -> ByYear:
    layers: dict[int, set[Layer]] = {}
    for fact in facts:
        for year in _covered(fact):
            layers.setdefault(year, set()).add(fact.layer)
    order = tuple(Layer)
    return {year: tuple(sorted(found, key=order.index)) for year, found in sorted(layers.items())}


def _covered(fact: Fact) -> tuple[int, ...]:
    """Return the years that the figure speaks of; total growth leaves out its base year."""
    years = fact.period.years[1:] if fact.kind is Kind.GROWTH_TOTAL else fact.period.years
    return tuple(year for year in years if year in YEARS)


def year_words(years: Iterable[int]) -> str:
    """Write years as runs: '2015-2019, 2021'."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{r[0]}-{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)
