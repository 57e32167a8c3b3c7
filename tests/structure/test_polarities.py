import numpy as np
import pytest
from structure_words import POPULATION, Read, link

import simdyn
from simdyn.engine.model import Model
from simdyn.structure import Structure


def test_polarities_of_a_population(read: Read) -> None:
    found = read(*POPULATION)
    expected = {
        ("births", "Population"): ("+", "inflow"),
        ("deaths", "Population"): ("-", "outflow"),
        ("Population", "births"): ("+", "cause"),
        ("birth rate", "births"): ("+", "cause"),
        ("Population", "deaths"): ("+", "cause"),
        ("life time", "deaths"): ("-", "cause"),
    }
    assert {(k.cause, k.effect): (k.polarity, k.role) for k in found.links} == expected
    assert {k.basis for k in found.links} == {"equation"}


FORMS = [
    ("y = 3 - x", "-"),
    ("y = x * x", "+"),
    ("y = 1 / x", "-"),
    ("y = 2 / (1 + x)", "-"),
    ("y = x ^ 0.5", "+"),
    ("y = x ^ (-2)", "-"),
    ("y = 0.5 ^ x", "-"),
    ("y = EXP(-x)", "-"),
    ("y = LN(x)", "+"),
    ("y = SQRT(x)", "+"),
    ("y = ABS(-x)", "+"),
    ("y = -ABS(x)", "-"),
    ("y = TANH(x) + ARCTAN(x)", "+"),
    ("y = INTEGER(x)", "+"),
    ("y = MAX(0, MIN(2 * x, 5))", "+"),
    ("y = MIN(3, -x)", "-"),
    ("y = IF THEN ELSE(Time > 2, x, 2 * x)", "+"),
    ("y = IF THEN ELSE(x > 2, 1, 0)", "+"),
    ("y = IF THEN ELSE(x > 2, 0, 1)", "-"),
    ("y = IF THEN ELSE(x < 2 :OR: Time > 2, 0, 1)", "+"),
    ("y = ZIDZ(1, x)", "-"),
    ("y = XIDZ(x, 2, 0)", "+"),
    ("y = STEP(x, 2)", "+"),
    ("y = RAMP(x, 1, 3)", "+"),
    ("y = WITH LOOKUP(x, ((0,0),(1,2),(2,2),(9,7)))", "+"),
    ("y = WITH LOOKUP(x, ((0,5),(9,1)))", "-"),
]


@pytest.mark.parametrize(("form", "polarity"), FORMS)
def test_forms_of_equations(read: Read, form: str, polarity: str) -> None:
    found = link(read(form, "x = INTEG(1, 1)"), "x", "y")
    assert (found.polarity, found.basis) == (polarity, "equation")


@pytest.mark.parametrize(
    ("form", "polarity", "basis"),
    [
        ("y = x / (1 + x)", "+", "run"),
        ("y = x * (3 - x)", "depends", "run"),
        ("y = WITH LOOKUP(x, ((0,0),(2.5,5),(9,0)))", "depends", "run"),
        ("y = WITH LOOKUP(x, ((0,0),(7,5),(9,0)))", "+", "run"),
        ("y = SIN(x)", "depends", "run"),
        ("y = x * switch", "depends", "unknown"),
        ("y = x + RANDOM UNIFORM(0, x, 1)", "depends", "unknown"),
    ],
)
def test_what_an_equation_leaves_open(read: Read, form: str, polarity: str, basis: str) -> None:
    found = link(read(form, "x = INTEG(1, 1)", "switch = 0"), "x", "y")
    assert (found.polarity, found.basis) == (polarity, basis)


def test_a_limit_that_is_not_reached_is_idle(read: Read) -> None:
    found = read("y = MIN(limit, x)", "limit = 100", "x = INTEG(1, 1)")
    assert link(found, "limit", "y").idle
    assert not link(found, "x", "y").idle


