"""Reported figures: read, checked, compared with each other and counted."""

from simdyn.facts.collection import Facts
from simdyn.facts.conflicts import find_conflicts
from simdyn.facts.reader import check_facts, read_facts
from simdyn.facts.records import Fact, Kind, Layer, Role

__all__ = [
    "Fact",
    "Facts",
    "Kind",
    "Layer",
    "Role",
    "check_facts",
    "find_conflicts",
    "read_facts",
]
