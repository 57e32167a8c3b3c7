"""Names and units of variables in the layout of the Integrated Assessment Modeling Consortium.

Levels of a name are divided by a bar, money is in billions, persons in millions, a percentile is
the last level, as in the AR6 scenario database. GDP|MER and GDP|PPP are in dollars there, so they
are no names for figures in yuan.
"""

from __future__ import annotations

from typing import NamedTuple

REAL, NOMINAL = "billion CNY_2015/yr", "billion CNY/yr"
PERCENT = "%"


class IamcName(NamedTuple):
    """Name and unit in the IAMC layout; a value there is the value here times `scale`."""

    name: str
    unit: str
    scale: float


_MONEY, _PERSONS, _PERCENT = 0.1, 0.01, 100.0
"""From 100 million, from 10 thousand persons and from a share."""

IAMC_NAMES = {
    "population": IamcName("Population", "million", _PERSONS),
    "GDP": IamcName("GDP|Real", REAL, _MONEY),
    "nominal GDP": IamcName("GDP|Nominal", NOMINAL, _MONEY),
    "primary output": IamcName("Value Added|Agriculture", REAL, _MONEY),
    "industry output": IamcName("Value Added|Industry", REAL, _MONEY),
    "services output": IamcName("Value Added|Services", REAL, _MONEY),
    "fixed asset investment": IamcName("Investment|Fixed Assets", NOMINAL, _MONEY),
    "budget revenue": IamcName("Revenue|Government", NOMINAL, _MONEY),
    "budget expenditure": IamcName("Expenditure|Government", NOMINAL, _MONEY),
    "transfers": IamcName("Transfers|Government", NOMINAL, _MONEY),
    "interest": IamcName("Interest|Government", NOMINAL, _MONEY),
    "deficit": IamcName("Net Borrowing|Government", NOMINAL, _MONEY),
    "Debt": IamcName("Debt|Government", "billion CNY", _MONEY),
    "GDP per head": IamcName("GDP|Nominal [per Capita]", "thousand CNY/yr", 10.0),
    "debt ratio": IamcName("Debt|Government [Share of GDP]", PERCENT, _PERCENT),
    "interest burden": IamcName("Interest|Government [Share of Expenditure]", PERCENT, _PERCENT),
    "transfer ratio": IamcName("Transfers|Government [Share of Expenditure]", PERCENT, _PERCENT),
    "investment ratio": IamcName("Investment|Fixed Assets [Share of GDP]", PERCENT, _PERCENT),
    "primary share": IamcName("Value Added|Agriculture [Share of GDP]", PERCENT, _PERCENT),
    "industry share": IamcName("Value Added|Industry [Share of GDP]", PERCENT, _PERCENT),
    "services share": IamcName("Value Added|Services [Share of GDP]", PERCENT, _PERCENT),
}
"""The IAMC name of every quantity of results."""


def percentile_name(name: str, point: float) -> str:
    """Return the name of a percentile of a variable, such as GDP|Real|50.0th Percentile."""
    return f"{name}|{point:.1f}th Percentile"
