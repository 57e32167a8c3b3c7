"""The first sheet: what the workbook is of, how it is read, and what the others hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simdyn.export.cells import Cell, Link, Marked
from simdyn.export.source import About
from simdyn.export.workbook import Book
from simdyn.report.workbook.layout import Topic, Words
from simdyn.report.workbook.sources import kind_mark

NOTES = ("bands", "chances", "illustrative", "numbers", "limits")
KINDS = ("documents", "public", "prior", "assumption")


def add_about(book: Book, about: About, topics: Sequence[Topic], words: Words) -> None:
    """Write the first sheet of a workbook."""
    sheet = book.sheet(words.sheet("about"), [words.sheet("about"), about.words.title])
    for row in _rows(about, topics, words):
        sheet.add(row)
    sheet.finish(filtered=False)


def _rows(about: About, topics: Sequence[Topic], words: Words) -> Iterator[Sequence[Cell]]:
    labels = words.labels
    yield labels("book_study"), about.study
    yield labels("book_digest"), about.digest
    yield labels("book_seed"), str(about.seed)
    yield labels("book_draws"), str(about.n_draw)
    yield labels("book_newest"), about.words.newest_fact
    yield from about.versions.items()
    yield ()
    yield (Marked(labels("book_how_to_read"), "title"),)
    for note in NOTES:
        yield labels(f"book_note_{note}"), labels(f"book_note_{note}_text")
    yield ()
    yield (Marked(labels("book_colours"), "title"),)
    for kind in KINDS:
        yield kind_mark(kind, words), labels(f"kind_{kind}_text")
    yield ()
    yield (Marked(labels("book_sheets"), "title"),)
    for topic in topics:
        title = words.sheet(topic.name)
        yield Link(title, f"'{title}'!A1"), labels(f"about_{topic.name}")
