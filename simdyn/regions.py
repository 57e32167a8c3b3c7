"""Regions: what each runs on, its priors, the figures it is fitted to and its targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from simdyn.errors import FactError, Refuse, at_once, did_you_mean
from simdyn.facts.collection import Facts
from simdyn.records import Number, Record, read_table, read_toml

Finite = Annotated[float, Field(allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Distribution(StrEnum):
    """Shape of a prior; `centre` and `spread` are read as follows.

    normal : mean and standard deviation
    lognormal : median and standard deviation of the logarithm
    half_normal : zero and the standard deviation of the normal that is folded at zero
    """

    NORMAL = "normal"
    LOGNORMAL = "lognormal"
    HALF_NORMAL = "half-normal"


class Scope(StrEnum):
    """Whether a parameter stands in the model file or only in the observation operators."""

    MODEL = "model"
    MEASUREMENT = "measurement"


class Prior(Record):
    """What is believed of a parameter before any figure of the region is read."""

    parameter: str
    distribution: Distribution
    centre: Finite
    spread: Positive
    unit: str
    applies_to: Scope
    source: str
    note: str = ""

    @model_validator(mode="after")
    def _centre_fits_distribution(self) -> Prior:
        if self.distribution is Distribution.LOGNORMAL and self.centre <= 0:
            raise ValueError("a lognormal prior needs a positive centre, its median")
        if self.distribution is Distribution.HALF_NORMAL and self.centre != 0:
            raise ValueError("a half-normal prior starts at zero: write 0 as its centre")
        return self


class Operator(StrEnum):
    """How a reported figure is read off a yearly path v.

    level : v(end)
    growth : 100 (v(end) / v(end - 1) - 1)
    average growth : 100 ((v(end) / v(start - 1)) ** (1 / years) - 1)
    ratio : v(end) / v(start)
    sum : v(start) + ... + v(end)
    share : 100 v(end) / sum of the three sectors
    """

    LEVEL = "level"
    GROWTH = "growth"
    AVERAGE_GROWTH = "average growth"
    RATIO = "ratio"
    SUM = "sum"
    SHARE = "share"


class Likelihood(StrEnum):
    """Error of a figure.

    gaussian : normal with `sd`
    split : normal with `sd` below the reading and `sd_above` above it, for one-sided bounds
    student : Student-t with four degrees of freedom and scale `sd`, for figures in conflict
    """

    GAUSSIAN = "gaussian"
    SPLIT = "split"
    STUDENT = "student"


class Reading(Record):
    """How the model answers to one reported figure.

    label : name for readers
    operator, variable, start, end : what is read off the yearly path
    times, over : measurement parameter or variable that multiplies or divides the answer
        (growth is divided as a rate)
    scope : measurement parameter by which reported secondary output exceeds the region's
    facts : id of the fact, or "id / id" where the document gives a part and its share
    scale : factor from the printed unit to the model's
    """

    label: str
    operator: Operator
    variable: str
    start: int
    end: int
    times: str = ""
    over: str = ""
    scope: str = ""
    facts: str
    scale: Positive = 1.0
    note: str = ""

    @model_validator(mode="after")
    def _period_runs_forward(self) -> Reading:
        if self.end < self.start:
            raise ValueError("ends before it starts: exchange start and end")
        return self

    @property
    def fact_ids(self) -> tuple[str, ...]:
        """The ids of the facts behind the figure."""
        return tuple(part.strip() for part in self.facts.split(" / "))

    @property
    def measurement_parameters(self) -> tuple[str, ...]:
        """The names other than of model variables that the reading uses."""
        return tuple(name for name in (self.times, self.over, self.scope) if name)


class Observation(Reading):
    """A reading with its error; `reading` overrides the value where the document has none."""

    reading: Finite | None = None
    likelihood: Likelihood
    sd: Positive
    sd_above: Positive | None = None

    @model_validator(mode="after")
    def _split_has_two_sides(self) -> Observation:
        if (self.likelihood is Likelihood.SPLIT) != (self.sd_above is not None):
            raise ValueError("sd_above belongs to likelihood 'split', and only there")
        return self


class Basis(StrEnum):
    """What a region's results rest on."""

    FITTED = "fitted"
    ILLUSTRATIVE = "illustrative"


class FixedValue(Record):
    """A parameter held at a value: of a fact times a scale, or given with its source."""

    fact: str | None = None
    scale: Number = 1.0
    value: Number | None = None
    source: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _has_one_origin(self) -> FixedValue:
        if (self.fact is None) == (self.value is None):
            raise ValueError("give either fact (and scale) or value")
        if self.value is not None and not self.source:
            raise ValueError("a value needs a source; write 'assumption' if there is none")
        return self


class RegionFile(Record):
    """The file region.toml."""

    name: str
    name_zh: str
    basis: Basis
    basis_note: str
    sum_of: tuple[str, ...] = ()
    fixed: dict[str, FixedValue] = Field(default_factory=dict)


