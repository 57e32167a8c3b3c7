"""What output is made of: the factors of the model's production functions, at every step.

Industry and services (section .07 of models/regional_growth.mdl; j is the sector, s_j its share of
nonfarm labour, K = K_industry + K_services):

    Y_j = c_j A B_j K^a (K_j / K)^a N^(1 - a) s_j^(1 - a) G^g (1 - loss_j) (1 + demand effect)

and primary output = c P. The growth of technology A is a sum of rates, dA = A (r_1 + r_2 + ...) dt.
A step of Euler's method multiplies A by 1 + r dt; its logarithm is shared out in proportion to the
rates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from simdyn.arrays import Array
from simdyn.years import Steps

Values = Mapping[str, Array]
Factors = dict[str, Array]
"""Logarithm of each factor, but for a constant, (time, member), by the name of its term."""


@dataclass(frozen=True)
class Term:
    """A source of growth.

    group : what it is counted under where there are fewer
    how : the factor behind it, in the model's names
    """

    name: str
    group: str
    how: str


REMAINDER, TOTAL = "remainder", "GDP growth"
TERMS = (
    Term("private capital", "private capital", "capital of industry and services together"),
    Term("public capital", "public capital", "infrastructure effect"),
    Term("labour", "labour", "labour index"),
    Term("technology trend", "technology", "technology growth trend"),
    Term("spillover", "technology", "technology spillover from the growth of core cities"),
    Term("growth drift", "technology", "growth drift in five-year steps"),
    Term("research", "technology", "research return * research policy"),
    Term("zones and reforms", "technology", "technology policy"),
    Term("industry efficiency", "sector efficiency", "Industry efficiency"),
    Term("services efficiency", "sector efficiency", "Services efficiency"),
    Term("farm productivity", "farm productivity", "Primary productivity"),
    Term("labour between sectors", "reallocation", "shares of the sectors in nonfarm labour"),
    Term("capital between sectors", "reallocation", "shares of the sectors in private capital"),
    Term("utilisation", "utilisation", "demand effect of unusual public spending"),
    Term("supply shocks", "supply shocks", "supply lost to the pandemic and a second shock"),
    Term(REMAINDER, REMAINDER, "change of GDP that the factors leave"),
)
"""Sources of growth, in the order of tables; they add up to the growth of GDP."""

_RATES: Mapping[str, Callable[[Values], Array]] = {
    "technology trend": lambda v: v["technology growth trend"],
    "spillover": lambda v: (
        v["technology spillover"]
        * (
            (1 + v["integration policy"]) * (v["core city growth"] + v["core city growth policy"])
            - v["reference core city growth"]
        )
    ),
    "growth drift": lambda v: v["growth drift"],
    "research": lambda v: v["research return"] * v["research policy"],
    "zones and reforms": lambda v: v["technology policy"],
}
"""The rates that add up to the growth of technology, by the name of their term."""

VARIABLES = (
    *("GDP", "primary output", "industry output", "services output"),
    *("Industry capital", "Services capital", "infrastructure effect", "labour index"),
    *("Services labour share", "private capital elasticity", "demand effect"),
    *("Industry efficiency", "Services efficiency", "Primary productivity"),
    *("industry pandemic loss", "services pandemic loss", "pandemic profile"),
    *("second shock loss", "technology growth trend", "growth drift", "research return"),
    *("research policy", "technology policy", "technology spillover", "integration policy"),
    *("core city growth", "core city growth policy", "reference core city growth"),
)
"""What has to be kept of every step."""


def factors_of(steps: Steps) -> dict[str, Factors]:
    """Return the factors of each sector's output by the variable that holds the output.

    Nan or infinite where a factor is not above zero.
    """
    values = steps.values
    with np.errstate(all="ignore"):
        common = _common(values) | _technology(values, steps.time_step)
        return {
            "primary output": {"farm productivity": np.log(values["Primary productivity"])},
            "industry output": common | _own(values, "industry", 1 - _services_share(values)),
            "services output": common | _own(values, "services", _services_share(values)),
        }


def _services_share(values: Values) -> Array:
    return values["Services labour share"]


def _private_capital(values: Values) -> Array:
    return values["Industry capital"] + values["Services capital"]


def _common(values: Values) -> Factors:
    """Return the factors that industry and services share, but for technology."""
    elasticity = values["private capital elasticity"]
    return {
        "private capital": elasticity * np.log(_private_capital(values)),
        "public capital": np.log(values["infrastructure effect"]),
        "labour": (1 - elasticity) * np.log(values["labour index"]),
        "utilisation": np.log1p(values["demand effect"]),
    }


def _own(values: Values, sector: str, labour_share: Array) -> Factors:
    """Return the factors of industry or services alone."""
    elasticity = values["private capital elasticity"]
    capital_share = values[f"{sector.capitalize()} capital"] / _private_capital(values)
    lost = values[f"{sector} pandemic loss"] * values["pandemic profile"]
    efficiency = f"{sector} efficiency"
    return {
        efficiency: np.log(values[efficiency.capitalize()]),
        "labour between sectors": (1 - elasticity) * np.log(labour_share),
        "capital between sectors": elasticity * np.log(capital_share),
        "supply shocks": np.log(np.maximum(0, 1 - lost - values["second shock loss"])),
    }


def _technology(values: Values, time_step: float) -> Factors:
    """Return the parts of the logarithm of technology, one for each rate of its growth."""
    rates = {name: read(values) for name, read in _RATES.items()}
    growth = time_step * np.sum(list(rates.values()), axis=0)
    # ln(1 + x) / x: what Euler's method makes of a rate.
    shrunk = np.divide(np.log1p(growth), growth, out=np.ones_like(growth), where=growth != 0)
    return {name: _before(time_step * rate * shrunk) for name, rate in rates.items()}


def _before(changes: Array) -> Array:
    """Return the sum of the changes before each step, (time, member)."""
    return np.cumsum(changes, axis=0) - changes
