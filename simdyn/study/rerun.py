"""Make stored runs again, from the copies of their inputs that lie beside them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from simdyn.errors import RunError
from simdyn.progress import Progress
from simdyn.project import Project
from simdyn.runs.digest import digest
from simdyn.runs.manifest import differences, read_manifest
from simdyn.study.batch import INPUTS, batch_of, manifest_of, refuse_partial, run_batch
from simdyn.study.chain import settle
from simdyn.study.reading import read_study
from simdyn.study.records import StudyFile


def rerun(folder: Path, home: Project, progress: Progress) -> tuple[str, str, tuple[str, ...]]:
    """Run a stored batch again in a folder of its own, which is then removed.

    Parameters
    ----------
    home : the project whose kept calibrations may be taken up

    Returns
    -------
    before, after : digests of the stored values and of those run now
    changed : in what the two differ, such as versions of packages

    Raises
    ------
    RunError : the stored runs are not complete, or their inputs cannot be read
    """
    stored = read_manifest(folder).manifest
    before = digest(folder)
    copies = folder / INPUTS
    if not copies.is_dir():
        raise RunError("holds no copies of its inputs, so it cannot be run again.", path=folder)
    with tempfile.TemporaryDirectory(prefix="simdyn-rerun-") as place:
        project = Project(copies.resolve(), Path(place), home.calibrations)
        file = StudyFile.model_validate(stored.notes["study"])
        whole = read_study(project, copies / str(stored.notes["study file"]))
        whole = whole.of_evidence(file.evidence)
        asked = whole.choosing(file.regions, file.scenarios, file.draws, file.name)
        settled = settle(whole, progress)
        batch = batch_of(asked, settled.regions, settled.time_step)
        _, ran = run_batch(batch, progress)
        refuse_partial(ran)
        return before, digest(batch.folder), differences(stored, manifest_of(batch))
