"""Backtests leave out what they say, restate averages rightly and say plainly who wins."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_region import FIXED, PRIORS, calibrate_here, make_region, observe, prior

from simdyn.calibrate.backtest import (
    BACKTEST_COLUMNS,
    MODEL,
    NO_SHOCK,
    SCORE_COLUMNS,
    SHOCKS,
    Backtests,
    Trial,
    backtest_scores,
    backtest_table,
    backtests,
    findings,
    known_until,
    restated,
)
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.refit import hold, keep
from simdyn.calibrate.rivals import LAST, REFERENCE
from simdyn.engine.model import Model
from simdyn.facts.collection import Facts
from simdyn.regions import Distribution, Operator
from simdyn.report.backtest import backtest_page

GROWTHS = (6.0, 3.5, 6.6)
LOSS = prior("services pandemic loss", Distribution.NORMAL, 0.045, 0.02)


def _observe(operator: Operator, start: int, end: int, kind: str, sd: float = 0.4):
    period = f"{start}-{end}" if start < end else f"{end}"
    one = observe(operator, "GDP", start, end, sd)
    changes = {"facts": f"qiqihar.gdp.{kind}.{period}", "label": f"GDP {kind} {period}"}
    return one.model_copy(update=changes)


@pytest.fixture(scope="module")
def city(growth_model: Model) -> Problem:
    """Growth of a city: an average to 2021 and three of its years."""
    years = [_observe(Operator.GROWTH, year, year, "growth_yoy") for year in (2019, 2020, 2021)]
    figures = (_observe(Operator.AVERAGE_GROWTH, 2017, 2021, "growth_annual_average", 0.3), *years)
    region = make_region("qiqihar", (*PRIORS, LOSS), figures)
    return Problem(region, growth_model, FIXED, np.array([5.6, *GROWTHS]))


@pytest.fixture(scope="module")
def found(city: Problem, facts: Facts) -> Backtests:
    problems = {"qiqihar": city}
    return backtests(calibrate_here(problems, 400, 1), 1, facts)


def test_an_average_without_its_last_year(city: Problem) -> None:
    four = restated(city, 2020)
    assert four.reported[0] == pytest.approx(100 * ((1.056**5 / 1.066) ** 0.25 - 1))
    first = four.region.observations[0]
    assert (first.start, first.end, first.reading) == (2017, 2020, four.reported[0])
    assert first.sd == pytest.approx(np.hypot(5 * 0.3, 0.4) / 4)
    assert four.region.observations[1:] == city.region.observations[1:]
    three = restated(city, 2019)
    assert three.reported[0] == pytest.approx(100 * ((1.056**5 / 1.066 / 1.035) ** (1 / 3) - 1))


def test_an_average_stays_where_a_late_year_is_not_reported(city: Problem) -> None:
    unknown = keep(city, [0, 1, 2])
    assert restated(unknown, 2020).region.observations == unknown.region.observations
    assert [o.end for o in known_until(unknown, 2020).region.observations] == [2019, 2020]
    assert [o.end for o in known_until(city, 2019).region.observations] == [2019]


def test_what_is_restated_says_nothing_of_the_year_foretold(city: Problem) -> None:
    """Another figure of 2021, with the average that it makes, restates to the same."""
    total = 1.056**5 / 1.066 * 1.02
    other = replace(city, reported=np.array([100 * (total**0.2 - 1), 6.0, 3.5, 2.0]))
    one, two = (known_until(restated(problem, 2020), 2020) for problem in (city, other))
    np.testing.assert_allclose(one.reported, two.reported)


def test_parameters_are_held(city: Problem) -> None:
    held = hold(city, dict.fromkeys(SHOCKS, 0.0))
    assert held.n_parameter == city.n_parameter - 1
    assert held.fixed["services pandemic loss"] == 0
    assert "tax relief in 2020" not in held.fixed
    z = np.zeros((held.n_parameter, 1))
    deep = city.answers(np.zeros((city.n_parameter, 1)))
    assert held.answers(z)[2, 0] > deep[2, 0] + 0.5


def test_every_method_foretells_what_it_should(found: Backtests, facts: Facts) -> None:
    table = backtest_table(found, facts)
    assert list(table.columns) == BACKTEST_COLUMNS
    methods = table.groupby("test", sort=False)["method"].agg(list).to_dict()
    assert methods[Trial.ONE] == [MODEL] * 4
    assert methods[Trial.SHOCK] == [MODEL, NO_SHOCK, LAST, REFERENCE]
    assert methods[Trial.LATE][0] == MODEL
    ahead = table[table["test"] != Trial.ONE]
    assert set(ahead["reported"]) == set(GROWTHS[1:])
    rows = ahead.set_index(["test", "method"])
    assert rows.loc[(Trial.SHOCK, NO_SHOCK), "mean"] > rows.loc[(Trial.SHOCK, MODEL), "mean"]
    assert len(found.rhat) >= 3


def test_the_same_seed_gives_the_same_bits(city: Problem, facts: Facts, found: Backtests) -> None:
    again = backtests(found.calibration, 1, facts)
    first, second = (backtest_table(each, facts) for each in (found, again))
    pd.testing.assert_frame_equal(first, second)


def _table(**errors: tuple[float, ...]) -> pd.DataFrame:
    rows = [
        {"test": "t", "method": method.replace("_", " "), "region": "r", "figure": n,
         "error_percent": error, "crps_percent": error / 2,
         "in_50": False, "in_80": error < 2, "in_90": error < 3}
        for method, each in errors.items()
        for n, error in enumerate(each)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_scores_are_compared_on_common_figures_only() -> None:
    scores = backtest_scores(_table(model=(1.0, 2.0, 9.0), rival=(3.0, 1.0)))
    assert list(scores.columns) == SCORE_COLUMNS
    assert scores["figures"].tolist() == [3, 2, 2]
    assert scores["mean_absolute_error"].tolist() == [4.0, 1.5, 2.0]
    assert scores["covered_90"].tolist() == pytest.approx([2 / 3, 1.0, 0.5])


def test_a_rival_that_wins_and_intervals_that_are_too_narrow_are_named() -> None:
    said = findings(backtest_scores(_table(model=(5.0,) * 6, rival=(1.0,) * 6)))
    assert "hold 0 of 6 figures, too few: it is too sure" in said[0]
    assert "6 figures: rival wins by score" in said[1]
    assert said[1].endswith("Too few figures to tell.")
    said = findings(backtest_scores(_table(model=(1.0,) * 6, rival=(2.0,) * 6)))
    assert "no sign of being too sure" in said[0]
    assert "model wins by score: model 0.50 (error 1.00), rival 1.00 (error 2.00)" in said[1]


def test_the_committed_page_has_the_form_of_a_new_one(
    root: Path, found: Backtests, facts: Facts
) -> None:
    def form(text: str) -> list[str]:
        lines = text.splitlines()
        heads = [lines[n - 1] for n, line in enumerate(lines) if line.startswith("| ---")]
        return [*(line for line in lines if line.startswith("#")), *heads]

    committed = (root / "docs" / "backtest.md").read_text(encoding="utf-8")
    assert form(committed) == form(backtest_page(found, facts))
