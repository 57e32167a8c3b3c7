"""Screening of a region: what each input does alone, from many starting points."""

from __future__ import annotations

import pandas as pd

from simdyn.answers.case import Case
from simdyn.scenarios import Scenario
from simdyn.sensitivity.designed.morris import screened, trajectories
from simdyn.sensitivity.designed.outputs import outputs_of
from simdyn.sensitivity.regional.plan import Plan
from simdyn.sensitivity.regional.runs import SpaceRuns
from simdyn.sensitivity.regional.space import on_strengths
from simdyn.sensitivity.regional.tables import about, with_inputs
from simdyn.study import generator


def screening(case: Case, region: str, scenario: Scenario, plan: Plan) -> pd.DataFrame:
    """Return the elementary effects of parameters and of a scenario's levers.

    A parameter crosses the middle 80 percent of its posterior, a lever goes from nothing to what
    the scenario does with it.

    Returns
    -------
    pandas.DataFrame
        region, basis, scenario, indicator, year, scale, unit, then the columns of `screened` with
        kind, input_unit, low and high of the input; effects are on the scale

    Raises
    ------
    RunError : nearly all runs failed
    """
    space = on_strengths(case, region, scenario)
    seed = int(generator(case.study, region, "morris").integers(1, 2**31))
    rows = trajectories(space.problem, plan.trajectories, seed)
    labels = [outcome.label for outcome in plan.told]
    outputs = outputs_of(space.problem, rows, SpaceRuns(case, space, plan.told)(rows), labels)
    table = screened(space.problem, rows, outputs, seed)
    return with_inputs(about(table, case, region, scenario, plan.told), space.inputs)
