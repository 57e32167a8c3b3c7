"""Units of measure as modellers write them: read, compared and combined as pint's containers.

A unit is a product of powers of names, ``{"wan person": 1, "year": -1}``; names that mean the same
are one name. Vensim converts nothing: a month and a year are two units.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pint.util import UnitsContainer

DIMENSIONLESS = UnitsContainer()

DIMENSIONLESS_WORDS = frozenset({"dmnl", "dimensionless", "unitless", "nodimension", "fraction"})

EQUIVALENTS = (
    ("$", "Dollar", "Dollars", "$s"),
    ("Person", "People", "Persons"),
)
"""Names that mean the same in every model, beside plurals."""

_ENDINGS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", ""))
"""How plurals end, and their singulars; the first that fits."""

_RANGE = re.compile(r"\[[^\[\]]*\]\s*$")
_WORD = re.compile(r"\s*([*/()^]|[^*/()^]+)")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
_DEEPEST = 30
_ROUNDING = 1e-9
_HIGHEST_POWER = 1000.0


class UnitError(ValueError):
    """The text is no unit of measure."""


def same(left: UnitsContainer, right: UnitsContainer) -> bool:
    """Return whether two units are equal, but for rounding of their powers."""
    return all(abs(power) < _ROUNDING for power in (left / right).values())


def raised(unit: UnitsContainer, power: float) -> UnitsContainer:
    """Return a power of a unit.

    Raises
    ------
    UnitError
        The power is beyond all use.
    """
    if not abs(power) <= _HIGHEST_POWER:
        raise UnitError("a power beyond all use")
    powers = {name: round(value * power, 9) for name, value in _powers(unit)}
    return UnitsContainer({name: value for name, value in powers.items() if value})


def _powers(unit: UnitsContainer) -> list[tuple[str, float]]:
    return [(str(name), float(value)) for name, value in unit.items()]  # type: ignore[arg-type]


class Units:
    """The units of one model; remembers how its author spells them.

    Parameters
    ----------
    equivalents : groups of names that mean the same, beside those that always do
    """

    def __init__(self, equivalents: Iterable[Iterable[str]] = ()) -> None:
        self._first: dict[str, str] = {}
        self._spelling: dict[str, str] = {}
        for group in (*EQUIVALENTS, *equivalents):
            first, *others = map(_singular, group)
            first = self._first.get(first, first)
            self._first |= {other: first for other in others if other != first}

    def read(self, text: str) -> UnitsContainer | None:
        """Return the unit that a text names; None if it names none.

        A range behind it, such as ``[0, 10]``, is passed over.

        Raises
        ------
        UnitError
            The text is no product of powers of names.
        """
        text = _RANGE.sub("", text).strip()
        if not text:
            return None
        if text.count("(") > _DEEPEST:
            raise UnitError("too many brackets")
        words = [match.group(1).strip() for match in _WORD.finditer(text)]
        return _Reader(self, [word for word in words if word]).whole()

    def words(self, unit: UnitsContainer) -> str:
        """Return a unit as its author would write it, such as ``wan person/(Year*Hour)``."""
        above = [self._power(name, power) for name, power in _powers(unit) if power > 0]
        below = [self._power(name, -power) for name, power in _powers(unit) if power < 0]
        if not above and not below:
            return "Dmnl"
        top = "*".join(above) or "1"
        bottom = "*".join(below)
        return top + (f"/({bottom})" if len(below) > 1 else f"/{bottom}" if below else "")

    def named(self, name: str) -> UnitsContainer:
        """Return the unit of one name, or of a number, which is dimensionless."""
        key = _singular(name)
        key = self._first.get(key, key)
        if key in DIMENSIONLESS_WORDS or _NUMBER.match(key):
            return DIMENSIONLESS
        self._spelling.setdefault(key, " ".join(name.split()))
        return UnitsContainer({key: 1})

    def _power(self, name: str, power: float) -> str:
        spelled = self._spelling.get(name, name)
        return spelled if power == 1 else f"{spelled}^{power:g}"


class _Reader:
    """Reads the words of one unit from left to right."""

    def __init__(self, units: Units, words: list[str]) -> None:
        self._units = units
        self._words: Iterator[str] = iter([*words, ""])
        self._next = next(self._words)

    def whole(self) -> UnitsContainer:
        unit = self._product()
        if self._next:
            raise UnitError(f"'{self._next}' does not fit")
        return unit

    def _take(self) -> str:
        word, self._next = self._next, next(self._words, "")
        return word

    def _product(self) -> UnitsContainer:
        unit = self._factor()
        while self._next in {"*", "/"}:
            times = self._take() == "*"
            factor = self._factor()
            unit = unit * factor if times else unit / factor
        return unit

    def _factor(self) -> UnitsContainer:
        unit = self._base()
        if self._next == "^":
            self._take()
            unit = raised(unit, self._exponent())
        return unit

    def _base(self) -> UnitsContainer:
        word = self._take()
        if word == "(":
            unit = self._product()
            if self._take() != ")":
                raise UnitError("a bracket is not closed")
            return unit
        if not word or word in "*/)^":
            raise UnitError(f"'{word}' stands where a name belongs" if word else "it ends early")
        return self._units.named(word)

    def _exponent(self) -> float:
        word = self._take()
        if word == "(":
            power = self._exponent()
            if self._take() != ")":
                raise UnitError("a bracket is not closed")
            return power
        if not _NUMBER.match(word):
            raise UnitError("a power must be a number")
        return float(word)


def _singular(name: str) -> str:
    """Return a name in small letters and in the singular."""
    key = re.sub(r"[\s_]+", " ", name.strip().strip('"')).lower()
    for plural, singular in _ENDINGS:
        if len(key) > 3 and key.endswith(plural) and not key.endswith("ss"):
            return key.removesuffix(plural) + singular
    return key
