"""The log of an error that is ours: versions and traceback, for a bug report."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from importlib import metadata
from pathlib import Path

from simdyn.errors import RunError
from simdyn.project import find_project

PACKAGES = ("simdyn", "numpy", "pint", "pysd", "rich", "scipy", "typer", "xarray")


def write_log(error: BaseException) -> Path:
    """Write versions and traceback of `error` to a new file and return its path.

    The file lies in the outputs of the project around the current folder, else in the
    system's folder for temporary files.
    """
    folder = _log_folder()
    handle, name = tempfile.mkstemp(prefix="simdyn-error-", suffix=".log", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as log:
        log.write("\n".join([*_versions(), "", *traceback.format_exception(error)]))
    return Path(name)


def _log_folder() -> Path:
    try:
        folder = find_project().outputs
        folder.mkdir(exist_ok=True)
    except (RunError, OSError):
        return Path(tempfile.gettempdir())
    return folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir())


def _versions() -> list[str]:
    """Return one line each for Python, the system and the packages a run depends on."""
    found = [f"python {sys.version.split()[0]}", f"system {platform.platform()}"]
    return found + [f"{name} {_version(name)}" for name in PACKAGES]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
