"""What is known and believed of a region: priors, readings of figures, targets, evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from simdyn.facts.collection import Facts
from simdyn.facts.records import Layer
from simdyn.names import FIRST_YEAR, LAST_YEAR, SECTORS
from simdyn.records import Name, Number, Record

Finite = Annotated[float, Field(allow_inf_nan=False, ge=-1e9, le=1e9)]
Positive = Annotated[float, Field(allow_inf_nan=False, ge=1e-9, le=1e9)]
"""Sizes beyond these can only be slips, and would leave the range of the arithmetic."""
Part = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1)]
"""A part of a whole, 0 to 1."""
Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]


class Evidence(StrEnum):
    """Which layers of facts a calibration may read as observations.

    both : the documents and public statistics
    documents : the documents alone
    """

    BOTH = "both"
    DOCUMENTS = "documents"

    @property
    def layers(self) -> frozenset[Layer]:
        """The layers admitted."""
        return frozenset({Layer.DOCUMENTS} if self is Evidence.DOCUMENTS else Layer)


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
    """What is believed of a parameter before any figure of the region is read.

    pooling : the part of the variance that all regions have in common, 0 for none. In standard
        normal coordinates, z of a region = sqrt(pooling) common + sqrt(1 - pooling) own.
    """

    parameter: str
    distribution: Distribution
    centre: Finite
    spread: Positive
    unit: str
    applies_to: Scope
    source: str = Field(description="Write where it is from, or 'assumption'.")
    pooling: Part = 0.0
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


GROWTHS = frozenset({Operator.GROWTH, Operator.AVERAGE_GROWTH})


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
    departs : why the reading departs from the fact's kind or period, if it does
    """

    label: str
    operator: Operator
    variable: str
    start: Year
    end: Year
    times: str = ""
    over: str = ""
    scope: str = ""
    facts: str
    scale: Positive = 1.0
    departs: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _can_be_read(self) -> Reading:
        if self.end < self.start:
            raise ValueError("it ends before it starts: exchange start and end")
        if self.operator in GROWTHS and self.start == FIRST_YEAR:
            raise ValueError(f"growth needs the year before: start after {FIRST_YEAR}")
        if self.operator is Operator.SHARE and self.variable not in SECTORS:
            raise ValueError(f"a share is of a sector: {', '.join(SECTORS)}")
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

    @model_validator(mode="after")
    def _share_is_of_a_whole(self) -> Observation:
        share = 0.0 if self.reading is None else self.reading
        if self.operator is Operator.SHARE and not 0 <= share <= 100:
            raise ValueError("a share is between 0 and 100 percent: mend 'reading'")
        return self


class Basis(StrEnum):
    """What results rest on: figures of the documents, or priors and public statistics."""

    FITTED = "fitted"
    ILLUSTRATIVE = "illustrative"


MARK = " *"
"""Stands behind the name of an illustrative region wherever readers see it."""


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
    """The file region.toml.

    sum_of : regions with runs of their own that the region is the sum of
    members : counties without a run of their own whose figures the region's readings may use
    basis_note, basis_note_zh : in words what results rest on; the Chinese may be left out
    """

    name: Name
    name_zh: str
    basis: Basis
    basis_note: str
    basis_note_zh: str = ""
    sum_of: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    fixed: dict[str, FixedValue] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _parts_are_of_one_kind(self) -> RegionFile:
        if self.sum_of and self.members:
            raise ValueError("a region is a sum_of regions or has members, not both")
        return self

    @field_validator("members")
    @classmethod
    def _members_stand_once(cls, members: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(members)) < len(members):
            raise ValueError("it names a county twice: name each once")
        return members


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
    def label(self) -> str:
        """Name with the mark of an illustrative region, for tables and pictures."""
        return self.name + (MARK if self.file.basis is Basis.ILLUSTRATIVE else "")

    @property
    def is_sum(self) -> bool:
        """Whether the region is the sum of other regions and has no run of its own."""
        return bool(self.file.sum_of)

    def under(self, evidence: Evidence, facts: Facts) -> Region:
        """Return the region with the observations that `evidence` admits.

        An observation stays if every fact behind it is of an admitted layer. Priors stay as they
        are, but a measurement parameter that no reading uses any more goes. The note on the
        region's basis counts what is left; a region without an observation is illustrative.
        """
        kept = tuple(
            observation
            for observation in self.observations
            if all(facts[name].layer in evidence.layers for name in observation.fact_ids)
        )
        if len(kept) == len(self.observations):
            return self
        readings = (*kept, *self.targets)
        used = {name for reading in readings for name in reading.measurement_parameters}
        priors = tuple(
            prior
            for prior in self.priors
            if prior.applies_to is Scope.MODEL or prior.parameter in used
        )
        n_kept, n_all, file = len(kept), len(self.observations), self.file
        chinese = f"{file.basis_note_zh}仅采用文件时，{n_all}个读数中保留{n_kept}个。"
        changes = {
            "basis": file.basis if kept else Basis.ILLUSTRATIVE,
            "basis_note": f"{file.basis_note} Under the {evidence} alone: "
            f"{n_kept} of {n_all} readings.",
            "basis_note_zh": file.basis_note_zh and chinese,
        }
        changed = file.model_copy(update=changes)
        return replace(self, file=changed, priors=priors, observations=kept)
