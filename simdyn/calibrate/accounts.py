"""The accounts of every draw: identities at every step of its run to the last year."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from simdyn.audit import SMALLEST, audit, audit_variables, refuse_imbalance
from simdyn.calibrate.calibration import Calibrated
from simdyn.ensemble import run_steps
from simdyn.names import LAST_YEAR

PART = 500
"""Draws that are run at a time, as all steps of all variables are kept meanwhile."""


def audit_draws(region: Calibrated, watch: Callable[[], None] = lambda: None) -> pd.DataFrame:
    """Run every draw of a region without levers and return the worst error of each account.

    Parameters
    ----------
    watch : called after each part of the draws

    Returns
    -------
    DataFrame
        A row for each account: region, account, its largest error relative to the largest term,
        how many draws it was checked for, and how many left what is possible.

    Raises
    ------
    RunError : an account does not balance
    """
    problem, draws = region.problem, region.draws
    worst: list[dict[str, float]] = []
    n_possible = 0
    for start in range(0, draws.shape[1], PART):
        parameters = problem.model_parameters(draws[:, start : start + PART])
        steps = run_steps(
            problem.model, parameters, audit_variables(), LAST_YEAR, problem.time_step
        )
        if steps.ok.any():
            worst.append(audit(steps))
        n_possible += int(np.count_nonzero(steps.ok))
        watch()
    names = [name for name in worst[0] if name != SMALLEST] if worst else []
    errors = {name: max(part[name] for part in worst) for name in names}
    refuse_imbalance(errors, problem.model.path)
    table = pd.DataFrame({"account": names, "largest_relative_error": errors.values()})
    table.insert(0, "region", problem.region.key)
    return table.assign(draws=n_possible, impossible=draws.shape[1] - n_possible)
