"""Regions: what each runs on, its priors, the figures it is fitted to and its targets."""

from simdyn.regions.discrepancy import Discrepancy, discrepancy_sd, read_discrepancy
from simdyn.regions.members import County, counties
from simdyn.regions.reading import Known, read_regions
from simdyn.regions.records import (
    Basis,
    Distribution,
    Evidence,
    FixedValue,
    Likelihood,
    Observation,
    Operator,
    Prior,
    Reading,
    Region,
    RegionFile,
    Scope,
)

__all__ = [
    "Basis",
    "County",
    "Discrepancy",
    "Distribution",
    "Evidence",
    "FixedValue",
    "Known",
    "Likelihood",
    "Observation",
    "Operator",
    "Prior",
    "Reading",
    "Region",
    "RegionFile",
    "Scope",
    "counties",
    "discrepancy_sd",
    "read_discrepancy",
    "read_regions",
]
