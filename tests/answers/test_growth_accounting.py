"""Growth accounting: closed forms, exactness on real draws, what is left is shown."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from planted_runs import MemoryRuns

from simdyn.answers.case import Case
from simdyn.answers.growth import TERMS, Account, account, account_table, log_mean
from simdyn.answers.growth.accounting import ACCOUNT_COLUMNS
from simdyn.answers.growth.production import VARIABLES
from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.indicators import PERIODS
from simdyn.names import LAST_YEAR
from simdyn.scenarios import LeverEntry
from simdyn.years import Steps

STEP = 0.25
AGE = np.arange(0, LAST_YEAR - 2015 + 1 + STEP, STEP)[:, None]
ALPHA, GAMMA = 0.4, 0.1
RATES = {"capital": 0.05, "public": 0.03, "labour": -0.01}
TREND, SPILLOVER, DRIFT = 0.012, 0.5, -0.004


def _rising(rate: float) -> Array:
    return np.exp(rate * AGE)


def _planted(**other: Array) -> Steps:
    """Return a Cobb-Douglas economy of two like sectors in which every factor grows steadily."""
    growth = TREND + SPILLOVER * 0.01 + DRIFT
    made = (
        (1 + STEP * growth) ** (AGE / STEP)
        * _rising(ALPHA * RATES["capital"])
        * _rising((1 - ALPHA) * RATES["labour"])
        * _rising(GAMMA * RATES["public"])
    )
    given = {
        "industry output": 3 * made,
        "services output": 5 * made,
        "primary output": 0 * made,
        "GDP": 8 * made,
        "Industry capital": 6 * _rising(RATES["capital"]),
        "Services capital": 10 * _rising(RATES["capital"]),
        "labour index": _rising(RATES["labour"]),
        "infrastructure effect": _rising(GAMMA * RATES["public"]),
        "private capital elasticity": np.array(ALPHA),
        "Services labour share": np.array(5 / 8),
        "technology growth trend": np.array(TREND),
        "technology spillover": np.array(SPILLOVER),
        "core city growth": np.array(0.05),
        "reference core city growth": np.array(0.04),
        "growth drift": np.array(DRIFT),
        **{name: np.array(1.0) for name in VARIABLES if name[0].isupper() and "efficien" in name},
        "Primary productivity": np.array(1.0),
        **other,
    }
    shape = (len(AGE), 3)
    values = {name: np.broadcast_to(given.get(name, np.array(0.0)), shape) for name in VARIABLES}
    flows = frozenset(name for name in VARIABLES if name.endswith("output") or name == "GDP")
    return Steps(STEP, values, flows, np.ones(3, dtype=bool))


Plant = Callable[[Steps], Account]


@pytest.fixture
def plant(case: Case, monkeypatch: pytest.MonkeyPatch) -> Plant:
    """Return the account of planted steps."""

    def of(steps: Steps) -> Account:
        def planted(*_: object) -> Iterator[tuple[Array, Steps]]:
            yield np.arange(3), steps

        monkeypatch.setattr(Case, "steps", planted)
        return account(replace(case, n_draw=3), "songbei", "baseline")

    return of


def _in_points(log_rate: float, growth: float) -> float:
    """Return a rate of logs as a share of the growth that all of them come to."""
    return 100 * log_rate * np.expm1(growth) / growth


def test_a_cobb_douglas_economy_is_accounted_for_exactly(plant: Plant) -> None:
    growth = TREND + SPILLOVER * 0.01 + DRIFT
    technology = np.log1p(STEP * growth) / STEP
    expected = {
        "private capital": ALPHA * RATES["capital"],
        "public capital": GAMMA * RATES["public"],
        "labour": (1 - ALPHA) * RATES["labour"],
        "technology trend": technology * TREND / growth,
        "spillover": technology * SPILLOVER * 0.01 / growth,
        "growth drift": technology * DRIFT / growth,
    }
    total = sum(expected.values())
    found = plant(_planted())
    assert found.ok.all()
    for period in PERIODS:
        points = found.points(*period)
        for term in TERMS:
            rate = _in_points(expected.get(term.name, 0.0), total)
            np.testing.assert_allclose(points[term.name], rate, atol=1e-10)
        np.testing.assert_allclose(sum(points.values()), 100 * np.expm1(total), atol=1e-10)


def test_what_no_factor_explains_is_the_remainder(plant: Plant) -> None:
    steps = _planted()
    more = {
        name: steps.values[name] * _rising(0.02)
        for name in ("GDP", "industry output", "services output")
    }
    points = plant(_planted(**more)).points(2021, 2025)
    log_growth = np.log1p(sum(points.values()) / 100)
    np.testing.assert_allclose(points["remainder"], _in_points(0.02, log_growth), atol=1e-9)


def test_moves_between_sectors_are_told_from_growth_of_the_whole(plant: Plant) -> None:
    """Labour that doubles where it earns four fifths of output, and leaves the rest."""
    share = 0.3 + 0.4 * AGE / AGE[-1]
    made = share ** (1 - ALPHA)
    rest = (1 - share) ** (1 - ALPHA)
    still = np.array(1.0)
    found = plant(
        _planted(
            **{
                "services output": 4 * made,
                "industry output": rest,
                "GDP": 4 * made + rest,
                "Services labour share": share,
                "labour index": still,
                "infrastructure effect": still,
                "Industry capital": still,
                "Services capital": still,
                "growth drift": np.array(-TREND - SPILLOVER * 0.01),
            }
        )
    )
    points = found.points(2016, 2020)
    assert (points["labour between sectors"] > 0.5).all()
    gained = 100 * ((found.gdp[5] / found.gdp[0]) ** 0.2 - 1)
    np.testing.assert_allclose(points["labour between sectors"], gained, atol=1e-10)
    for name in ("labour", "capital between sectors", "remainder"):
        np.testing.assert_allclose(points[name], 0, atol=1e-10)


def test_a_draw_whose_run_failed_or_whose_output_ends_is_left_out(plant: Plant) -> None:
    lost = np.zeros((len(AGE), 3))
    lost[60:, 1] = 1.0
    failed = replace(_planted(**{"second shock loss": lost}), ok=np.array([True, True, False]))
    found = plant(failed)
    assert found.ok.tolist() == [True, False, False]
    assert np.isnan(found.points(2026, 2035)["labour"][1:]).all()


def test_the_logarithmic_mean_lies_between_and_is_its_argument_where_both_are_one() -> None:
    one, other = np.array([2.0, 3.0, 1.0, 0.0, 0.0]), np.array([2.0, 1.0, 1 + 1e-14, 0.0, 1.0])
    expected = [2.0, 2 / np.log(3), 1.0, 0.0, np.nan]
    np.testing.assert_allclose(log_mean(one, other), expected, rtol=1e-13)


@pytest.fixture(scope="module")
def busy(case: Case) -> Case:
    """A case whose plan moves every factor, by strengths and by a path, and meets a shock."""
    plan = case.study.scenarios[-1]
    strengths = {"research": 0.01, "integration": 0.5, "core city growth": 0.01}
    entries = {name: LeverEntry(value=x, source="assumption") for name, x in strengths.items()}
    entries |= {
        "technology": LeverEntry(path={"2022": 0.002, "2027": 0.004}, source="assumption"),
        "second shock depth": LeverEntry(value=0.05, source="assumption"),
        "industry efficiency": LeverEntry(value=0.01, source="assumption"),
        "farm productivity": LeverEntry(value=0.01, source="assumption"),
    }
    file = plan.file.model_copy(update={"levers": {"all": entries}})
    scenarios = (*case.study.scenarios[:-1], replace(plan, file=file))
    moved = replace(case, study=replace(case.study, scenarios=scenarios))
    return replace(moved, runs=MemoryRuns(moved))


@pytest.mark.parametrize("region", ["songbei", "hachang_zone"])
def test_terms_add_up_to_the_growth_of_each_draw(busy: Case, region: str) -> None:
    found = account(busy, region, "plan")
    years = busy.runs.years(region, "plan")
    np.testing.assert_array_equal(found.ok, years.ok)
    assert found.ok.sum() > 70
    for period in PERIODS:
        points = found.points(*period)
        growth = np.where(years.ok, years.growth("GDP", *period), np.nan)
        np.testing.assert_allclose(sum(points.values()), growth, rtol=0, atol=1e-10)
        assert np.nanmax(np.abs(points["remainder"])) < 1e-10
    for name in ("research", "spillover", "zones and reforms", "supply shocks"):
        assert np.nanmax(np.abs(found.points(2026, 2035)[name])) > 1e-4


def test_a_zone_is_accounted_for_from_its_parts(case: Case) -> None:
    zone = account(case, "hachang_zone", "plan")
    parts = [account(case, part, "plan") for part in case.parts("hachang_zone")]
    for term in TERMS:
        whole = zone.changes[term.name]
        np.testing.assert_allclose(
            whole[:, zone.ok], sum(part.changes[term.name] for part in parts)[:, zone.ok]
        )


def test_the_table_has_the_band_of_every_term_and_means_add_up(case: Case) -> None:
    terms, groups = (
        account_table(case, ["qiqihar"], ["baseline"], by_group=by_group)
        for by_group in (False, True)
    )
    assert list(terms.columns) == ACCOUNT_COLUMNS
    assert (terms["n"] + terms["n_failed"] == case.n_draw).all()
    for table in (terms, groups):
        for _, rows in table.groupby("first"):
            means = rows.set_index("term")["mean"]
            assert means.drop("GDP growth").sum() == pytest.approx(means["GDP growth"])
    here = terms[(terms["first"] == 2021) & (terms["group"] == "technology")]
    (group,) = groups[(groups["first"] == 2021) & (groups["term"] == "technology")]["mean"]
    assert len(here) == 5
    assert here["mean"].sum() == pytest.approx(group)
    total = terms[terms["term"] == "GDP growth"].set_index("first")["p50"]
    growth = case.runs.years("qiqihar", "baseline").growth("GDP", 2021, 2025)
    assert total[2021] == pytest.approx(np.nanmedian(growth))


def test_growth_needs_a_year_before(case: Case) -> None:
    with pytest.raises(RunError, match="no growth of 2015 to 2020"):
        account(case, "qiqihar", "baseline").points(2015, 2020)
