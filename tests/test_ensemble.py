"""Steps to years, and an audit that finds a broken account."""

from pathlib import Path

import numpy as np
import pytest

from simdyn.audit import audit, audit_variables
from simdyn.engine.model import Model, load
from simdyn.ensemble import run_steps, run_years
from simdyn.errors import RunError
from simdyn.years import Steps, yearly


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


MUTATIONS = {
    "deficit= is halved": ("financing gap + surplus remitted", "0.5 * financing gap"),
    "debt forgets": ("deficit,\n\tinitial debt", "0.9 * deficit,\n\tinitial debt"),
    "prices counted twice": ("GDP * Price level\n", "GDP * Price level * Price level\n"),
    "attracted investment is lost": (
        "(market investment + attracted investment)",
        "(market investment)",
    ),
    "public formation not deflated": ("* public investment / Price level", "* public investment"),
    "pipeline leaks": (
        "contracts signed - contracts settled",
        "contracts signed - 0.5 * contracts settled",
    ),
    "the young vanish": (
        "births - young deaths - growing up",
        "births - young deaths - 1.1 * growing up",
    ),
    "births come twice": ("births - young deaths", "2 * births - young deaths"),
    "migrants vanish": (
        "ageing - working deaths + working net migration",
        "ageing - working deaths",
    ),
    "a sector is missing": ("GDP=\n\tprimary output + ", "GDP=\n\t"),
    "capital does not wear": (
        "- public capital depreciation,",
        "- 0 * public capital depreciation,",
    ),
}


@pytest.mark.parametrize(("old", "new"), MUTATIONS.values(), ids=MUTATIONS)
def test_the_audit_finds_a_broken_equation(
    growth_path: Path, tmp_path: Path, old: str, new: str
) -> None:
    text = growth_path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    mutant = tmp_path / "mutant.mdl"
    mutant.write_text(text.replace(old, new), encoding="utf-8")
    found = audit(run_steps(load(mutant), {}, audit_variables(), 2020))
    assert max(v for k, v in found.items() if k != "smallest stock") > 1e-5


def test_the_audit_finds_a_negative_stock(growth_model: Model) -> None:
    steps = _steps(growth_model)
    values = {**steps.values, "Old population": -steps.values["Old population"]}
    assert audit(Steps(steps.time_step, values, steps.flows, steps.ok))["smallest stock"] < 0
