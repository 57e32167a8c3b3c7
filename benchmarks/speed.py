"""Measure a run of a model with every engine at hand, in turns, and print how they compare."""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import simdyn
from simdyn.errors import ModelError

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Case:
    """A model to measure: its file, its wanted variables, and how far constants are varied."""

    path: Path
    outputs: tuple[str, ...]
    uncertain: tuple[str, ...]
    spread: float = 0.05


CASES = {
    "regional_growth": Case(
        ROOT / "models" / "regional_growth.mdl",
        ("GDP", "population", "Debt"),
        ("birth rate", "working death rate", "participation rate", "initial population"),
    ),
    "ten_regions": Case(
        ROOT / "benchmarks" / "ten_regions.mdl",
        ("total output", "total people", "total carbon", "mean income per head"),
        ("fertility", "mobility", "capital share", "basic saving", "copying", "eagerness"),
    ),
}

Runner = Callable[[], int]
"""Runs once and returns how many members that were."""


def values(case: Case, model: simdyn.Model, n_member: int) -> dict[str, np.ndarray]:
    """Return values of the uncertain constants around the model's own, (member,)."""
    base = model.run(variables=case.uncertain).iloc[0]
    rng = np.random.default_rng(1)
    factors = rng.uniform(1 - case.spread, 1 + case.spread, (len(case.uncertain), n_member))
    return {name: base[name] * factors[n] for n, name in enumerate(case.uncertain)}


def engine(case: Case, backend: str, n_member: int) -> Runner:
    """Return the runner of our engine."""
    model = simdyn.load(case.path, backend=backend)  # type: ignore[arg-type]
    params = values(case, model, n_member)

    def run() -> int:
        model.ensemble(params, case.outputs, threads=1)
        return n_member

    run()
    return run


def pysd_runner(case: Case, folder: Path) -> Runner:
    """Return the runner of PySD, on a copy, as it writes a .py beside the model."""
    import pysd

    copy = Path(shutil.copy(case.path, folder))
    model = pysd.read_vensim(str(copy))
    outputs = [model.namespace[name] for name in model.namespace if name in set(case.outputs)]

    def run() -> int:
        model.run(return_columns=outputs)
        return 1

    run()
    return run


def simlin_runner(case: Case) -> Runner:
    """Return the runner of pysimlin, each run with constants of its own."""
    import simlin

    model = simlin.load(case.path)
    own = {name: float(value[0]) for name, value in _simlin_values(case).items()}

    def run() -> int:
        with model.simulate() as simulation:
            for name, value in own.items():
                simulation.set_value(name, value)
            simulation.run_to_end()
            for name in case.outputs:
                simulation.get_series(name)
        return 1

    run()
    return run


def _simlin_values(case: Case) -> Mapping[str, np.ndarray]:
    return values(case, simdyn.load(case.path), 1)


def measure(runners: Mapping[str, Runner], rounds: int) -> dict[str, float]:
    """Return the median processor seconds of a run, engines taking turns."""
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(rounds):
        for name, run in runners.items():
            start = time.process_time()
            n_run = run()
            seconds[name].append((time.process_time() - start) / n_run)
    return {name: statistics.median(found) for name, found in seconds.items()}


def report(name: str, found: Mapping[str, float]) -> None:
    """Print the time of a run of each engine, and how much longer it takes than ours."""
    print(f"\n{name}: processor time of one run on one core")
    for engine_name, seconds in found.items():
        ratio = seconds / found["simdyn, LLVM"]
        print(f"  {engine_name:16} {seconds * 1e6:14,.2f} us {ratio:12,.1f}")


def compile_time(case: Case) -> float:
    """Return the wall seconds from file to first result."""
    start = time.perf_counter()
    simdyn.load(case.path).ensemble({case.uncertain[0]: [1.0]}, case.outputs)
    return time.perf_counter() - start


def single_run(case: Case) -> float:
    """Return the median wall seconds of ``Model.run`` once its kernel exists."""
    model = simdyn.load(case.path)
    taken = []
    for _ in range(200):
        start = time.perf_counter()
        model.run(variables=case.outputs)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main() -> None:
    """Measure the cases named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="*", default=list(CASES), help=", ".join(CASES))
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    warnings.simplefilter("ignore")
    for name in chosen.cases:
        case = CASES[name]
        try:
            backend = simdyn.load(case.path).backend
        except ModelError as error:
            print(f"\n{name}: {error}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            runners = {
                "simdyn, LLVM": engine(case, backend, chosen.members),
                "simdyn, NumPy": engine(case, "numpy", max(1, chosen.members // 10)),
                "pysimlin": simlin_runner(case),
                "PySD": pysd_runner(case, Path(folder)),
            }
            report(name, measure(runners, chosen.rounds))
        print(f"  file to first result {compile_time(case):.2f} s of wall time")
        print(f"  a single run {single_run(case) * 1e6:.0f} us of wall time")


if __name__ == "__main__":
    main()
