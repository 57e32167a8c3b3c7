"""Read a model file: Vensim ``.mdl`` or XMILE, through PySD's parsers, without trusting it.

PySD evaluates numbers and lookup points as Python while it parses, drops bytes it cannot decode,
and takes an equation it cannot split, with all that follow, for a drawing. Here a model file can
run no code, is decoded strictly, is split once more by a grammar of our own, and nothing is
written beside it.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pysd.translators.vensim import vensim_element
from pysd.translators.vensim.vensim_file import VensimFile
from pysd.translators.xmile import xmile_element
from pysd.translators.xmile.xmile_file import XmileFile

from simdyn.compile.equations import plain_vensim
from simdyn.compile.literal import literal
from simdyn.compile.mappings import explicit_mappings
from simdyn.compile.nodes import key_of
from simdyn.compile.xmile import rewrite
from simdyn.errors import ModelError

for _module in (vensim_element, xmile_element):
    # A name of the module hides the builtin, so that only literals are read from a model.
    vars(_module)["eval"] = literal

ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "ascii": "ascii",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
}
"""Encodings that the first line of a Vensim file may declare, as in ``{UTF-8}``."""

_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}

_FOREIGN = re.compile(rb"[\x80-\xff]{3}")
"""Bytes that Western European words seldom hold, but words in other scripts do."""

_SKETCH = re.compile(r"^\\{2,}---///", re.MULTILINE)
_HEADER = re.compile(r"\s*\{[^}\n]*\}")
_ITEM = r'(?:"(?:\\"|[^"])*+"|[^~|])*+'
_ENTRY = re.compile(rf"{_ITEM}~{_ITEM}(?:~[^~|]*+(?:~{_ITEM})?)?\|", re.DOTALL)
_NAME = re.compile(r'\s*("(?:\\"|[^"])*+"|[^=(\[:<~]+)')
_MACRO = re.compile(r":MACRO:.*?:END OF MACRO:", re.DOTALL | re.IGNORECASE)
_MACRO_HEAD = re.compile(r":MACRO:([^(]*\([^)]*\))", re.IGNORECASE)
_BLANKED = re.compile(r"[^\n]")
_MACRO_END = ":END OF MACRO:"

_VENSIM_FILE = partial(VensimFile, encoding="utf-8")

_DEEPEST = 4000
"""Calls within calls that a parser may take; some hundred brackets within brackets."""

_CHECK = "Check its operators, commas and brackets."

_ISEE = b'xmlns:isee="http://iseesystems.com/XMILE" '
_METHODS = frozenset({"euler", "rk4"})
_XMILE_VARIABLES = "{*}model/{*}variables/*"
_XMILE_REFUSED = frozenset({"macro", "module", "conveyor", "queue", "oven"})


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


def read(path: Path | str) -> Parsed:
    """Parse a model file.

    Raises
    ------
    ModelError
        The file is missing, of an unknown kind, not decodable, cut short, or holds an equation
        that cannot be parsed.
    """
    path = Path(path)
    return parse(path, content_of(path))


def content_of(path: Path) -> bytes:
    """Return what a model file holds; ModelError if it is missing or of an unknown kind."""
    if path.suffix.lower() not in _READERS:
        msg = f"not a model file. Expected one of: {', '.join(sorted(_READERS))}."
        raise ModelError(msg, path=path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelError("no such file. Check the path.", path=path) from None
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror}.", path=path) from error


def parse(path: Path, content: bytes) -> Parsed:
    """Parse the content of a model file, which may differ from what the file holds now."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _READERS[path.suffix.lower()](path, content)


def _read_vensim(path: Path, content: bytes) -> Parsed:
    text = decode(path, content)
    found = _all_entries(path, text)
    # PySD takes a macro that stands behind equations for one of them.
    ordered = [_macro(path, text, macro) for macro in _MACRO.finditer(_equations(text))]
    ordered += [_plain(entry.text) for entry in found]
    lines = lines_of(found)
    model = _parse(path, _VENSIM_FILE, "model.mdl", "\n".join(ordered).encode(), lines)
    return Parsed(path, model, lines, explicit_mappings(_left_sides(found)))


