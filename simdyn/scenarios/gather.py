"""The words of a project, from its model, facts, regions and levers."""

from __future__ import annotations

from simdyn.engine.model import load
from simdyn.facts.reader import read_facts
from simdyn.project import Project
from simdyn.regions import Known, read_regions
from simdyn.scenarios.levers import read_levers
from simdyn.scenarios.vocabulary import Vocabulary, vocabulary


def read_vocabulary(project: Project) -> Vocabulary:
    """Return the words that scenario files of a project may use.

    Raises
    ------
    SimdynError : with file, line and mend, for the first wrong entry of any file read
    """
    variables = load(project.model).variables
    units = {str(name): str(unit) for name, unit in variables["unit"].items()}
    constants = {name: units[name] for name in units if variables["kind"][name] == "constant"}
    facts = read_facts(project.facts)
    regions = read_regions(project.regions, project.priors, Known(constants, units, facts))
    levers = read_levers(project.levers, constants)
    return vocabulary(regions, constants, levers, facts.sources)
