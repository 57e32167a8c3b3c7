"""Rewrite an XMILE file's equations so that PySD reads what it would refuse or misread.

Powers of negative numbers, stars for whole dimensions, equations that hold at the start only, and
stocks whose elements start at different values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from simdyn.compile.equations import plain_xmile
from simdyn.compile.nodes import key_of

_VARIABLES = "{*}model/{*}variables"
_MOST_ELEMENTS = 100_000
_WILDCARD = re.compile(r'("[^"]*"|[\w$.]+)\s*\[([^\[\]]*\*[^\[\]]*)\]')


def rewrite(root: Any) -> dict[str, str]:
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
        _rewrite(node, dimensions)
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


def _rewrite(variable: Any, dimensions: Mapping[str, list[str]]) -> None:
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
