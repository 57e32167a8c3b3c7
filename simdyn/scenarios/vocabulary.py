"""The words that scenario files may use, and the limits of what they name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from simdyn.calibrate.priors import parameter
from simdyn.regions import Prior, Region, Scope
from simdyn.scenarios.levers import Lever, constant_of

TAIL = 0.001
"""Probability that a prior leaves beyond each limit of a change."""


class Span(NamedTuple):
    """Where a prior has its mass: the points of TAIL, a half and 1 - TAIL."""

    low: float
    centre: float
    high: float


@dataclass(frozen=True)
class Vocabulary:
    """The words that scenario files may use.

    regions : by key, the regions that each is the sum of, if it is one
    levers : by name; None for one whose limits are not known as their table is faulty
    sources : ids of documents and publications; None if their register is faulty
    constants : of the model that are no levers
    spans : by region and constant, of those that have a prior
    """

    regions: Mapping[str, tuple[str, ...]]
    levers: Mapping[str, Lever | None]
    sources: frozenset[str] | None
    constants: frozenset[str] = frozenset()
    spans: Mapping[str, Mapping[str, Span]] = field(default_factory=dict)

    @property
    def runs(self) -> tuple[str, ...]:
        """The regions with runs of their own."""
        return tuple(key for key, parts in self.regions.items() if not parts)


def vocabulary(
    regions: Mapping[str, Region],
    constants: Collection[str],
    levers: Mapping[str, Lever],
    sources: Iterable[str],
) -> Vocabulary:
    """Return the words of a project, all of whose files are sound.

    Parameters
    ----------
    constants : of the model, levers among them
    sources : ids of documents and publications
    """
    sums = {key: region.file.sum_of for key, region in regions.items()}
    others = uncertain(constants, levers)
    return Vocabulary(sums, levers, frozenset(sources), others, spans(regions))


def uncertain(constants: Iterable[str], levers: Collection[str]) -> frozenset[str]:
    """Return the constants of the model that are no levers."""
    return frozenset(constants) - {constant_of(lever) for lever in levers}


def spans(regions: Mapping[str, Region]) -> dict[str, dict[str, Span]]:
    """Return where the priors of each region's model constants have their mass."""
    return {
        key: {p.parameter: span(p) for p in region.priors if p.applies_to is Scope.MODEL}
        for key, region in regions.items()
    }


def span(prior: Prior) -> Span:
    """Return where a prior has its mass."""
    points = parameter(prior, ndtri(np.array([TAIL, 0.5, 1 - TAIL])))
    return Span(*(float(point) for point in points))
