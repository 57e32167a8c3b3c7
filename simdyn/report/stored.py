"""The sensitivity that a study's results hold, if they were made from the same inputs."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from simdyn.provenance import digest, versions
from simdyn.report.sensitivity_write import FOLDER, asked_of, input_digests
from simdyn.sensitivity.regional import Sensitivity, plan_of
from simdyn.study import Study


def stored_sensitivity(study: Study, folder: Path, manifest: str) -> Sensitivity | None:
    """Return what the results in a folder hold; None if anything it rests on has changed.

    Parameters
    ----------
    manifest : name of the file that tells what the results were made from
    """
    plan = plan_of(study)
    found = Sensitivity(plan, study.file.regions, study.reference, study.policy, {})
    try:
        told = json.loads((folder / manifest).read_text(encoding="utf-8"))
        same = (
            told["inputs"] == input_digests(study)
            and told["versions"] == versions()
            and told["sensitivity"] == asked_of(found)
        )
        names = [name for name in told["outputs"] if name.startswith(f"{FOLDER}/")]
        if not same or any(digest(folder / name) != told["outputs"][name] for name in names):
            return None
        tables = {Path(name).stem: pd.read_csv(folder / name) for name in names}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Sensitivity(plan, study.file.regions, study.reference, study.policy, tables)
