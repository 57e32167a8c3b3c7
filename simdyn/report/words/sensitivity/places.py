"""First place: who leads, and who cannot be told apart from who leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simdyn.report.words.sensitivity.rows import Row, Shares

MOST_NAMED = 4
"""Inputs that are named where several share first place."""


@dataclass(frozen=True)
class FirstPlace:
    """Who has the largest share of a variance.

    named : largest first; the others' intervals are not below that of the first
    more : whether yet others are not told apart from the first
    """

    named: tuple[Row, ...]
    more: bool

    @property
    def leads(self) -> bool:
        """Whether the first alone has first place: its interval is above all others."""
        return len(self.named) == 1 and not self.more


def first_place(
    rows: Sequence[Row], told: Sequence[Row], columns: Shares, most: int = MOST_NAMED
) -> FirstPlace | None:
    """Return who shares first place, None if nobody may be named.

    Parameters
    ----------
    rows : all inputs
    told : those of them that may be named, as they are told from noise
    """
    ranked = sorted(told, key=lambda row: -row.number(columns.middle))
    if not ranked:
        return None
    top = ranked[0]
    rivals = [
        row
        for row in rows
        if row.at != top.at and not row.number(columns.high) < top.number(columns.low)
    ]
    close = {row.at for row in rivals}
    named = (top, *(row for row in ranked if row.at in close))[:most]
    return FirstPlace(named, len(named) <= len(rivals))
