"""Unit errors planted in copies of the regional model: all found where pysimlin finds them too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import simlin

from simdyn.check import check_model
from simdyn.compile.nodes import key_of
from simdyn.compile.vensim import Entry, entries

N_COPY = 6
EVERY = 2

PLANTED = (
    lambda equation, unit: (f"({equation}) * one year", unit),
    lambda equation, unit: (f"({equation}) + initial population * one year", unit),
    lambda equation, unit: (f"({equation}) / initial population", unit),
    lambda equation, _: (equation, "Widget"),
    lambda equation, unit: (f"MAX({equation}, initial population / initial GDP)", unit),
)


def _auxiliaries(text: str) -> list[Entry]:
    """Return the equations that are more than numbers and no stock or lookup."""
    found = []
    for entry in entries(text)[0]:
        equation = text[entry.start : entry.end].split("~", maxsplit=1)[0].partition("=")[2]
        if re.search("[a-zA-Z]", equation) and not re.search("INTEG|LOOKUP", equation):
            found.append(entry)
    return found


def _plant(text: str, chosen: list[tuple[int, Entry]]) -> str:
    for number, entry in reversed(chosen):
        whole = text[entry.start : entry.end]
        left, unit, rest = whole.split("~", 2)
        name, _, equation = left.partition("=")
        faulty = PLANTED[number % len(PLANTED)](equation.rstrip(), unit.strip())
        whole = f"{name}={faulty[0]}\n\t~\t{faulty[1]}\n\t~{rest}"
        text = text[: entry.start] + whole + text[entry.end :]
    return text


def _copies(root: Path) -> Iterator[tuple[str, list[Entry]]]:
    """Yield copies of the model, each with the equations in which errors are planted."""
    text = (root / "models" / "regional_growth.mdl").read_text(encoding="utf-8")
    numbered = list(enumerate(_auxiliaries(text)[::EVERY]))
    for copy in range(N_COPY):
        chosen = numbered[copy::N_COPY]
        yield _plant(text, chosen), [entry for _, entry in chosen]


def _oracle(path: Path) -> set[str]:
    issues = simlin.load(path).check()
    return {key_of(issue.variable.replace("·", " ")) for issue in issues if issue.variable}


def test_planted_unit_errors_are_found(root: Path, tmp_path: Path) -> None:
    n_planted = 0
    for text, planted in _copies(root):
        path = tmp_path / "planted.mdl"
        path.write_text(text, encoding="utf-8")
        found = {(f.line, f.variable) for f in check_model(path) if f.check == "units"}
        assert {(entry.line, entry.name) for entry in planted} <= found
        mine = {key_of(name) for _, name in found}
        assert {key_of(entry.name) for entry in planted} <= _oracle(path) | mine
        assert _oracle(path) <= mine
        n_planted += len(planted)
    assert n_planted >= 30


CONSTANTS = ("birth rate", "initial GDP", "income perception time", "interest rate", "one year")


@pytest.mark.parametrize("constant", CONSTANTS)
def test_a_wrong_unit_is_found_wherever_it_is_used(
    root: Path, tmp_path: Path, constant: str
) -> None:
    text = (root / "models" / "regional_growth.mdl").read_text(encoding="utf-8")
    (entry,) = (entry for entry in entries(text)[0] if entry.name == constant)
    left, _, rest = text[entry.start : entry.end].split("~", 2)
    path = tmp_path / "wrong.mdl"
    path.write_text(f"{text[: entry.start]}{left}~ Widget ~{rest}{text[entry.end :]}")
    found = {key_of(f.variable) for f in check_model(path)}
    assert found
    assert _oracle(path) <= found
