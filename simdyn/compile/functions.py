"""The built-in functions that equations may call: how many arguments, and whether time is one."""

from __future__ import annotations

from typing import NamedTuple


class Builtin(NamedTuple):
    """What a caller must know of a function.

    arity : number of arguments in the model file
    clock : whether Time and TIME STEP are passed before them
    """

    arity: int
    clock: bool = False


BUILTINS = {
    "abs": Builtin(1),
    "arccos": Builtin(1),
    "arcsin": Builtin(1),
    "arctan": Builtin(1),
    "cos": Builtin(1),
    "cosh": Builtin(1),
    "exp": Builtin(1),
    "gamma_ln": Builtin(1),
    "if_then_else": Builtin(3),
    "integer": Builtin(1),
    "ln": Builtin(1),
    "log": Builtin(2),
    "max": Builtin(2),
    "min": Builtin(2),
    "modulo": Builtin(2),
    "power": Builtin(2),
    "pulse": Builtin(2, clock=True),
    "pulse_train": Builtin(4, clock=True),
    "quantum": Builtin(2),
    "ramp": Builtin(3, clock=True),
    "sin": Builtin(1),
    "sinh": Builtin(1),
    "sqrt": Builtin(1),
    "step": Builtin(2, clock=True),
    "tan": Builtin(1),
    "tanh": Builtin(1),
    "xidz": Builtin(3),
    "zidz": Builtin(2),
}
"""Keys are names as ``nodes.key_of`` writes them. Arguments stand in Vensim's order, except that
``pulse_train`` takes (start, interval, width, end)."""


def spelled(function: str) -> str:
    """Return a function's name as a modeller writes it."""
    return function.replace("_", " ").upper()
