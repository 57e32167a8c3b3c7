"""In which ranges of the parameters a target of the documents fails."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from simdyn.answers.case import Case
from simdyn.answers.targets import is_met, reached
from simdyn.errors import RunError
from simdyn.scenarios import Scenario
from simdyn.sensitivity.given import Discovery, discover
from simdyn.sensitivity.regional.plan import Plan
from simdyn.sensitivity.regional.posterior import Drawn, drawn, with_draws
from simdyn.study import generator

BOX_COLUMNS = [
    *("region", "basis", "scenario", "target", "n_draw", "n_fail", "base", "coverage", "density"),
    *("mass", "coverage_left_out", "density_left_out", "n_restricted", "note"),
]
LIMIT_COLUMNS = [
    *("region", "basis", "scenario", "target", "input", "input_unit", "low", "high"),
    *("quasi_p", "stability"),
]


def corners(
    case: Case, region: str, scenario: Scenario, plan: Plan
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the box of parameters in which each target fails under a scenario.

    Returns
    -------
    boxes : `BOX_COLUMNS`, a row a target; base: share of draws in which it fails; coverage: share
        of these in the box; density: share of the box in which it fails; the same of halves of the
        draws left out; note: why there is no box
    limits : `LIMIT_COLUMNS`, a row an input that a box restricts; low, high: in its unit, nan where
        that end is free; stability: share of halves of the draws whose box restricts it too
    """
    boxes, limits = [], []
    for target, draws, fails in _fails(case, region, scenario, plan):
        head = {
            "region": region,
            "basis": case.study.regions[region].file.basis.value,
            "scenario": scenario.name,
            "target": target,
        }
        sound = fails[np.isfinite(fails)]
        box = {
            **head,
            "n_draw": len(sound),
            "n_fail": int(sound.sum()),
            "base": sound.mean() if len(sound) else np.nan,
        }
        try:
            rng = generator(case.study, region, target, "corners")
            found = discover(draws.values, fails, draws.names, rng)
        except RunError as none:
            boxes.append({**box, "note": none.message})
            continue
        boxes.append({**box, **_quality(found)})
        limits.append(_limits(found, draws).assign(**head))
    limit_table = pd.concat(limits, ignore_index=True) if limits else pd.DataFrame()
    return (
        pd.DataFrame(boxes).reindex(columns=BOX_COLUMNS),
        limit_table.reindex(columns=LIMIT_COLUMNS),
    )


def _fails(
    case: Case, region: str, scenario: Scenario, plan: Plan
) -> Iterator[tuple[str, Drawn, np.ndarray]]:
    """Yield each target, the draws, and whether it fails in each: 1, 0, nan where a run failed."""
    targets = case.study.regions[region].targets
    if not targets:
        return
    many = with_draws(case, plan.draws)
    draws, years = drawn(many, region), many.run(region, [scenario])
    for target in targets:
        values = reached(many, region, target, years)
        missed = np.where(is_met(case.study, target, values), 0.0, 1.0)
        yield target.label, draws, np.where(np.isfinite(values), missed, np.nan)


def _quality(found: Discovery) -> dict[str, object]:
    names = ("coverage", "density", "mass", "coverage_left_out", "density_left_out", "n_restricted")
    note = "" if found.n_restricted else "no range of any parameter tells when it fails"
    return {**{name: getattr(found, name) for name in names}, "note": note}


def _limits(found: Discovery, draws: Drawn) -> pd.DataFrame:
    table = found.limits
    table = table[table[["low", "high"]].notna().any(axis=1)]
    units = {name: prior.unit for name, prior in zip(draws.names, draws.priors, strict=True)}
    return table.assign(input_unit=[units[name] for name in table["input"]])
