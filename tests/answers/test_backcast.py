"""Backcasts: the value found does it, the one before does not; intervals; several crossings."""

import math
from dataclasses import replace

import numpy as np
import pytest

from simdyn.answers.backcast import backcast, backcast_all
from simdyn.answers.bands import Z_95
from simdyn.answers.case import Case
from simdyn.answers.ranges import LeverRange
from simdyn.answers.targets import find_target, is_met, reached
from simdyn.errors import RunError
from simdyn.regions import Reading
from simdyn.scenarios import LeverEntry, Turned

INVESTMENT = LeverRange("market investment", "share", -0.5, 1.0)
LEVEL = 0.2
RESOLUTION = 1.5 / 32 / 8**4


def _target(case: Case, label: str = "GDP growth 2022-2026") -> Reading:
    return find_target(case.study, "qiqihar", label)


def _share(case: Case, targets: list[Reading], lever: str, value: float) -> float:
    """Return the share of sound draws that meet the targets, without the backcast's own code."""
    base = case.scenario("baseline")
    years = case.run("qiqihar", [Turned(base, {"qiqihar": {lever: value}})])
    met = [is_met(case.study, t, reached(case, "qiqihar", t, years)) for t in targets]
    return float(np.mean(np.all(met, axis=0)[years.ok]))


def test_the_value_found_does_it_and_the_one_before_does_not(case: Case) -> None:
    targets = [_target(case)]
    found = backcast(case, "qiqihar", targets, INVESTMENT, "baseline", LEVEL)
    (threshold,) = found.thresholds
    assert threshold.rising
    assert _share(case, targets, "market investment", threshold.value) >= LEVEL
    assert _share(case, targets, "market investment", threshold.value - 2 * RESOLUTION) < LEVEL
    assert found.possible


def test_the_ends_of_the_interval_are_where_the_share_is_a_score_test_away(case: Case) -> None:
    targets, level = [_target(case)], LEVEL
    found = backcast(case, "qiqihar", targets, INVESTMENT, "baseline", level)
    (threshold,) = found.thresholds
    assert threshold.low is not None
    assert threshold.low < threshold.value
    half = Z_95 * math.sqrt(level * (1 - level) / (case.n_draw - found.n_failed))
    low = _share(case, targets, "market investment", threshold.low)
    assert low == pytest.approx(level - half, abs=1.5 / case.n_draw)
    assert threshold.high is None or threshold.high > threshold.value


def test_none_does_it_is_an_answer(case: Case) -> None:
    targets = [_target(case)]
    found = backcast(case, "qiqihar", targets, INVESTMENT, "baseline", 0.999)
    assert not found.possible
    at, best = found.best
    assert best.value == pytest.approx(_share(case, targets, "market investment", at))
    assert found.effort == math.inf
    assert found.sentence.startswith("No market investment from -0.5 to 1 (share) meets 'GDP")
    assert f"at most {best.value:.2f} [" in found.sentence


def test_any_does_it_is_an_answer(case: Case) -> None:
    found = backcast(case, "qiqihar", [_target(case)], INVESTMENT, "baseline", 0.01)
    assert found.everywhere
    assert found.effort == 0
    assert found.sentence.startswith("Any market investment")


def test_two_targets_together_are_no_easier_than_each(case: Case) -> None:
    both = [_target(case), _target(case, "budget revenue growth 2022")]
    joint = backcast(case, "qiqihar", both, INVESTMENT, "baseline")
    for target in both:
        alone = backcast(case, "qiqihar", [target], INVESTMENT, "baseline")
        assert (joint.chances <= alone.chances).all()
    at = float(joint.points[-1])
    assert joint.chances[-1] == pytest.approx(_share(case, both, "market investment", at))


def test_a_lever_that_works_backwards_falls(case: Case) -> None:
    lever = LeverRange("tax", "share", -0.9, 3.0)
    target = _target(case, "budget revenue growth 2022")
    aim = target.model_copy(
        update={"facts": "qiqihar.registered_unemployment_rate.target_share.2022"}
    )
    found = backcast(case, "qiqihar", [aim], lever, "baseline", LEVEL)
    (threshold,) = found.thresholds
    assert not threshold.rising
    assert "at or below" in found.needed


