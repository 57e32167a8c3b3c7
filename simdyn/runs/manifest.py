"""What a folder of runs was made from: inputs by their digests, seed, versions, axes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from simdyn.errors import RunError
from simdyn.runs.disk import reading, write_whole
from simdyn.runs.layout import Layout

MANIFEST = "manifest.json"
MARK = "simdyn runs"
"""The entry by which a folder of runs is told from all others; its value is the form's number."""
FORM = 1


@dataclass(frozen=True)
class Manifest:
    """What determines the values of a batch of runs.

    inputs : digest of the content of every input, by a name that readers know
    versions : of the programs that the values depend on
    sums : regions that are sums of others, by their parts; formed when results are read
    notes : what else is kept for readers and for running again; two batches may differ in it
    """

    study: str
    seed: int
    inputs: Mapping[str, str]
    versions: Mapping[str, str]
    layout: Layout
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Stored:
    """A manifest as it stands in a folder.

    started : when the batch was begun, ISO 8601
    digest : SHA-256 of the manifest and `started`
    """

    manifest: Manifest
    started: str
    digest: str


_MANIFEST = TypeAdapter(Manifest)


def write_manifest(folder: Path, manifest: Manifest) -> Stored:
    """Write the manifest of a batch that begins now."""
    started = datetime.now(UTC).isoformat(timespec="seconds")
    stored = Stored(manifest, started, _digest(manifest, started))
    data = {MARK: FORM, **asdict(stored)}
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    write_whole(folder / MANIFEST, text.encode())
    return stored


def read_manifest(folder: Path) -> Stored:
    """Return the manifest of a folder of runs.

    Raises
    ------
    RunError : there is none, or it is not as it was written
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise RunError("no results of runs here: there is no manifest.json.", path=folder)
    with reading(path):
        content = path.read_bytes()
    try:
        return _parse(content)
    except (ValidationError, ValueError, KeyError, TypeError):
        message = "is damaged or was edited. Run again with --fresh to start anew."
        raise RunError(message, path=path) from None


def is_ours(folder: Path) -> bool:
    """Return whether a folder has a manifest of runs, whole or damaged."""
    path = folder / MANIFEST
    with reading(path):
        return path.is_file() and MARK.encode() in path.read_bytes()


def differences(old: Manifest, new: Manifest) -> tuple[str, ...]:
    """Say, an input each, in what two batches differ that changes their values.

    The size of blocks does not: a batch goes on with the blocks that it has.
    """
    return (
        *_changed("study", old.study, new.study),
        *_changed("seed", old.seed, new.seed),
        *_mapping("", old.inputs, new.inputs),
        *_mapping("version of ", old.versions, new.versions, show=True),
        *_mapping("sum ", old.sums, new.sums),
        *_axis("region", old.layout.regions, new.layout.regions),
        *_axis("scenario", old.layout.scenarios, new.layout.scenarios),
        *_axis("variable", old.layout.variables, new.layout.variables),
        *_changed("draws", old.layout.n_draw, new.layout.n_draw),
        *_changed("years", _span(old.layout.years), _span(new.layout.years)),
    )


def _parse(content: bytes) -> Stored:
    data = json.loads(content)
    if data.pop(MARK) != FORM:
        raise ValueError
    manifest = _MANIFEST.validate_python(data.pop("manifest"))
    stored = Stored(manifest, **data)
    if stored.digest != _digest(manifest, stored.started):
        raise ValueError
    return stored


def _digest(manifest: Manifest, started: str) -> str:
    text = json.dumps([FORM, asdict(manifest), started], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _changed(name: str, old: object, new: object) -> Iterator[str]:
    if old != new:
        yield f"{name}: {old} before, {new} now"


def _mapping(
    what: str, old: Mapping[str, Any], new: Mapping[str, Any], *, show: bool = False
) -> Iterator[str]:
    for name in sorted({*old, *new}):
        if name not in new:
            yield f"{what}{name} is gone"
        elif name not in old:
            yield f"{what}{name} is new"
        elif old[name] != new[name]:
            yield (
                f"{what}{name}: {old[name]} before, {new[name]} now"
                if show
                else (f"{what}{name} has changed")
            )


def _axis(what: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[str]:
    yield from (f"{what} {name} is gone" for name in old if name not in new)
    yield from (f"{what} {name} is new" for name in new if name not in old)
    if old != new and sorted(old) == sorted(new):
        yield f"order of the {what}s"


def _span(years: tuple[int, ...]) -> str:
    return f"{years[0]}-{years[-1]}"
