"""How much memory a design and its outputs take, and how much there is."""

from __future__ import annotations

import os

from simdyn.errors import RunError
from simdyn.sensitivity.designed.design import rows_of_sample
from simdyn.sensitivity.designed.problem import Problem

COPIES = 2.5
"""Times that the rows of a design are held at the most: as they are made, beside those before."""
SHARE = 0.75
"""Share of the machine's memory that a design and its outputs may take."""
UNKNOWN = 8 * 2**30
"""Bytes taken for the machine's memory where the system does not tell."""


def machine_memory() -> int:
    """Return the bytes of memory that the machine has."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return UNKNOWN


def bytes_of(n_row: int, n_factor: int, n_outcome: int) -> float:
    """Return the bytes that so many rows take at the most, with the values of all outcomes."""
    return 8.0 * n_row * (COPIES * n_factor + n_outcome)


def check_runs(
    problem: Problem, n_outcome: int, most_runs: int, first_base: int, *, second_order: bool
) -> None:
    """Refuse a number of runs that is too small for the first stage or too large for the memory.

    Parameters
    ----------
    most_runs : as of `simdyn.sensitivity.designed.sample_until`
    first_base : base samples of the first stage

    Raises
    ------
    RunError : the first stage alone takes more than `most_runs`; the longest design that these
        allow, with its outputs, takes more memory than the machine can spare
    """
    first = first_base * rows_of_sample(problem, second_order)
    if first > most_runs:
        message = f"The first stage takes {first:,} runs, more than {most_runs:,}. "
        raise RunError(message + "Allow more runs, group inputs or screen them first.")
    longest = first * 2 ** ((most_runs // first).bit_length() - 1)
    room = SHARE * machine_memory()
    wanted = bytes_of(longest, len(problem.names), n_outcome)
    if wanted > room:
        times = int(room // bytes_of(first, len(problem.names), n_outcome))
        fitting = first * 2 ** max(times.bit_length() - 1, 0)
        message = f"{longest:,} runs with {n_outcome} outcomes each may take {_gigabytes(wanted)} "
        message += f"of memory, more than {SHARE:.0%} of this machine's. "
        mend = f"Allow at most {2 * fitting - 1:,} runs, or ask for fewer outcomes."
        raise RunError(message + mend)


def _gigabytes(n_byte: float) -> str:
    return f"{n_byte / 2**30:,.0f} GB"
