"""Backtests leave out what they say, restate averages rightly and say plainly who wins."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from small_region import FIXED, PRIORS, calibrate_here, make_region, observe, prior

from simdyn.calibrate.ahead import SHOCKS, Trial, ahead_of, known_until, restated, without_shock
from simdyn.calibrate.backtest import Backtests, backtests
from simdyn.calibrate.backtest_store import keep_foretold, recall_foretold
from simdyn.calibrate.foretell import MODEL, NO_SHOCK
from simdyn.calibrate.known import FEWEST
from simdyn.calibrate.leaving_out import USELESS, By
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.refit import hold, keep
from simdyn.calibrate.rivals import LAST, REFERENCE
from simdyn.calibrate.scores import (
    BACKTEST_COLUMNS,
    SCORE_COLUMNS,
    backtest_scores,
    backtest_table,
)
from simdyn.engine.model import Model
from simdyn.facts.collection import Facts
from simdyn.regions import Distribution, Operator
from simdyn.report.backtest import backtest_page
from simdyn.report.held_out import findings
from simdyn.report.words.language import Language, labels_of

GROWTHS = (6.0, 3.5, 6.6)
ENGLISH = labels_of(Language.EN)
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
    return backtests(calibrate_here(problems, 2000, 1), 1, facts)


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
    names = [way.name for way in found.model.ways]
    assert names[:2] == [Trial.SHOCK, Trial.LATE]
    assert all(way.rhat < 1.1 and way.rhat_foretold < 1.1 for way in found.model.ways[:2])


def test_the_same_seed_gives_the_same_bits(city: Problem, facts: Facts, found: Backtests) -> None:
    again = backtests(found.calibration, 1, facts)
    first, second = (backtest_table(each, facts) for each in (found, again))
    pd.testing.assert_frame_equal(first, second)


@pytest.fixture(scope="module")
def short(found: Backtests, facts: Facts) -> Backtests:
    return backtests(found.calibration, 1, facts, thorough=False)


def test_a_short_backtest_foretells_what_a_thorough_one_does(
    found: Backtests, short: Backtests, facts: Facts
) -> None:
    one, other = (backtest_table(each, facts) for each in (found, short))
    keys = ["test", "method", "figure"]
    both = one.merge(other, on=keys, suffixes=("", "_short"))
    assert len(both) == len(other) == len(one) - len(short.refused)
    for name in ("mean", "p5", "p95"):
        apart = (both[name] - both[f"{name}_short"]).abs() / both["sd"]
        assert apart.max() < 0.35, name
    assert {way.by for way in short.model.ways} == {By.MOVED}
    assert all(way.k <= USELESS and way.size >= FEWEST for way in short.model.ways)


def test_terms_of_2020_move_nothing_before(city: Problem) -> None:
    """So the draws of what was known by 2019 are right without them."""
    (shock, _) = ahead_of({"qiqihar": city})
    posterior = Posterior(shock.known)
    places = [n for n, (name, _) in enumerate(posterior.names) if name in SHOCKS]
    rng = np.random.default_rng(2)
    for point in rng.standard_normal((5, posterior.n_coordinate)):
        assert places
        assert not posterior.residuals(point)[1][:, places].any()
    z = np.arange(city.n_parameter, dtype=float)[:, None]
    calm, kept = without_shock(city, z)
    left = [city.region.priors[int(n)].parameter for n in kept[:, 0]]
    assert left == [prior.parameter for prior in calm.region.priors]


def test_what_was_foretold_is_kept_to_the_last_bit(
    tmp_path: Path, short: Backtests, facts: Facts
) -> None:
    path = tmp_path / "kept.nc"
    keep_foretold(short.model, "inputs", path)
    problems = short.calibration.posterior.problems
    again = recall_foretold(problems, "inputs", path)
    assert again is not None
    assert repr(again.ways) == repr(short.model.ways)  # some hold nan
    assert not again.thorough
    told = replace(short, model=again)
    pd.testing.assert_frame_equal(
        backtest_table(told, facts), backtest_table(short, facts), check_exact=True
    )
    assert recall_foretold(problems, "other inputs", path) is None
    path.write_bytes(path.read_bytes()[:1000])
    assert recall_foretold(problems, "inputs", path) is None


def test_a_figure_that_is_far_off_is_reported_outside(city: Problem, facts: Facts) -> None:
    far = replace(city, reported=np.array([5.6, 6.0, 3.5, 40.0]))
    told = backtests(calibrate_here({"qiqihar": far}, 400, 1), 1, facts, thorough=False)
    # So few draws of the fit carry no weights.
    assert {way.by for way in told.model.ways} == {By.REFIT}
    table = backtest_table(told, facts)
    late = table[(table["test"] == Trial.LATE) & (table["method"] == MODEL)].iloc[0]
    assert not late["in_90"]
    assert late["p95"] < 40


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
    said = findings(backtest_scores(_table(model=(5.0,) * 6, rival=(1.0,) * 6)), ENGLISH)
    assert "hold 0 of 6 figures, too few: it is too sure" in said[0]
    assert "6 figures: rival wins by score" in said[1]
    assert said[1].endswith("Too few figures to tell.")
    said = findings(backtest_scores(_table(model=(1.0,) * 6, rival=(2.0,) * 6)), ENGLISH)
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
