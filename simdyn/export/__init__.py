"""Results of runs for other programs: tidy CSV, Parquet, Excel and the layout of the IAMC."""

from simdyn.export.choice import Choice, choose
from simdyn.export.formats import Exported, Format, What, export
from simdyn.export.source import (
    About,
    Citation,
    RegionWords,
    Runs,
    ScenarioWords,
    Source,
    StudyWords,
)

__all__ = [
    "About",
    "Choice",
    "Citation",
    "Exported",
    "Format",
    "RegionWords",
    "Runs",
    "ScenarioWords",
    "Source",
    "StudyWords",
    "What",
    "choose",
    "export",
]
