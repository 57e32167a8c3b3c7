"""The text of a new scenario: valid as it stands, with every lever in comments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from simdyn.errors import ScenarioError
from simdyn.scenarios.course import FIRST_DATE, LAST_DATE
from simdyn.scenarios.levers import SHOCK_SETTINGS, Lever
from simdyn.scenarios.records import DEVICES, NAME

HELP = f"""\
# A lever takes one of four settings, each with its source: a document of
# models/facts/sources.toml and its section, or "assumption".
#   {{ value = 0.1, source = "assumption" }}                         rises from 2021 to 2025
#   {{ path = {{ 2022 = 0.05, 2030 = 0.1 }}, source = "assumption" }}  at the start of years
#   {{ ramp = {{ from = 2023, to = 2028, value = 0.1 }}, source = "assumption" }}
#   {{ switch = {{ from = 2024, until = 2030, value = 0.1 }}, source = "assumption" }}
# Years are {FIRST_DATE} to {LAST_DATE}. Add beyond_limits = true to an entry to cross its limits.
#
# Take the # away from a lever to set it in every region. For one region write a table with its
# key instead of "all", such as [levers.songbei].
"""
UNCERTAINTY = """\
# An uncertain constant of the model: value, plus or times, applied to every draw.
# [uncertainties.all]
# "birth rate" = { times = 0.9, source = "assumption" }
"""


def write_template(folder: Path, name: str, parent: str | None, levers: Iterable[Lever]) -> Path:
    """Write a new scenario into `folder` and return its path.

    Raises
    ------
    ScenarioError : the name cannot be one of a scenario, is taken, or nothing can be written there
    """
    refuse_name(name)
    path = folder / f"{name}.toml"
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(template(name, parent, levers))
    except FileExistsError:
        raise ScenarioError("exists already. Take another name.", path=path) from None
    except OSError as failure:
        raise ScenarioError(f"cannot be written: {failure.strerror}.", path=path) from None
    return path


def refuse_name(name: str) -> None:
    """Raise ScenarioError if a name cannot be one of a scenario."""
    if re.fullmatch(NAME, name) is None:
        message = (
            f"'{name[:80]}' cannot name a scenario. Use small Latin letters, digits, - and _, "
        )
        raise ScenarioError(f"{message}at most 61, a letter or digit first.")
    if name in DEVICES:
        raise ScenarioError(f"Windows keeps the name '{name}' for a device. Choose another.")


def template(name: str, parent: str | None, levers: Iterable[Lever]) -> str:
    """Return the text of a new scenario."""
    title = re.sub("[-_]+", " ", name).strip().capitalize()
    head = [
        f'name = "{name}" # the name of the file',
        f'title = "{title}"',
        f'title_zh = "{title}"',
        'description = """\nWhat the scenario assumes, and where that is from."""',
        '# description_zh = "" # the same in Chinese',
        f'extends = "{parent}"'
        if parent
        else '# extends = "plan" # what it does not set is as there',
    ]
    body = "\n".join(line for lever in levers for line in _comment(lever))
    return "\n".join([*head, "", f"{HELP}\n[levers.all]\n{body}\n\n{UNCERTAINTY}"])


def _comment(lever: Lever) -> Iterator[str]:
    """Yield the lines of comment on one lever."""
    yield "#"
    yield f"# {lever.title}: {lever.unit}, {lever.low:g} to {lever.high:g}. {lever.note}"
    yield f'# "{lever.lever}" = {{ value = {_example(lever):g}, source = "assumption" }}'


def _example(lever: Lever) -> float:
    """Return a value within the limits: a tenth of the highest, for a year the middle."""
    if lever.lever in SHOCK_SETTINGS and lever.low > 0:
        return (lever.low + lever.high) // 2
    return lever.high / 10
