"""Blocks of members give what lone runs of the model give, however they are cut."""

import pickle
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pytest

from simdyn.engine.model import Model
from simdyn.names import LAST_YEAR
from simdyn.runs.layout import Layout
from simdyn.runs.members import MemberRuns
from simdyn.scenarios import Change, Course
from simdyn.years import yearly

VARIABLES = ("GDP", "population", "Debt")
N_DRAW = 30
POLICY = "market investment policy"


@dataclass(frozen=True)
class Plan:
    name: str
    set_to: dict[str, float] = field(default_factory=dict)
    follow: dict[str, Course] = field(default_factory=dict)
    change: dict[str, Change] = field(default_factory=dict)

    def settings(self, region: str) -> dict[str, float]:
        return self.set_to if region == "east" else {}

    def courses(self, region: str) -> dict[str, Course]:  # noqa: ARG002
        return self.follow

    def changes(self, region: str) -> dict[str, Change]:  # noqa: ARG002
        return self.change


PLANS = (
    Plan("none"),
    Plan("lever", {"market investment lever": 0.4, "second shock depth": 0.05}),
    Plan("course", {"bond issue lever": 0.01}, {POLICY: Course((2022.0, 2030.0), (0.0, 0.5))}),
    Plan("other course", {}, {POLICY: Course((2022.0, 2025.0), (0.1, 0.2))}),
    Plan("same times", {}, {POLICY: Course((2022.0, 2030.0), (0.3, 0.1))}),
    Plan("fewer births", change={"birth rate": Change(times=0.7)}),
    Plan("no prior", change={"participation rate": Change(plus=0.05)}),
)


@pytest.fixture(scope="module")
def compute(growth_model: Model) -> MemberRuns:
    kinds = growth_model.variables["kind"]
    names = list(kinds.index[kinds == "constant"])
    constants = growth_model.run(variables=names).iloc[0].to_dict()
    rng = np.random.default_rng(8)
    free = ("initial GDP", "birth rate", "technology growth trend")
    draws = {
        region: {name: constants[name] * rng.lognormal(0, 0.1, N_DRAW) for name in free}
        for region in ("east", "west")
    }
    draws["west"]["initial primary share"] = 0.2
    levers = {name for name in names if name.endswith(" lever")} | {"second shock depth"}
    always = frozenset({*levers, *free, "initial primary share"})
    names_of = tuple(plan.name for plan in PLANS)
    years = tuple(range(2015, LAST_YEAR + 1))
    layout = Layout(("east", "west"), names_of, N_DRAW, VARIABLES, years)
    source = (growth_model.path.name, growth_model.path.read_bytes())
    return MemberRuns(layout, growth_model, draws, PLANS, constants, always, 0.25, source)


def whole(compute: MemberRuns) -> np.ndarray:
    values = np.full(compute.layout.shape, -1.0)
    for block in compute.layout.blocks():
        r, s, d, n_s, n_d = block
        values[r, s : s + n_s, d : d + n_d] = compute(block).values
    return values


@pytest.mark.parametrize("place", range(len(PLANS)), ids=[plan.name for plan in PLANS])
@pytest.mark.parametrize("region", ["east", "west"])
def test_a_member_is_a_run_of_the_model(compute: MemberRuns, place: int, region: str) -> None:
    plan, draw = PLANS[place], 7
    own = {name: np.broadcast_to(v, N_DRAW)[draw] for name, v in compute.draws[region].items()}
    given: dict[str, object] = {**own, **plan.settings(region)}
    for name, course in plan.courses(region).items():
        given[name] = pd.Series(course.values, index=course.times)
    for name, change in plan.changes(region).items():
        given[name] = float(change.apply(np.array([own.get(name, compute.constants[name])]))[0])
    controls = {"FINAL TIME": LAST_YEAR + 1.0, "TIME STEP": 0.25}
    steps = compute.model.run({**given, **controls}, VARIABLES, save="step")  # type: ignore[dict-item]
    r = compute.layout.regions.index(region)
    found = whole(compute)[r, place, draw]
    flow = steps["GDP"].to_numpy()[:-1].reshape(-1, 4).mean(axis=1)
    np.testing.assert_allclose(found[0], flow, rtol=1e-11)
    np.testing.assert_allclose(found[2], steps["Debt"].to_numpy()[4::4], rtol=1e-9)


@pytest.mark.parametrize("size", [1, 7, 30, 64, 100])
def test_blocks_do_not_change_a_bit(compute: MemberRuns, size: int) -> None:
    other = replace(compute, layout=replace(compute.layout, block_members=size))
    assert whole(other).tobytes() == whole(compute).tobytes()


def test_scenarios_do_not_change_each_other(compute: MemberRuns) -> None:
    order = [3, 0, 4]
    plans = [PLANS[place] for place in order]
    layout = replace(compute.layout, scenarios=tuple(plan.name for plan in plans))
    some = whole(replace(compute, layout=layout, scenarios=plans))
    assert some.tobytes() == whole(compute)[:, order].tobytes()


def test_another_process_runs_the_same_bits(compute: MemberRuns) -> None:
    other = pickle.loads(pickle.dumps(compute))  # noqa: S301
    other = pickle.loads(pickle.dumps(other))  # noqa: S301
    assert whole(other).tobytes() == whole(compute).tobytes()


def test_a_block_sent_alone_gives_the_same(compute: MemberRuns) -> None:
    some = replace(compute, layout=replace(compute.layout, block_members=40), audit_every=7)
    for block in some.layout.blocks():
        part, there = some.alone(block)
        found, known = part(there), some(block)
        assert found.values.tobytes() == known.values.tobytes()
        assert (found.audit, found.failures) == (known.audit, known.failures)
        assert len(part.scenarios) == block.n_scenario
        assert list(part.draws) == [some.layout.regions[block.region]]


def test_steps_make_up_the_years_to_the_bit(compute: MemberRuns) -> None:
    """Of every member once, though scenarios that set other names are run apart."""
    some = replace(compute, layout=replace(compute.layout, block_members=60))
    known, found = whole(some), np.full(some.layout.shape, -1.0)
    for block in some.layout.blocks():
        for scenarios, draws, steps in some.steps(block):
            years = yearly(steps)
            table = np.stack([years.values[name] for name in VARIABLES])
            found[block.region, scenarios, draws] = table.transpose(2, 0, 1)
    assert found.tobytes() == known.tobytes()


def test_failed_members_are_nan_and_told(compute: MemberRuns) -> None:
    shares = np.full(N_DRAW, 0.2)
    shares[[3, 11]] = 0.9
    draws = {**compute.draws, "west": {**compute.draws["west"], "initial primary share": shares}}
    failing = replace(compute, draws=draws)
    block = next(b for b in compute.layout.blocks() if b.region == 1)
    found = failing(block)
    assert np.isnan(found.values[:, [3, 11]]).all()
    assert np.isfinite(np.delete(found.values, [3, 11], axis=1)).all()
    assert found.n_failed == 2 * len(PLANS)
    assert "none, draw 3" in found.failures
    assert "is not finite in" in found.failures["none, draw 3"]


def test_accounts_are_checked(compute: MemberRuns) -> None:
    block = next(compute.layout.blocks())
    every, some = compute(block).audit, replace(compute, audit_every=10)(block).audit
    assert every.keys() == some.keys()
    assert all(error < 1e-9 for name, error in every.items() if name != "smallest stock")
    assert replace(compute, audit_every=10**6)(block._replace(draw=1, n_draw=5)).audit == {}
