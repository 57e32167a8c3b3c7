"""The report: one HTML file that needs no network, made from a study's results.

`content` gathers what is shown as plain data, `headlines` says it in words, `language` has the
labels in English and Chinese, `build` puts all into the page of `templates/`.
"""

from simdyn.report.page.build import build_page
from simdyn.report.page.content import Content, content_of
from simdyn.report.page.language import Language

__all__ = ["Content", "Language", "build_page", "content_of"]
