"""Names that stand once: quantities shown to readers, their units, the axes of results."""

from __future__ import annotations

from typing import NamedTuple

MEMBER = "member"
TIME = "time"
PARAMETER = "parameter"

FIRST_YEAR = 2015
LAST_YEAR = 2035
BASE_YEAR = 2020
"""Year of the index 100 and last year with reported figures for most regions."""


SECTORS = ("primary output", "industry output", "services output")
"""The variables that make up GDP."""


class Quantity(NamedTuple):
    """A quantity that results show.

    variable : name in the model file
    title : name for readers
    unit : unit for readers, with the price basis
    kind : "flow" (integral over the year), "stock" (value at its end) or "ratio" (of two others)
    """

    variable: str
    title: str
    unit: str
    kind: str

    @property
    def short_title(self) -> str:
        """The title without what it explains in brackets."""
        return self.title.partition(" (")[0]


CURRENT = "100 million CNY, current prices"
CONSTANT = "100 million CNY, 2015 prices"

CORE = (
    Quantity("population", "Resident population", "10 thousand persons", "stock"),
    Quantity("industry output", "Industrial output (secondary value added)", CONSTANT, "flow"),
    Quantity("fixed asset investment", "Fixed asset investment", CURRENT, "flow"),
    Quantity("budget revenue", "Fiscal revenue", CURRENT, "flow"),
    Quantity("GDP", "Gross domestic product", CONSTANT, "flow"),
)
"""The four core quantities and GDP."""

EXTENSIVE = (
    *CORE,
    Quantity("nominal GDP", "Gross domestic product at current prices", CURRENT, "flow"),
    Quantity("primary output", "Primary value added", CONSTANT, "flow"),
    Quantity("services output", "Services value added", CONSTANT, "flow"),
    Quantity("budget expenditure", "Budget expenditure", CURRENT, "flow"),
    Quantity("transfers", "Transfers received", CURRENT, "flow"),
    Quantity("interest", "Interest paid", CURRENT, "flow"),
    Quantity("deficit", "Net borrowing", CURRENT, "flow"),
    Quantity("Debt", "Government debt", CURRENT, "stock"),
)
"""Quantities that add up over the parts of a region."""

RATIOS = {
    Quantity("GDP per head", "GDP per resident", "10 thousand CNY, current prices", "ratio"): (
        "nominal GDP",
        "population",
    ),
    Quantity("debt ratio", "Debt relative to GDP", "share of GDP", "ratio"): (
        "Debt",
        "nominal GDP",
    ),
    Quantity(
        "interest burden", "Interest relative to spending", "share of budget spending", "ratio"
    ): (
        "interest",
        "budget expenditure",
    ),
    Quantity(
        "transfer ratio", "Transfers relative to spending", "share of budget spending", "ratio"
    ): (
        "transfers",
        "budget expenditure",
    ),
    Quantity("investment ratio", "Investment relative to GDP", "share of GDP", "ratio"): (
        "fixed asset investment",
        "nominal GDP",
    ),
    Quantity("industry share", "Industry share of GDP", "share of GDP", "ratio"): (
        "industry output",
        "GDP",
    ),
    Quantity("services share", "Services share of GDP", "share of GDP", "ratio"): (
        "services output",
        "GDP",
    ),
    Quantity("primary share", "Primary share of GDP", "share of GDP", "ratio"): (
        "primary output",
        "GDP",
    ),
}
"""Ratios with their numerator and denominator, formed from yearly values."""
