"""What set each parameter: which figures, another region's through pooling, or the prior alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np
import pandas as pd

from simdyn.arrays import Array
from simdyn.calibrate.calibration import Calibrated, Calibration
from simdyn.calibrate.linear import Figure, Linear
from simdyn.calibrate.priors import parameter
from simdyn.calibrate.tables import BAND, prior_interval
from simdyn.facts.collection import Facts
from simdyn.regions import Distribution, Prior

SET_BY_FIGURES = 0.5
UNTOUCHED = 0.05
"""Shrinkage above which a parameter counts as set by figures, below which as prior only."""
NAMED = 3
NAMED_SHARE = 0.15
"""At most so many figures are named, each with at least this share of the information."""
TOGETHER = 0.9
"""Correlation beyond which two parameters are known only together."""

VERDICT_COLUMNS = [
    *("region", "basis", "parameter", "unit", "prior", "prior_p5", "prior_p50", "prior_p95"),
    *("best_fit", "p5", "p50", "p95", "shrinkage", "verdict", "figures", "other_regions"),
    *("layer", "documents", "source", "note"),
]
PAIR_COLUMNS = [
    *("region", "basis", "first", "second", "known", "correlation"),
    *("shrinkage_first", "shrinkage_second", "shrinkage_together"),
]
EVIDENCE_COLUMNS = ["region", "basis", "figures", "worth", "parameters"]


class Verdict(StrEnum):
    """What determined a parameter.

    set : figures of the region took more than half of its variance
    moved : figures of the region took some of it
    pooled : it moved, mostly by figures of other regions
    prior : no figure says anything of it
    """

    SET = "set by"
    MOVED = "moved by"
    POOLED = "pooled"
    PRIOR = "prior only"


@dataclass(frozen=True)
class Judged:
    """A parameter with its verdict.

    shrinkage : 1 - posterior variance / prior variance
    figures : those that matter most, with their share of the information, largest first
    other_regions : share of the information that figures of other regions hold
    """

    verdict: Verdict
    shrinkage: float
    figures: tuple[tuple[Figure, float], ...]
    other_regions: float

    @property
    def words(self) -> str:
        """The verdict with the figures behind it."""
        if self.verdict in (Verdict.POOLED, Verdict.PRIOR):
            return self.verdict.value
        return f"{self.verdict}: " + ", ".join(f.observation.label for f, _ in self.figures)


def judge(calibration: Calibration) -> dict[str, tuple[Judged, ...]]:
    """Return the verdict of each parameter, by region and in the order of its priors.

    A figure's share of the information on a parameter is by how much the parameter's variance
    would grow without it, relative to the sum of that over all figures of all regions, in the
    Gaussian around the best fit. Shrinkage is of the draws.
    """
    linear = Linear.of(calibration)
    found = {}
    for key, region in calibration.regions.items():
        gains = linear.gains(calibration.posterior.maps[key])
        found[key] = tuple(
            _judge(key, float(shrunk), row, linear.figures)
            for shrunk, row in zip(region.shrinkage, gains, strict=True)
        )
    return found


def _judge(key: str, shrunk: float, gains: Array, figures: tuple[Figure, ...]) -> Judged:
    total = gains.sum()
    if shrunk < UNTOUCHED or total <= 0:
        return Judged(Verdict.PRIOR, shrunk, (), 0.0)
    shares = gains / total
    other = float(sum(share for f, share in zip(figures, shares, strict=True) if f.region != key))
    pooled = other > 0.5
    ranked = [
        (figures[n], float(shares[n]))
        for n in np.argsort(-shares)
        if (figures[n].region != key) == pooled
    ]
    named = [item for item in ranked[:NAMED] if item[1] >= NAMED_SHARE] or ranked[:1]
    own = Verdict.SET if shrunk > SET_BY_FIGURES else Verdict.MOVED
    return Judged(Verdict.POOLED if pooled else own, shrunk, tuple(named), other)


def verdict_table(calibration: Calibration, facts: Facts) -> pd.DataFrame:
    """Return a row for each parameter: prior beside posterior, shrinkage, what determined it.

    `figures` names those that matter most with their share of the information, of another region
    with its name; `layer` and `documents` are theirs. `source` is of the prior.
    """
    judged = judge(calibration)
    rows = [
        row
        for key, region in calibration.regions.items()
        for row in _verdict_rows(region, judged[key], facts)
    ]
    return pd.DataFrame(rows, columns=VERDICT_COLUMNS)


def _verdict_rows(
    region: Calibrated, judged: tuple[Judged, ...], facts: Facts
) -> Iterator[dict[str, object]]:
    key, file = region.problem.region.key, region.problem.region.file
    for prior, z, draws, verdict in zip(
        region.problem.region.priors, region.best, region.draws, judged, strict=True
    ):
        sources = [facts[name] for f, _ in verdict.figures for name in f.observation.fact_ids]
        prior_low, prior_median, prior_high = prior_interval(prior)
        low, median, high = np.percentile(parameter(prior, draws), BAND).tolist()
        yield {
            "region": key,
            "basis": file.basis.value,
            "parameter": prior.parameter,
            "unit": prior.unit,
            "prior": f"{prior.distribution.value}({prior.centre:g}, {prior.spread:g})",
            "prior_p5": prior_low,
            "prior_p50": prior_median,
            "prior_p95": prior_high,
            "best_fit": float(parameter(prior, np.asarray(z))),
            "p5": low,
            "p50": median,
            "p95": high,
            "shrinkage": verdict.shrinkage,
            "verdict": verdict.words,
            "figures": "; ".join(_with_share(key, *item) for item in verdict.figures),
            "other_regions": verdict.other_regions,
            "layer": _listed(fact.layer.value for fact in sources),
            "documents": _listed(f"{fact.document} {fact.section}".strip() for fact in sources),
            "source": prior.source,
            "note": prior.note,
        }


def _with_share(key: str, figure: Figure, share: float) -> str:
    name = figure.observation.label if figure.region == key else figure.label
    return f"{name} ({100 * share:.0f} %)"


def _listed(words: Iterator[str]) -> str:
    return "; ".join(dict.fromkeys(words))


def pair_table(calibration: Calibration) -> pd.DataFrame:
    """Return the pairs of parameters that are known better together than each alone.

    `shrinkage_together` is that of the best-known combination of the two in prior standard
    deviations, one less the smaller eigenvalue of their posterior covariance.
    """
    rows = [row for region in calibration.regions.values() for row in _pairs(region)]
    return pd.DataFrame(rows, columns=PAIR_COLUMNS)


def _pairs(region: Calibrated) -> Iterator[tuple[object, ...]]:
    problem = region.problem.region
    correlation = np.atleast_2d(np.corrcoef(region.draws))
    for i, j in combinations(range(len(problem.priors)), 2):
        if abs(correlation[i, j]) <= TOGETHER:
            continue
        first, second = problem.priors[i], problem.priors[j]
        smallest = float(np.linalg.eigvalsh(np.cov(region.draws[[i, j]]))[0])
        yield (
            *(problem.key, problem.file.basis.value, first.parameter, second.parameter),
            *(_combination(first, second, correlation[i, j]), float(correlation[i, j])),
            *(float(region.shrinkage[i]), float(region.shrinkage[j]), 1 - smallest),
        )


def _combination(first: Prior, second: Prior, correlation: float) -> str:
    """Say what of two parameters is known, from their scales and the sign of their correlation."""
    if all(prior.distribution is Distribution.LOGNORMAL for prior in (first, second)):
        return "product" if correlation < 0 else "ratio"
    return "weighted sum" if correlation < 0 else "weighted difference"


def evidence_table(calibration: Calibration) -> pd.DataFrame:
    """Return how much each region's figures are worth and how many parameters have which verdict.

    `worth` is the effective number of figures, as of `Calibrated.effective_figures`.
    """
    judged = judge(calibration)
    rows = []
    for key, region in calibration.regions.items():
        verdicts = [each.verdict for each in judged[key]]
        problem = region.problem
        rows.append(
            (
                *(key, problem.region.file.basis.value, len(problem.region.observations)),
                *(region.effective_figures, problem.n_parameter),
                *(verdicts.count(verdict) for verdict in Verdict),
            )
        )
    return pd.DataFrame(rows, columns=[*EVIDENCE_COLUMNS, *(v.value for v in Verdict)])
