"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

ProjectOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--project", metavar="DIR", help="Project folder, if not this one."),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Write JSON for a program.")]
