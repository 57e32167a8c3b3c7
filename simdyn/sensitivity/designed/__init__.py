"""Shares of variance from a design of runs: Sobol indices with intervals and a rule to stop.

Only `design`, `sobol` and `morris` know SALib, and equal it where it computes the same.
"""

from simdyn.sensitivity.designed.design import Design, saltelli
from simdyn.sensitivity.designed.indices import Indices
from simdyn.sensitivity.designed.outputs import Outputs, Run, evaluate, extend, outputs_of
from simdyn.sensitivity.designed.problem import Problem
from simdyn.sensitivity.designed.sobol import analyse
from simdyn.sensitivity.designed.stages import Precision, Staged, sample_until

__all__ = [
    "Design",
    "Indices",
    "Outputs",
    "Precision",
    "Problem",
    "Run",
    "Staged",
    "analyse",
    "evaluate",
    "extend",
    "outputs_of",
    "saltelli",
    "sample_until",
]
