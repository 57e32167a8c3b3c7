"""Each figure foretold by all others, and which figures fight each other.

Figures are left out by weights, or by fitting and sampling all regions anew where no weights are of
use (see `simdyn.calibrate.leaving_out`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.leaving_out import USELESS, Answered, By
from simdyn.calibrate.likelihoods import report
from simdyn.calibrate.linear import Figure, Linear
from simdyn.calibrate.predictive import Weighted
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.refit import Job, Refit, keep
from simdyn.calibrate.tables import reading_unit
from simdyn.facts.collection import Facts

FLAGGED = 2.0
"""A figure that the others miss by more standard deviations is flagged."""
TENSION, RELIEF = 1.0, 0.5
"""A figure fights another if its z is beyond the one and falls by the other without that figure."""
BAND = (0.05, 0.95)

LOO_COLUMNS = [
    *("region", "basis", "figure", "unit", "reported", "mean", "sd", "p5", "p95", "z", "flag"),
    *("pareto_k", "by", "layer", "document", "section", "facts"),
]
FIGHT_COLUMNS = [
    *("region", "figure", "z", "other_region", "other", "z_without_other", "relief", "words"),
]


@dataclass(frozen=True)
class LeftOut:
    """A figure as all others foretell it; `k` is the tail index of the weights that were tried."""

    figure: Figure
    predictive: Weighted
    k: float
    by: By

    @property
    def z(self) -> float:
        """What is foretold less what is reported, in standard deviations of the prediction."""
        return (self.predictive.mean - self.figure.reported) / self.predictive.sd


def useless(weighed: Sequence[Answered]) -> list[Figure]:
    """Return the figures that no weights can leave out."""
    return [found.figure for found in weighed if not found.k <= USELESS]


def without(problems: Mapping[str, Problem], figure: Figure, seed: int) -> Job:
    """Return the refit of all regions without one figure."""
    places = [n for n in range(len(figure.problem.reported)) if n != figure.place]
    return Job({**problems, figure.region: keep(figure.problem, places)}, seed)


def leave_out(
    weighed: Sequence[Answered],
    refitted: Sequence[Refit],
    rng: np.random.Generator,
) -> tuple[LeftOut, ...]:
    """Foretell each figure of every region from all others.

    Parameters
    ----------
    weighed : the figures left out by weights
    refitted : without the figures that `useless` names, in their order
    """
    names = [(figure.region, figure.place) for figure in useless(weighed)]
    anew = dict(zip(names, refitted, strict=True))

    def each() -> Iterator[LeftOut]:
        for found in weighed:
            figure, answers, logs, by = found.figure, found.answers, found.log_weights, found.by
            if (figure.region, figure.place) in anew:
                z = anew[figure.region, figure.place].draws[figure.region]
                answers, by = figure.problem.answers(z)[figure.place], By.REFIT
                logs = np.zeros(len(answers))
            draws = report([figure.observation], answers[:, None], rng)[:, 0]
            yield LeftOut(figure, Weighted.of(draws, logs), found.k, by)

    return tuple(each())


def loo_table(left_out: Sequence[LeftOut], facts: Facts) -> pd.DataFrame:
    """Return a row for each figure: reported beside what all others foretell, z, tail index.

    z has the sign of the fit table, foretold less reported, and the spread of the prediction:
    parameters, noise of single years and error of the report.
    """
    rows = []
    for item in left_out:
        figure, predictive = item.figure, item.predictive
        source = facts[figure.observation.fact_ids[0]]
        rows.append(
            {
                "region": figure.region,
                "basis": figure.problem.region.file.basis.value,
                "figure": figure.observation.label,
                "unit": reading_unit(figure.observation),
                "reported": figure.reported,
                "mean": predictive.mean,
                "sd": predictive.sd,
                "p5": predictive.quantile(BAND[0]),
                "p95": predictive.quantile(BAND[1]),
                "z": item.z,
                "flag": "!" if abs(item.z) > FLAGGED else "",
                "pareto_k": item.k,
                "by": item.by.value,
                "layer": source.layer.value,
                "document": source.document,
                "section": source.section,
                "facts": figure.observation.facts,
            }
        )
    return pd.DataFrame(rows, columns=LOO_COLUMNS)


def fight_table(calibration: Calibration) -> pd.DataFrame:
    """Return the pairs of figures that fight, the fiercest first.

    z is what the others foretell of a figure less what it says, in standard deviations, with the
    errors that the fit assumes and the model taken as linear at the best fit. A figure fights
    another if its z is beyond `TENSION` and falls by at least `RELIEF` once the other is left out
    too. Each pair stands once, in the direction that relieves more.
    """
    linear = Linear.of(calibration)
    figures, z, alone = linear.figures, linear.z, linear.z_without
    relief = np.abs(z)[:, None] - np.abs(alone)
    rows = []
    for i, j in np.argwhere((np.abs(z)[:, None] > TENSION) & (relief > RELIEF)):
        if relief[i, j] >= relief[j, i] or abs(z[j]) <= TENSION:
            one, other = figures[i], figures[j]
            rows.append(
                (
                    *(one.region, one.observation.label, float(z[i])),
                    *(other.region, other.observation.label),
                    *(float(alone[i, j]), float(relief[i, j])),
                    _words(one, other, float(z[i]), float(alone[i, j])),
                )
            )
    found = pd.DataFrame(rows, columns=FIGHT_COLUMNS)
    return found.sort_values("relief", ascending=False, ignore_index=True, kind="stable")


def _words(one: Figure, other: Figure, z: float, alone: float) -> str:
    side = "above" if z > 0 else "below"
    name = other.observation.label if one.region == other.region else other.label
    return (
        f"{one.label}: the other figures put it {abs(z):.1f} standard deviations {side} what is "
        f"reported; without '{name}' it is {abs(alone):.1f} {'above' if alone > 0 else 'below'}."
    )
