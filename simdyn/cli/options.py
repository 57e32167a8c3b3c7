"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from simdyn.regions import Evidence

ProjectOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--project", metavar="DIR", help="Project folder, if not this one."),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Write JSON for a program.")]
EvidenceOption: TypeAlias = Annotated[
    Evidence | None,
    typer.Option("--evidence", help="Fit to the figures of the documents only, or of both layers."),
]
StudyOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--study", metavar="FILE", help="Study file; scenarios/study.toml if not given."),
]
