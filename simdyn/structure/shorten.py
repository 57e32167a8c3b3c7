"""Leave variables out of a web of links: what acts through them acts directly."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from simdyn.structure.polarity import Sign, agreed, joined
from simdyn.structure.records import Link

_DETOUR = 3
"""Links of a way that stands for a link between the same variables."""


def shortened(links: Iterable[Link], kept: Collection[str], most: int) -> list[Link]:
    """Return the links between the variables that are kept and the main ones of the others.

    Others go one by one, first those whose leaving adds the fewest links, until at most so many
    are left. What acts on nothing goes as well. The polarity of a way through others is the
    product; of several ways that differ it depends. Of what is then left, a link that stands for a
    way through others goes if few links that are shown lead from its cause to its effect as well.
    """
    web = _Web()
    for link in links:
        if link.acts and link.cause != link.effect:
            web.add(link, 0)
    others = dict.fromkeys(name for pair in web.links for name in pair if name not in kept)
    while others:
        cost = {name: web.cost(name) for name in others}
        least = min(cost, key=cost.__getitem__)
        if cost[least] > 0 and len(others) <= most:
            break
        del others[least]
        web.leave_out(least)
    web.thin_out()
    return list(web.links.values())


class _Web:
    """Links by their ends, and how many variables each passes."""

    def __init__(self) -> None:
        self.links: dict[tuple[str, str], Link] = {}
        self._passed: dict[tuple[str, str], int] = {}
        self._effects: dict[str, dict[str, None]] = {}
        self._causes: dict[str, dict[str, None]] = {}

    def add(self, link: Link, passed: int) -> None:
        """Add a link, to one between the same variables if there is any."""
        pair = link.cause, link.effect
        self.links[pair] = _together(self.links[pair], link) if pair in self.links else link
        self._passed[pair] = min(passed, self._passed.get(pair, passed))
        self._effects.setdefault(link.cause, {})[link.effect] = None
        self._causes.setdefault(link.effect, {})[link.cause] = None

    def cost(self, name: str) -> int:
        """Return how many links more there may be without a variable."""
        effects, causes = len(self._effects.get(name, ())), len(self._causes.get(name, ()))
        return effects * causes - effects - causes

    def leave_out(self, name: str) -> None:
        """Join the links that lead to a variable to those that lead on."""
        before = [(cause, name) for cause in self._causes.get(name, {})]
        after = [(name, effect) for effect in self._effects.get(name, {})]
        for one in before:
            for other in after:
                if one[0] != other[1]:
                    link = _through(self.links[one], self.links[other])
                    self.add(link, self._passed[one] + self._passed[other] + 1)
        for pair in [*before, *after]:
            self._remove(pair)

    def thin_out(self) -> None:
        """Remove long links beside which short ones lead the same way."""
        for pair in sorted(self.links, key=self._passed.__getitem__, reverse=True):
            if self._passed[pair] and self._leads(*pair):
                self._remove(pair)

    def _leads(self, cause: str, effect: str) -> bool:
        """Return whether a few other links lead from a variable to another."""
        reached = {cause}
        for _ in range(_DETOUR):
            reached = {
                further
                for name in reached
                for further in self._effects.get(name, ())
                if (name, further) != (cause, effect)
            }
            if effect in reached:
                return True
        return False

    def _remove(self, pair: tuple[str, str]) -> None:
        del self.links[pair], self._passed[pair]
        del self._effects[pair[0]][pair[1]], self._causes[pair[1]][pair[0]]


def _through(one: Link, other: Link) -> Link:
    polarity, basis, idle = joined(_sign(one), _sign(other))
    late = one.delayed or other.delayed
    return Link(one.cause, other.effect, polarity, basis, "cause", late, idle)


def _together(one: Link, other: Link) -> Link:
    polarity, basis, idle = agreed(_sign(one), _sign(other))
    role = one.role if one.role == other.role else "cause"
    late = one.delayed and other.delayed
    return Link(one.cause, one.effect, polarity, basis, role, late, idle)


def _sign(link: Link) -> Sign:
    return Sign(link.polarity, link.basis, link.idle)
