"""PRIM: a box in the space of inputs in which cases of interest are frequent.

Friedman and Fisher (1999), Statistics and Computing 9, 123-143, as Bryant and Lempert (2010),
Technological Forecasting and Social Change 77, 34-49, use it to discover scenarios: from the box of
all draws the slice at one end of one input is peeled off whose loss raises the share of cases most
for each draw lost, again and again; then ends are moved out again while that raises the share.

Only inputs that tell cases from other draws in the box are peeled (as in Spear and Hornberger 1980,
Water Research 14, 43-49): among forty inputs one always has a slice without cases, by chance, and
peels of it soon use up some hundred draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kstwobign

from simdyn.arrays import Array

PEEL = 0.05
"""Share of the draws in a box that one peel takes away."""
LEAST_MASS = 0.05
"""Share of all draws that a box holds at the least."""
CHANCE = 0.05
"""Chance that a box comes to be restricted in any input without effect, at each peel."""

Cases = NDArray[np.bool_]
"""Whether each draw is a case of interest, or lies in a box, (draw,)."""


@dataclass(frozen=True)
class Box:
    """Closed limits of each input (input,), infinite where an input is not restricted."""

    low: Array
    high: Array

    @property
    def restricted(self) -> NDArray[np.bool_]:
        """Which inputs are restricted at either end, (input,)."""
        return np.isfinite(self.low) | np.isfinite(self.high)

    def holds(self, inputs: Array) -> Cases:
        """Return which draws (draw, input) lie inside."""
        inside = (inputs >= self.low) & (inputs <= self.high)
        return np.logical_and.reduce(inside, axis=1)

    def without(self, n: int) -> Box:
        """Return the box with input `n` free."""
        return self.between(n, -np.inf, np.inf)

    def between(self, n: int, low: float, high: float) -> Box:
        """Return the box with input `n` between new limits."""
        lows, highs = self.low.copy(), self.high.copy()
        lows[n], highs[n] = low, high
        return Box(lows, highs)


def everywhere(n_input: int) -> Box:
    """Return the box without limits."""
    return Box(np.full(n_input, -np.inf), np.full(n_input, np.inf))


def trajectory(inputs: Array, cases: Cases) -> list[Box]:
    """Return the boxes from all draws to the smallest, each a peel of the one before.

    Ties are broken by the order of the inputs, low end first: the same draws, the same boxes.
    """
    boxes = [everywhere(inputs.shape[1])]
    inside, hits = inputs, cases
    least = LEAST_MASS * len(inputs)
    while not hits.all():
        keep, box = _best_peel(boxes[-1], inside, hits)
        if box is None or np.count_nonzero(keep) < least:
            break
        boxes.append(box)
        inside, hits = inside[keep], hits[keep]
    return boxes


def _best_peel(box: Box, inside: Array, hits: Cases) -> tuple[Cases, Box | None]:
    low, high = np.quantile(inside, [PEEL, 1 - PEEL], axis=0)
    # A limit at the outermost value takes nothing away: with ties there, all of them go.
    keeps = np.concatenate(
        [
            np.where(low > inside.min(axis=0), inside >= low, inside > low),
            np.where(high < inside.max(axis=0), inside <= high, inside < high),
        ],
        axis=1,
    )
    kept = keeps.sum(axis=0)
    lost = len(hits) - kept
    share = hits.astype(np.float64) @ keeps / np.maximum(kept, 1)
    # Each input that comes in anew is one chance more to be wrong.
    chance = np.where(box.restricted, CHANCE, CHANCE / len(low))
    allowed = (kept > 0) & (lost > 0) & np.tile(_by_chance(inside, hits) < chance, 2)
    gain = np.where(allowed, (share - hits.mean()) / np.maximum(lost, 1), -np.inf)
    best = int(np.argmax(gain))
    keep: Cases = keeps[:, best]
    if gain[best] <= 0:
        return keep, None
    return keep, _limited(box, inside[keep], best)


def _by_chance(inside: Array, hits: Cases) -> Array:
    """Return the p-value (input,) that cases have other inputs (Kolmogorov and Smirnov's test)."""
    n_draw = len(inside)
    n_hit = np.count_nonzero(hits)
    order = np.argsort(inside, axis=0, kind="stable")
    of_cases = hits[order].cumsum(axis=0)
    of_others = np.arange(1, n_draw + 1)[:, None] - of_cases
    apart = np.abs(of_cases / n_hit - of_others / (n_draw - n_hit))
    values = np.take_along_axis(inside, order, axis=0)
    # Of draws with the same value only the last has all of them below.
    apart[:-1][values[1:] == values[:-1]] = 0
    size = np.sqrt(n_hit * (n_draw - n_hit) / n_draw)
    return kstwobign.sf(apart.max(axis=0) * size)


def _limited(box: Box, kept: Array, end: int) -> Box:
    """Return the box with one end at the outermost draw kept; upper ends come after lower ones."""
    n_input = kept.shape[1]
    n = end % n_input
    if end < n_input:
        return box.between(n, float(kept[:, n].min()), float(box.high[n]))
    return box.between(n, float(box.low[n]), float(kept[:, n].max()))


def pasted(box: Box, inputs: Array, cases: Cases) -> Box:
    """Return the box with ends moved out as long as that makes cases more frequent in it."""
    while True:
        share = cases[box.holds(inputs)].mean()
        wider = [
            each for n in np.flatnonzero(box.restricted).tolist() for each in _wider(box, n, inputs)
        ]
        shares = [cases[each.holds(inputs)].mean() for each in wider]
        if not shares or max(shares) <= share:
            return box
        box = wider[int(np.argmax(shares))]


def _wider(box: Box, n: int, inputs: Array) -> list[Box]:
    """Return the boxes with the lower or upper end of input `n` moved out by one peel."""
    column = np.sort(inputs[box.without(n).holds(inputs), n])
    step = max(1, int(PEEL * np.count_nonzero(box.holds(inputs))))
    low, high = float(box.low[n]), float(box.high[n])
    found = []
    below, above = column[column < low], column[column > high]
    if len(below):
        out = float(below[-step]) if len(below) > step else -np.inf
        found.append(box.between(n, out, high))
    if len(above):
        out = float(above[step - 1]) if len(above) > step else np.inf
        found.append(box.between(n, low, out))
    return found
