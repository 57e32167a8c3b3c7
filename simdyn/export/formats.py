"""The formats of exports, and what each can hold."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from simdyn.errors import RunError
from simdyn.export import excel, iamc, parquet, tidy_csv
from simdyn.export.choice import Choice
from simdyn.export.estimate import refuse_too_large
from simdyn.export.source import Source


class Format(StrEnum):
    """A format of files."""

    CSV = "csv"
    PARQUET = "parquet"
    EXCEL = "excel"
    IAMC = "iamc"


class What(StrEnum):
    """What is exported: percent points over the draws, or every draw."""

    BANDS = "bands"
    DRAWS = "draws"


class Exported(NamedTuple):
    """What an export wrote.

    paths : files and folders
    notes : what readers have to know, such as rows that were left out
    """

    paths: list[Path]
    notes: list[str]


Write = Callable[[Source, Choice, Path], list[Path]]

WRITERS: dict[tuple[Format, What], Write] = {
    (Format.CSV, What.BANDS): tidy_csv.write_bands,
    (Format.CSV, What.DRAWS): tidy_csv.write_draws,
    (Format.PARQUET, What.BANDS): parquet.write_bands,
    (Format.PARQUET, What.DRAWS): parquet.write_draws,
    (Format.IAMC, What.BANDS): iamc.write_bands,
}


def export(source: Source, choice: Choice, form: Format, what: What, out: Path) -> Exported:
    """Write results to the folder `out`; each file appears whole or not at all.

    Raises
    ------
    RunError : the format has no place for draws, or the files cannot be written
    """
    if form is Format.EXCEL and what is What.BANDS:
        return Exported(*excel.write_bands(source, choice, out))
    if (form, what) not in WRITERS:
        message = f"{form} has no place for draws. Use --format parquet or csv, or --what bands."
        raise RunError(message)
    if what is What.DRAWS:
        refuse_too_large(source, choice, form, out)
    return Exported(WRITERS[form, what](source, choice, out), [])
