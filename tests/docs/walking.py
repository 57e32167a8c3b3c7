"""Do what a document says: write, add to and change its files, run its commands and code."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from simdyn.cli.main import main

STEP = re.compile(
    r"(?:\b(?P<verb>write|add to|change) `(?P<path>[^`]+)`:\n\n)?"
    r"```(?P<language>\w*)\n(?P<body>.*?)```",
    re.DOTALL | re.IGNORECASE,
)
SMALL = (
    (r"^draws = \d+", "draws = 6"),
    (r"^posterior = \d+", "posterior = 40"),
    (r"^starts = \d+", "starts = 1"),
    (r'^regions = \["songbei".*\]$', 'regions = ["shuangcheng", "songbei", "qiqihar"]'),
    (r"^\[sensitivity\]\n(.+\n)*", "[sensitivity]\nquestions = []\ntrajectories = 2\n"),
)
"""What makes a study small: few draws, three regions, no designs."""


class Step(NamedTuple):
    """A block of a document; verb and path if the line before it names a file."""

    verb: str
    path: str
    language: str
    body: str


def section(text: str, title: str) -> str:
    """Return the section of that title."""
    _, found, rest = text.partition(f"\n## {title}\n")
    assert found, title
    return rest.partition("\n## ")[0]


def steps(text: str) -> Iterator[Step]:
    """Yield the blocks of a text in order."""
    for found in STEP.finditer(text):
        parts = {name: part or "" for name, part in found.groupdict().items()}
        yield Step(**{**parts, "verb": parts["verb"].lower()})


def commands(text: str) -> Iterator[list[str]]:
    """Yield the words behind `simdyn` of each command in the blocks for a shell."""
    for step in steps(text):
        if step.language == "sh":
            for line in step.body.splitlines():
                words = shlex.split(line, comments=True)
                if words[:1] == ["simdyn"]:
                    yield words[1:]


def walk(text: str, home: Path) -> dict[str, object]:
    """Do what a text says in the project `home`, the current folder; return its Python names.

    Studies are made small before commands run.
    """
    names: dict[str, object] = {}
    for step in steps(text):
        path = home / step.path
        if step.verb == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(step.body, encoding="utf-8")
        elif step.verb == "add to":
            old = path.read_text(encoding="utf-8")
            path.write_text(f"{old.rstrip()}\n{step.body}", encoding="utf-8")
        elif step.verb == "change":
            path.write_text(changed(path.read_text(encoding="utf-8"), step.body), encoding="utf-8")
        elif step.language == "sh":
            make_small(home)
            for words in commands(f"```sh\n{step.body}```"):
                assert main(words) == 0, words
        elif step.language == "python":
            exec(step.body, names)  # noqa: S102
    return names


def changed(text: str, difference: str) -> str:
    """Return a text with the lines of a difference exchanged; each place must stand once."""
    for hunk in difference.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def make_small(home: Path) -> None:
    """Make the studies of a project small."""
    for path in (home / "scenarios" / "study.toml", *home.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        for pattern, replacement in SMALL:
            text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
        path.write_text(text, encoding="utf-8")
