"""What regions were fitted to and what is aimed at, where both are levels of a quantity."""

from __future__ import annotations

from collections.abc import Iterator

from simdyn.answers.targets import aim_of
from simdyn.regions import Observation, Operator, Reading
from simdyn.study import Results, Study


def levels(results: Results, region: str) -> Iterator[tuple[Observation, float]]:
    """Yield the levels that a region was fitted to, in the unit of their quantity."""
    found = results.calibrated.get(region)
    if found is None:
        return
    problem = found.problem
    for o, value in zip(problem.region.observations, problem.reported.tolist(), strict=True):
        if _is_level(o):
            yield o, value


def aims(study: Study, region: str) -> Iterator[tuple[Reading, float]]:
    """Yield the targets of a region that are levels, in the unit of their quantity."""
    for target in study.regions[region].targets:
        if _is_level(target):
            yield target, aim_of(study, target)


def last_fitted(results: Results, region: str) -> int | None:
    """Return the last year that figures of a region, of every part of a sum, tell of."""
    parts = results.study.regions[region].file.sum_of or (region,)
    ends = [
        max((o.end for o in results.calibrated[part].problem.region.observations), default=None)
        for part in parts
        if part in results.calibrated
    ]
    known = [end for end in ends if end is not None]
    return min(known) if known and len(known) == len(ends) else None


def first_fact(facts: str) -> str:
    """Return the first id of those that a row of a table of figures names."""
    return facts.partition(" / ")[0].strip()


def _is_level(reading: Reading) -> bool:
    return reading.operator is Operator.LEVEL and not reading.measurement_parameters