def _plain(entry: str) -> str:
    """Return an entry whose equation PySD reads rightly; its unit and comment stay."""
    head = re.match(_ITEM, entry, re.DOTALL)
    end = head.end() if head else 0
    return plain_vensim(entry[:end]) + entry[end:]


def _left_sides(found: Iterable[Entry]) -> Iterator[str]:
    """Yield the equations without units and comments, continued lines joined."""
    for entry in found:
        head = re.match(_ITEM, entry.text, re.DOTALL)
        yield (head.group() if head else entry.text).replace("\\\n", " ")


def _macro(path: Path, text: str, macro: re.Match[str]) -> str:
    """Return a macro as PySD shall read it, after checking that it is whole."""
    above = text.count("\n", 0, macro.start())
    head = _MACRO_HEAD.match(macro.group())
    if head is None:
        msg = "a macro without its list of parameters. Write :MACRO: name(parameter, ...)."
        raise ModelError(msg, path=path, line=above + 1)
    body = macro.group()[head.end() : -len(_MACRO_END)]
    found = _all_entries(path, body, above + head.group().count("\n"))
    return f":MACRO:{head[1]}{''.join(_plain(e.text) for e in found)}{_MACRO_END}"


def decode(path: Path, content: bytes) -> str:
    """Return the text, in the encoding that its byte order mark or first line declares."""
    encoding = next((e for mark, e in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    encoding = encoding or _declared_encoding(path, content) or _guessed_encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        msg = f"not {encoding} text. Save it as UTF-8, or declare its encoding, such as {{GBK}}, "
        raise ModelError(msg + "on the first line.", path=path, line=line) from None
    if "\0" in text:
        raise ModelError("not a text file. Save it as UTF-8.", path=path)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _guessed_encoding(content: bytes) -> str:
    """Return UTF-8, or Western European where that fails for single letters within ASCII words."""
    with suppress(UnicodeDecodeError):
        content.decode()
        return "utf-8"
    return "utf-8" if _FOREIGN.search(content) else "cp1252"


def _declared_encoding(path: Path, content: bytes) -> str | None:
    declared = re.match(rb"\s*\{([^}\r\n]*)\}", content)
    if declared is None:
        return None
    name = declared.group(1).decode("ascii", "replace").strip()
    if name.lower() not in ENCODINGS:
        msg = f"declares the unknown encoding '{name}'. Save it as UTF-8 with {{UTF-8}} on top."
        raise ModelError(msg, path=path, line=1)
    return ENCODINGS[name.lower()]


@dataclass(frozen=True)
class Entry:
    """An equation of a Vensim file, with its unit and comment: ``text``, from ``start`` to ``end``.

    line : on which its first word stands
    """

    name: str
    line: int
    start: int
    end: int
    text: str


def entries(text: str, above: int = 0) -> tuple[list[Entry], Entry | None]:
    """Split the equations of a Vensim file; return them and the rest that is none, if any.

    Macros are passed over.

    Parameters
    ----------
    above : lines of the file above the text
    """
    equations = _MACRO.sub(lambda macro: _BLANKED.sub(" ", macro.group()), _equations(text))
    header = _HEADER.match(equations)
    end = header.end() if header else 0
    line = above + equations.count("\n", 0, end) + 1
    found: list[Entry] = []
    while match := _ENTRY.match(equations, end):
        found.append(_entry(match.group(), line, end, match.end()))
        line += match.group().count("\n")
        end = match.end()
    rest = equations[end:]
    if not rest.strip():
        return found, None
    return found, _entry(rest, line, end, len(equations))


def _entry(item: str, line: int, start: int, end: int) -> Entry:
    """Return the equation of an item, which may have blanks before it."""
    text = item.lstrip()
    n_blank = len(item) - len(text)
    return Entry(_name(text), line + item.count("\n", 0, n_blank), start + n_blank, end, text)


def _equations(text: str) -> str:
    """Return the part of a Vensim file that is no drawing."""
    return _SKETCH.split(text, maxsplit=1)[0]


def _all_entries(path: Path, text: str, above: int = 0) -> list[Entry]:
    """Return the equations of a file that is whole."""
    found, rest = entries(text, above)
    if rest is not None:
        msg = "an equation without its '~ unit ~ comment |'. Is the file cut short?"
        raise ModelError(msg, path=path, line=rest.line)
    return found


def lines_of(found: Iterable[Entry]) -> dict[str, tuple[int, ...]]:
    """Return the lines on which the equations of each variable begin, by key."""
    lines: dict[str, tuple[int, ...]] = {}
    for entry in found:
        key = key_of(entry.name)
        lines[key] = (*lines.get(key, ()), entry.line)
    return lines


def _name(equation: str) -> str:
    """Return the name that an equation of Vensim defines, or the equation if it has none."""
    found = _NAME.match(equation)
    return " ".join((found.group(1) if found else equation).replace("\\\n", " ").split())


def xml_of(path: Path, content: bytes) -> Any:
    """Return the root of an XML file; nothing outside it is read."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    if b"xmlns:isee" not in content:
        # Stella has written files that use its own prefix without declaring it.
        content = content.replace(b"<xmile ", b"<xmile " + _ISEE, 1)
    try:
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        msg = f"not well-formed XML: {error}. Save the model again as XMILE."
        raise ModelError(msg, path=path, line=line) from None


def _read_xmile(path: Path, content: bytes) -> Parsed:
    root = xml_of(path, content)
    _refuse_in_xmile(path, root)
    lines = {
        key_of(node.get("name", "").replace("\\n", " ")): (node.sourceline,)
        for node in root.findall(_XMILE_VARIABLES)
    }
    helpers = rewrite(root)
    model = _parse(path, XmileFile, "model.xmile", etree.tostring(root), lines)
    return Parsed(path, model, lines, method=_method(root), helpers=helpers)


def _method(root: Any) -> str:
    """Return how an XMILE file wants to be integrated; the first of several choices counts."""
    named = str(root.find("{*}sim_specs").get("method", "euler")).split(",")[0]
    return named.strip().lower()


def _refuse_in_xmile(path: Path, root: Any) -> None:
    """Refuse what PySD would pass over in silence."""
    if root.getroottree().docinfo.doctype:
        raise ModelError("has a DOCTYPE. Remove it.", path=path)
    if None not in root.nsmap or root.find("{*}sim_specs") is None:
        raise ModelError("not an XMILE model: no namespace or no sim_specs.", path=path)
    if len(root.findall("{*}model")) != 1:
        raise ModelError("must hold exactly one model. Merge its modules.", path=path)
    if _method(root) not in _METHODS:
        msg = f"integrates by '{_method(root)}'. Set the method to Euler or RK4."
        raise ModelError(msg, path=path)
    for node in [*root.findall("{*}macro"), *root.findall(_XMILE_VARIABLES)]:
        tags = [etree.QName(part).localname for part in (*node, node)]
        refused = sorted(_XMILE_REFUSED.intersection(tags))
        if refused:
            msg = (
                f"'{node.get('name', '')}': a {refused[0]} is not supported. Write it as equations."
            )
            raise ModelError(msg, path=path, line=node.sourceline)
        if node.find("{*}element/{*}gf") is not None:
            msg = f"'{node.get('name', '')}': a graphical function of one element is not supported."
            raise ModelError(msg, path=path, line=node.sourceline)


def _parse(
    path: Path,
    parser: Callable[[Path], Any],
    name: str,
    content: bytes,
    lines: Mapping[str, tuple[int, ...]],
) -> Any:
    """Return PySD's AbstractModel of a private copy of the file."""
    with TemporaryDirectory(prefix="simdyn-") as folder:
        copy = Path(folder, name)
        copy.write_bytes(content)
        file = parser(copy)
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
                yield str(element.name) if known else _name(element.equation)


def _parse_element(element: Any) -> None:
    """Parse one equation as PySD does: Vensim's in two stages, XMILE's in one."""
    if not hasattr(element, "equation"):
        element.parse({"non_negative_stock": False, "non_negative_flow": False})
        return
    component = element.parse()
    if hasattr(component, "parse"):
        component.parse()


_READERS: dict[str, Callable[[Path, bytes], Parsed]] = {
    ".mdl": _read_vensim,
    ".xmile": _read_xmile,
    ".stmx": _read_xmile,
}

SUFFIXES = frozenset(_READERS)
"""How the names of model files end."""
