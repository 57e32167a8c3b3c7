"""Where things lie in a folder of runs."""

from __future__ import annotations

import shutil
from pathlib import Path

from simdyn.runs.journal import JOURNAL
from simdyn.runs.lock import LOCK
from simdyn.runs.manifest import MANIFEST
from simdyn.runs.zarr_files import ARRAY

VALUES = "values.zarr"
"""The values, for xarray and Zarr."""
END = "end.json"
"""Written when every block is stored or has failed."""
PART = "block.part"
"""The block that is being written."""


def chunks(folder: Path) -> Path:
    """Return the folder of the chunks."""
    return folder / VALUES / ARRAY


def is_vacant(folder: Path) -> bool:
    """Return whether there is no folder, or nothing in it but what a killed beginning left."""
    left = {LOCK, f"{MANIFEST}.part"}
    return not folder.exists() or all(path.name in left for path in folder.iterdir())


def last_change(folder: Path) -> float:
    """Return when a batch last changed, in seconds since 1970."""
    files = (folder / MANIFEST, folder / JOURNAL)
    return max(path.stat().st_mtime for path in files if path.exists())


def clear(folder: Path) -> None:
    """Remove what belongs to a batch, its manifest last, so that a killed clearing is known.

    Files of others beside it stay.
    """
    for name in (END, f"{END}.part", JOURNAL, f"{JOURNAL}.part", PART):
        (folder / name).unlink(missing_ok=True)
    if (folder / VALUES).exists():
        shutil.rmtree(folder / VALUES)
    (folder / MANIFEST).unlink()
