"""Shorthand of the tests of structures."""

from collections.abc import Callable

from simdyn.structure import Link, Loop, Structure

Read = Callable[..., Structure]

POPULATION = (
    "Population = INTEG(births - deaths, 100)",
    "births = birth rate * Population",
    "birth rate = 0.03",
    "deaths = Population / life time",
    "life time = 60",
)


def link(structure: Structure, cause: str, effect: str) -> Link:
    return next(k for k in structure.links if (k.cause, k.effect) == (cause, effect))


def loop(structure: Structure, *variables: str) -> Loop:
    return next(k for k in structure.loops if set(k.variables) == set(variables))
