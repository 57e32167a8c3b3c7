"""The file that says where tables without room for it come from."""

from __future__ import annotations

import json
from pathlib import Path

from simdyn.export.choice import Choice
from simdyn.export.source import About
from simdyn.export.whole import whole_file

ABOUT = "about.json"


def about_text(about: About, choice: Choice) -> str:
    """Return, as JSON, where results come from and what the exported variables mean."""
    variables = [quantity._asdict() for quantity in choice.quantities]
    data = about.model_dump(mode="json")
    words = data.pop("words")
    data |= {**words, "variables": variables}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def write_about(about: About, choice: Choice, folder: Path, name: str = ABOUT) -> Path:
    """Write what `about_text` returns to a file in `folder` and return its path."""
    path = folder / name
    with whole_file(path) as partial:
        partial.write_text(about_text(about, choice), encoding="utf-8", newline="\n")
    return path
