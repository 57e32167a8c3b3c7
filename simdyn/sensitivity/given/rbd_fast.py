"""RBD-FAST: the share of an outcome's variance that one input alone tells.

The first-order index Var(E[outcome | input]) / Var(outcome) from the first harmonics of the
outcome in the order of the input, rising through every other draw and falling through the rest
(Tarantola, Gatelli and Mara 2006, Reliability Engineering and System Safety 91, 717-727; Plischke
2010, the same 95, 354-360), corrected for bias (Tissot and Prieur 2012, the same 107, 205-213).

Of correlated inputs it is what knowing the input tells, also through what goes with it.
"""

from __future__ import annotations

import numpy as np

from simdyn.arrays import Array
from simdyn.sensitivity.given.data import Rows

N_HARMONIC = 6
"""Harmonics that are summed up, the choice of Tarantola, Gatelli and Mara.

Of a linear effect of a normal input they hold 97 percent, of a uniform one more than 99.9.
"""


def rbd_fast(inputs: Array, outcomes: Array, n_harmonic: int = N_HARMONIC) -> Array:
    """Return the indices (outcome, input) of inputs (draw, input) and outcomes (draw, outcome).

    An index of an input without effect is around zero, as often below as above it.
    """
    n_draw = len(inputs)
    centred = outcomes - outcomes.mean(axis=0)
    waves = _waves(n_draw, n_harmonic)
    places = np.argsort(inputs, axis=0, kind="stable").T
    power = [np.square(waves @ centred[_up_and_down(order)]).sum(axis=0) for order in places]
    total = n_draw * np.square(centred).sum(axis=0)
    share = 2 * np.stack(power, axis=1) / total[:, None]
    by_chance = 2 * n_harmonic / n_draw
    return share - by_chance / (1 - by_chance) * (1 - share)


def _waves(n_draw: int, n_harmonic: int) -> Array:
    """Return cosines and sines (wave, draw) of the first harmonics."""
    turns = np.outer(np.arange(1, n_harmonic + 1), np.arange(n_draw)) / n_draw
    return np.concatenate([np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)])


def _up_and_down(order: Rows) -> Rows:
    return np.concatenate([order[::2], order[1::2][::-1]])
