"""Results of runs for other programs: tidy CSV, Parquet, Excel and the layout of the IAMC."""

from simdyn.export.choice import Choice, choose
from simdyn.export.formats import Exported, Format, What, export
from simdyn.export.source import About, Runs, Source

__all__ = [
    "About",
    "Choice",
    "Exported",
    "Format",
    "Runs",
    "Source",
    "What",
    "choose",
    "export",
]
