"""Scenarios: named settings of levers and uncertain parameters, by region or for all."""

from simdyn.scenarios.change import Change
from simdyn.scenarios.course import Course
from simdyn.scenarios.levers import (
    LEVER_SUFFIX,
    POLICY_SUFFIX,
    SHOCK_DEPTH,
    SHOCK_SETTINGS,
    SHOCK_YEAR,
    Lever,
    LeverKind,
    constant_of,
    lever_names,
    policy_of,
    read_levers,
)
from simdyn.scenarios.reading import (
    Library,
    is_study,
    read_scenario,
    read_scenario_toml,
    read_scenarios,
    same_titles,
    scenario_files,
)
from simdyn.scenarios.records import (
    ALL_REGIONS,
    LARGEST,
    NAME,
    LeverEntry,
    ScenarioFile,
    UncertaintyEntry,
)
from simdyn.scenarios.rules import ASSUMPTION
from simdyn.scenarios.scenario import Scenario
from simdyn.scenarios.survey import Summary, survey
from simdyn.scenarios.sweeps import Design, Sweep, SweepFile, Variant, make_sweep, wrong_sweeps
from simdyn.scenarios.template import refuse_name, write_template
from simdyn.scenarios.turned import Mixed, Turned
from simdyn.scenarios.vocabulary import Span, Vocabulary, spans, uncertain, vocabulary

__all__ = [
    "ALL_REGIONS",
    "ASSUMPTION",
    "LARGEST",
    "LEVER_SUFFIX",
    "NAME",
    "POLICY_SUFFIX",
    "SHOCK_DEPTH",
    "SHOCK_SETTINGS",
    "SHOCK_YEAR",
    "Change",
    "Course",
    "Design",
    "Lever",
    "LeverEntry",
    "LeverKind",
    "Library",
    "Mixed",
    "Scenario",
    "ScenarioFile",
    "Span",
    "Summary",
    "Sweep",
    "SweepFile",
    "Turned",
    "UncertaintyEntry",
    "Variant",
    "Vocabulary",
    "constant_of",
    "is_study",
    "lever_names",
    "make_sweep",
    "policy_of",
    "read_levers",
    "read_scenario",
    "read_scenario_toml",
    "read_scenarios",
    "refuse_name",
    "same_titles",
    "scenario_files",
    "spans",
    "survey",
    "uncertain",
    "vocabulary",
    "write_template",
    "wrong_sweeps",
]
