"""The folder of a study's results: where it is, what it is made from, how a new one takes over."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from simdyn.errors import RunError
from simdyn.provenance import digest, versions
from simdyn.report.manifest import asked_of, input_digests
from simdyn.report.sensitivity_write import FOLDER
from simdyn.report.words.language import Language
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Study

MANIFEST, FIGURES = "manifest.json", "figures"


def folder_of(study: Study) -> Path:
    """Return the folder of a study's results."""
    return study.project.outputs / study.file.name


def figures_of(language: Language) -> str:
    """Return the folder of pictures in a language, within the results."""
    return FIGURES if language is Language.EN else f"{FIGURES}/{language}"


def prepare_folder(study: Study) -> None:
    """Make sure that results can be written, before anything is computed.

    Raises
    ------
    RunError : the folder cannot be written, or holds something else than results
    """
    folder = folder_of(study)
    if folder.exists() and _outputs(folder) is None:
        message = "holds no manifest that can be read, so it is not ours to replace. "
        raise RunError(message + "Move it or rename the study.", path=folder)
    partial = partial_folder(folder)
    try:
        shutil.rmtree(partial, ignore_errors=True)
        (partial / FIGURES).mkdir(parents=True)
        (partial / FOLDER).mkdir()
    except OSError as failure:
        raise unwritable(folder, failure) from failure


def partial_folder(folder: Path) -> Path:
    """Return where new results stand until they are whole."""
    return folder.with_name(f".{folder.name}.partial")


def unwritable(folder: Path, failure: OSError) -> RunError:
    """Return what to raise where results cannot be written."""
    message = f"results cannot be written: {failure.strerror}. Free space or mend the rights."
    return RunError(message, path=folder)


def is_current(study: Study, sensitivity: Sensitivity, folder: Path) -> bool:
    """Whether a folder's results were made from these inputs by these versions."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return bool(
            told["inputs"] == input_digests(study)
            and told["study"] == study.file.model_dump(mode="json")
            and told["versions"] == versions()
            and told["sensitivity"] == asked_of(sensitivity)
            and all((folder / name).is_file() for name in told["outputs"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def renew_digests(folder: Path, paths: Iterable[Path]) -> None:
    """Tell the manifest of files among its outputs that were written anew.

    Raises
    ------
    OSError : it cannot be written
    """
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    told["outputs"] |= {p.name: digest(p) for p in paths if p.name in told["outputs"]}
    partial = folder / f".{MANIFEST}.partial"
    partial.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(folder / MANIFEST)


def replace_folder(folder: Path, partial: Path) -> None:
    """Put new results in the place of the old ones, and what a reader has put there with them."""
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        _keep_guests(folder, partial)
        folder.rename(old)
    partial.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _keep_guests(folder: Path, partial: Path) -> None:
    """Copy what the old results did not write, such as a reader's notes, to the new ones."""
    ours = {*(_outputs(folder) or {}), MANIFEST}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        name = path.relative_to(folder).as_posix()
        if name not in ours and not _is_report(name) and not (partial / name).exists():
            (partial / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, partial / name)


def _outputs(folder: Path) -> dict[str, str] | None:
    """Return the digests of the files that results hold; None if they have no sound manifest."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return told if isinstance(told, dict) else None


def _is_report(name: str) -> bool:
    """Whether a file is of a report in another language than English, which is then out of date."""
    others = [language for language in Language if language is not Language.EN]
    places = (p for each in others for p in (f"report.{each}.", f"{figures_of(each)}/"))
    return name.startswith(tuple(places))
