"""The facts of a project: a frozen collection with lookup by id and selection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from simdyn.errors import FactError, did_you_mean
from simdyn.facts.records import Fact, Kind, Layer, Region, RegionRole, Role, Source
from simdyn.facts.registers import Registers


@dataclass(frozen=True)
class Facts:
    """Reported figures in the order of the files, documents before public statistics."""

    by_id: Mapping[str, Fact]
    registers: Registers

    def __getitem__(self, name: str) -> Fact:
        """Return the fact with that id; raises FactError naming the nearest ids."""
        if name not in self.by_id:
            raise FactError(f"unknown fact '{name}'. {_nearest(name, self.by_id)}")
        return self.by_id[name]

    def __contains__(self, name: object) -> bool:
        return name in self.by_id

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.by_id.values())

    def __len__(self) -> int:
        return len(self.by_id)

    @property
    def regions(self) -> Mapping[str, Region]:
        """Every region that a figure may name, by its key."""
        return self.registers.regions

    @property
    def sources(self) -> Mapping[str, Source]:
        """Every source, by its id."""
        return self.registers.sources

    @property
    def study_regions(self) -> tuple[str, ...]:
        """Keys of the regions that are simulated."""
        return tuple(k for k, r in self.regions.items() if r.role is RegionRole.STUDY)

    def select(
        self,
        *,
        region: str | None = None,
        quantity: str | None = None,
        kind: Kind | Iterable[Kind] | None = None,
        layer: Layer | None = None,
        role: Role | None = None,
    ) -> tuple[Fact, ...]:
        """Return the facts that meet every condition given, in order."""
        kinds = {kind} if isinstance(kind, Kind) else None if kind is None else set(kind)
        return tuple(
            fact
            for fact in self
            if region in {None, fact.region}
            and quantity in {None, fact.quantity}
            and layer in {None, fact.layer}
            and role in {None, fact.role}
            and (kinds is None or fact.kind in kinds)
        )

    def only(self, *layers: Layer) -> Facts:
        """Return the facts of `layers`; ids stay the same."""
        kept = {name: fact for name, fact in self.by_id.items() if fact.layer in layers}
        return Facts(kept, self.registers)

    def find_region(self, name: str) -> Region:
        """Return the region called `name`: key, English or Chinese name, in any case.

        A Chinese name may leave out its last character (双城 for 双城区). Raises FactError
        with the nearest name.
        """
        names = {alias: r for r in self.regions.values() for alias in _aliases(r)}
        found = names.get(_folded(name))
        if found is None:
            known = [alias for r in self.regions.values() for alias in (r.key, r.name_zh)]
            raise FactError(f"unknown region '{name}'. {did_you_mean(name, known)}")
        return found


def _aliases(region: Region) -> Iterator[str]:
    yield _folded(region.key)
    yield _folded(region.name)
    yield region.name_zh
    yield region.name_zh[:-1]


def _folded(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return the three ids most like `name`, those of its region and quantity first."""
    stem = name.rsplit(".", 2)[0] + "."
    names = list(known)
    akin = [other for other in names if other.startswith(stem)] or names
    close = get_close_matches(name, akin, n=3, cutoff=0)
    return f"Nearest: {', '.join(close)}." if close else "There are no facts."
