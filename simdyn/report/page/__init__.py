"""The report: one HTML file that needs no network, made from a study's results.

`content` gathers what is shown as plain data, `headlines` says it in words, `build` puts all into
the page of `templates/`, labelled in one of the languages of the report.
"""

from pathlib import Path

from simdyn.export.whole import whole_file
from simdyn.report.page.build import build_page
from simdyn.report.page.content import Content, content_of
from simdyn.report.page.model import ModelPart
from simdyn.report.words.language import Language
from simdyn.study import Study

REPORT = "report.html"
"""Name of the page in English."""

__all__ = ["REPORT", "Content", "Language", "ModelPart", "build_page", "content_of", "write_page"]


def write_page(
    study: Study, content: Content, folder: Path, language: Language = Language.EN
) -> Path:
    """Write the page of a study into a folder and return its path, report.html or report.zh.html.

    Raises
    ------
    RunError : the file cannot be written
    """
    name = REPORT if language is Language.EN else f"report.{language}.html"
    page = build_page(study, content, language)
    with whole_file(folder / name) as partial:
        partial.write_text(page, encoding="utf-8", newline="\n")
    return folder / name
