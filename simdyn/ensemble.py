"""Run members of one region and turn steps into years.

A year's flow is the integral over the year, a stock is taken at its end. With Euler's method the
integral is the mean of the flow over the steps of the year, so yearly accounts close exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simdyn.arrays import Array
from simdyn.engine.model import Model
from simdyn.errors import RunError
from simdyn.names import FIRST_YEAR, TIME

PER_YEAR = ("/Year", "*Year)")
"""How the unit of a flow ends."""

Parameters = Mapping[str, float | Array]


STOCKS = (
    "Young population",
    "Working population",
    "Old population",
    "Industry capital",
    "Services capital",
    "Public capital",
    "Project pipeline",
    "Debt",
)
"""Stocks of people and money, none of which may fall below zero."""


@dataclass(frozen=True)
class Steps:
    """Values at every step.

    values : by variable, shape (time, member)
    flows : the variables whose unit is per year
    ok : (member,) whether the member stayed finite and no stock fell below zero
    """

    time_step: float
    values: Mapping[str, Array]
    flows: frozenset[str]
    ok: NDArray[np.bool_]


@dataclass(frozen=True)
class Years:
    """Yearly values from `first_year` on: `values[variable]` has shape (year, member).

    ok : (member,) whether the member stayed finite and no stock fell below zero
    """

    first_year: int
    values: Mapping[str, Array]
    ok: NDArray[np.bool_]

    def of(self, variable: str, year: int) -> Array:
        """Return the value of `variable` in `year`, shape (member,)."""
        series = self.values[variable]
        position = year - self.first_year
        if not 0 <= position < len(series):
            last = self.first_year + len(series) - 1
            raise RunError(f"{year} is outside the run, which covers {self.first_year} to {last}.")
        return series[position]

    @property
    def years(self) -> range:
        """The years covered."""
        return range(self.first_year, self.first_year + len(next(iter(self.values.values()))))


def run_steps(
    model: Model,
    parameters: Parameters,
    variables: Collection[str],
    last_year: int,
    time_step: float | None = None,
) -> Steps:
    """Run all members to the end of `last_year` and keep every step of `variables`."""
    controls: dict[str, float | Array] = {"FINAL TIME": last_year + 1.0}
    if time_step is not None:
        controls["TIME STEP"] = time_step
    wanted = {*variables, *STOCKS}
    runs = model.ensemble({**parameters, **controls}, sorted(wanted), save="step")
    time = runs[TIME].to_numpy()
    values = {name: np.ascontiguousarray(runs[name].to_numpy().T) for name in wanted}
    flows = frozenset(n for n in wanted if runs[n].attrs["units"].endswith(PER_YEAR))
    # A finite run with a negative stock is no region: prior draws whose shares add up to more
    # than one would give it a negative industry.
    ok = np.logical_and.reduce([values[stock].min(axis=0) >= 0 for stock in STOCKS])
    ok &= runs["status"].to_numpy() == 0
    return Steps(float(time[1] - time[0]), values, flows, ok)


def run_years(
    model: Model,
    parameters: Parameters,
    variables: Collection[str],
    last_year: int,
    time_step: float | None = None,
) -> Years:
    """Run all members to the end of `last_year` and return yearly values of `variables`."""
    return yearly(run_steps(model, parameters, variables, last_year, time_step))


def yearly(steps: Steps) -> Years:
    """Turn steps into years: flows are integrated, everything else is taken at the year's end."""
    per_year = round(1 / steps.time_step)
    values = {
        name: _integrate(series, per_year) if name in steps.flows else series[per_year::per_year]
        for name, series in steps.values.items()
    }
    return Years(FIRST_YEAR, values, steps.ok)


def _integrate(series: Array, per_year: int) -> Array:
    n_year = (len(series) - 1) // per_year
    return series[: n_year * per_year].reshape(n_year, per_year, -1).mean(axis=1)


# Accounting identities, checked at every step of every run.

BALANCES: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "GDP = sectors": ("GDP", ("primary output", "industry output", "services output"), ()),
    "investment = its parts": (
        "fixed asset investment",
        ("market investment", "attracted investment", "public investment"),
        (),
    ),
    "deficit = spending - income": (
        "deficit",
        ("budget expenditure", "interest", "bond issue", "surplus remitted"),
        ("budget revenue", "transfers"),
    ),
    "migration = its ages": (
        "net migration",
        ("working net migration", "young net migration"),
        (),
    ),
    "capital formation = its sectors": (
        "private capital formation",
        ("industry capital formation", "services capital formation"),
        (),
    ),
}
"""Identity: (total, parts that add, parts that subtract)."""

CHANGES: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...], str | None]] = {
    "debt change = deficit": ("Debt", ("deficit",), (), None),
    "population change = births - deaths + migration": (
        "population",
        ("births", "net migration"),
        ("deaths",),
        None,
    ),
    "industry capital roll-forward": (
        "Industry capital",
        ("industry capital formation",),
        (),
        "private capital depreciation rate",
    ),
    "services capital roll-forward": (
        "Services capital",
        ("services capital formation",),
        (),
        "private capital depreciation rate",
    ),
    "public capital roll-forward": (
        "Public capital",
        ("public capital formation",),
        (),
        "public capital depreciation rate",
    ),
}
"""Identity: (stock, inflows, outflows, rate at which the stock wears out)."""


def audit_variables() -> set[str]:
    """Return the variables that the audit needs."""
    names = set(STOCKS)
    for total, plus, minus in BALANCES.values():
        names |= {total, *plus, *minus}
    for stock, plus, minus, rate in CHANGES.values():
        names |= {stock, *plus, *minus} | ({rate} if rate else set())
    return names


def audit(steps: Steps) -> dict[str, float]:
    """Return the largest relative error of each identity over all steps and sound members.

    The error is relative to the largest term of the identity. The entry "smallest stock" is the
    smallest value that any stock of people or money takes.
    """
    errors = {name: float(np.max(error)) for name, error in _identity_errors(steps)}
    errors["smallest stock"] = min(float(np.min(_sound(steps, name))) for name in STOCKS)
    return errors


def _sound(steps: Steps, name: str) -> Array:
    return steps.values[name][:, steps.ok]


def _identity_errors(steps: Steps) -> Iterator[tuple[str, Array]]:
    for name, (total, plus, minus) in BALANCES.items():
        terms = [_sound(steps, n) for n in plus] + [-_sound(steps, n) for n in minus]
        yield name, _relative_error(_sound(steps, total), terms)
    for name, (stock, plus, minus, rate) in CHANGES.items():
        level = _sound(steps, stock)
        flows = [_sound(steps, n) for n in plus] + [-_sound(steps, n) for n in minus]
        if rate:
            flows.append(-_sound(steps, rate) * level)
        terms = [level[:-1], *(steps.time_step * flow[:-1] for flow in flows)]
        yield name, _relative_error(level[1:], terms)


def _relative_error(total: Array, terms: list[Array]) -> Array:
    size = np.maximum.reduce([np.abs(total), *(np.abs(term) for term in terms)])
    error = np.abs(total - sum(terms))
    return np.divide(error, size, out=np.zeros_like(error), where=size > 0)
