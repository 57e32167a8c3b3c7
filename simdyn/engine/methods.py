"""Methods of integration, as tables of weights that every backend follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simdyn.errors import ModelError

MethodName = Literal["euler", "rk4"]


@dataclass(frozen=True)
class Method:
    """An explicit method whose every stage starts from the stage before (Butcher 2016, 232).

    Stage i has the flows at the states base + shares[i - 1] * dt * (flows of stage i - 1); the
    step adds dt * sum of weights * flows.
    """

    shares: tuple[float, ...]
    weights: tuple[float, ...]

    @property
    def moments(self) -> tuple[int, ...]:
        """When each stage stands, in rows of ``rows_a_step`` after the start of the step."""
        return tuple(round(share * self.rows_a_step) for share in (0.0, *self.shares))

    @property
    def rows_a_step(self) -> int:
        """Equal parts of a step at which stages stand."""
        return 2 if 0.5 in self.shares else 1


METHODS: dict[str, Method] = {
    "euler": Method((), (1.0,)),
    "rk4": Method((0.5, 0.5, 1.0), (1 / 6, 1 / 3, 1 / 3, 1 / 6)),
}


def method_of(name: str) -> Method:
    """Return a method by its name.

    Raises
    ------
    ModelError
        There is none.
    """
    if name not in METHODS:
        raise ModelError(f"method='{name}' is unknown. Use one of: {', '.join(METHODS)}.")
    return METHODS[name]
