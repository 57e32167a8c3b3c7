"""The project's scenarios: all regions, every value with its source, every run possible."""

from pathlib import Path

import numpy as np
import pytest

from simdyn.calibrate.priors import parameter
from simdyn.engine.model import Model
from simdyn.facts.reader import read_facts
from simdyn.project import Project
from simdyn.regions import Known, Region, Scope, read_regions
from simdyn.scenarios import Library, Vocabulary
from simdyn.scenarios.gather import read_vocabulary

NAMES = (
    "baseline",
    "plan",
    "high",
    "low",
    "population_decline",
    "fiscal_stress",
    "investment_slump",
    "integration",
    "food",
    "shock",
    "combined",
)


@pytest.fixture(scope="module")
def words(root: Path) -> Vocabulary:
    return read_vocabulary(Project(root))


@pytest.fixture(scope="module")
def library(root: Path, words: Vocabulary) -> Library:
    return Library(Project(root).scenarios, words)


@pytest.fixture(scope="module")
def regions(root: Path, growth_model: Model) -> dict[str, Region]:
    home, rows = Project(root), growth_model.variables
    units: dict[str, str | None] = {str(n): str(rows["unit"][n]) for n in rows.index}
    constants = {n: u for n, u in units.items() if rows["kind"][n] == "constant"}
    known = Known(constants, units, read_facts(home.facts))
    return dict(read_regions(home.regions, home.priors, known))


@pytest.mark.parametrize("name", NAMES)
def test_every_run_at_the_middle_of_the_priors_is_possible(
    name: str, library: Library, regions: dict[str, Region], growth_model: Model
) -> None:
    scenario = library.scenario(name)
    assert scenario.beyond_limits == ()
    for key, region in regions.items():
        if region.is_sum:
            continue
        priors = [p for p in region.priors if p.applies_to is Scope.MODEL]
        middle = {p.parameter: parameter(p, np.zeros(1)) for p in priors}
        stocks = ["GDP", "population", "Debt", "Public capital"]
        runs = growth_model.ensemble({**middle, **scenario.settings(key)}, stocks)
        for stock in stocks:
            assert np.all(runs[stock].to_numpy() > 0), (name, key, stock)


def test_every_region_is_looked_at(library: Library, words: Vocabulary) -> None:
    for name in NAMES:
        named = {key for key in words.runs if library.scenario(name).levers(key)}
        left_out = {"baseline": set(words.runs), "integration": {"qiqihar"}}.get(name, set())
        assert named == set(words.runs) - left_out, name


def test_combined_holds_plan_integration_and_food(library: Library, words: Vocabulary) -> None:
    combined = library.scenario("combined")
    for key in words.runs:
        settings = combined.settings(key)
        for name in ("plan", "integration", "food"):
            # Nowhere is less done than in one of its parts; interest falls instead.
            for lever, value in library.scenario(name).settings(key).items():
                sign = -1 if lever == "interest rate lever" else 1
                assert sign * settings[lever] >= sign * value, (key, lever)


def test_limits_of_an_uncertainty_are_those_of_the_prior(words: Vocabulary) -> None:
    # The standard normal has 0.1 percent below -3.0902; birth rate is normal (0.0055, 0.0008).
    low, centre, high = words.spans["songbei"]["birth rate"]
    np.testing.assert_allclose(
        [low, centre, high], 0.0055 + 0.0008 * 3.090232 * np.array([-1, 0, 1])
    )
    assert "migration lever" not in words.constants
    assert "TIME STEP" not in words.constants
