"""Saltelli's design of Sobol points: all rows from which indices are estimated.

Saltelli (2002), Computer Physics Communications 145(2), 280-297, and Saltelli and others (2010),
ibid. 181(2), 259-270. A base sample is a point of two halves, A and B. Its rows are A, then A with
one input from B (AB, one an input), for second order also B with one input from A (BA, one an
input), then B: the layout of `SALib.sample.sobol`. With one scramble the numbers are those it makes
with `seed=numpy.random.default_rng(seed)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from simdyn.arrays import Array
from simdyn.errors import RunError
from simdyn.sensitivity.designed.digest import Digest, digest_of
from simdyn.sensitivity.designed.problem import Problem

N_SCRAMBLE = 8
"""Scrambles by default: enough for an interval, few enough to keep Sobol points' evenness."""
LEAST_BASE = 32
LEAST_IN_SCRAMBLE = 4


@dataclass(frozen=True)
class Design:
    """Rows to run, on [0, 1].

    n_base : base samples, a power of two
    second_order : whether the rows for second-order indices are there
    n_scramble : independently scrambled Sobol sequences that take turns at giving a base sample
    rows : shape (row, factor), the rows of one base sample next to each other
    """

    problem: Problem
    n_base: int
    seed: int
    second_order: bool
    n_scramble: int
    rows: Array

    @property
    def rows_of_sample(self) -> int:
        """Rows that belong to one base sample, those that stand or fall together."""
        return rows_of_sample(self.problem, self.second_order)

    @cached_property
    def digest(self) -> Digest:
        """Digest that outputs of this design carry."""
        return digest_of(self.problem, self.rows)

    def scramble_of(self) -> NDArray[np.intp]:
        """Return which scramble gave each base sample, shape (base,)."""
        return np.arange(self.n_base) % self.n_scramble


def rows_of_sample(problem: Problem, second_order: bool) -> int:
    """Return the number of rows of one base sample."""
    return (2 if second_order else 1) * len(problem.inputs) + 2


def saltelli(
    problem: Problem,
    n_base: int,
    seed: int,
    *,
    second_order: bool = True,
    n_scramble: int = N_SCRAMBLE,
) -> Design:
    """Return the design of `n_base` base samples.

    The rows of the design of half as many base samples are its first half.

    Parameters
    ----------
    n_scramble : one gives the design of SALib; four or more give intervals that keep what they
        promise (see `simdyn.sensitivity.designed.jackknife`)

    Raises
    ------
    RunError : a number of base samples or of scrambles that is no power of two or is too small, a
        seed that is no whole number from zero up, more factors than a Sobol sequence has columns
    """
    _check_seed(seed)
    _check_sizes(n_base, n_scramble)
    _check_width(problem)
    base = _base(2 * len(problem.names), n_base, seed, n_scramble)
    rows = laid_out(problem, base, second_order)
    rows.setflags(write=False)
    return Design(problem, n_base, seed, second_order, n_scramble, rows)


def laid_out(problem: Problem, base: Array, second_order: bool) -> Array:
    """Return the rows, shape (row, factor), of base samples (base, factor of A then of B)."""
    a, b = np.split(base, 2, axis=1)
    n_input = len(problem.inputs)
    # Written in place: rows of a large design are most of the memory there is.
    out = np.empty((len(base), rows_of_sample(problem, second_order), len(problem.names)))
    out[:, :-1] = a[:, None]
    out[:, n_input + 1 :] = b[:, None]
    for n in range(n_input):
        own = problem.input_of == n
        out[:, n + 1, own] = b[:, own]
        if second_order:
            out[:, n_input + n + 1, own] = a[:, own]
    return out.reshape(-1, len(problem.names))


def _base(width: int, n_base: int, seed: int, n_scramble: int) -> Array:
    if n_scramble == 1:
        return qmc.Sobol(width, rng=np.random.default_rng(seed)).random(n_base)
    seeds = np.random.SeedSequence(seed).spawn(n_scramble)
    points = [_scrambled(width, n_base // n_scramble, np.random.default_rng(s)) for s in seeds]
    # Taking turns keeps the first half of a longer design the same, whatever the scrambles.
    return np.stack(points, axis=1).reshape(n_base, width)


def _scrambled(width: int, n: int, rng: np.random.Generator) -> Array:
    # Some pairs of columns of a Sobol sequence fill their square badly until there are very many
    # points. In an order of its own for each scramble, they are not always the same input's.
    order = rng.permutation(width)
    return qmc.Sobol(width, rng=rng).random(n)[:, order]


def _check_seed(seed: int) -> None:
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        message = f"The seed of a design is a whole number from zero up, not {seed!r}. "
        raise RunError(message + "Give one, so that the same design can be had again.")


def _check_sizes(n_base: int, n_scramble: int) -> None:
    if not _is_power_of_two(n_base) or n_base < LEAST_BASE:
        message = f"A design has a power of two of base samples from {LEAST_BASE} up, not {n_base}"
        raise RunError(f"{message}. The nearest is {_nearest(n_base)}.")
    if not _is_power_of_two(n_scramble) or n_scramble == 2:
        raise RunError(f"A design has 1, 4, 8, 16... scrambles, not {n_scramble}.")
    if n_base < LEAST_IN_SCRAMBLE * n_scramble:
        message = f"{n_base} base samples are too few for {n_scramble} scrambles. "
        raise RunError(message + f"Take {LEAST_IN_SCRAMBLE * n_scramble} or more.")


def _check_width(problem: Problem) -> None:
    most = qmc.Sobol.MAXDIM // 2
    if len(problem.names) > most:
        message = f"{len(problem.names)} factors are more than the {most} of a Sobol sequence. "
        raise RunError(message + "Leave out what a screening shows to move nothing.")


def _is_power_of_two(n: int) -> bool:
    return n > 0 and n & (n - 1) == 0


def _nearest(n: int) -> int:
    return max(LEAST_BASE, 2 ** round(float(np.log2(max(n, 1)))))