@pytest.mark.parametrize(
    ("form", "cause", "delayed"),
    [
        ("y = SMOOTH(x, 2)", "x", True),
        ("y = SMOOTH3(x, 2)", "x", True),
        ("y = DELAY1(x, 2)", "x", True),
        ("y = DELAY3(x, 2)", "x", True),
        ("y = DELAY N(x, 2, 0, 4)", "x", True),
        ("y = DELAY FIXED(x, 2, 0)", "x", True),
        ("y = 2 * DELAY FIXED(x, 2, 0)", "x", True),
        ("y = x + SMOOTH(x, 2)", "x", False),
        ("y = SAMPLE IF TRUE(Time > 1, x, 0)", "x", False),
    ],
)
def test_delays_are_one_link(read: Read, form: str, cause: str, delayed: bool) -> None:
    found = read(form, "x = INTEG(1, 1)")
    assert [e.name for e in found.elements][:2] == ["y", "x"]
    assert {k.cause for k in found.links if k.effect == "y"} == {cause}
    assert (link(found, cause, "y").polarity, link(found, cause, "y").delayed) == ("+", delayed)


def test_the_time_of_a_delay_acts_too(read: Read) -> None:
    found = read("y = SMOOTH(x, how long)", "how long = 2", "x = INTEG(1, 1)")
    assert {k.cause for k in found.links if k.effect == "y"} == {"x", "how long"}


def test_starting_values_are_links_apart(read: Read) -> None:
    found = read("Stock = INTEG(1, first)", "first = 2 * half", "half = 3", "held = INITIAL(first)")
    assert link(found, "first", "Stock").role == link(found, "first", "held").role == "start"
    assert not link(found, "first", "Stock").acts


def test_named_lookups_are_links(read: Read) -> None:
    found = read("y = curve(x)", "curve((0,0),(1,1))", "x = Time / 4")
    assert link(found, "curve", "y").role == "table"
    assert link(found, "x", "y").polarity == "+"


def test_elements_act_as_one_variable(read: Read) -> None:
    found = read(
        "place: north, south",
        "Stock[place] = INTEG(gain[place] - loss[place], 1)",
        "gain[place] = rate[place]",
        "rate[north] = 1",
        "rate[south] = 2",
        "loss[place] = Stock[place] / 5",
        "mixed[north] = all",
        "mixed[south] = -all",
        "all = SUM(Stock[place!])",
    )
    assert [e.name for e in found.elements][:3] == ["Stock", "gain", "rate"]
    assert found.by_name["Stock"].subscripts == ("place",)
    assert found.by_name["rate"].equation == "rate[north] = 1\nrate[south] = 2"
    assert link(found, "Stock", "all").polarity == "+"
    assert link(found, "all", "mixed").polarity == "depends"
    assert {loop.kind for loop in found.loops} == {"B"}


def test_a_model_that_needs_data_has_polarities_by_its_equations(read: Read) -> None:
    found = read("y = 2 * data", "z = x * (3 - x)", "x = data", "data")
    assert link(found, "data", "y").basis == "equation"
    assert (link(found, "x", "z").polarity, link(found, "x", "z").basis) == ("depends", "unknown")


def test_polarities_agree_with_the_engine(growth: Structure, growth_model: Model) -> None:
    """Perturb each cause of some variables alone, from states of the default run."""
    model = simdyn.load(growth_model.path, backend="numpy")
    course = growth_model.run(save="step")
    stocks = [e.name for e in growth.elements if e.kind == "stock"]
    effects = [e.name for e in growth.elements if e.kind in {"auxiliary", "flow"}]
    n_checked = 0
    for effect in np.random.default_rng(1).choice(effects, 20, replace=False).tolist():
        acting = [k for k in growth.links if k.effect == effect and k.acts]
        links = [k for k in acting if growth.by_name[k.cause].kind != "control"]
        causes = [k.cause for k in links]
        for time in (2015, 2021.5, 2030):
            now = course.loc[time]
            params = {name: now[name] for name in {*stocks, *causes}}
            params |= {"INITIAL TIME": time, "FINAL TIME": time + 0.125}
            for number, cause in enumerate(causes):
                steps = np.zeros(2 * len(causes))
                steps[2 * number : 2 * number + 2] = 1, -1
                params[cause] = now[cause] + 1e-5 * (abs(now[cause]) or 1) * steps
            changes = model.ensemble(params, [effect], save=[time])[effect].to_numpy()[:, 0]
            rounding = 1e-12 * np.abs(changes).max()
            for number, one in enumerate(links):
                change = changes[2 * number] - changes[2 * number + 1]
                assert one.polarity != "+" or change >= -rounding, one
                assert one.polarity != "-" or change <= rounding, one
                n_checked += 1
    assert n_checked > 100
