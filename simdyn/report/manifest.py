"""What manifests of results say: inputs, versions, code, files, and what was asked."""

from __future__ import annotations

from pathlib import Path

from simdyn.provenance import code_digest, digest, digests, versions
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Study, input_files

UNUSED = ("check", "cli", "export", "report", "structure")
"""Folders of this package whose code no answer of sensitivity depends on."""


def asked_of(found: Sensitivity) -> dict[str, object]:
    """Return what was asked, for a manifest."""
    plan = found.plan
    return {
        "regions": list(found.regions),
        "reference": found.reference.name,
        "policy": found.policy.name,
        "questions": [question.value for question in plan.questions],
        "outcomes": [outcome.label for outcome in plan.outcomes],
        "told": [outcome.label for outcome in plan.told],
        "half_width": plan.precision.half_width,
        "most_runs": plan.most_runs,
        "second_order": plan.second_order,
        "draws": plan.draws,
        "trajectories": plan.trajectories,
        "halves": plan.n_half,
        "code": code_digest(*UNUSED)[:16],
    }


def made_of(study: Study, folder: Path) -> dict[str, object]:
    """Return what a manifest says of a study, of what it was made from, and of a folder's files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {
        "versions": versions(),
        "study": study.file.model_dump(mode="json"),
        "seed": study.file.seed,
        "inputs": input_digests(study),
        "outputs": {path.relative_to(folder).as_posix(): digest(path) for path in files},
    }


def input_digests(study: Study) -> dict[str, str]:
    """Return the digest of every file that the results of a study follow from."""
    return digests(study.project, (*input_files(study), study.path))
