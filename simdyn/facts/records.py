"""What a reported figure is: its kind, period, bound, basis, vintage and where it is printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from simdyn.errors import FactError
from simdyn.records import Record


class Layer(StrEnum):
    """Which evidence a figure belongs to; documents come first wherever both speak."""

    DOCUMENTS = "documents"
    PUBLIC = "public"


class Kind(StrEnum):
    """How a figure is to be read.

    growth_yoy : growth in the one year named
    growth_annual_average : mean growth a year; the period names first and last year of growth
    growth_total : growth from the first year (the base) to the last
    cumulative : sum over the period
    bound : a limit on the quantity, or a comparison without a number
    target_* : the same readings of something aimed at
    """

    LEVEL = "level"
    GROWTH_YOY = "growth_yoy"
    GROWTH_ANNUAL_AVERAGE = "growth_annual_average"
    GROWTH_TOTAL = "growth_total"
    SHARE = "share"
    CUMULATIVE = "cumulative"
    BOUND = "bound"
    TARGET_LEVEL = "target_level"
    TARGET_GROWTH_YOY = "target_growth_yoy"
    TARGET_GROWTH_ANNUAL = "target_growth_annual"
    TARGET_SHARE = "target_share"

    @property
    def is_target(self) -> bool:
        """Whether the kind itself says that the figure is aimed at."""
        return self.startswith("target_")

    @property
    def is_growth(self) -> bool:
        """Whether the figure is a change relative to a base."""
        return "growth" in self

    @property
    def is_share(self) -> bool:
        """Whether the figure is a part of a whole."""
        return self.endswith("share")


class Bound(StrEnum):
    """How the printed number limits the quantity."""

    EQ = "eq"
    GE = "ge"
    LE = "le"
    GT = "gt"
    LT = "lt"
    APPROX = "approx"

    @property
    def sign(self) -> str:
        """The sign that goes before the number; empty for an exact figure."""
        return {"eq": "", "ge": "≥", "le": "≤", "gt": ">", "lt": "<", "approx": "≈"}[self]


class Role(StrEnum):
    """Whether a figure was measured or is aimed at."""

    OBSERVED = "observed"
    TARGET = "target"


class PriceBasis(StrEnum):
    """The prices of a money figure; by convention unstated growth of output is real."""

    NOMINAL = "nominal"
    REAL = "real"
    UNSTATED = "unstated"
    NOT_APPLICABLE = "na"


class Vintage(StrEnum):
    """Levels of different vintage do not join: the economic census of 2018 revised them."""

    CURRENT = "current"
    PRE_2018_CENSUS = "pre-2018-census"


class Confidence(StrEnum):
    """How far the source of a figure is to be trusted, best first."""

    OFFICIAL = "official"
    HIGH = "high"
    MEDIUM_HIGH = "medium-high"
    MEDIUM = "medium"
    LOW = "low"


class RegionRole(StrEnum):
    """Whether a region is simulated or only compared with."""

    STUDY = "study"
    COMPARATOR = "comparator"


class Unit(Record):
    """An admissible unit.

    meaning : the unit in words
    dimension : what it measures (money, people, share, area, length, mass, count, ...)
    base : unit in which figures compare; one unit is `factor` of it
    """

    unit: str
    meaning: str
    dimension: str
    base: str
    factor: float


class Region(Record):
    """A region that figures may name; `part_of` is the study region it belongs to."""

    key: str
    name: str
    name_zh: str
    role: RegionRole
    part_of: str | None = None


class Source(Record):
    """A document or publication; `published` is a date, a month or a year as far as known."""

    id: str
    title: str
    title_en: str
    issuer: str
    published: str = ""
    covers: str
    address: str = ""
    layer: Layer
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True)
class Moment:
    """A year, or a half (H1, H2) or quarter (Q1 to Q4) of it."""

    year: int
    part: str = ""

    def __str__(self) -> str:
        return f"{self.year}{self.part}"

    @classmethod
    def parse(cls, text: str) -> Moment | None:
        """Return the moment that `text` writes ('2020', '2019H1', '2018Q1'), None if none."""
        found = re.fullmatch(r"(1[89]\d\d|2[01]\d\d)(H[12]|Q[1-4])?", text, re.ASCII)
        return cls(int(found[1]), found[2] or "") if found else None

    @property
    def months(self) -> tuple[int, int]:
        """First and last month, counted from the year 0."""
        length = {"": 12, "H": 6, "Q": 3}[self.part[:1]]
        first = 12 * self.year + (int(self.part[1:] or 1) - 1) * length
        return first, first + length - 1


@dataclass(frozen=True)
class Period:
    """From `start` to `end`, both included; without `start` the beginning is not stated."""

    start: Moment | None = None
    end: Moment | None = None

    def __str__(self) -> str:
        """Write '2020', '2016-2020', 'until-2020' or 'undated', as ids of facts do."""
        if self.end is None:
            return "undated"
        if self.start is None:
            return f"until-{self.end}"
        return str(self.end) if self.start == self.end else f"{self.start}-{self.end}"

    @property
    def year(self) -> int | None:
        """The single whole year, None for a span, a part of a year or an undated figure."""
        single = self.start is not None and self.start == self.end and not self.start.part
        return self.start.year if single and self.start else None

    @property
    def years(self) -> range:
        """Every year touched; empty where start or end is not stated."""
        if self.start is None or self.end is None:
            return range(0)
        return range(self.start.year, self.end.year + 1)


@dataclass(frozen=True)
class Fact:
    """One reported figure.

    id : region.quantity.kind.PERIOD, unique over both layers (see `simdyn.facts.ids`)
    printed : the number as the source prints it; empty for a bound without a number
    value : the same as a number, in `unit`
    path, line : where the figure stands in the project's files
    """

    id: str
    region: str
    quantity: str
    kind: Kind
    printed: str
    value: float | None
    unit: Unit
    period: Period
    bound: Bound
    role: Role
    price_basis: PriceBasis
    vintage: Vintage
    document: str
    section: str
    confidence: Confidence
    note: str
    layer: Layer
    path: Path
    line: int

    @property
    def number(self) -> float:
        """The value in `unit`; raises FactError for a bound without a number."""
        if self.value is None:
            message = f"'{self.id}' has no number. Use a figure that has one."
            raise FactError(message, path=self.path, line=self.line)
        return self.value

    @property
    def amount(self) -> float:
        """The value in the base of its unit, e.g. persons for 10 thousand persons."""
        return self.number * self.unit.factor

    @property
    def year(self) -> int | None:
        """The single whole year of the figure, if it has one."""
        return self.period.year

    @property
    def place(self) -> str:
        """File and line, document and section, for a reader to look up."""
        section = f" §{self.section}" if self.section else ""
        return f"{self.path}:{self.line} ({self.document}{section})"
