"""What moves what: screening one at a time, and shares of variance. Only this package knows SALib."""

from simdyn.sensitivity.design import Design, saltelli
from simdyn.sensitivity.indices import Indices
from simdyn.sensitivity.morris import Inputs, inputs_of, screen
from simdyn.sensitivity.outputs import Outputs, Run, evaluate, extend, outputs_of
from simdyn.sensitivity.problem import Problem
from simdyn.sensitivity.sobol import analyse

__all__ = [
    "Design",
    "Indices",
    "Inputs",
    "Outputs",
    "Problem",
    "Run",
    "analyse",
    "evaluate",
    "extend",
    "inputs_of",
    "outputs_of",
    "saltelli",
    "screen",
]
