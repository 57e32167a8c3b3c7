"""Check an XMILE file, and rewrite what PySD would refuse or misread.

Stars for whole dimensions, equations that hold at the start only, graphs without an argument, and
stocks whose elements start at different values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from simdyn.compile.equations import plain_xmile
from simdyn.compile.nodes import key_of
from simdyn.compile.parsers import XMILE, Parsed, model_of
from simdyn.errors import ModelError

_ISEE = b'xmlns:isee="http://iseesystems.com/XMILE" '
_METHODS = frozenset({"euler", "rk4"})
_REFUSED = frozenset({"macro", "module", "conveyor", "queue", "oven"})
_VARIABLES = "{*}model/{*}variables"
_MOST_ELEMENTS = 100_000
_WILDCARD = re.compile(r'("[^"]*"|[\w$.]+)\s*\[([^\[\]]*\*[^\[\]]*)\]')


def read_xmile(path: Path, content: bytes) -> Parsed:
    """Parse an XMILE file; ModelError if it is no such, or holds what is not supported."""
    root = xml_of(path, content)
    _refuse(path, root)
    lines = {
        key_of(node.get("name", "").replace("\\n", " ")): (node.sourceline,)
        for node in root.findall(f"{_VARIABLES}/*")
    }
    helpers = _rewritten(root)
    model = model_of(path, XMILE, etree.tostring(root), lines)
    return Parsed(path, model, lines, method=_method(root), helpers=helpers)


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


def _method(root: Any) -> str:
    """Return how an XMILE file wants to be integrated; the first of several choices counts."""
    named = str(root.find("{*}sim_specs").get("method", "euler")).split(",")[0]
    return named.strip().lower()


def _refuse(path: Path, root: Any) -> None:
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
    for node in [*root.findall("{*}macro"), *root.findall(f"{_VARIABLES}/*")]:
        for fault in _faults(node):
            msg = f"'{node.get('name', '')}': {fault}"
            raise ModelError(msg, path=path, line=node.sourceline)


def _faults(node: Any) -> Iterator[str]:
    """Yield what cannot be carried of a macro or variable."""
    for tag in sorted(etree.QName(part).localname for part in (*node, node)):
        if tag in _REFUSED:
            yield f"a {tag} is not supported. Write it as equations."
    if node.find("{*}element/{*}gf") is not None:
        yield "a graphical function of one element is not supported."
    for graph in node.iter("{*}gf"):
        x, y = (_numbers(graph.find(f"{{*}}{axis}")) for axis in ("xpts", "ypts"))
        if x and x != y:
            yield f"its graph has {x} xpts and {y} ypts. Give it as many."


def _numbers(points: Any) -> int:
    """Return how many numbers the points of a graph list; PySD cuts them to the fewer."""
    listed = [] if points is None else (points.text or "").split(points.get("sep", ","))
    return sum(1 for number in listed if number.strip())


def _rewritten(root: Any) -> dict[str, str]:
    """Rewrite the equations of a file in place.

    Returns
    -------
    stocks by the keys of variables that were added to hold their starts
    """
    for dimension in root.findall("{*}dimensions/{*}dim"):
        _with_elements(dimension)
    for graph in root.findall(f"{_VARIABLES}/*/{{*}}gf"):
        _as_lookup(graph)
    variables = root.findall(f"{_VARIABLES}/*")
    dimensions = {
        key_of(node.get("name", "")): [key_of(d.get("name", "")) for d in node.iter("{*}dim")]
        for node in variables
    }
    for node in variables:
        _rewrite_equations(node, dimensions)
    stocks = root.findall(f"{_VARIABLES}/{{*}}stock")
    return dict(_with_start_apart(s) for s in stocks if s.find("{*}element") is not None)


def _with_elements(dimension: Any) -> None:
    """Name the elements of a dimension that has but a size: 1, 2, ..."""
    size = dimension.get("size", "")
    if dimension.find("{*}elem") is None and size.isdigit() and int(size) <= _MOST_ELEMENTS:
        namespace = etree.QName(dimension).namespace
        for number in range(1, int(size) + 1):
            etree.SubElement(dimension, f"{{{namespace}}}elem", name=str(number))


def _as_lookup(graph: Any) -> None:
    """Take a variable that is a graph without an argument for a lookup of its name."""
    variable = graph.getparent()
    if not variable.findtext("{*}eqn", "").strip():
        graph.set("name", variable.get("name"))
        variable.getparent().replace(variable, graph)


def _rewrite_equations(variable: Any, dimensions: Mapping[str, list[str]]) -> None:
    """Write the equations of a variable as PySD reads them rightly."""
    for equation in variable.iter("{*}eqn"):
        text = plain_xmile(equation.text or "")
        equation.text = _WILDCARD.sub(lambda m: _with_ranges(m, dimensions), text)
    initial = variable.find("{*}init_eqn")
    if initial is not None and variable.find("{*}gf") is None:
        for equation in variable.findall("{*}eqn"):
            equation.text = f"active_initial({equation.text}, {initial.text})"


def _with_start_apart(stock: Any) -> tuple[str, str]:
    """Move the starts of a stock's elements to a variable of their own, as PySD reads but one.

    Returns
    -------
    key of the new variable, key of the stock
    """
    name, namespace = stock.get("name"), etree.QName(stock).namespace
    start = etree.SubElement(stock.getparent(), f"{{{namespace}}}aux", name=f"start of {name}")
    start.append(deepcopy(stock.find("{*}dimensions")))
    for element in stock.findall("{*}element"):
        start.append(element)
    equation = etree.SubElement(stock, f"{{{namespace}}}eqn")
    equation.text = key_of(start.get("name"))
    return key_of(start.get("name")), key_of(name)


def _with_ranges(reference: re.Match[str], dimensions: Mapping[str, list[str]]) -> str:
    """Return ``x[*, b]`` as ``x[dim!, b]``: a star means all of that dimension."""
    name, inside = reference.group(1), reference.group(2)
    subscripts = [part.strip() for part in inside.split(",")]
    own = dimensions.get(key_of(name), [])
    if len(own) == len(subscripts):
        pairs = zip(subscripts, own, strict=True)
        subscripts = [f"{dim}!" if part == "*" else part for part, dim in pairs]
    return f"{name}[{', '.join(subscripts)}]"
