"""Keep what a model foretold in a file beside the calibration that it follows from.

It is found by the same hash (see `simdyn.calibrate.store`). Figures are kept by region and place,
distributions by their draws and weights, so that tables made of them have the same bits.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from simdyn.calibrate.ahead import Trial
from simdyn.calibrate.conflicts import LeftOut
from simdyn.calibrate.foretell import Forecast, Foretold
from simdyn.calibrate.known import Way
from simdyn.calibrate.leaving_out import By
from simdyn.calibrate.linear import Figure
from simdyn.calibrate.predictive import Weighted
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.store import read_stored, write_stored

AHEAD, ONE = "ahead", "one"
"""Names of what is kept: forecasts of trials, and each figure from all others."""


def keep_foretold(found: Foretold, inputs: str, path: Path) -> None:
    """Write what a calibration of inputs with this hash foretold, whole or not at all.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    told = {
        "thorough": found.thorough,
        "ways": [asdict(way) for way in found.ways],
        AHEAD: [{**_place(f.figure), "trial": f.trial, "method": f.method} for f in found.ahead],
        ONE: [{**_place(each.figure), "k": each.k, "by": each.by} for each in found.left_out],
    }
    values = {
        **_values(AHEAD, [forecast.predictive for forecast in found.ahead]),
        **_values(ONE, [each.predictive for each in found.left_out]),
    }
    write_stored(xr.Dataset(values, attrs={"told": json.dumps(told)}), inputs, path)


def recall_foretold(problems: Mapping[str, Problem], inputs: str, path: Path) -> Foretold | None:
    """Return what `keep_foretold` wrote for these inputs; None if there is none whole."""
    kept = read_stored(inputs, path)
    if kept is None:
        return None
    try:
        told = json.loads(kept.attrs["told"])
        ahead = tuple(
            Forecast(Trial(each["trial"]), each["method"], _figure(problems, each), drawn)
            for each, drawn in zip(told[AHEAD], _weighted(kept, AHEAD), strict=True)
        )
        left_out = tuple(
            LeftOut(_figure(problems, each), drawn, each["k"], By(each["by"]))
            for each, drawn in zip(told[ONE], _weighted(kept, ONE), strict=True)
        )
        ways = tuple(Way(**{**each, "by": By(each["by"])}) for each in told["ways"])
        return Foretold(left_out, ahead, ways, told["thorough"])
    except (KeyError, TypeError, ValueError):
        return None


def _place(figure: Figure) -> dict[str, Any]:
    return {"region": figure.region, "place": figure.place}


def _figure(problems: Mapping[str, Problem], told: Mapping[str, Any]) -> Figure:
    return Figure(problems[told["region"]], told["place"])


def _values(name: str, drawn: Sequence[Weighted]) -> dict[str, Any]:
    """Return draws and weights (figure, draw), nan where a distribution has fewer draws."""
    most = max((len(each.draws) for each in drawn), default=0)
    table = np.full((2, len(drawn), most), np.nan)
    for n, each in enumerate(drawn):
        table[:, n, : len(each.draws)] = each.draws, each.weights
    axes = ("part", f"{name} figure", f"{name} draw")
    return {name: (axes, table)}


def _weighted(kept: xr.Dataset, name: str) -> list[Weighted]:
    table = kept[name].to_numpy()
    counts = np.isfinite(table[1]).sum(axis=1)
    return [Weighted(*table[:, n, :count].copy()) for n, count in enumerate(counts)]
