"""The report as an Excel workbook: a sheet a topic, numbers in full behind rounded ones.

`topics` says which sheets there are; `answers`, `paths`, `beliefs` and `sources` make their rows
from a study's tables; `layout` turns rows into cells in one of the languages of the report.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from simdyn.export.opening import open_source
from simdyn.export.workbook import open_book
from simdyn.report.words.language import Language
from simdyn.report.workbook.about import add_about
from simdyn.report.workbook.layout import Words, add_sheet
from simdyn.report.workbook.topics import topics_of
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Results
from simdyn.study.words import study_words

WORKBOOK = "report.xlsx"
"""Name of the workbook in English."""

__all__ = ["WORKBOOK", "write_workbook"]


def write_workbook(
    results: Results,
    sensitivity: Sensitivity,
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    language: Language = Language.EN,
) -> Path:
    """Write the workbook of a study into a folder and return its path.

    It is report.xlsx, or report.zh.xlsx in Chinese; the same results give the same bytes. A topic
    of which there is nothing to show, such as convergence between two regions, has no sheet.

    Parameters
    ----------
    tables : of the study, by the names of their files

    Raises
    ------
    RunError : the file cannot be written
    """
    study = results.study
    about = open_source(study.project.runs / study.file.name).about
    about = about.model_copy(update={"words": study_words(study)})
    words = Words(language, study)
    topics = topics_of(results, sensitivity, tables, words)
    path = folder / (WORKBOOK if language is Language.EN else f"report.{language}.xlsx")
    with open_book(path, about) as book:
        add_about(book, about, topics, words)
        for topic in topics:
            add_sheet(book, topic, words)
    return path
