"""What is refused in a scenario file that has the form of one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from simdyn.errors import ScenarioError, did_you_mean
from simdyn.records import Key, TomlFile
from simdyn.scenarios.levers import SHOCK_SETTINGS, Lever
from simdyn.scenarios.records import ALL_REGIONS, LeverEntry, ScenarioFile, UncertaintyEntry
from simdyn.scenarios.vocabulary import Span, Vocabulary

ASSUMPTION = "assumption"
FLAG = "If it is meant, add beyond_limits = true."


@dataclass(frozen=True)
class Rules:
    """Goes through one file; every method yields an error for each wrong entry."""

    toml: TomlFile
    file: ScenarioFile
    words: Vocabulary

    def wrong(self) -> Iterator[ScenarioError]:
        """Yield every error, in the order of the file."""
        if self.file.name != self.toml.path.stem:
            message = f"the name is '{self.file.name}', the file is {self.toml.path.name}."
            yield self._error(f"{message} Make them the same.", ("name",))
        for region, levers in self.file.levers.items():
            yield from self._region(("levers", region))
            for name, lever in levers.items():
                yield from self._lever(("levers", region, name), lever)
        for region, entries in self.file.uncertainties.items():
            yield from self._region(("uncertainties", region))
            for name, entry in entries.items():
                yield from self._uncertainty(("uncertainties", region, name), entry)

    def _region(self, key: Key) -> Iterator[ScenarioError]:
        region = str(key[-1])
        yield from self._unknown(key, {*self.words.regions, ALL_REGIONS}, "region")
        if parts := self.words.regions.get(region):
            what = key[0]
            message = f"'{region}' is a sum and has no {what}. Set those of {' and '.join(parts)}."
            yield self._error(message, key)

    def _lever(self, key: Key, entry: LeverEntry) -> Iterator[ScenarioError]:
        name = str(key[-1])
        yield from self._unknown(key, self.words.levers, f"lever of '{key[1]}'")
        yield from self._source(key, entry.source)
        if name in SHOCK_SETTINGS and entry.value is None:
            message = f"'{name}' does not change over the years. Write value = a number."
            yield self._error(message, key)
        lever = self.words.levers.get(name)
        if lever is not None and not entry.beyond_limits:
            yield from self._strength(key, entry, lever)

    def _strength(self, key: Key, entry: LeverEntry, lever: Lever) -> Iterator[ScenarioError]:
        for strength in entry.strengths:
            if not lever.admits(strength):
                limits = f"{lever.low:g} to {lever.high:g} ({lever.unit})"
                message = f"'{lever.lever}' of '{key[1]}' is {strength:g}, beyond its limits "
                yield self._error(f"{message}{limits}. Stay within them. {FLAG}", key)
                return

    def _uncertainty(self, key: Key, entry: UncertaintyEntry) -> Iterator[ScenarioError]:
        name = str(key[-1])
        if name in self.words.levers and name not in self.words.constants:
            message = f"'{name}' is a lever. Set it under [levers.{key[1]}]."
            yield self._error(message, key)
        else:
            yield from self._unknown(key, self.words.constants, "constant of the model")
        yield from self._source(key, entry.source)
        if not entry.beyond_limits:
            yield from self._change(key, entry)

    def _change(self, key: Key, entry: UncertaintyEntry) -> Iterator[ScenarioError]:
        """Refuse what leaves the prior of the region, or of the first of all regions."""
        name = str(key[-1])
        for region in self._regions_of(key):
            span = self.words.spans.get(region, {}).get(name)
            if span is None:
                continue
            after = entry.change.at(span.centre)
            if not span.low <= after <= span.high:
                yield self._error(_beyond(name, region, after, span), key)
                return

    def _regions_of(self, key: Key) -> tuple[str, ...]:
        """Return the regions in which an entry of this file holds."""
        region, name = str(key[1]), str(key[2])
        if region != ALL_REGIONS:
            return (region,)
        own = self.file.uncertainties
        return tuple(r for r in self.words.runs if name not in own.get(r, {}))

    def _source(self, key: Key, source: str) -> Iterator[ScenarioError]:
        """Refuse a source that names neither a document nor an assumption."""
        name, known = re.split(r"[,:;]", source)[0].strip(), self.words.sources
        if known is not None and name != ASSUMPTION and name not in known:
            message = f"unknown source '{name}'. Write 'assumption', or a document and its section."
            yield self._error(f"{message} {did_you_mean(name, known)}", key)

    def _unknown(self, key: Key, known: Collection[str], what: str) -> Iterator[ScenarioError]:
        name = str(key[-1])
        if name not in known:
            yield self._error(f"unknown {what}: '{name}'. {did_you_mean(name, known)}", key)

    def _error(self, message: str, key: Key) -> ScenarioError:
        return ScenarioError(message, path=self.toml.path, line=self.toml.line_of(key))


def _beyond(name: str, region: str, after: float, span: Span) -> str:
    message = f"'{name}' comes to {after:g} in '{region}', beyond what its prior holds possible, "
    return f"{message}{span.low:.3g} to {span.high:.3g}. Stay within it. {FLAG}"
