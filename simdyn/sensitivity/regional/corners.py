"""In which ranges of the parameters a target of the documents fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simdyn.answers.case import Case
from simdyn.answers.targets import is_met, reached
from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.scenarios import Scenario
from simdyn.sensitivity.given import Discovery, discover
from simdyn.sensitivity.regional.plan import Plan
from simdyn.sensitivity.regional.posterior import drawn, with_draws
from simdyn.study import generator

BOX_COLUMNS = [
    *("region", "basis", "scenario", "target", "n_draw", "n_fail", "base", "coverage", "density"),
    *("mass", "coverage_left_out", "density_left_out", "n_restricted", "note"),
]
LIMIT_COLUMNS = [
    *("region", "basis", "scenario", "target", "input", "input_unit", "low", "high"),
    *("quasi_p", "stability"),
]


@dataclass(frozen=True)
class Corners:
    """A target's draws, which are gone through for the box in which it fails; can be pickled.

    head : what the rows of tables begin with
    inputs : parameters in their units, (draw, input)
    fails : 1 where the target fails, 0 where it is met, nan where the run failed, (draw,)
    """

    head: Mapping[str, str]
    inputs: Array
    names: tuple[str, ...]
    units: tuple[str, ...]
    fails: Array
    seed: int

    def __call__(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the box in which the target fails.

        Returns
        -------
        boxes : `BOX_COLUMNS`, one row; base: share of draws in which it fails; coverage: share of
            these in the box; density: share of the box in which it fails; the same of halves of
            the draws left out; note: why there is no box
        limits : `LIMIT_COLUMNS`, a row an input that the box restricts; low, high: in its unit, nan
            where that end is free; stability: share of halves whose box restricts it too
        """
        sound = self.fails[np.isfinite(self.fails)]
        box: dict[str, object] = {**self.head, "n_draw": len(sound), "n_fail": int(sound.sum())}
        box["base"] = float(sound.mean()) if len(sound) else np.nan
        limits = pd.DataFrame(columns=LIMIT_COLUMNS)
        try:
            rng = np.random.default_rng(self.seed)
            found = discover(self.inputs, self.fails, self.names, rng)
        except RunError as none:
            box["note"] = none.message
        else:
            box |= _quality(found)
            limits = self._limits(found)
        return pd.DataFrame([box]).reindex(columns=BOX_COLUMNS), limits

    def _limits(self, found: Discovery) -> pd.DataFrame:
        table = found.limits
        table = table[table[["low", "high"]].notna().any(axis=1)]
        units = dict(zip(self.names, self.units, strict=True))
        told = {**self.head, "input_unit": [units[name] for name in table["input"]]}
        return table.assign(**told)[LIMIT_COLUMNS]


def corners_of(case: Case, region: str, scenario: Scenario, plan: Plan) -> list[Corners]:
    """Run a region's draws under a scenario and return what each of its targets needs."""
    targets = case.study.regions[region].targets
    if not targets:
        return []
    many = with_draws(case, plan.draws)
    draws, years = drawn(many, region), many.run(region, [scenario])
    inputs, units = draws.values, tuple(prior.unit for prior in draws.priors)
    found = []
    for target in targets:
        values = reached(many, region, target, years)
        missed = np.where(is_met(case.study, target, values), 0.0, 1.0)
        head = {
            "region": region,
            "basis": case.study.regions[region].file.basis.value,
            "scenario": scenario.name,
            "target": target.label,
        }
        seed = int(generator(case.study, region, target.label, "corners").integers(2**31))
        fails = np.where(np.isfinite(values), missed, np.nan)
        found.append(Corners(head, inputs, draws.names, units, fails, seed))
    return found


def _quality(found: Discovery) -> dict[str, object]:
    names = ("coverage", "density", "mass", "coverage_left_out", "density_left_out", "n_restricted")
    note = "" if found.n_restricted else "no range of any parameter tells when it fails"
    return {**{name: getattr(found, name) for name in names}, "note": note}
