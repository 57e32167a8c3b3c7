"""Subscript ranges, their elements, and what one range means where another is bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from simdyn.compile.nodes import key_of

MARK = "!"
"""What stands behind a range over which a function such as SUM runs."""

Bound = Mapping[str, str]
"""Element that each range stands for, by their keys, those of the left side first."""

Images = Mapping[str, tuple[str, ...]]
"""Elements of another range that an element stands for."""


def subscript_key(name: str) -> str:
    """Return the key of a range or element; a mark stays at its end."""
    name = name.strip()
    if name.endswith(MARK):
        return key_of(name.removesuffix(MARK)) + MARK
    return key_of(name)


@dataclass(frozen=True)
class Range:
    """A subscript range: the author's name, and the keys of its elements in order."""

    name: str
    key: str
    elements: tuple[str, ...]
    copied: bool = False


@dataclass(frozen=True)
class Subscripts:
    """All ranges of a model.

    ranges : by key
    names : author's name of each element, by key
    mappings : images of the elements of a range in another, by the keys of both
    """

    ranges: Mapping[str, Range] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    mappings: Mapping[tuple[str, str], Images] = field(default_factory=dict)

    def elements(self, key: str) -> tuple[str, ...]:
        """Return the elements of a range, or an element alone; () of anything else."""
        if key in self.ranges:
            return self.ranges[key].elements
        return (key,) if key in self.names else ()

    def resolve(self, key: str, bound: Bound, taken: Iterable[str] = ()) -> str | None:
        """Return the element that a subscript of the right side stands for.

        A range of the left side stands for its own element. Another stands for the image of that
        element under a mapping, else for the same element where it holds it.

        taken : ranges that the same variable's other subscripts name; they are asked last
        """
        if key in bound:
            return bound[key]
        if key not in self.ranges:
            return key if key in self.names else None
        asked = sorted(bound, key=set(taken).__contains__)
        mapped = (self._image(left, bound[left], key) for left in asked)
        shared = (bound[left] for left in asked if bound[left] in self.ranges[key].elements)
        return next((found for found in (*mapped, *shared) if found is not None), None)

    def _image(self, left: str, element: str, key: str) -> str | None:
        """Return what an element of one range is in another by a mapping between their families."""
        target = set(self.ranges[key].elements)
        exact = [(left, key)]
        wider = [pair for pair in self.mappings if pair != (left, key)]
        for source, to in exact + wider:
            images = self.mappings.get((source, to), {}).get(element, ())
            related = (source, to) == (left, key) or (
                self._covers(source, left) and self._covers(to, key)
            )
            found = [image for image in images if image in target]
            if related and len(found) == 1:
                return found[0]
        return None

    def _covers(self, whole: str, part: str) -> bool:
        """Return whether a range holds all of another, or of an element."""
        return set(self.elements(part.removesuffix(MARK))) <= set(self.elements(whole))

    def main_range(self, keys: Iterable[str]) -> Range | None:
        """Return the largest range that holds these elements, the first by name of several."""
        wanted = set(keys)
        holders = [r for r in self.ranges.values() if wanted <= set(r.elements)]
        return min(holders, key=lambda r: (-len(r.elements), r.copied, r.key), default=None)

    def tightest_range(self, keys: Iterable[str], without: Iterable[str] = ()) -> Range | None:
        """Return the smallest range that holds these elements, other ranges before ``without``."""
        wanted, avoided = set(keys), set(without)
        holders = [r for r in self.ranges.values() if wanted <= set(r.elements)]
        return min(
            holders,
            key=lambda r: (r.key in avoided, len(r.elements), r.copied, r.key),
            default=None,
        )

    def number(self, element: str) -> int:
        """Return the place of an element in its main range, from 1."""
        whole = self.main_range([element])
        return 1 if whole is None else whole.elements.index(element) + 1


@dataclass(frozen=True)
class Declared:
    """A subscript range as a file declares it.

    items : names of elements and of other ranges
    targets : names of the ranges it maps to
    copied : whether it only is another name of another range
    """

    name: str
    items: tuple[str, ...]
    targets: tuple[str, ...]
    copied: bool = False


def subscripts_of(
    declared: Sequence[Declared], explicit: Mapping[tuple[str, str], Sequence[str]]
) -> Subscripts:
    """Return the ranges with their elements spelt out, and the mappings by element.

    Parameters
    ----------
    explicit : items of the target that the elements of a range map to, one each, by both keys

    Raises
    ------
    ValueError
        A range contains itself, or a mapping does not fit; the text says which.
    """
    items = {key_of(d.name): tuple(key_of(item) for item in d.items) for d in declared}
    ranges = {
        key_of(d.name): Range(d.name, key_of(d.name), tuple(_flat(key_of(d.name), items)), d.copied)
        for d in declared
    }
    names = {
        key_of(item): " ".join(item.strip('"').split())
        for d in declared
        for item in d.items
        if key_of(item) not in items
    }
    mappings: dict[tuple[str, str], Images] = {}
    for d in declared:
        for target in map(key_of, d.targets):
            source = key_of(d.name)
            wanted = explicit.get((source, target))
            images = _images(ranges, source, target, wanted)
            mappings[source, target] = images
            mappings.setdefault((target, source), _inverse(images))
    return Subscripts(ranges, names, mappings)


def _flat(
    key: str, items: Mapping[str, Sequence[str]], above: tuple[str, ...] = ()
) -> Iterator[str]:
    """Yield the elements of a range, those of ranges within it included."""
    if key in above:
        name = key.replace("_", " ")
        raise ValueError(f"'{name}': the subscript range contains itself")
    for item in items[key]:
        if item in items:
            yield from _flat(item, items, (*above, key))
        else:
            yield item


def _images(
    ranges: Mapping[str, Range], source: str, target: str, wanted: Sequence[str] | None
) -> dict[str, tuple[str, ...]]:
    if target not in ranges:
        name = target.replace("_", " ")
        msg = f"'{ranges[source].name}': it maps to '{name}', which is no subscript range"
        raise ValueError(msg)
    elements, others = ranges[source].elements, ranges[target].elements
    if wanted is None:
        listed: list[tuple[str, ...]] = [(other,) for other in others]
    else:
        keys = [key_of(item) for item in wanted]
        listed = [ranges[key].elements if key in ranges else (key,) for key in keys]
    if wanted is not None and len(listed) == 1 and len(listed[0]) == len(elements):
        listed = [(other,) for other in listed[0]]
    if len(listed) != len(elements):
        msg = f"'{ranges[source].name}': it maps {len(elements)} elements to {len(listed)} of "
        msg += f"'{ranges[target].name}'"
        raise ValueError(msg)
    return dict(zip(elements, listed, strict=True))


def _inverse(images: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for element, others in images.items():
        for other in others:
            found[other] = (*found.get(other, ()), element)
    return found
