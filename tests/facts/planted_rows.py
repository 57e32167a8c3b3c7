"""Rows of facts as tests plant them."""

from pathlib import Path

from simdyn.facts.rows import COLUMNS

HEADER = ",".join(COLUMNS)
GOOD = {
    "region": "songbei",
    "quantity": "gdp",
    "kind": "level",
    "value": "500",
    "unit": "1e8 CNY",
    "start": "2020",
    "end": "2020",
    "bound": "gt",
    "role": "observed",
    "price_basis": "unstated",
    "vintage": "current",
    "document": "songbei-work-report-2021",
    "section": "one",
    "confidence": "official",
    "note": "",
}


def line(**changes: str) -> str:
    return ",".join({**GOOD, **changes}.values())


def write(folder: Path, *rows: str) -> None:
    (folder / "documents.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    (folder / "public.csv").write_text(HEADER + "\n", encoding="utf-8")
