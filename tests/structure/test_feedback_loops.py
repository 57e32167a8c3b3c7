import time
from itertools import pairwise

import pytest
from structure_words import POPULATION, Read, loop

from simdyn.structure import Link, Structure
from simdyn.structure.loops import loops_of


def links(*pairs: str, **more: bool) -> list[Link]:
    return [Link(pair[0], pair[1], "+", "equation", **more) for pair in pairs]


def test_births_reinforce_and_deaths_balance(read: Read) -> None:
    found = read(*POPULATION)
    births, deaths = loop(found, "Population", "births"), loop(found, "Population", "deaths")
    assert (births.mark, births.kind, births.name) == ("R1", "R", "Population through births")
    assert (deaths.mark, deaths.kind, deaths.name) == ("B1", "B", "Population through deaths")
    assert births.stocks == ("Population",)
    assert len(births) == 2
    assert found.complete


def test_a_link_that_depends_makes_a_loop_ambiguous(read: Read) -> None:
    found = read("S = INTEG(net, 0.1)", "net = S * (1 - S) * 2")
    assert [(k.kind, k.mark) for k in found.loops] == [("ambiguous", "A1")]


def test_delays_of_a_loop_are_named(read: Read) -> None:
    found = read("seen = SMOOTHI(made, 2, 1)", "made = 10 - seen")
    (only,) = found.loops
    assert (only.kind, only.delayed, only.stocks) == ("B", ("seen",), ())
    assert only.name == "seen"


def test_a_stock_alone_is_a_loop(read: Read) -> None:
    (only,) = read("S = INTEG(0.1 * S, 1)").loops
    assert (only.name, only.kind, only.variables) == ("S", "R", ("S",))


def test_the_set_is_short_and_independent() -> None:
    # Two squares that share a side: the outer ring adds no link to them.
    found, complete = loops_of(links("ab", "bc", "cd", "da", "be", "ef", "fa"), frozenset("a"))
    assert complete
    assert sorted(sorted(k.variables) for k in found) == [list("abcd"), list("abef")]
    # A shortcut has the loop that it shortens beside it.
    found, _ = loops_of(links("ab", "bc", "ca", "ba"), frozenset())
    assert [len(k) for k in found] == [2, 3]


def test_what_is_no_feedback_is_left_out() -> None:
    assert loops_of(links("ab", "bc", "ac"), frozenset()) == ((), True)
    assert loops_of([], frozenset()) == ((), True)


def test_large_models_end_in_time() -> None:
    ring = [Link(f"v{n}", f"v{(n + 1) % 4000}", "+", "equation") for n in range(4000)]
    start = time.perf_counter()
    found, complete = loops_of(ring, frozenset())
    assert time.perf_counter() - start < 20
    assert len(found) == 1
    assert not complete


def test_loops_of_the_growth_model(growth: Structure) -> None:
    stocks = frozenset(e.name for e in growth.elements if e.kind == "stock")
    start = time.perf_counter()
    again, complete = loops_of(growth.links, stocks)
    assert time.perf_counter() - start < 1
    assert again == growth.loops
    assert complete
    assert growth.complete
    assert len({k.name for k in growth.loops}) == len({k.mark for k in growth.loops})
    seen: set[tuple[str, str]] = set()
    for each in growth.loops:
        signs = [link.polarity for link in each.links]
        odd = signs.count("-") % 2 == 1
        assert each.kind == ("ambiguous" if "depends" in signs else "B" if odd else "R")
        assert all(one.effect == other.cause for one, other in pairwise(each.links))
        assert each.links[-1].effect == each.links[0].cause
        pairs = {(link.cause, link.effect) for link in each.links}
        assert not pairs <= seen
        seen |= pairs


@pytest.mark.parametrize(
    ("variables", "kind"),
    [
        (("Debt", "interest", "financing gap", "deficit"), "R"),
        (("Industry capital", "industry capital depreciation"), "B"),
        (("Working population", "births", "Young population", "growing up"), "R"),
    ],
)
def test_known_loops_of_the_growth_model(
    growth: Structure, variables: tuple[str, ...], kind: str
) -> None:
    assert loop(growth, *variables).kind == kind