def test_several_crossings_are_all_reported(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def hump(values: np.ndarray) -> np.ndarray:
        return np.clip(0.8 - (2 * values) ** 2, 0, 1)

    n = 20_000
    ranks = (np.arange(n) + 0.5) / n

    def runs(_: object, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return ranks < hump(points)[:, None], np.ones((len(points), n), dtype=bool)

    monkeypatch.setattr("simdyn.answers.backcast._Chance.runs", runs)
    monkeypatch.setattr("simdyn.answers.backcast._Chance.now", runs(None, np.zeros(1)))
    found = backcast(replace(case, n_draw=n), "qiqihar", [_target(case)], INVESTMENT, "baseline")
    left, right = found.thresholds
    root = math.sqrt(0.3) / 2
    assert (left.value, right.value) == pytest.approx((-root, root), abs=1e-4)
    assert (left.rising, right.rising) == (True, False)
    half = Z_95 * math.sqrt(0.25 / n)
    for threshold in (left, right):
        assert threshold.low is not None
        assert threshold.high is not None
        assert threshold.low < threshold.value < threshold.high
        assert abs(hump(np.array(threshold.low)) - 0.5) == pytest.approx(half, rel=0.01)
    assert "at or above" in found.needed
    assert "at or below" in found.needed


def test_an_interval_that_leaves_the_range_is_open(case: Case) -> None:
    wide = backcast(case, "qiqihar", [_target(case)], INVESTMENT, "baseline", LEVEL)
    short = LeverRange("market investment", "share", -0.5, wide.thresholds[0].value + 0.01)
    found = backcast(case, "qiqihar", [_target(case)], short, "baseline", LEVEL)
    (threshold,) = found.thresholds
    assert threshold.high is None
    assert threshold.low is not None
    assert found.needed.endswith(", open]")


def test_levers_are_ranked_by_how_far_they_have_to_move(case: Case) -> None:
    levers = [
        LeverRange("births", "share", -0.5, 0.5),
        INVESTMENT,
        LeverRange("technology", "a year", -0.01, 0.05),
    ]
    found = backcast_all(case, "qiqihar", [_target(case)], levers, "baseline", LEVEL)
    assert [one.effort for one in found] == sorted(one.effort for one in found)
    assert found[-1].lever.lever == "births"
    assert not found[-1].possible


def test_other_levers_stay_where_the_scenario_has_them(case: Case) -> None:
    found = backcast(case, "qiqihar", [_target(case)], INVESTMENT, "plan", LEVEL)
    assert found.current == 0.35
    years = case.runs.years("qiqihar", "plan")
    met = is_met(case.study, _target(case), reached(case, "qiqihar", _target(case), years))
    assert found.at_current.value == pytest.approx(np.mean(met[years.ok]))


def test_a_course_stands_where_it_ends_and_is_run_as_it_is(case: Case) -> None:
    """The years of a path may stand in any order, and it is not the model's ramp."""
    path = {"2030": 0.1, "2022": 0.9, "2026": -0.5}
    entry = LeverEntry(path=path, source="assumption")
    *others, plan = case.study.scenarios
    levers = {"qiqihar": {"market investment": entry}}
    moved = replace(plan, file=plan.file.model_copy(update={"levers": levers}))
    study = replace(case.study, scenarios=(*others, moved))
    other = replace(case, study=study)
    found = backcast(other, "qiqihar", [_target(case)], INVESTMENT, moved.name, LEVEL)
    assert (found.current, found.setting) == (0.1, "2022: 0.9; 2026: -0.5; 2030: 0.1")
    years = other.run("qiqihar", [moved])
    met = is_met(study, _target(case), reached(other, "qiqihar", _target(case), years))
    assert found.at_current.value == pytest.approx(np.mean(met[years.ok]))


def test_an_unknown_lever_is_named_with_the_nearest(case: Case) -> None:
    wrong = LeverRange("market investmant", "share", 0, 1)
    with pytest.raises(RunError, match="Did you mean 'market investment'"):
        backcast(case, "qiqihar", [_target(case)], wrong, "baseline")
