"""Write what sensitivity found: tables, findings in words, pictures, and what made them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile

import pandas as pd

from simdyn.errors import RunError, shown
from simdyn.export.whole import whole_folder
from simdyn.progress import Progress
from simdyn.report.figures.drawing import save_all
from simdyn.report.figures.sensitivity import sensitivity_pictures
from simdyn.report.manifest import asked_of, made_of
from simdyn.report.words.language import Language, labels_of
from simdyn.report.words.sensitivity import sensitivity_section
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Study

FOLDER = "sensitivity"
"""Folder of outputs that holds a folder for each study."""
MANIFEST, FINDINGS, FIGURES = "manifest.json", "findings.md", "figures"


def sensitivity_folder(study: Study) -> Path:
    """Return where the command puts what it found."""
    return study.project.outputs / FOLDER / study.file.name


def check_folder(study: Study) -> None:
    """Refuse a folder that cannot be written to, before hours are spent on what it is to hold.

    Raises
    ------
    RunError : it holds something else, or the system lets nothing be written there
    """
    folder = sensitivity_folder(study)
    if folder.exists() and not (folder / MANIFEST).is_file():
        message = f"holds no {MANIFEST}, so it is not ours to replace. Move it."
        raise RunError(message, path=shown(folder))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder.parent):
            pass
    except OSError as failure:
        reason = failure.strerror or str(failure)
        message = f"cannot be written: {reason}. Mend its rights or what stands in its way."
        raise RunError(message, path=shown(folder.parent)) from failure


def write_sensitivity(study: Study, found: Sensitivity, progress: Progress) -> Path:
    """Write everything into a folder of its own, which appears whole; return it.

    Raises
    ------
    RunError : the folder cannot be written, or holds something else
    """
    folder = sensitivity_folder(study)
    with whole_folder(folder, MANIFEST) as partial:
        write_tables(found.tables, partial)
        text = sensitivity_section(study, found)
        (partial / FINDINGS).write_text(text, encoding="utf-8", newline="\n")
        (partial / FIGURES).mkdir()
        pictures = sensitivity_pictures(study, found, labels_of(Language.EN))
        save_all(pictures, partial / FIGURES, Language.EN, progress)
        told = {**made_of(study, partial), "asked": asked_of(found)}
        manifest = json.dumps(told, indent=2, ensure_ascii=False)
        (partial / MANIFEST).write_text(manifest + "\n", encoding="utf-8")
    return folder


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write each table as a CSV file of its name."""
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
