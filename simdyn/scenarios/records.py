"""What a scenario file may say, entry by entry."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, field_validator, model_validator

from simdyn.records import Record
from simdyn.scenarios.change import Change
from simdyn.scenarios.course import (
    FIRST_DATE,
    LAST_DATE,
    Course,
    course_of_path,
    course_of_ramp,
    course_of_switch,
)

LARGEST = 1e6
"""Size of a lever beyond which it can only be a slip."""
ALL_REGIONS = "all"
NAME = r"^[a-z0-9][a-z0-9_-]{0,60}$"
"""Names of scenarios, which are names of files."""
DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)
"""Names that Windows keeps for devices, whatever stands behind a point."""


def _is_no_device(name: str) -> str:
    if name in DEVICES:
        raise ValueError("Windows keeps this name for a device: choose another")
    return name


def _is_one_line(text: str) -> str:
    """Refuse what would break a table or a terminal, or what a spreadsheet takes for a formula."""
    if not text.isprintable() or "|" in text:
        raise ValueError("write one line without control characters and without |")
    if text.startswith(("=", "+", "-", "@", "<")):
        raise ValueError("begin with a letter or a digit")
    return text


def _is_text(text: str) -> str:
    if not " ".join(text.split()).isprintable():
        raise ValueError("leave control characters out")
    return text


Strength = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-LARGEST, le=LARGEST)]
Date = Annotated[int, Field(strict=True, ge=FIRST_DATE, le=LAST_DATE)]
Key = Annotated[str, Field(max_length=100)]
ScenarioName = Annotated[str, Field(pattern=NAME), AfterValidator(_is_no_device)]
Title = Annotated[str, Field(pattern=r"^[A-Za-z0-9][\x20-\x7b\x7d\x7e]*$", max_length=80)]
ChineseTitle = Annotated[str, Field(max_length=80), AfterValidator(_is_one_line)]
Source = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_is_one_line)]
Description = Annotated[str, Field(min_length=1, max_length=10_000), AfterValidator(_is_text)]
ChineseDescription = Annotated[str, Field(max_length=10_000), AfterValidator(_is_text)]
Flag = Annotated[bool, Field(strict=True)]


class Ramp(Record):
    """From nothing at the start of year `from` to `value` at the start of `to`, then held."""

    start: Date = Field(alias="from")
    to: Date
    value: Strength

    @model_validator(mode="after")
    def _rises_in_time(self) -> Ramp:
        if self.to <= self.start:
            raise ValueError("a ramp ends after it starts: write 'to' after 'from'")
        return self


class Switch(Record):
    """On at the start of year `from`, off at the start of `until`, if that is given."""

    start: Date = Field(alias="from")
    until: Date | None = None
    value: Strength

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Switch:
        if self.until is not None and self.until <= self.start:
            raise ValueError("a switch goes off after it goes on: write 'until' after 'from'")
        return self


class LeverEntry(Record):
    """What a scenario does with a lever, with the document and section, or "assumption".

    value : full strength, which the model's own ramp reaches in 2025
    path : values at the start of years
    beyond_limits : whether the limits of the lever may be crossed
    """

    value: Strength | None = None
    path: dict[str, Strength] | None = Field(default=None, min_length=1)
    ramp: Ramp | None = None
    switch: Switch | None = None
    source: Source = Field(description="Write a document and its section, or 'assumption'.")
    beyond_limits: Flag = False

    @field_validator("path")
    @classmethod
    def _is_dated(cls, path: dict[str, float] | None) -> dict[str, float] | None:
        dates = {str(year) for year in range(FIRST_DATE, LAST_DATE + 1)}
        for year in path or ():
            if year not in dates:
                raise ValueError(
                    f"'{year[:20]}' is no year of a path: write {FIRST_DATE} to {LAST_DATE}"
                )
        return path

    @model_validator(mode="after")
    def _says_one_thing(self) -> LeverEntry:
        if sum(each is not None for each in (self.value, self.path, self.ramp, self.switch)) != 1:
            raise ValueError("write exactly one of value, path, ramp, switch")
        return self

    @property
    def course(self) -> Course | None:
        """The course over the years; None if the model's own ramp leads to a value."""
        if self.path is not None:
            return course_of_path({int(year): value for year, value in self.path.items()})
        if self.ramp is not None:
            return course_of_ramp(self.ramp.start, self.ramp.to, self.ramp.value)
        if self.switch is not None:
            return course_of_switch(self.switch.start, self.switch.until, self.switch.value)
        return None

    @property
    def strengths(self) -> tuple[float, ...]:
        """Every value that the entry names."""
        if self.path is not None:
            return tuple(self.path.values())
        one = self.ramp or self.switch
        if one is not None:
            return (one.value,)
        return () if self.value is None else (self.value,)

    @property
    def words(self) -> str:
        """The setting as a reader sees it."""
        if self.path is not None:
            return "; ".join(f"{year}: {self.path[year]:g}" for year in sorted(self.path))
        if self.ramp is not None:
            return f"{self.ramp.start} to {self.ramp.to}: 0 to {self.ramp.value:g}"
        if self.switch is not None:
            until = "on" if self.switch.until is None else f"until {self.switch.until}"
            return f"from {self.switch.start} {until}: {self.switch.value:g}"
        return f"{self.value:g}"


class UncertaintyEntry(Record):
    """What a scenario does with an uncertain parameter: `value`, `plus` or `times` of each draw."""

    value: Strength | None = None
    plus: Strength | None = None
    times: Strength | None = None
    source: Source = Field(description="Write a document and its section, or 'assumption'.")
    beyond_limits: Flag = False

    @model_validator(mode="after")
    def _says_one_thing(self) -> UncertaintyEntry:
        if sum(each is not None for each in (self.value, self.plus, self.times)) != 1:
            raise ValueError("write exactly one of value, plus, times")
        return self

    @property
    def change(self) -> Change:
        """What is applied to the draws."""
        return Change(self.value, self.plus, self.times)


class ScenarioFile(Record):
    """A scenario file; `levers[region][lever]`, where region may be "all".

    description_zh : the description in Chinese, which may be left out
    extends : name of the scenario whose entries hold where this one says nothing
    uncertainties : by region and constant of the model
    """

    name: ScenarioName
    title: Title
    title_zh: ChineseTitle
    description: Description
    description_zh: ChineseDescription = ""
    extends: ScenarioName | None = None
    levers: dict[Key, dict[Key, LeverEntry]] = Field(default_factory=dict)
    uncertainties: dict[Key, dict[Key, UncertaintyEntry]] = Field(default_factory=dict)
