"""What cannot be used is named and counted, or refused with what mends it."""

import numpy as np
import pytest

from simdyn.errors import RunError
from simdyn.sensitivity.given import given


def _draws(n_draw: int = 200) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    return rng.standard_normal((n_draw, 3)), rng.standard_normal((n_draw, 2))


def test_failed_draws_are_dropped_and_counted() -> None:
    x, y = _draws()
    x[3, 0], y[5, 1], y[5, 0], y[9, 0] = np.inf, np.nan, np.nan, np.nan
    data = given(x, y, list("abc"), list("yz"))
    assert (data.n_draw, data.n_dropped, data.excluded) == (197, 3, ())
    assert np.isfinite(data.inputs).all()
    assert np.isfinite(data.outcomes).all()


def test_what_never_moves_and_what_mostly_failed_is_excluded_by_name() -> None:
    x, y = _draws()
    x[:, 1] = 0.1 + 0.2
    y[:50, 0] = np.nan
    data = given(x, y, list("abc"), list("yz"))
    assert data.input_names == ("a", "c")
    assert data.outcome_names == ("z",)
    assert data.n_dropped == 0
    assert [(e.name, e.kind, e.reason) for e in data.excluded] == [
        ("b", "input", "the same value in every draw"),
        ("y", "outcome", "50 of 200 draws have no finite value"),
    ]


@pytest.mark.parametrize(
    ("inputs", "outcomes", "message"),
    [
        (list("aba"), list("yz"), "input 'a' comes twice"),
        (list("abc"), list("yy"), "outcome 'y' comes twice"),
        (list("ab"), list("yz"), r"shape \(200, 3\) with 2 names"),
    ],
)
def test_wrong_names_are_refused(inputs: list[str], outcomes: list[str], message: str) -> None:
    with pytest.raises(RunError, match=message):
        given(*_draws(), inputs, outcomes)


def test_too_few_and_useless_draws_are_refused() -> None:
    x, y = _draws(99)
    with pytest.raises(RunError, match="99 sound draws, at least 100 are needed"):
        given(x, y, list("abc"), list("yz"))
    with pytest.raises(RunError, match=r"no outcome can be used \(y: the same value"):
        given(x, np.ones((99, 1)), list("abc"), ["y"])
    with pytest.raises(RunError, match="99 draws of inputs and 98 of outcomes"):
        given(x, y[1:], list("abc"), list("yz"))
