"""What a scenario changes in the draws of an uncertain parameter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simdyn.arrays import Array


@dataclass(frozen=True)
class Change:
    """A change of the draws of an uncertain parameter: exactly one of the three.

    value : that all draws take
    plus : what is added to every draw
    times : what every draw is multiplied by
    """

    value: float | None = None
    plus: float | None = None
    times: float | None = None

    def __post_init__(self) -> None:
        if sum(part is not None for part in (self.value, self.plus, self.times)) != 1:
            raise ValueError("exactly one of value, plus, times")

    def apply(self, draws: Array) -> Array:
        """Return the draws under the change, of the same shape."""
        if self.value is not None:
            return np.full(np.shape(draws), self.value)
        if self.plus is not None:
            return draws + self.plus
        return draws * np.float64(self.times or 0.0)

    def at(self, centre: float) -> float:
        """Return what becomes of a single value."""
        return float(self.apply(np.array(centre, dtype=float)))

    @property
    def words(self) -> str:
        """The change as a reader sees it."""
        if self.value is not None:
            return f"{self.value:g}"
        return f"plus {self.plus:g}" if self.plus is not None else f"times {self.times:g}"
