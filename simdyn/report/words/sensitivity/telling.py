"""What findings are told from, and what they call things in the language of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simdyn.report.words.figure_names import target_labels
from simdyn.report.words.language import ENGLISH, Labels
from simdyn.report.words.names import input_name, outcome_name
from simdyn.report.words.sensitivity.rows import Row
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Study

WORDS = {
    "GDP": "GDP",
    "industry output": "industrial output",
    "budget revenue": "fiscal revenue",
    "Debt": "debt",
    "population": "population",
}
"""Indicators that words are about, and how prose calls them in English."""


@dataclass(frozen=True)
class Telling:
    """Tables that findings are told from, and the words for what is in them.

    regions, scenarios : by the English name, what the language calls them where it differs
    targets : the same by region and label
    """

    found: Sensitivity
    labels: Labels = ENGLISH
    regions: Mapping[str, str] = field(default_factory=dict)
    scenarios: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def rows(self, table: str, **where: object) -> list[Row]:
        """Return the rows of a table with these values in columns; none if it is absent."""
        tables = self.found.tables
        if table not in tables or not set(where) <= set(tables[table].columns):
            return []
        chosen = self.found.rows(table, **where)
        records = chosen.to_dict("records")
        return [
            Row(table, at, {str(k): v for k, v in record.items()})
            for at, record in zip(chosen.index, records, strict=True)
        ]

    def word(self, indicator: str) -> str:
        """Return what prose calls an indicator that words are about."""
        return self.labels.term(WORDS[indicator])

    def name(self, row: Row, column: str) -> str:
        """Return what prose calls what a column names."""
        name = row.text(column)
        match column:
            case "target":
                return self.targets.get((row.text("region"), name), name)
            case "outcome":
                return outcome_name(name, self.labels)
            case "scenario":
                return self.scenario(name)
            case "input":
                return input_name(name, self.labels, self.regions)
            case _:
                return self.labels.term(name)

    def scenario(self, name: str) -> str:
        """Return what prose calls a scenario."""
        return self.scenarios.get(name, name)


def telling_of(study: Study, found: Sensitivity, labels: Labels) -> Telling:
    """Return what is told of a study's regions; English calls scenarios by their names."""
    return Telling(
        found,
        labels,
        {r.name: labels.either(r.name, r.file.name_zh) for r in study.regions.values()},
        {s.name: labels.either(s.name, s.file.title_zh) for s in study.scenarios},
        target_labels(study, labels),
    )
