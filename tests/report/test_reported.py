"""Reported levels and targets beside paths, and the year that figures reach."""

from types import SimpleNamespace

from simdyn.report.reported import aims, first_fact, last_fitted
from simdyn.study import Study


def _results(ends: dict[str, list[int]]) -> SimpleNamespace:
    parts = SimpleNamespace(file=SimpleNamespace(sum_of=tuple(ends)))
    return SimpleNamespace(
        study=SimpleNamespace(regions={"zone": parts}),
        calibrated={key: _calibrated(years) for key, years in ends.items()},
    )


def _calibrated(ends: list[int]) -> SimpleNamespace:
    observations = [SimpleNamespace(end=end) for end in ends]
    return SimpleNamespace(
        problem=SimpleNamespace(region=SimpleNamespace(observations=observations))
    )


def test_a_sum_is_covered_as_long_as_each_of_its_parts() -> None:
    assert last_fitted(_results({"east": [2018, 2020], "west": [2019, 2017]}), "zone") == 2019
    assert last_fitted(_results({"east": [2018], "west": []}), "zone") is None


def test_targets_beside_paths_are_levels_in_the_unit_of_the_path(study: Study) -> None:
    found = [(target, aim) for key in study.regions for target, aim in aims(study, key)]
    assert found
    assert all(target.operator.value == "level" and not target.over for target, _ in found)
    assert all(aim > 0 for _, aim in found)


def test_the_first_of_several_facts_is_the_one_to_open(study: Study) -> None:
    rows = [o for region in study.regions.values() for o in region.observations]
    assert any(len(o.fact_ids) > 1 for o in rows)
    assert all(first_fact(o.facts) == o.fact_ids[0] for o in rows)
