"""Allocation of a supply among requests: a price is sought at which the shares add up.

Each request is a curve that falls from its full quantity to 0 as the price rises; the supply is
shared at the price at which the curves add up to it. The price is found by halving its interval
until it can be halved no more, for each member on its own.

Source: Vensim reference manual, "Allocation by priority" and "Priority profiles".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Stack = NDArray[np.float64]
"""Requests on the first axis, members on the last."""

PROFILE = 4
"""Numbers of a priority profile: type, priority, width, extra."""

_HALVINGS = 200
_REACH = {0: 0.0, 1: 0.5, 2: 0.5, 3: 9.0, 4: 40.0}
"""How many widths a curve of each type spreads to either side of its priority."""

_MARKET_REACH = {0: 0.0, 1: 0.5, 2: 0.5, 3: 5.0, 4: 10.0}
"""The same for FIND MARKET PRICE, whose price is at the lower end where nothing is demanded."""


class Profiles(NamedTuple):
    """Priority profiles, each (request, member)."""

    kind: Stack
    priority: Stack
    width: Stack


def _fixed(distance: Stack) -> Stack:
    return np.where(distance <= 0, 1.0, 0.0)


def _rectangular(distance: Stack) -> Stack:
    return np.clip(0.5 - distance, 0.0, 1.0)


def _triangular(distance: Stack) -> Stack:
    near = np.clip(distance, -0.5, 0.5)
    return np.where(near < 0, 1 - 2 * (near + 0.5) ** 2, 2 * (0.5 - near) ** 2)


def _normal(distance: Stack) -> Stack:
    return ndtr(-distance)


def _exponential(distance: Stack) -> Stack:
    tail = 0.5 * np.exp(-np.abs(distance))
    return np.where(distance < 0, 1 - tail, tail)


_CURVES: dict[int, Callable[[Stack], Stack]] = {
    0: _fixed,
    1: _rectangular,
    2: _triangular,
    3: _normal,
    4: _exponential,
}
"""Share of a request that is met, by how many widths the price is above the priority."""


def _shares(profiles: Profiles, price: Stack) -> Stack:
    """Return the share of each request that is met at a price, (request, member)."""
    distance = (price - profiles.priority) / np.where(profiles.kind == 0, 1.0, profiles.width)
    shares = np.full(distance.shape, np.nan)
    for kind, curve in _CURVES.items():
        if (profiles.kind == kind).any():
            shares = np.where(profiles.kind == kind, curve(distance), shares)
    return np.where((profiles.width > 0) | (profiles.kind == 0), shares, np.nan)


def _profiles(elements: Stack) -> Profiles:
    """Return profiles from their numbers, one request after another."""
    parts = elements.reshape(-1, PROFILE, elements.shape[-1])
    return Profiles(parts[:, 0], parts[:, 1], parts[:, 2])


def _ends(profiles: Profiles, spread: Mapping[int, float] = _REACH) -> tuple[Stack, Stack]:
    """Return a price at which all is met and one at which nothing is, (member,)."""
    reach = np.zeros(profiles.kind.shape)
    for kind, widths in spread.items():
        reach = np.where(profiles.kind == kind, widths * profiles.width, reach)
    low, high = profiles.priority - reach, profiles.priority + reach
    return low.min(axis=0), high.max(axis=0)


def _crossing(excess: Callable[[Stack], Stack], low: Stack, high: Stack) -> Stack:
    """Return the price at which a falling excess turns to 0 or less, (member,)."""
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        above = excess(middle) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return high


def _allocated(requests: Stack, profiles: Profiles, supply: Stack) -> Stack:
    """Return what each request gets, (request, member)."""
    total = requests.sum(axis=0)

    def excess(price: Stack) -> Stack:
        return (requests * _shares(profiles, price)).sum(axis=0) - supply

    got = requests * _shares(profiles, _crossing(excess, *_ends(profiles)))
    wrong = (requests < 0).any(axis=0) | (supply < 0) | np.isnan(got).any(axis=0)
    got = np.where(supply >= total, requests, np.where(supply == 0, 0.0, got))
    return np.where(wrong, np.nan, got)


def allocate_available(shape: tuple[int, ...], elements: Stack) -> Stack:
    """Return ALLOCATE AVAILABLE of requests, their profiles and the supply.

    Requests of a fixed quantity know no price: they are met first, all in the same proportion.
    """
    n_request = shape[0]
    requests, supply = elements[:n_request], elements[-1]
    profiles = _profiles(elements[n_request:-1])
    fixed = np.where(profiles.kind == 0, requests, 0.0)
    priced = np.where(profiles.kind == 0, 0.0, requests)
    wanted = fixed.sum(axis=0)
    share = np.where(wanted > supply, supply / wanted, 1.0)
    rest = np.maximum(supply - wanted, 0.0)
    got = np.where(profiles.kind == 0, fixed * share, _allocated(priced, profiles, rest))
    return np.where(supply < 0, np.nan, got)


def allocate_by_priority(shape: tuple[int, ...], elements: Stack) -> Stack:
    """Return ALLOCATE BY PRIORITY of requests, priorities, the width and the supply.

    The larger a priority, the earlier its request is served; it is served in full when the price
    has fallen by the width.
    """
    n_request = shape[0]
    requests, priorities = elements[:n_request], elements[n_request : 2 * n_request]
    width, supply = elements[-2:]
    profiles = Profiles(
        kind=np.ones(requests.shape),
        priority=priorities - width / 2,
        width=np.broadcast_to(width, requests.shape),
    )
    return _allocated(requests, profiles, supply)


def _demanded(quantities: Stack, profiles: Profiles, price: Stack) -> Stack:
    return quantities * np.where(profiles.kind == 0, 1.0, _shares(profiles, price))


def _supplied(quantities: Stack, profiles: Profiles, price: Stack) -> Stack:
    return quantities * np.where(profiles.kind == 0, 1.0, 1 - _shares(profiles, price))


def demand_at_price(_shape: tuple[int, ...], elements: Stack) -> Stack:
    """Return the demand of one: its quantity, profile and the price."""
    return _demanded(elements[:1], _profiles(elements[1:-1]), elements[-1])[0]


def supply_at_price(_shape: tuple[int, ...], elements: Stack) -> Stack:
    """Return the supply of one: its capacity, profile and the price."""
    return _supplied(elements[:1], _profiles(elements[1:-1]), elements[-1])[0]


def market_price(shape: tuple[int, ...], elements: Stack) -> Stack:
    """Return the price at which demands and supplies meet: quantities and profiles of each."""
    n_demand, n_supply = shape
    middle = n_demand * (1 + PROFILE)
    demands, supplies = elements[:n_demand], elements[middle : middle + n_supply]
    buyers = _profiles(elements[n_demand:middle])
    sellers = _profiles(elements[middle + n_supply :])

    def excess(price: Stack) -> Stack:
        bought = _demanded(demands, buyers, price).sum(axis=0)
        return bought - _supplied(supplies, sellers, price).sum(axis=0)

    (low, high), (other_low, other_high) = (_ends(p, _MARKET_REACH) for p in (buyers, sellers))
    return _crossing(excess, np.minimum(low, other_low), np.maximum(high, other_high))
