"""Write an equation as PySD's grammars read it rightly, where their languages allow more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_QUOTED = r'"(?:\\"|[^"])*+"'
_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_LEFT_SIDE = rf"\s*(?:{_QUOTED}|\w[\w\s'$]*+)(?:\[[^\]]*\]\s*)?"

_NEGATIVE_BASE = re.compile(rf"({_QUOTED})|(?<![0-9.][eE])-(\s*)({_NUMBER})(?=\s*\^)")
"""A number behind a minus and before a power; or a quoted name, which is left alone."""

_VENSIM = re.compile(
    rf"(?P<kept>{_QUOTED}|[(,]\s*+'[^']*+')"
    r"|(?P<gone>\\\n|\{[^{}]*\})"
    r"|(?P<keyword>:\s*[A-Za-z][A-Za-z\s_]*:)"
    r"|\b(?P<function>TABBED[\s_]+ARRAY|WITH[\s_]+LOOKUP)\b",
    re.IGNORECASE,
)
_NAME = re.compile(rf"\s*({_QUOTED}|[^=(\[:<~]+)")
_DATA = re.compile(rf"{_LEFT_SIDE}\Z")
_COORDINATES = re.compile(rf"\A({_LEFT_SIDE}\()([^()]+)\)\s*\Z")

_XMILE = re.compile(rf"\{{[^{{}}]*\}}|{_QUOTED}|{_NUMBER}|[^\W\d][\w.$]*|\s+|<>|<=|>=|.")
_LOOKUP = re.compile(rf"\bLOOKUP\s*\(\s*({_QUOTED}|[^\W\d][\w.$]*)\s*,", re.IGNORECASE)
_LOOSER = {"<", ">", "=", "<>", "<=", ">=", ",", "if", "then", "else", "and", "or", "not"}
"""What ends a product."""


def name_of(equation: str) -> str:
    """Return the name that an equation of Vensim defines, or the equation if it has none."""
    found = _NAME.match(equation)
    return " ".join((found.group(1) if found else equation).replace("\\\n", " ").split())


def plain_vensim(equation: str) -> str:
    """Return Vensim's equation, without its unit and comment, in PySD's spelling.

    Lines are joined, comments in braces dropped, words such as ``:and:`` in capitals; data without
    a keyword get one; a lookup of all x and then all y becomes one of pairs.
    """
    plain = clear_powers(_VENSIM.sub(_spelt, equation))
    if _DATA.match(plain):
        return plain + ":INTERPOLATE:"
    return _COORDINATES.sub(lambda m: f"{m[1]}{_pairs(m[2].split(','))})", plain)


def _spelt(found: re.Match[str]) -> str:
    if found["kept"]:
        return found["kept"]
    if found["gone"]:
        return " "
    return " ".join(re.split(r"[\s_]+", found[0])).upper()


def _pairs(numbers: list[str]) -> str:
    if len(numbers) % 2:
        return ",".join(numbers)
    half = len(numbers) // 2
    return ",".join(f"({x},{y})" for x, y in zip(numbers[:half], numbers[half:], strict=True))


def clear_powers(equation: str) -> str:
    """Return an equation in which the minus of -2^2 stays outside of the power.

    PySD reads -2 as one number there, and cannot tell it from (-2)^2.
    """
    return _NEGATIVE_BASE.sub(lambda m: m.group(1) or f"-{m.group(2)}({m.group(3)}+0)", equation)


def plain_xmile(equation: str) -> str:
    """Return XMILE's equation in PySD's spelling.

    Comments in braces are dropped; an IF may stand within another, and a MOD within a product.
    """
    pieces = (piece for piece in _XMILE.findall(clear_powers(equation)) if piece[0] != "{")
    return _LOOKUP.sub(r"\1(", "".join(_grouped(_conditions(pieces))))


def _conditions(pieces: Iterable[str]) -> Iterator[str]:
    """Put brackets around each IF, up to where its ELSE ends."""
    inside: list[str] = []

    def ended(*kinds: str) -> Iterator[str]:
        while inside and inside[-1] in kinds:
            inside.pop()
            yield ")"

    for piece in pieces:
        word = piece.lower()
        if word == "if":
            yield "("
            inside.append("if")
        elif word == "else":
            yield from ended("else")
            inside[-1:] = ["else"]
        elif piece in "([":
            inside.append(piece)
        elif piece in ")],":
            yield from ended("if", "else")
            if piece != ",":
                del inside[-1:]
        yield piece.upper() if word in {"if", "then", "else"} else piece
    yield from ended("if", "else")


def _grouped(pieces: Iterable[str]) -> list[str]:
    """Put brackets around a MOD that another factor follows, as PySD lets it wait for that."""
    done: list[str] = []
    terms = [(0, False)]  # of each open bracket: where its term begins, whether a MOD waits in it
    operand = False
    for piece in pieces:
        if piece.lower() == "mod" and not operand:
            piece = "modulo"  # noqa: PLW2901
        word = piece.lower()
        start, waits = terms[-1]
        if word in {"*", "/", "mod"}:
            if waits:
                done.insert(start, "(")
                done.append(")")
            terms[-1] = start, word == "mod"
        elif piece in "([":
            terms.append((len(done) + 1, False))
        elif piece in ")]" and len(terms) > 1:
            terms.pop()
        elif word in _LOOSER or (word in {"+", "-"} and operand):
            terms[-1] = len(done) + 1, False
        done.append("mod" if word == "mod" else piece)
        if not piece.isspace():
            operand = piece[0] not in "+-*/^([" and word not in {*_LOOSER, "mod"}
    return done
