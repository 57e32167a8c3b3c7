"""Read the folders of regions: every name, unit, period and fact in them is checked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from simdyn.errors import FactError, Refuse, SimdynError, at_once, did_you_mean
from simdyn.facts.collection import Facts
from simdyn.records import TomlFile, read_table, read_toml
from simdyn.regions.records import (
    Basis,
    FixedValue,
    Observation,
    Prior,
    Reading,
    Region,
    RegionFile,
    Scope,
)
from simdyn.regions.rules import wrong_fact, wrong_facts

ReadingT = TypeVar("ReadingT", bound=Reading)

FILES = ("region.toml", "priors.csv", "observations.csv", "targets.csv")
"""What a region's folder may hold; a region that is a sum has the first only."""


@dataclass(frozen=True)
class Known:
    """What region files may name: constants and variables of the model by their unit, facts.

    A unit is None if it is not known; the facts are None if they are faulty themselves, so that
    their use cannot be checked.
    """

    constants: Mapping[str, str | None]
    variables: Mapping[str, str | None]
    facts: Facts | None


@dataclass
class _Tally:
    """Passes errors on and counts them, as what follows from an error is not told."""

    refuse: Refuse
    count: int = 0

    def __call__(self, error: SimdynError) -> None:
        """Take an error."""
        self.count += 1
        self.refuse(error)


def read_regions(
    folder: Path, shared_priors: Path, known: Known, refuse: Refuse = at_once
) -> dict[str, Region]:
    """Read every region of `folder`, on top of the priors that all regions share.

    Parameters
    ----------
    folder : holds one folder a region with region.toml, priors.csv, observations.csv, targets.csv
    shared_priors : CSV file of the priors of all regions
    known : names that may be used; any other is refused
    refuse : is given a FactError with file, line and mend for each wrong entry
    """
    tally = _Tally(refuse)
    priors = _read_priors(shared_priors, known, tally)
    shared = _Shared(priors, whole=tally.count == 0)
    keys = sorted(path.parent.name for path in folder.glob("*/region.toml"))
    if not keys:
        raise FactError("no region here. Add a folder with a region.toml.", path=folder)
    regions: dict[str, Region] = {}
    for key in keys:
        try:
            regions[key] = _read_region(folder / key, shared, known, refuse)
        except FactError as error:
            refuse(error)
    for key, region in regions.items():
        for message in _wrong_sums(region.file.sum_of, keys, regions):
            refuse(FactError(message, path=folder / key / FILES[0]))
        _check_members(folder / key / FILES[0], region.file, keys, known, refuse)
    return regions


@dataclass(frozen=True)
class _Shared:
    """The priors of all regions, and whether every row of their file could be read."""

    priors: Mapping[str, Prior]
    whole: bool


def _wrong_sums(
    parts: Sequence[str], keys: Sequence[str], regions: Mapping[str, Region]
) -> Iterator[str]:
    for part in parts:
        if part not in keys:
            yield f"sum_of names the unknown region '{part}'. {did_you_mean(part, keys)}"
        elif part in regions and regions[part].is_sum:
            yield f"sum_of names '{part}', itself a sum. Name its parts."
    if len(set(parts)) < len(parts):
        yield "sum_of names a region twice. Name each once."


def _check_members(
    path: Path, file: RegionFile, keys: Sequence[str], known: Known, refuse: Refuse
) -> None:
    """Refuse parts that no fact can name, or that are regions with a run of their own."""
    toml = read_toml(path, FactError)
    for position, member in enumerate(file.members):
        message = ""
        if member in keys:
            message = f"members names '{member}', a region with a folder of its own. Use sum_of."
        elif known.facts is not None and member not in known.facts.regions:
            mend = did_you_mean(member, known.facts.regions)
            message = f"members names the unknown county '{member}'. {mend}"
        if message:
            refuse(FactError(message, path=path, line=toml.line_of(("members", position))))


def _read_region(folder: Path, shared: _Shared, known: Known, refuse: Refuse) -> Region:
    toml = read_toml(folder / FILES[0], FactError)
    file = _parse_region(toml, refuse)
    _check_files(folder, FILES[:1] if file.sum_of else FILES, refuse)
    _check_fixed(folder.name, file, toml, known, refuse)
    if file.sum_of:
        return Region(folder.name, file, (), (), ())
    tally = _Tally(refuse)
    own = _read_priors(folder / "priors.csv", known, tally, shared)
    priors = {k: v for k, v in {**shared.priors, **own}.items() if k not in file.fixed}
    measured = {name for name, prior in priors.items() if prior.applies_to is Scope.MEASUREMENT}
    names = measured if shared.whole and tally.count == 0 else None
    own_names = _Names(known, file.members, names)
    observations = _read_readings(folder / "observations.csv", Observation, own_names, tally)
    targets = _read_readings(folder / "targets.csv", Reading, own_names, tally)
    if tally.count == 0:
        readings = (*observations, *targets)
        unused = measured.difference(*(reading.measurement_parameters for reading in readings))
        _check_uses(unused, folder / "priors.csv", refuse)
        _check_basis(file, observations, toml, refuse)
    return Region(folder.name, file, tuple(priors.values()), tuple(observations), tuple(targets))


def _parse_region(toml: TomlFile, refuse: Refuse) -> RegionFile:
    """Return the record of a file; of several errors the last is raised."""
    if errors := toml.errors(RegionFile, FactError):
        for error in errors[:-1]:
            refuse(error)
        raise errors[-1]
    return toml.parse(RegionFile, FactError)


