"""Keep tables that take long in files, found by the hash of all that they follow from.

That is the model, figures, priors, levers and scenarios, the draws, what was asked, this package's
code and the libraries behind it. The folder may be emptied at any time. A file that is damaged is
never used.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from inspect import getfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from simdyn.answers.case import Case
from simdyn.arrays import Array
from simdyn.progress import Progress
from simdyn.provenance import code_digest, digest, digests, versions
from simdyn.report.manifest import UNUSED, asked_of
from simdyn.scenarios import Scenario
from simdyn.sensitivity.regional import Plan, Sensitivity, ask
from simdyn.study import input_files

FOLDER = "tables"
"""Folder of outputs that holds a folder for each answer."""
NAMES = "names.json"
"""In it: the names of its tables, in the order of their files."""


def kept_table(case: Case, function: Callable[..., pd.DataFrame], **asked: object) -> pd.DataFrame:
    """Return the table that a function makes of a case, or made of the same before.

    Parameters
    ----------
    function : its file is part of what a table is found by, and so is what it calls in all folders
        of this package but `UNUSED`
    asked : its arguments, of plain numbers, text, lists and dictionaries
    """
    told = {"function": [function.__qualname__, digest(Path(getfile(function)))], **asked}
    folder = _folder(case, told, case.study.scenarios)
    known = _read(folder)
    if known is not None and "table" in known:
        return known["table"]
    table = function(case, **asked)
    _keep({"table": table}, folder)
    return table


def kept_sensitivity(
    case: Case,
    plan: Plan,
    progress: Progress,
    regions: Sequence[str] = (),
    reference: Scenario | None = None,
    policy: Scenario | None = None,
) -> Sensitivity:
    """Return the answers that `ask` gives, or gave to the same questions before.

    Raises
    ------
    RunError : as of `ask`
    """
    start, goal = reference or case.study.reference, policy or case.study.policy
    chosen = tuple(regions or case.study.file.regions)
    asked = Sensitivity(plan, chosen, start, goal, {})
    folder = _folder(case, asked_of(asked), (start, goal))
    known = _read(folder)
    if known is not None:
        progress.stage("sensitivity", 1)
        progress.advance("same inputs as before: tables taken up from outputs/tables")
        return replace(asked, tables=known)
    found = ask(case, plan, progress, chosen, start, goal)
    _keep(found.tables, folder)
    return found


def _folder(case: Case, asked: Mapping[str, object], scenarios: Sequence[Scenario]) -> Path:
    """Return where the answer to what is asked is kept; it depends on these scenarios alone."""
    return case.study.project.outputs / FOLDER / _hash(case, asked, scenarios)[:16]


def _hash(case: Case, asked: Mapping[str, object], scenarios: Sequence[Scenario]) -> str:
    """Return the hash of all that an answer follows from, in hexadecimal."""
    study = replace(case.study, scenarios=tuple(scenarios))
    told = {
        "code": code_digest(*UNUSED),
        "versions": versions(),
        "inputs": digests(study.project, input_files(study)),
        "scenarios": [scenario.name for scenario in scenarios],
        "seed": study.file.seed,
        "regions": study.file.regions,
        "groups": study.file.groups,
        "draws": {key: _digest(run.best, run.draws) for key, run in case.calibrated.items()},
        "runs": [case.n_draw, case.time_step],
        "asked": asked,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _digest(*arrays: Array) -> str:
    found = hashlib.sha256()
    for array in arrays:
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def _read(folder: Path) -> dict[str, pd.DataFrame] | None:
    """Return the tables of a folder; None if there are none, or one is damaged."""
    try:
        names = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        return {name: _table(folder / f"{n}.parquet") for n, name in enumerate(names)}
    except (OSError, TypeError, ValueError, pa.ArrowException):
        return None


def _table(path: Path) -> pd.DataFrame:
    table: pd.DataFrame = parquet.read_table(path, page_checksum_verification=True).to_pandas()
    return table


def _keep(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write tables into a folder that appears whole or not at all."""
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    # What cannot be kept is made again the next time.
    with suppress(OSError):
        partial.mkdir(parents=True)
        for n, table in enumerate(tables.values()):
            found = pa.Table.from_pandas(table, preserve_index=False)
            parquet.write_table(found, partial / f"{n}.parquet", write_page_checksum=True)
        (partial / NAMES).write_text(json.dumps(list(tables)), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    shutil.rmtree(partial, ignore_errors=True)
