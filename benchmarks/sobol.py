"""How right Sobol indices are, whether their intervals hold, and what a large analysis costs.

python benchmarks/sobol.py errors      # known indices at 2^14 base samples
python benchmarks/sobol.py coverage    # 500 repeats of Ishigami
python benchmarks/sobol.py cost        # 254,000 rows, 840 outcomes, second order
python benchmarks/sobol.py regions     # the same of the study's regions, with their runs
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from simdyn.answers.case import open_case
from simdyn.arrays import Array
from simdyn.names import FIRST_YEAR, LAST_YEAR
from simdyn.project import find_project
from simdyn.sensitivity.designed import Problem, Run, analyse, evaluate, outputs_of, saltelli
from simdyn.sensitivity.regional import MAIN, outcomes_of
from simdyn.sensitivity.regional.runs import SpaceRuns
from simdyn.sensitivity.regional.space import on_priors
from simdyn.study import DEFAULT_STUDY, read_study

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "sensitivity"))
import known_functions as known

PIECE = 2**15
"""Rows that are run at a time."""
FUNCTIONS = {
    "Ishigami": (known.ishigami, known.ishigami_indices, 3),
    "G": (known.g_function, known.g_indices, 8),
    "Morris": (known.morris_function, known.morris_indices, 20),
}


def factors(n: int) -> Problem:
    """Return a problem of `n` factors."""
    return Problem(tuple(f"x{i + 1}" for i in range(n)))


def errors(seeds: int) -> None:
    """Print the largest errors of first and total order at 2^14 base samples over some seeds."""
    for name, (run, indices, width) in FUNCTIONS.items():
        first, total = indices()[:2]
        for n_scramble in (8, 1):
            worst = np.zeros(2)
            for seed in range(seeds):
                design = saltelli(
                    factors(width), 2**14, seed, second_order=False, n_scramble=n_scramble
                )
                found = analyse(design, evaluate(run, design, ["y"]), n_resample=2)
                off = [np.abs(found.first[0] - first).max(), np.abs(found.total[0] - total).max()]
                worst = np.maximum(worst, off)
            print(f"{name:9} {n_scramble} scrambles  first {worst[0]:.4f}  total {worst[1]:.4f}")


def coverage(repeats: int) -> None:
    """Print how often 95 percent intervals hold the known index of Ishigami, in percent."""
    truth = np.concatenate(known.ishigami_indices()[:2])
    print("                        first order          total order          half-widths")
    for n_base in (512, 2048):
        for n_scramble in (8, 1):
            pairs = [_interval(n_base, n_scramble, seed) for seed in range(repeats)]
            found, half = np.stack(pairs, axis=1)
            held = 100 * (np.abs(found - truth) <= half).mean(axis=0)
            numbers = "  ".join(f"{h:5.1f}" for h in held)
            widths = "  ".join(f"{w:.3f}" for w in half.mean(axis=0))
            print(f"N = {n_base:4}, {n_scramble} scrambles  {numbers}   {widths}", flush=True)


def _interval(n_base: int, n_scramble: int, seed: int) -> tuple[Array, Array]:
    design = saltelli(factors(3), n_base, seed, second_order=False, n_scramble=n_scramble)
    found = analyse(design, evaluate(known.ishigami, design, ["y"]))
    both = np.concatenate([found.first[0], found.total[0]])
    return both, np.concatenate([found.first_half[0], found.total_half[0]])


def cost(n_base: int, n_outcome: int) -> None:
    """Print the time and the memory of an analysis with second order, 30 inputs, 200 resamples.

    The values are mapped from a file, an outcome after the other; memory is the process' own,
    without the pages of that file.
    """
    outcomes = [f"outcome {i}" for i in range(n_outcome)]
    for n_scramble in (1, 8):
        design = saltelli(factors(30), n_base, 1, n_scramble=n_scramble)
        with tempfile.TemporaryDirectory() as folder:
            outputs = outputs_of(
                design.problem, design.rows, _values(design.rows, n_outcome, folder), outcomes
            )
            with Peak() as peak:
                start, processor = time.perf_counter(), time.process_time()
                found = analyse(design, outputs)
                wall, processor = time.perf_counter() - start, time.process_time() - processor
        print(
            f"{len(design.rows):,} rows, {n_outcome} outcomes, {found.method}: "
            f"{wall:.1f} s wall, {processor:.1f} s processor, peak {peak.gigabytes:.2f} GB"
        )


def _values(rows: Array, n_outcome: int, folder: str) -> Array:
    """Return made-up outcomes, mapped from a file in `folder`."""
    shape = (len(rows), n_outcome)
    values = np.memmap(Path(folder) / "values", np.float64, "w+", shape=shape, order="F")
    rng = np.random.default_rng(1)
    for i in range(n_outcome):
        weight = rng.standard_normal(rows.shape[1])
        values[:, i] = (rows @ weight) + (rows @ np.roll(weight, 1)) ** 2
    values.flush()
    return values


def regions(n_base: int) -> None:
    """Print what runs and analysis of 30 parameters of every region take, second order and all.

    Eight indicators in 21 years of each of the study's five regions with a run of their own, one
    region after the other; the parameters beyond the first 30 stay at their prior medians.
    """
    home = find_project(None)
    study = read_study(home, home.scenarios / DEFAULT_STUDY)
    case = open_case(study, _Silent())
    outcomes = outcomes_of(MAIN, range(FIRST_YEAR, LAST_YEAR + 1))
    labels = [outcome.label for outcome in outcomes]
    problem = factors(30)
    for n_scramble in (1, 8):
        run_time = analysis_time = 0.0
        with Peak() as peak:
            for region in case.calibrated:
                run = _of_first(SpaceRuns(case, on_priors(case, region, study.reference), outcomes))
                start = time.perf_counter()
                design = saltelli(problem, n_base, 1, n_scramble=n_scramble)
                outputs = evaluate(run, design, labels)
                ran = time.perf_counter()
                found = analyse(design, outputs, n_resample=200)
                run_time += ran - start
                analysis_time += time.perf_counter() - ran
        rows, cells = len(design.rows), len(case.calibrated) * len(labels)
        print(
            f"{rows:,} rows, {cells} outcomes, {found.method}: {run_time:.1f} s runs + "
            f"{analysis_time:.1f} s analysis ({analysis_time / run_time:.2f} x), "
            f"peak {peak.gigabytes:.2f} GB"
        )


def _of_first(run: SpaceRuns) -> Run:
    """Return runs of the first 30 inputs of a space, the others at the median."""
    problem = run.space.problem
    chosen = np.flatnonzero(problem.input_of < 30)[:30]

    def of_some(rows: Array) -> Array:
        values = np.empty((len(rows), len(run.outcomes)))
        for first in range(0, len(rows), PIECE):
            piece = slice(first, first + PIECE)
            whole = np.full((len(rows[piece]), len(problem.names)), 0.5)
            whole[:, chosen] = rows[piece]
            values[piece] = run(whole)
        return values

    return of_some


class _Silent:
    """Progress that nobody looks at."""

    def stage(self, name: str, total: int) -> None:
        """Say nothing."""

    def advance(self, note: str, steps: int = 1) -> None:
        """Say nothing."""


class Peak:
    """Largest memory of the process while a block of code ran, without pages of mapped files."""

    gigabytes = 0.0

    def __enter__(self) -> Peak:
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._done.wait(0.05):
            status = Path("/proc/self/status").read_text()
            used = next(line for line in status.splitlines() if line.startswith("RssAnon"))
            self.gigabytes = max(self.gigabytes, int(used.split()[1]) / 2**20)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=["errors", "coverage", "cost", "regions"])
    parser.add_argument("--repeats", type=int, default=500, help="of coverage")
    parser.add_argument("--seeds", type=int, default=10, help="of errors")
    parser.add_argument("--base", type=int, default=4096, help="base samples of cost and regions")
    parser.add_argument("--outcomes", type=int, default=840, help="of cost")
    asked = parser.parse_args()
    if asked.what == "errors":
        errors(asked.seeds)
    elif asked.what == "coverage":
        coverage(asked.repeats)
    elif asked.what == "cost":
        cost(asked.base, asked.outcomes)
    else:
        regions(asked.base)


if __name__ == "__main__":
    main()