def _check_files(folder: Path, admitted: Sequence[str], refuse: Refuse) -> None:
    """Refuse a file that would be passed over, such as one with a slip in its name."""
    for path in sorted(folder.glob("*.csv")) + sorted(folder.glob("*.toml")):
        if path.name not in admitted:
            message = f"nothing reads this file. {did_you_mean(path.name, admitted)}"
            refuse(FactError(message, path=path))


def _check_uses(unused: Iterable[str], path: Path, refuse: Refuse) -> None:
    for name in sorted(unused):
        message = f"no reading uses the measurement parameter '{name}'. Delete its prior."
        refuse(FactError(message, path=path))


def _check_basis(
    file: RegionFile, observations: Sequence[Observation], toml: TomlFile, refuse: Refuse
) -> None:
    if file.basis is Basis.FITTED and not observations:
        message = "basis is 'fitted', but there is no observation. Write 'illustrative'."
        refuse(FactError(message, path=toml.path, line=toml.line_of(("basis",))))


def _check_fixed(
    region: str, file: RegionFile, toml: TomlFile, known: Known, refuse: Refuse
) -> None:
    for name, fixed in file.fixed.items():
        for message in _wrong_fixed(region, name, fixed, known):
            refuse(FactError(message, path=toml.path, line=toml.line_of(("fixed", name))))


def _wrong_fixed(region: str, name: str, fixed: FixedValue, known: Known) -> Iterator[str]:
    if name not in known.constants:
        yield f"unknown constant '{name}'. {did_you_mean(name, known.constants)}"
    if fixed.fact is not None and known.facts is not None:
        yield from wrong_fact(fixed.fact, {region}, known.facts)


def _read_priors(
    path: Path, known: Known, refuse: Refuse, shared: _Shared | None = None
) -> dict[str, Prior]:
    """Read the priors of all regions, or of one on top of those that are `shared`."""
    priors: dict[str, Prior] = {}
    for line, prior in read_table(path, Prior, FactError, refuse):
        name = prior.parameter
        if name in priors:
            refuse(FactError(f"'{name}' has two priors here. Keep one.", path=path, line=line))
        if wrong := _wrong_prior(prior, known.constants):
            refuse(FactError(wrong, path=path, line=line))
        if shared and shared.whole and (wrong := _wrong_pooling(prior, shared.priors)):
            refuse(FactError(wrong, path=path, line=line))
        priors[name] = prior
    return priors


def _wrong_prior(prior: Prior, constants: Mapping[str, str | None]) -> str:
    """Say why a prior is refused: of what the model has not, in another unit, or of a lever."""
    name = prior.parameter
    if prior.applies_to is Scope.MEASUREMENT:
        return f"'{name}' is a constant of the model. Write 'model'." if name in constants else ""
    if name not in constants:
        return f"unknown constant '{name}'. {did_you_mean(name, constants)}"
    if name.endswith(" lever"):
        return f"'{name}' is a lever, which scenarios set. Delete its prior."
    unit = constants[name]
    return (
        "" if unit in (None, prior.unit) else f"'{name}' is in '{unit}' in the model. Write that."
    )


def _wrong_pooling(prior: Prior, shared: Mapping[str, Prior]) -> str:
    """Say why a region's own prior cannot share its variance as it says."""
    common = shared[prior.parameter].pooling if prior.parameter in shared else 0.0
    if prior.pooling in (0.0, common):
        return ""
    mend = f"Write {common:g} to stay in the pool, or 0 to leave it." if common else "Write 0."
    return f"'{prior.parameter}' has the pooling {common:g} in the priors of all regions. {mend}"


@dataclass(frozen=True)
class _Names:
    """What the readings of one region may name.

    members : the parts of the region whose figures may be read
    measured : the measurement parameters; None if they are not known
    """

    known: Known
    members: Collection[str]
    measured: Collection[str] | None


def _read_readings(
    path: Path, record: type[ReadingT], names: _Names, refuse: Refuse
) -> list[ReadingT]:
    if not path.exists():
        return []
    readings: list[ReadingT] = []
    for line, reading in read_table(path, record, FactError, refuse):
        wrong = [*_wrong_twice(reading, readings), *_wrong_names(reading, names)]
        if names.known.facts is not None:
            wrong += wrong_facts(reading, path.parent.name, names.members, names.known.facts)
        for message in wrong:
            refuse(FactError(message, path=path, line=line))
        readings.append(reading)
    return readings


def _wrong_twice(reading: Reading, earlier: Iterable[Reading]) -> Iterator[str]:
    """Say whether the label or the figure of a reading stands in an earlier row."""
    for other in earlier:
        if other.label == reading.label:
            yield f"'{reading.label}' stands twice. Give each reading a label of its own."
        if other.facts == reading.facts:
            yield f"'{reading.facts}' is read by '{other.label}' already. Count a figure once."


def _wrong_names(reading: Reading, names: _Names) -> Iterator[str]:
    """Say which variable the model has not, or which measurement parameter has no prior."""
    uses: list[tuple[str, Collection[str]]] = [(reading.variable, names.known.variables)]
    if names.measured is not None:
        uses += [(name, names.measured) for name in reading.measurement_parameters]
    for name, admitted in uses:
        if name not in admitted:
            yield f"'{reading.label}' uses the unknown '{name}'. {did_you_mean(name, admitted)}"
