"""Each equation follows what it uses; loops and unknown names are named."""

from collections.abc import Callable
from pathlib import Path

import pytest

from simdyn.compile.lower import lower
from simdyn.compile.order import order
from simdyn.compile.read import read
from simdyn.engine.model import load
from simdyn.errors import ModelError

Write = Callable[..., Path]


def test_order_follows_uses_and_leaves_out_the_rest(write: Write) -> None:
    path = write("S = INTEG(f, i)", "f = g * S", "g = h + 1", "h = 2", "i = 3", "unused = S + g")
    found = order(lower(read(path)), ["s"])
    assert set(found.step) == {"s", "f", "g", "h"}
    assert found.step.index("h") < found.step.index("g") < found.step.index("f")
    assert found.start == ("i", "s")
    assert found.stocks == ("s",)


def test_loop_is_listed_by_the_authors_names(write: Write) -> None:
    path = write(
        "Wage Share = prices * 2", "prices = 1 + costs", "costs = Wage Share + other", "other = 1"
    )
    with pytest.raises(ModelError, match="circular dependency in every step") as error:
        load(path)
    listed = str(error.value).split("next: ")[1].split(". ")[0].replace("'", "").split(" -> ")
    assert listed[0] == listed[-1]
    turned = listed.index("Wage Share") if listed[0] != "Wage Share" else 0
    cycle = (listed[:-1] * 2)[turned : turned + 3]
    assert cycle == ["Wage Share", "prices", "costs"]


def test_loop_at_the_start(write: Write) -> None:
    with pytest.raises(ModelError, match=r"circular dependency at the start.*'A'.*'B'|'B'.*'A'"):
        load(write("A = INTEG(1, B)", "B = INTEG(1, A)"))


def test_stock_breaks_a_loop(write: Write) -> None:
    assert len(load(write("A = INTEG(f, 1)", "f = A * 2")).run()) == 5


def test_variable_that_uses_itself(write: Write) -> None:
    with pytest.raises(ModelError, match="'a' -> 'a'"):
        load(write("a = a + 1"))


def test_undefined_name_offers_the_nearest(write: Write) -> None:
    message = (
        r"model\.mdl:2: 'a' uses 'wage shaer', which is not defined\. Did you mean 'Wage Share'"
    )
    with pytest.raises(ModelError, match=message):
        load(write("a = wage shaer * 2", "Wage Share = 1"))


def test_undefined_name_in_a_stock(write: Write) -> None:
    with pytest.raises(ModelError, match="'S' uses 'lost'"):
        load(write("S = INTEG(1, lost)"))
