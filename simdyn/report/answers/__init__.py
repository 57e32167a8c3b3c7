"""What the report answers of scenarios: differences, what they come from, what it would take.

Each function gives one tidy table for a whole study. Sums of regions are regions like others; where
their parts differ, a column `part` names the region with a run of its own.
"""

from simdyn.report.answers.conflicts import CONFLICT_COLUMNS, conflicts_of
from simdyn.report.answers.evidence import (
    EVIDENCE_COLUMNS,
    ITEM_COLUMNS,
    evidence_items,
    evidence_of,
)
from simdyn.report.answers.levers import LEVER_COLUMNS, levers_of
from simdyn.report.answers.scenarios import contributions, differences, what_it_would_take

__all__ = [
    "CONFLICT_COLUMNS",
    "EVIDENCE_COLUMNS",
    "ITEM_COLUMNS",
    "LEVER_COLUMNS",
    "conflicts_of",
    "contributions",
    "differences",
    "evidence_items",
    "evidence_of",
    "levers_of",
    "what_it_would_take",
]
