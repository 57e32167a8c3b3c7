"""Accounting identities of the regional growth model, checked at every step of a run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from pathlib import Path

import numpy as np

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.years import Steps

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

SMALLEST = "smallest stock"
TOLERANCE = 1e-9
"""Largest relative error of an identity in a run that counts as balanced."""

Names = tuple[str, ...]

BALANCES: Mapping[str, tuple[str, Names, Names]] = {
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

CHANGES: Mapping[str, tuple[str, Names, Names]] = {
    "debt change = deficit": ("Debt", ("deficit",), ()),
    "population change = births - deaths + migration": (
        "population",
        ("births", "net migration"),
        ("deaths",),
    ),
    "young roll-forward": (
        "Young population",
        ("births", "young net migration"),
        ("young deaths", "growing up"),
    ),
    "working-age roll-forward": (
        "Working population",
        ("growing up", "working net migration"),
        ("working deaths", "ageing"),
    ),
    "old roll-forward": ("Old population", ("ageing",), ("old deaths",)),
    "industry capital roll-forward": (
        "Industry capital",
        ("industry capital formation",),
        ("industry capital depreciation",),
    ),
    "services capital roll-forward": (
        "Services capital",
        ("services capital formation",),
        ("services capital depreciation",),
    ),
    "public capital roll-forward": (
        "Public capital",
        ("public capital formation",),
        ("public capital depreciation",),
    ),
    "pipeline roll-forward": ("Project pipeline", ("contracts signed",), ("contracts settled",)),
}
"""Identity: (stock, inflows, outflows)."""

PRODUCTS: Mapping[str, tuple[Names, Names, Names]] = {
    "nominal GDP = GDP x prices": (("nominal GDP",), ("Price level",), ("GDP",)),
    "private capital formation = share of investment": (
        ("private capital formation", "Price level"),
        ("capital formation share",),
        ("market investment", "attracted investment"),
    ),
    "public capital formation = share of investment": (
        ("public capital formation", "Price level"),
        ("capital formation share",),
        ("public investment",),
    ),
}
"""Identity: (factors on the left, factors on the right, terms whose sum they multiply)."""


def audit_variables() -> set[str]:
    """Return the variables that the audit needs."""
    names = set(STOCKS)
    for total, plus, minus in (*BALANCES.values(), *CHANGES.values()):
        names |= {total, *plus, *minus}
    for left, factors, terms in PRODUCTS.values():
        names |= {*left, *factors, *terms}
    return names


def audit(steps: Steps) -> dict[str, float]:
    """Return the largest relative error of each identity over all steps and sound members.

    The error is relative to the largest term of the identity. The entry `SMALLEST` is the
    smallest value that any stock of people or money takes. At least one member must be sound.
    """
    errors = {name: float(np.max(error)) for name, error in _identity_errors(steps)}
    errors[SMALLEST] = min(float(np.min(_sound(steps, name))) for name in STOCKS)
    return errors


def worst(audits: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the largest error of each identity, and the smallest stock, over audits."""
    found: dict[str, float] = {}
    for one in audits:
        for name, value in one.items():
            pick = min if name == SMALLEST else max
            found[name] = pick(found.get(name, value), value)
    return found


def refuse_imbalance(errors: Mapping[str, float], model: Path) -> None:
    """Refuse a model one of whose accounts does not balance.

    Raises
    ------
    RunError : an error is beyond `TOLERANCE`
    """
    for name, error in errors.items():
        if name != SMALLEST and error > TOLERANCE:
            message = f"the account '{name}' does not balance (relative error {error:.1e}). "
            raise RunError(message + "Mend the equations behind it.", path=model)


def _sound(steps: Steps, name: str) -> Array:
    return steps.values[name][:, steps.ok]


def _identity_errors(steps: Steps) -> Iterator[tuple[str, Array]]:
    for name, (total, plus, minus) in BALANCES.items():
        terms = [_sound(steps, n) for n in plus] + [-_sound(steps, n) for n in minus]
        yield name, _relative_error(_sound(steps, total), terms)
    for name, (stock, plus, minus) in CHANGES.items():
        level = _sound(steps, stock)
        flows = [_sound(steps, n) for n in plus] + [-_sound(steps, n) for n in minus]
        terms = [level[:-1], *(steps.time_step * flow[:-1] for flow in flows)]
        yield name, _relative_error(level[1:], terms)
    for name, (left, factors, parts) in PRODUCTS.items():
        factor = _product(steps, factors)
        terms = [factor * _sound(steps, n) for n in parts]
        yield name, _relative_error(_product(steps, left), terms)


def _product(steps: Steps, names: Names) -> Array:
    return reduce(np.multiply, [_sound(steps, name) for name in names])


def _relative_error(total: Array, terms: list[Array]) -> Array:
    size = np.maximum.reduce([np.abs(total), *(np.abs(term) for term in terms)])
    error = np.abs(total - sum(terms))
    return np.divide(error, size, out=np.zeros_like(error), where=size > 0)
