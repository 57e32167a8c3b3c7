"""Read a model file: Vensim ``.mdl`` or XMILE, through PySD's parsers, without trusting it.

PySD evaluates numbers and lookup points as Python while it parses, drops bytes it cannot decode,
and takes an equation it cannot split, with all that follow, for a drawing. Here a model file can
run no code, is decoded strictly, is split once more by a grammar of our own, and nothing is
written beside it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
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

from simdyn.compile.literal import literal
from simdyn.compile.mappings import explicit_mappings
from simdyn.compile.nodes import key_of
from simdyn.compile.powers import clear_powers
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

_SKETCH = re.compile(r"^\\{2,}---///", re.MULTILINE)
_HEADER = re.compile(r"\s*\{[^}\n]*\}")
_ITEM = r'(?:"(?:\\"|[^"])*+"|[^~|])*+'
_ENTRY = re.compile(rf"{_ITEM}~{_ITEM}(?:~[^~|]*+(?:~{_ITEM})?)?\|", re.DOTALL)
_NAME = re.compile(r'\s*("(?:\\"|[^"])*+"|[^=(\[:<~]+)')
_MACRO = re.compile(r":MACRO:.*?:END OF MACRO:", re.DOTALL)
_MACRO_HEAD = re.compile(r":MACRO:[^(]*\([^)]*\)")
_MACRO_END = ":END OF MACRO:"

_VENSIM_FILE = partial(VensimFile, encoding="utf-8")

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
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        msg = f"not a model file. Expected one of: {', '.join(sorted(_READERS))}."
        raise ModelError(msg, path=path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ModelError("no such file. Check the path.", path=path) from None
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror}.", path=path) from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return reader(path, content)


def _read_vensim(path: Path, content: bytes) -> Parsed:
    text = _decode(path, content)
    equations = _SKETCH.split(text, maxsplit=1)[0]
    macros = _MACRO.findall(equations)
    main = _MACRO.sub(lambda macro: "\n" * macro.group().count("\n"), equations)
    entries = list(_entries(path, main))
    # PySD takes a macro that stands behind equations for one of them.
    ordered = [_macro(path, equations, macro) for macro in macros]
    ordered += [_with_clear_powers(entry) for _, entry in entries]
    lines: dict[str, tuple[int, ...]] = {}
    for line, entry in entries:
        key = key_of(_name(entry))
        lines[key] = (*lines.get(key, ()), line)
    model = _parse(path, _VENSIM_FILE, "model.mdl", "\n".join(ordered).encode(), lines)
    return Parsed(path, model, lines, explicit_mappings(_left_sides(entries)))


def _with_clear_powers(entry: str) -> str:
    """Return an equation in which the minus of -2^2 stays outside of the power.

    PySD reads -2 as one number there, and cannot tell it from (-2)^2.
    """
    head = re.match(_ITEM, entry, re.DOTALL)
    end = head.end() if head else 0
    return clear_powers(entry[:end]) + entry[end:]


def _left_sides(entries: Iterable[tuple[int, str]]) -> Iterator[str]:
    """Yield the equations without units and comments, continued lines joined."""
    for _, entry in entries:
        found = re.match(_ITEM, entry, re.DOTALL)
        yield (found.group() if found else entry).replace("\\\n", " ")


def _macro(path: Path, equations: str, macro: str) -> str:
    """Return a macro as PySD shall read it, after checking that it is whole."""
    line = equations.count("\n", 0, equations.index(macro))
    head = _MACRO_HEAD.match(macro)
    if head is None:
        msg = "a macro without its list of parameters. Write :MACRO: name(parameter, ...)."
        raise ModelError(msg, path=path, line=line + 1)
    body = macro[head.end() :].removesuffix(_MACRO_END)
    entries = _entries(path, body, line + head.group().count("\n"))
    return head.group() + "".join(_with_clear_powers(e) for _, e in entries) + _MACRO_END


def _decode(path: Path, content: bytes) -> str:
    """Return the text, in the encoding that its byte order mark or first line declares."""
    encoding = next((e for mark, e in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    encoding = encoding or _declared_encoding(path, content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        msg = f"not {encoding} text. Save it as UTF-8, or declare its encoding, such as {{GBK}}, "
        raise ModelError(msg + "on the first line.", path=path, line=line) from None
    if "\0" in text:
        raise ModelError("not a text file. Save it as UTF-8.", path=path)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _declared_encoding(path: Path, content: bytes) -> str:
    declared = re.match(rb"\s*\{([^}\r\n]*)\}", content)
    if declared is None:
        return "utf-8"
    name = declared.group(1).decode("ascii", "replace").strip()
    if name.lower() not in ENCODINGS:
        msg = f"declares the unknown encoding '{name}'. Save it as UTF-8 with {{UTF-8}} on top."
        raise ModelError(msg, path=path, line=1)
    return ENCODINGS[name.lower()]


def _entries(path: Path, equations: str, above: int = 0) -> Iterator[tuple[int, str]]:
    """Yield the line and text of each equation, after checking that the file is whole."""
    header = _HEADER.match(equations)
    end = header.end() if header else 0
    line = above + equations.count("\n", 0, end) + 1
    while entry := _ENTRY.match(equations, end):
        yield line + _blank_lines(entry.group()), entry.group()
        line += entry.group().count("\n")
        end = entry.end()
    rest = equations[end:]
    if rest.strip():
        msg = "an equation without its '~ unit ~ comment |'. Is the file cut short?"
        raise ModelError(msg, path=path, line=line + _blank_lines(rest))


def _blank_lines(text: str) -> int:
    """Return the number of line ends before the first word."""
    return text.count("\n", 0, len(text) - len(text.lstrip()))


def _name(equation: str) -> str:
    """Return the name that an equation of Vensim defines, or the equation if it has none."""
    found = _NAME.match(equation)
    return " ".join((found.group(1) if found else equation).replace("\\\n", " ").split())


def _read_xmile(path: Path, content: bytes) -> Parsed:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    if b"xmlns:isee" not in content:
        # Stella has written files that use its own prefix without declaring it.
        content = content.replace(b"<xmile ", b"<xmile " + _ISEE, 1)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        msg = f"not well-formed XML: {error}. Save the model again as XMILE."
        raise ModelError(msg, path=path, line=line) from None
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


def _unparsed(path: Path, section: Any, lines: Mapping[str, tuple[int, ...]]) -> ModelError:
    """Return an error that names the first equation of a section that cannot be parsed."""
    name = _first_unparsed(section)
    if name is None:
        return ModelError("cannot be parsed.", path=path)
    msg = f"'{name}': its equation cannot be parsed. Check its operators, commas and brackets."
    return ModelError(msg, path=path, line=next(iter(lines.get(key_of(name), ())), None))


def _first_unparsed(section: Any) -> str | None:
    with suppress(Exception):
        section.parse(parse_all=False)
        for element in section.elements:
            if not hasattr(element, "parse"):
                continue
            try:
                _parse_element(element)
            except Exception:
                return str(element.name) if hasattr(element, "name") else _name(element.equation)
    return None


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
