"""Run PySD's parsers on a private copy of a file, and name what they cannot parse.

PySD evaluates numbers and lookup points as Python while it parses; here a model can run no code.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from pysd.translators.vensim import vensim_element
from pysd.translators.vensim.vensim_file import VensimFile
from pysd.translators.xmile import xmile_element
from pysd.translators.xmile.xmile_file import XmileFile

from simdyn.compile.equations import name_of
from simdyn.compile.literal import literal
from simdyn.compile.nodes import key_of
from simdyn.errors import ModelError

for _module in (vensim_element, xmile_element):
    # A name of the module hides the builtin, so that only literals are read from a model.
    vars(_module)["eval"] = literal


class Language(NamedTuple):
    """One of PySD's parsers, and the suffix of the files that it takes."""

    parser: Callable[[Path], Any]
    suffix: str


VENSIM = Language(partial(VensimFile, encoding="utf-8"), ".mdl")
XMILE = Language(XmileFile, ".xmile")

_DEEPEST = 4000
"""Calls within calls that a parser may take; some hundred brackets within brackets."""

_CHECK = "Check its operators, commas and brackets."


@dataclass(frozen=True)
class Parsed:
    """A parsed file.

    model : PySD's AbstractModel; only ``lower`` looks inside
    lines : lines of the file on which the equations of each variable begin, by key
    mappings : items of subscript mappings that are spelt out, by the keys of range and target
    method : how the file wants its stocks integrated, "euler" or "rk4"
    helpers : stocks by the keys of variables that hold their starts and are not the author's
    """

    path: Path
    model: Any
    lines: Mapping[str, tuple[int, ...]]
    mappings: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    method: str = "euler"
    helpers: Mapping[str, str] = field(default_factory=dict)


def model_of(
    path: Path, language: Language, content: bytes, lines: Mapping[str, tuple[int, ...]]
) -> Any:
    """Return PySD's AbstractModel of what stands in place of a file.

    Raises
    ------
    ModelError
        It cannot be split into equations.
    UnparsedError
        An equation cannot be parsed.
    """
    with TemporaryDirectory(prefix="simdyn-") as folder:
        copy = Path(folder, f"model{language.suffix}")
        copy.write_bytes(content)
        file = language.parser(copy)
    with _deep_recursion():
        return _parsed(path, file, lines)


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """Let PySD's parsers, which take dozens of calls for each bracket, read nested equations."""
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(max(usual, _DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(usual)


def _parsed(path: Path, file: Any, lines: Mapping[str, tuple[int, ...]]) -> Any:
    # PySD raises whatever its grammar and visitors happen to raise: KeyError, IndexError, ...
    try:
        file.parse(parse_all=False)
    except Exception as error:
        raise ModelError("cannot be split into equations.", path=path) from error
    for section in file.sections:
        try:
            section.parse()
        except Exception as error:
            raise _unparsed(path, section, lines) from error
    try:
        return file.get_abstract_model()
    except Exception as error:
        raise ModelError("cannot be parsed.", path=path) from error


class UnparsedError(ModelError):
    """Equations that cannot be parsed: says the first, names all.

    names : of the variables, as they stand in the file; empty if it is not known which they are
    """

    names: tuple[str, ...] = ()


def _unparsed(path: Path, section: Any, lines: Mapping[str, tuple[int, ...]]) -> UnparsedError:
    """Return an error that names the equations of a section that cannot be parsed."""
    names = tuple(_unparsed_names(section))
    if not names:
        return UnparsedError("cannot be parsed.", path=path)
    if section.type == "macro":
        msg = f"in macro {section.name}, the equation of '{names[0]}' cannot be parsed. {_CHECK}"
        return UnparsedError(msg, path=path)
    msg = f"'{names[0]}': its equation cannot be parsed. {_CHECK}"
    line = next(iter(lines.get(key_of(names[0]), ())), None)
    error = UnparsedError(msg, path=path, line=line)
    error.names = names
    return error


def _unparsed_names(section: Any) -> Iterator[str]:
    with suppress(Exception):
        section.parse(parse_all=False)
        for element in section.elements:
            if not hasattr(element, "parse"):
                continue
            try:
                _parse_element(element)
            except Exception:
                known = hasattr(element, "name")
                yield str(element.name) if known else name_of(element.equation)


def _parse_element(element: Any) -> None:
    """Parse one equation as PySD does: Vensim's in two stages, XMILE's in one."""
    if not hasattr(element, "equation"):
        element.parse({"non_negative_stock": False, "non_negative_flow": False})
        return
    component = element.parse()
    if hasattr(component, "parse"):
        component.parse()
