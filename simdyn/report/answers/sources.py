"""What the source of an entry is: a document and section, or an assumption."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from simdyn.scenarios import ASSUMPTION

_END = re.compile(r"; | \(|: ")
"""Where the section ends and what is said of it begins."""


class Stated(StrEnum):
    """What a document says of a lever.

    SIZE : what is done and how much
    MEASURE : what is done; how much is an assumption
    NOTHING : both are an assumption
    """

    SIZE = "document"
    MEASURE = "document, size assumed"
    NOTHING = "assumption"


class Origin(NamedTuple):
    """Where an entry is from; document and section are empty for an assumption."""

    stated: Stated
    document: str
    section: str


def origin_of(source: str, documents: Collection[str]) -> Origin:
    """Return where an entry is from, by the text of its source.

    Parameters
    ----------
    source : "assumption...", or the id of a document, its section and what else is to be said
    documents : known ids; a text that begins with none of them counts as an assumption
    """
    name = re.split("[,;:]", source, maxsplit=1)[0].strip()
    if name not in documents:
        return Origin(Stated.NOTHING, "", "")
    rest = source[len(name) :].removeprefix(",").strip()
    section = "" if rest.startswith((";", ":")) else _END.split(rest, maxsplit=1)[0].strip()
    stated = Stated.MEASURE if ASSUMPTION in rest else Stated.SIZE
    return Origin(stated, name, section)
