"""Feedback loops: the shortest independent loop set of the links between variables.

Each loop of the set has a link that no shorter one has, and together they hold every link that is
part of feedback. Such a loop is always a shortest one through one of its links, so that these are
all there is to look at. The set may be smaller than that of all independent loops, of which there
are as many as links less variables plus one in each knot.
Sources: Oliva (2004), System Dynamics Review 20(4), 313-336; Kampmann (1996), International System
Dynamics Conference; Huang, Howley and Duggan (2012), System Dynamics Review 28(3), 276-280.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from simdyn.structure.records import Link, Loop, LoopKind

_MOST_NAMED = 3
"""Variables that tell a loop from others of the same stocks; beyond, all are named."""

_MOST_STEPS = 5_000_000
"""Links that are followed in search of loops, some seconds, before the rest is left out."""

Graph = Mapping[str, list[str]]


def loops_of(links: Iterable[Link], stocks: frozenset[str]) -> tuple[tuple[Loop, ...], bool]:
    """Return the loops, short ones first, and whether every link of feedback is in one.

    Parameters
    ----------
    links : whose order decides between loops of one length
    stocks : names of the stocks, after which loops are named
    """
    acting = {(link.cause, link.effect): link for link in links if link.acts}
    inside = _within_knots(list(acting))
    found, complete = _shortest(inside)
    chosen = [[acting[pair] for pair in pairs] for pairs in _independent(found)]
    return tuple(_named(chosen, stocks)), complete


def _within_knots(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the links between variables of one strongly connected part."""
    if not pairs:
        return []
    numbers = {name: n for n, name in enumerate(dict.fromkeys(n for pair in pairs for n in pair))}
    rows, columns = zip(
        *((numbers[cause], numbers[effect]) for cause, effect in pairs), strict=True
    )
    graph = coo_array(([1] * len(pairs), (rows, columns)), shape=(len(numbers), len(numbers)))
    _, knot = connected_components(graph, connection="strong")
    return [(c, e) for c, e in pairs if knot[numbers[c]] == knot[numbers[e]]]


def _shortest(pairs: Sequence[tuple[str, str]]) -> tuple[list[list[str]], bool]:
    """Return a shortest loop through each link, and whether there was time for all links."""
    effects: dict[str, list[str]] = {}
    for cause, effect in pairs:
        effects.setdefault(cause, []).append(effect)
    ways: dict[str, dict[str, str]] = {}
    found: list[list[str]] = []
    for cause, effect in pairs:
        if effect not in ways:
            if (len(ways) + 1) * len(pairs) > _MOST_STEPS:
                return found, False
            ways[effect] = _ways_from(effect, effects)
        loop = [cause]
        while loop[-1] != effect:
            loop.append(ways[effect][loop[-1]])
        found.append(loop[::-1])
    return found, True


def _ways_from(start: str, effects: Graph) -> dict[str, str]:
    """Return for each variable that is reached the one before it on a shortest way."""
    before: dict[str, str] = {}
    pending = deque([start])
    while pending:
        name = pending.popleft()
        for effect in effects.get(name, ()):
            if effect not in before and effect != start:
                before[effect] = name
                pending.append(effect)
    return before


def _independent(loops: Iterable[list[str]]) -> Iterator[list[tuple[str, str]]]:
    """Yield, short ones first, the links of each loop that adds one to those before."""
    seen: set[tuple[str, str]] = set()
    for loop in sorted(loops, key=len):
        pairs = list(zip(loop, [*loop[1:], loop[0]], strict=True))
        if not seen.issuperset(pairs):
            seen.update(pairs)
            yield pairs


# Names for readers

_MARKS: Mapping[LoopKind, str] = {"R": "R", "B": "B", "ambiguous": "A"}


def _named(loops: Sequence[Sequence[Link]], stocks: frozenset[str]) -> Iterator[Loop]:
    turned = [_from_a_stock(loop, stocks) for loop in loops]
    titles = _titles(turned, stocks)
    counts: dict[LoopKind, int] = {}
    for links, title in zip(turned, titles, strict=True):
        kind = kind_of(links)
        counts[kind] = counts.get(kind, 0) + 1
        yield Loop(
            mark=f"{_MARKS[kind]}{counts[kind]}",
            name=title,
            kind=kind,
            links=links,
            stocks=tuple(link.cause for link in links if link.cause in stocks),
            delayed=tuple(link.effect for link in links if link.delayed),
        )


def kind_of(links: Iterable[Link]) -> LoopKind:
    """Return whether a loop reinforces or balances, from the product of its polarities."""
    polarities = [link.polarity for link in links]
    if "depends" in polarities:
        return "ambiguous"
    return "B" if polarities.count("-") % 2 else "R"


def _from_a_stock(links: Sequence[Link], stocks: frozenset[str]) -> tuple[Link, ...]:
    """Return a loop that begins at its first stock by name, if it has one."""
    causes = [link.cause for link in links]
    first = min(range(len(links)), key=lambda n: (causes[n] not in stocks, causes[n]))
    return (*links[first:], *links[:first])


def _titles(loops: Sequence[tuple[Link, ...]], stocks: frozenset[str]) -> list[str]:
    """Return names after the stocks; where several loops have the same, after what differs."""
    bases = [_base(links, stocks) for links in loops]
    members = [[link.cause for link in links if link.cause not in stocks] for links in loops]
    titles = []
    for number, base in enumerate(bases):
        same = [n for n, other in enumerate(bases) if other == base]
        rivals = [set(members[n]) for n in same if n != number]
        shorter = sum(n < number for n in same)
        through = _peculiar(members[number], rivals[:shorter], rivals)
        titles.append(f"{base} {through}" if rivals else base)
    return titles


def _base(links: Sequence[Link], stocks: frozenset[str]) -> str:
    members = [link.cause for link in links]
    own = [name for name in members if name in stocks]
    late = [link.effect for link in links if link.delayed]
    return " → ".join(own or late[:1] or members[:1])


def _peculiar(
    members: Sequence[str], shorter: Sequence[set[str]], rivals: Sequence[set[str]]
) -> str:
    """Return the fewest members that no shorter rival has together, rare ones first."""
    counts = {name: sum(name in rival for rival in rivals) for name in members}
    rare = sorted(members, key=counts.__getitem__)
    for number in range(1, min(len(members), _MOST_NAMED) + 1):
        for some in combinations(rare, number):
            if not any(rival.issuperset(some) for rival in shorter):
                return f"through {' and '.join(some)}"
    return f"through {' and '.join(members)}" if members else "itself"
