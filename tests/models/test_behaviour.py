"""The regional growth model under extreme conditions: finite, not negative, right direction."""

import numpy as np
import pytest

from simdyn.audit import STOCKS, audit, audit_variables
from simdyn.engine.model import Model
from simdyn.ensemble import run_steps
from simdyn.names import EXTENSIVE
from simdyn.years import Steps, Years, yearly

LAST_YEAR = 2035
WANTED = audit_variables() | {q.variable for q in EXTENSIVE} | {"investment ratio", "fiscal space"}
BASE = {
    "market investment rate": 0.5,
    "contract realisation share": 0.3,
    "external works ratio": 0.01,
}
EXTREMES = {
    "zero investment": {
        "market investment rate": 0.0,
        "contract realisation share": 0.0,
        "capital share of budget": 0.0,
        "land revenue ratio": 0.0,
        "bond issue ratio": 0.0,
        "external works ratio": 0.0,
    },
    "tenfold investment": {"market investment rate": 5.0, "contracted investment": 100.0},
    "no migration": {"base net migration rate": 0.0, "migration response": 0.0},
    "doubled shock": {"industry pandemic loss": 0.04, "services pandemic loss": 0.09},
    "total shock": {"industry pandemic loss": 1.0, "services pandemic loss": 1.0},
    "debt limit hit": {"initial debt ratio": 3.0},
    "no debt and a surplus": {"initial debt ratio": 0.0, "revenue ratio": 0.5},
    "flight": {"base net migration rate": -0.3},
}


def _steps(model: Model, **settings: float) -> Steps:
    names = {k.replace("_", " "): v for k, v in settings.items()}
    return run_steps(model, {**BASE, **names}, WANTED, LAST_YEAR)


def _years(model: Model, case: str = "") -> Years:
    return yearly(_steps(model, **EXTREMES.get(case, {})))


@pytest.mark.parametrize("case", EXTREMES)
def test_finite_not_negative_and_balanced(growth_model: Model, case: str) -> None:
    steps = _steps(growth_model, **EXTREMES[case])
    assert steps.ok.all()
    assert all(np.isfinite(series).all() for series in steps.values.values())
    errors = audit(steps)
    assert errors.pop("smallest stock") >= 0
    assert max(errors.values()) < 1e-9


def test_zero_investment_wears_capital_down(growth_model: Model) -> None:
    years = _years(growth_model, "zero investment")
    capital = years.values["Industry capital"][:, 0]
    # Euler's closed form: nothing comes in and a tenth a year wears out.
    np.testing.assert_allclose(capital[-1], capital[0] * (1 - 0.1 / 8) ** (8 * 20), rtol=1e-12)
    assert years.of("GDP", 2035) < 0.6 * _years(growth_model).of("GDP", 2035)


def test_tenfold_investment_meets_the_ceiling(growth_model: Model) -> None:
    years, base = _years(growth_model, "tenfold investment"), _years(growth_model)
    assert years.of("GDP", 2035) > base.of("GDP", 2035)
    assert years.values["investment ratio"].max() < 1.25 + 0.5
    assert base.values["investment ratio"].max() < 0.9


def test_without_migration_more_people_stay(growth_model: Model) -> None:
    years = _years(growth_model, "no migration")
    assert np.all(years.values["net migration"] == 0)
    assert years.of("population", 2035) > _years(growth_model).of("population", 2035)


def test_doubled_shock_deepens_2020_and_passes(growth_model: Model) -> None:
    shocked, base = _years(growth_model, "doubled shock"), _years(growth_model)
    loss = {y: (shocked.of("GDP", y) / base.of("GDP", y))[0] - 1 for y in (2019, 2020, 2030)}
    assert loss[2019] == 0
    assert -0.05 < loss[2020] < -0.02
    assert loss[2020] < loss[2030] < 0


def test_debt_limit_closes_fiscal_space(growth_model: Model) -> None:
    years, base = _years(growth_model, "debt limit hit"), _years(growth_model)
    assert years.of("fiscal space", 2016) < 0.01
    assert years.of("bond issue", 2016) < 0.01 * base.of("bond issue", 2016)
    assert years.of("budget expenditure", 2016) < base.of("budget expenditure", 2016)


def test_insolvency_flag_follows_interest(growth_model: Model) -> None:
    indebted = growth_model.run({"initial debt ratio": 3.0}, ["insolvency flag"])
    sound = growth_model.run({"initial debt ratio": 0.0}, ["insolvency flag"])
    assert indebted["insolvency flag"].iloc[0] == 1
    assert sound["insolvency flag"].iloc[0] == 0


def test_stocks_are_those_of_the_model(growth_model: Model) -> None:
    kinds = growth_model.variables["kind"]
    assert set(STOCKS) <= set(kinds.index[kinds == "stock"])
