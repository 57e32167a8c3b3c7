"""The batch of a study: all its scenarios and sweeps on draws of the posterior, kept in a folder.

The folder, outputs/runs/<study>, holds the values, what they were made from, and the inputs
themselves, so that it can be run again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from simdyn.arrays import Array
from simdyn.audit import refuse_imbalance
from simdyn.calibrate.calibration import Calibrated
from simdyn.errors import RunError
from simdyn.progress import Progress
from simdyn.provenance import code_digest, digests, relative, versions
from simdyn.runs.batch import make_batch
from simdyn.runs.cluster import run_blocks_on_cluster
from simdyn.runs.disk import writing
from simdyn.runs.execute import Ran, run_blocks
from simdyn.runs.layout import BLOCK_MEMBERS
from simdyn.runs.manifest import Manifest
from simdyn.runs.members import MemberRuns
from simdyn.runs.opening import Mode, open_store
from simdyn.runs.results import open_results
from simdyn.runs.store import Found, RunStore
from simdyn.scenarios import Scenario
from simdyn.study.records import Study
from simdyn.study.words import study_words

INPUTS, DRAWS, VARIANTS = "inputs", "draws.npz", "variants"
"""In the folder of a batch: copies of its inputs, the draws, a table of each sweep."""


UNUSED = ("answers", "check", "cli", "export", "report", "sensitivity", "structure")
"""Folders of this package whose code no run uses."""
WORDS = "study_words"
"""Entry of the notes of a manifest that tells readers of the study."""


@dataclass(frozen=True)
class Batch:
    """What a study runs.

    posterior : by region, the parameters of each draw in prior standard deviations,
        (parameter, draw)
    """

    study: Study
    runs: MemberRuns
    posterior: Mapping[str, Array]

    @property
    def folder(self) -> Path:
        """Where its results go."""
        return self.study.project.runs / self.study.file.name


@dataclass(frozen=True)
class How:
    """How a batch is run; none of it changes a bit of the results.

    threads : blocks at a time, by default one a processor
    cluster : address of a Dask cluster to run the blocks on
    """

    mode: Mode = Mode.GO_ON
    threads: int | None = None
    cluster: str | None = None


def batch_of(
    study: Study,
    calibrated: Mapping[str, Calibrated],
    time_step: float,
    block_members: int = BLOCK_MEMBERS,
) -> Batch:
    """Return the batch of a study on draws of a calibration of its regions, or of more."""
    n_draw = study.file.draws
    regions = {region.key: calibrated[region.key] for region in study.runs}
    posterior = {key: region.thinned(n_draw) for key, region in regions.items()}
    draws = {
        key: region.problem.model_parameters(posterior[key]) for key, region in regions.items()
    }
    runs = make_batch(
        study.model, study.regions, draws, study.settings, study.outputs, time_step, block_members
    )
    return Batch(study, runs, posterior)


def run_batch(batch: Batch, progress: Progress, how: How = How()) -> tuple[Found, Ran]:
    """Run the blocks that the folder lacks; what it held is told beside what was run.

    Raises
    ------
    RunError : the folder cannot be written or is in use, or inputs have changed where they may not
    """
    with open_store(batch.folder, manifest_of(batch), how.mode) as store:
        _write_companions(batch, store)
        if how.cluster:
            ran = run_blocks_on_cluster(store, batch.runs, progress, how.cluster)
        else:
            ran = run_blocks(store, batch.runs, progress, threads=how.threads)
        return store.found, ran


def manifest_of(batch: Batch) -> Manifest:
    """Return what determines the values of a batch, and what readers need to know of it."""
    study, project = batch.study, batch.study.project
    asked = study.file.model_dump(mode="json")
    inputs = digests(project, input_files(study))
    inputs |= {f"study, {name}": _digest(asked[name]) for name in ("evidence", "sweeps")}
    inputs |= {f"draws of {key}": _digest_of(z) for key, z in batch.posterior.items()}
    inputs["time step"] = f"{batch.runs.time_step:g}"
    sums = {key: study.regions[key].file.sum_of for key in study.file.regions}
    return Manifest(
        study=study.file.name,
        seed=study.file.seed,
        inputs=inputs,
        versions={**versions(), "simdyn's code": code_digest(*UNUSED)[:16]},
        layout=batch.runs.layout,
        sums={key: parts for key, parts in sums.items() if parts},
        notes=_notes(study, asked),
    )


def _notes(study: Study, asked: Mapping[str, Any]) -> dict[str, Any]:
    beyond = {s.name: list(s.beyond_limits) for s in study.scenarios if s.beyond_limits}
    swept = [name for name, sweep in study.file.sweeps.items() if sweep.beyond_limits]
    return {
        "study": asked,
        "study file": relative(study.project, study.path),
        "beyond limits": beyond | {name: ["sweep"] for name in swept},
        WORDS: study_words(study).model_dump(mode="json"),
    }


def input_files(study: Study) -> Iterator[Path]:
    """Yield the files that the runs of a study follow from, but for the study file itself."""
    project = study.project
    yield from (project.model, project.priors, project.discrepancy, project.levers)
    yield from _lineage(study.scenarios)
    for folder in (project.facts, *(project.regions / r.key for r in study.regions.values())):
        yield from (p for p in folder.iterdir() if p.suffix in {".csv", ".toml"})


def _lineage(scenarios: Iterable[Scenario]) -> Iterator[Path]:
    for scenario in scenarios:
        yield from (ancestor.path for ancestor in scenario.lineage)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _digest_of(array: Array) -> str:
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def _write_companions(batch: Batch, store: RunStore) -> None:
    """Write what lies beside the values: inputs, draws, tables of the sweeps."""
    study, folder = batch.study, store.folder
    with writing(folder):
        for name in (INPUTS, VARIANTS):
            shutil.rmtree(folder / name, ignore_errors=True)
        for path in {*input_files(study), *_lineage(study.unused), study.path}:
            copy = folder / INPUTS / relative(study.project, path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        np.savez(folder / DRAWS, **batch.posterior)  # type: ignore[arg-type]
        for sweep in study.sweeps:
            (folder / VARIANTS).mkdir(exist_ok=True)
            sweep.table().to_csv(folder / VARIANTS / f"{sweep.name}.csv", lineterminator="\n")


def refuse_imbalanced(batch: Batch) -> None:
    """Raise RunError if an account of the stored runs does not balance."""
    runs = open_results(batch.folder, partial=True)
    refuse_imbalance(runs.audit, batch.study.model.path)


def refuse_partial(ran: Ran) -> None:
    """Raise RunError if a block could not be run."""
    if ran.failed:
        block, why = next(iter(ran.failed.items()))
        message = f"{len(ran.failed)} blocks could not be run; region {block.region}: {why}"
        raise RunError(message)
