from pathlib import Path

import pytest

from simdyn.engine.model import Model
from simdyn.facts.collection import Facts
from simdyn.project import Project
from simdyn.regions import Known, Region, read_regions


@pytest.fixture(scope="session")
def known(growth_model: Model, facts: Facts) -> Known:
    """What region files may name."""
    kinds = growth_model.variables["kind"]
    units = {str(name): str(unit) for name, unit in growth_model.variables["unit"].items()}
    return Known({str(n): units[str(n)] for n in kinds.index[kinds == "constant"]}, units, facts)


@pytest.fixture(scope="session")
def regions(root: Path, known: Known) -> dict[str, Region]:
    """The project's own regions."""
    project = Project(root)
    return read_regions(project.regions, project.priors, known)
