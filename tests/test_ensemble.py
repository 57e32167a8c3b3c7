"""Steps to years, and an audit that finds a broken account."""

import numpy as np
import pytest

from simdyn.engine.model import Model
from simdyn.ensemble import Steps, audit, audit_variables, run_steps, run_years, yearly
from simdyn.errors import RunError


def _steps(model: Model) -> Steps:
    return run_steps(model, {"initial GDP": np.array([100.0, 300.0])}, audit_variables(), 2020)


def test_yearly_flows_are_integrals_and_stocks_year_ends(growth_model: Model) -> None:
    steps = _steps(growth_model)
    years = yearly(steps)
    debt, deficit = steps.values["Debt"], steps.values["deficit"]
    np.testing.assert_array_equal(years.of("Debt", 2015), debt[8])
    np.testing.assert_allclose(years.of("deficit", 2016), deficit[8:16].sum(axis=0) / 8)
    # What was borrowed in a year is the change of debt over it.
    np.testing.assert_allclose(
        years.of("Debt", 2018) - years.of("Debt", 2017), years.of("deficit", 2018), rtol=1e-10
    )
    assert list(years.years) == list(range(2015, 2021))


def test_a_year_outside_the_run_is_refused(growth_model: Model) -> None:
    years = run_years(growth_model, {}, ["GDP"], 2020)
    with pytest.raises(RunError, match="2015 to 2020"):
        years.of("GDP", 2021)


def test_members_that_fail_are_marked_and_left_out_of_the_audit(growth_model: Model) -> None:
    # Services have 0.45 of output: the second member has a negative industry, finite throughout,
    # the third is not a number.
    shares = np.array([0.3, 0.9, np.nan])
    steps = run_steps(growth_model, {"initial primary share": shares}, audit_variables(), 2020)
    assert steps.ok.tolist() == [True, False, False]
    assert max(v for k, v in audit(steps).items() if k != "smallest stock") < 1e-12


@pytest.mark.parametrize(
    ("broken", "identity"),
    [
        ("services output", "GDP = sectors"),
        ("public investment", "investment = its parts"),
        ("deficit", "debt change = deficit"),
        ("births", "population change = births - deaths + migration"),
        ("public capital formation", "public capital roll-forward"),
    ],
)
def test_the_audit_finds_a_broken_account(growth_model: Model, broken: str, identity: str) -> None:
    steps = _steps(growth_model)
    values = {**steps.values, broken: steps.values[broken] * 1.001}
    found = audit(Steps(steps.time_step, values, steps.flows, steps.ok))
    assert found[identity] > 1e-7
    assert audit(steps)[identity] < 1e-12


def test_the_audit_finds_a_negative_stock(growth_model: Model) -> None:
    steps = _steps(growth_model)
    values = {**steps.values, "Old population": -steps.values["Old population"]}
    assert audit(Steps(steps.time_step, values, steps.flows, steps.ok))["smallest stock"] < 0
