"""How large an export of draws becomes, and whether it fits on the disk."""

from __future__ import annotations

import shutil
from pathlib import Path

from simdyn.errors import RunError
from simdyn.export.choice import Choice
from simdyn.export.source import Source

BYTES_A_ROW = {"csv": 90, "parquet": 8}
"""Bytes of a row of draws, as measured; the figures themselves hardly compress."""


def draw_rows(source: Source, choice: Choice) -> int:
    """Return the rows of an export of draws if none failed."""
    pairs = len(choice.regions) * len(choice.scenarios)
    return pairs * len(choice.quantities) * len(choice.years) * source.about.n_draw


def refuse_too_large(source: Source, choice: Choice, form: str, out: Path) -> None:
    """Raise RunError if the disk of the folder `out` has no room for the draws in this format."""
    needed = draw_rows(source, choice) * BYTES_A_ROW[form]
    free = shutil.disk_usage(_existing(out)).free
    if needed > free:
        message = f"the draws take about {sized(needed)} as {form}, and {sized(free)} are free. "
        mend = "Choose fewer with --region, --scenario or --variable, or pass --out DIR."
        raise RunError(message + mend, path=out)


def sized(n_byte: float) -> str:
    """Return a number of bytes for readers."""
    for unit in ("bytes", "kB", "MB"):
        if n_byte < 1000:
            return f"{n_byte:.3g} {unit}"
        n_byte /= 1000
    return f"{n_byte:.3g} GB"


def _existing(path: Path) -> Path:
    """Return the nearest folder above `path`, or itself, that exists."""
    absolute = path.absolute()
    return next(p for p in (absolute, *absolute.parents) if p.is_dir())