@dataclass(frozen=True)
class Region:
    """All that is known and believed of one region before it is calibrated."""

    key: str
    file: RegionFile
    priors: tuple[Prior, ...]
    observations: tuple[Observation, ...]
    targets: tuple[Reading, ...]

    @property
    def name(self) -> str:
        """English name for readers."""
        return self.file.name

    @property
    def is_sum(self) -> bool:
        """Whether the region is the sum of other regions and has no run of its own."""
        return bool(self.file.sum_of)


@dataclass(frozen=True)
class Known:
    """The names that region files may use: constants and variables of the model, facts.

    facts : None if they are faulty themselves, so that their use cannot be checked
    """

    constants: frozenset[str]
    variables: frozenset[str]
    facts: Facts | None


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
    shared = _read_priors(shared_priors, known.constants, refuse)
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
        for part in region.file.sum_of:
            if part not in keys:
                message = f"sum_of names the unknown region '{part}'. {did_you_mean(part, keys)}"
                refuse(FactError(message, path=folder / key / "region.toml"))
    return regions


def _read_region(folder: Path, shared: Mapping[str, Prior], known: Known, refuse: Refuse) -> Region:
    toml = read_toml(folder / "region.toml", FactError)
    try:
        file = toml.parse(RegionFile, FactError)
    except FactError:
        *others, last = toml.errors(RegionFile, FactError)
        for error in others:
            refuse(error)
        raise last from None
    for name, fixed in file.fixed.items():
        line = toml.line_of(("fixed", name))
        if name not in known.constants:
            message = f"unknown constant '{name}'. {did_you_mean(name, known.constants)}"
            refuse(FactError(message, path=toml.path, line=line))
        if fixed.fact is not None:
            _check_fact(fixed.fact, known.facts, toml.path, line, refuse)
    if file.sum_of:
        return Region(folder.name, file, (), (), ())
    own = _read_priors(folder / "priors.csv", known.constants, refuse)
    priors = {k: v for k, v in {**shared, **own}.items() if k not in file.fixed}
    measured = {name for name, prior in priors.items() if prior.applies_to is Scope.MEASUREMENT}
    readings = [
        _read_readings(folder / name, record, known, measured, refuse)
        for name, record in (("observations.csv", Observation), ("targets.csv", Reading))
    ]
    return Region(
        folder.name,
        file,
        tuple(priors.values()),
        tuple(r for r in readings[0] if isinstance(r, Observation)),
        tuple(readings[1]),
    )


def _read_priors(path: Path, constants: frozenset[str], refuse: Refuse) -> dict[str, Prior]:
    priors: dict[str, Prior] = {}
    for line, prior in read_table(path, Prior, FactError, refuse):
        name = prior.parameter
        if name in priors:
            refuse(FactError(f"'{name}' has two priors here. Keep one.", path=path, line=line))
        if prior.applies_to is Scope.MODEL and name not in constants:
            message = f"unknown constant '{name}'. {did_you_mean(name, constants)}"
            refuse(FactError(message, path=path, line=line, column="'parameter'"))
        priors[name] = prior
    return priors


def _read_readings(
    path: Path, record: type[Reading], known: Known, measured: set[str], refuse: Refuse
) -> list[Reading]:
    if not path.exists():
        return []
    readings = []
    for line, reading in read_table(path, record, FactError, refuse):
        _check_names(reading, known, measured, path, line, refuse)
        has_value = isinstance(reading, Observation) and reading.reading is not None
        for fact_id in reading.fact_ids:
            _check_fact(fact_id, known.facts, path, line, refuse, needs_number=not has_value)
        readings.append(reading)
    return readings


def _check_names(
    reading: Reading, known: Known, measured: set[str], path: Path, line: int, refuse: Refuse
) -> None:
    """Refuse a variable that the model has not, or a measurement parameter without a prior."""
    uses = [(reading.variable, known.variables)]
    uses += [(name, frozenset(measured)) for name in reading.measurement_parameters]
    for name, names in uses:
        if name not in names:
            message = f"'{reading.label}' uses the unknown '{name}'. {did_you_mean(name, names)}"
            refuse(FactError(message, path=path, line=line))


def _check_fact(
    fact_id: str,
    facts: Facts | None,
    path: Path,
    line: int | None,
    refuse: Refuse,
    *,
    needs_number: bool = True,
) -> None:
    """Refuse a fact that is unknown, or has no number where one is needed, at its line."""
    if facts is None:
        return
    try:
        fact = facts[fact_id]
    except FactError as unknown:
        refuse(FactError(unknown.message, path=path, line=line))
        return
    if needs_number and fact.value is None:
        message = f"'{fact_id}' has no number. Give the observation a 'reading'."
        refuse(FactError(message, path=path, line=line))
