"""What moves what: screening one at a time, shares of variance. Only here SALib is known."""

from simdyn.sensitivity.design import Design, saltelli
from simdyn.sensitivity.indices import Indices
from simdyn.sensitivity.morris import Inputs, inputs_of, screen
from simdyn.sensitivity.outputs import Outputs, Run, evaluate, extend, outputs_of
from simdyn.sensitivity.problem import Problem
from simdyn.sensitivity.sobol import analyse
from simdyn.sensitivity.stages import Precision, Staged, sample_until

__all__ = [
    "Design",
    "Indices",
    "Inputs",
    "Outputs",
    "Precision",
    "Problem",
    "Run",
    "Staged",
    "analyse",
    "evaluate",
    "extend",
    "inputs_of",
    "outputs_of",
    "saltelli",
    "sample_until",
    "screen",
]
