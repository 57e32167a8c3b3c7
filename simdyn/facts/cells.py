"""Cells of the facts table: text to number, date or word, each refusal with its mend."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from simdyn.errors import did_you_mean
from simdyn.facts.records import Moment

PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
QUANTITY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)

WordT = TypeVar("WordT", bound=StrEnum)
EntryT = TypeVar("EntryT")


class CellError(ValueError):
    """A cell is wrong; the message says what to write instead."""


def number(text: str) -> float:
    """Return the plain decimal number `text`."""
    if PLAIN.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    raise CellError(f"'{text}' is not a plain number. {_number_mend(text)}")


def _number_mend(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        return f"Write '{plain.replace(',', '')}', without thousands separators."
    if re.fullmatch(r"-?\d+,\d+", plain):
        return f"Write '{plain.replace(',', '.')}', with a point."
    plain = plain.replace(",", "").replace(" ", "").replace("−", "-").lstrip("+")
    if PLAIN.fullmatch(plain):
        return f"Write '{plain}'."
    if PLAIN.fullmatch(plain.rstrip("%")):
        return f"Write '{plain.rstrip('%')}' and the unit 'percent'."
    return "Write the figure as printed, such as 239.8; powers of ten belong in the unit."


def moment(text: str) -> Moment | None:
    """Return the year, half-year or quarter `text`; None for an empty cell."""
    if not text:
        return None
    found = Moment.parse(text)
    if found is None:
        raise CellError(f"'{text}' is not a period. {_moment_mend(text)}")
    return found


def _moment_mend(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip(" 年").upper()
    if Moment.parse(plain):
        return f"Write '{plain}'."
    return "Write a year, half-year or quarter: 2020, 2019H1, 2018Q1."


def word(text: str, vocabulary: type[WordT], name: str) -> WordT:
    """Return the member of `vocabulary` that `text` writes."""
    known = [member.value for member in vocabulary]
    if text not in known:
        raise CellError(f"unknown {name} '{text}'. {did_you_mean(text, known)}")
    return vocabulary(text)


def entry(text: str, register: Mapping[str, EntryT], name: str, file: str) -> EntryT:
    """Return what `register` holds under `text`; `file` is where a new one is added."""
    if text not in register:
        message = f"unknown {name} '{text}'. {did_you_mean(text, register)}"
        raise CellError(f"{message} A new {name} goes into {file}.")
    return register[text]


def quantity(text: str) -> str:
    """Return the name of a quantity: lower-case words joined by underscores."""
    if not QUANTITY.fullmatch(text):
        message = f"'{text}' is not a name. Write lower-case words joined by underscores"
        raise CellError(f"{message}, such as fixed_asset_investment.")
    return text
