"""Runs of a region on the rows of a design."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from simdyn.answers.case import Case
from simdyn.arrays import Array
from simdyn.ensemble import run_steps
from simdyn.indicators import add_up
from simdyn.names import EXTENSIVE, LAST_YEAR
from simdyn.processes import n_processor
from simdyn.runs.members import PART
from simdyn.sensitivity.regional.outcomes import Outcome, scaled, values_of
from simdyn.sensitivity.regional.space import Space
from simdyn.years import Years, yearly

VARIABLES = tuple(quantity.variable for quantity in EXTENSIVE)


@dataclass(frozen=True)
class SpaceRuns:
    """Runs a region on rows of a space and reads off its outcomes, the same bits on any machine."""

    case: Case
    space: Space
    outcomes: Sequence[Outcome]

    def __call__(self, rows: Array) -> Array:
        """Return outcomes on their scales (row, outcome) for rows (row, factor); nan if failed."""
        values = np.empty((len(rows), len(self.outcomes)))

        def run(first: int) -> None:
            part = slice(first, first + PART)
            found = values_of(self.outcomes, self.years(rows[part]))
            values[part] = scaled(self.outcomes, found)

        with ThreadPoolExecutor(n_processor()) as pool:
            list(pool.map(run, range(0, len(rows), PART)))
        return values

    def years(self, rows: Array) -> Years:
        """Return the yearly values of a few rows, (row, factor)."""
        return add_up([self._years(part, rows) for part in self.space.held])

    def _years(self, part: str, rows: Array) -> Years:
        parameters = self.space.parameters(part, rows)
        model, step = self.case.study.model, self.case.time_step
        return yearly(run_steps(model, parameters, VARIABLES, LAST_YEAR, step, threads=1))
