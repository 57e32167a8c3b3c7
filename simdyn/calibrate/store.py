"""Keep calibrations in files: for the next run with the same inputs, and for readers.

A kept calibration is found by the hash of all that it follows from: equations, figures, priors,
effort, seed, this package's code and the libraries behind it. What is not whole, or not of these
inputs, is never used.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import numpy as np
import xarray as xr

from simdyn.calibrate.calibration import Calibration, Effort
from simdyn.calibrate.fit import Fit
from simdyn.calibrate.posterior import Posterior
from simdyn.calibrate.priors import parameter
from simdyn.calibrate.problem import Problem
from simdyn.calibrate.sample import Sample
from simdyn.provenance import code_digest

LIBRARIES = ("llvmlite", "numpy", "nutpie", "pysd", "scipy")
"""Packages whose version can change the bits of a calibration."""
UNUSED = (
    *(
        "answers",
        "check",
        "cli",
        "export",
        "report",
        "runs",
        "scenarios",
        "sensitivity",
        "structure",
        "study",
    ),
)
"""Folders of this package whose code no calibration uses."""
HASH, DIGEST = "inputs", "digest"
"""Attributes of a kept file: hashes of what it follows from, and of what it holds."""
NETCDF: Literal["h5netcdf"] = "h5netcdf"


def content_hash(problems: Mapping[str, Problem], effort: Effort, seed: int) -> str:
    """Return the hash of all that a calibration follows from, in hexadecimal."""
    told = {
        "code": code_digest(*UNUSED),
        "libraries": {name: version(name) for name in LIBRARIES},
        "effort": [effort.starts, effort.draws],
        "seed": seed,
        # In order, as the coordinates of the draws follow it.
        "regions": [[key, _told(problem)] for key, problem in problems.items()],
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _told(problem: Problem) -> dict[str, object]:
    return {
        "model": hashlib.sha256(problem.model.path.read_bytes()).hexdigest(),
        "priors": [prior.model_dump(mode="json") for prior in problem.region.priors],
        "figures": [figure.model_dump(mode="json") for figure in problem.region.observations],
        "fixed": dict(problem.fixed),
        "reported": problem.reported.tolist(),
        "time_step": problem.time_step or problem.model.time_step,
    }


def keep(calibration: Calibration, inputs: str, path: Path) -> None:
    """Write a calibration of inputs with this hash; the file appears whole or not at all.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    fit, sample = calibration.fit, calibration.sample
    values = {
        "points": (("chain", "draw", "coordinate"), sample.points),
        "diverging": (("chain", "draw"), sample.diverging.astype(np.int8)),
        "best": (("coordinate",), fit.point),
        "information": (("coordinate", "other"), fit.information),
        "costs": (("start",), np.array(fit.costs)),
    }
    attributes = {"n_gradient": sample.n_gradient, "n_impossible": sample.n_impossible}
    write_stored(xr.Dataset(values, attrs=attributes), inputs, path)


def recall(problems: Mapping[str, Problem], inputs: str, path: Path) -> Calibration | None:
    """Return the calibration that `keep` wrote for these inputs; None if there is none whole."""
    kept = read_stored(inputs, path)
    if kept is None:
        return None
    try:
        costs = tuple(kept["costs"].to_numpy().tolist())
        best, information = (kept[name].to_numpy() for name in ("best", "information"))
        diverging = kept["diverging"].to_numpy() != 0
        counts = (int(kept.attrs[name]) for name in ("n_gradient", "n_impossible"))
        sample = Sample(kept["points"].to_numpy(), diverging, *counts)
    except (KeyError, ValueError):
        return None
    return Calibration(Posterior(problems), Fit(best, information, min(costs), costs), sample)


def write_stored(values: xr.Dataset, inputs: str, path: Path) -> None:
    """Write what follows from inputs with this hash; the file appears whole or not at all.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    told = {HASH: inputs, DIGEST: _digest(values)}
    values.assign_attrs(told).to_netcdf(partial, engine=NETCDF)
    partial.replace(path)


def read_stored(inputs: str, path: Path) -> xr.Dataset | None:
    """Return what `write_stored` wrote for these inputs; None if there is none whole."""
    try:
        with xr.open_dataset(path, engine=NETCDF) as stored:
            kept = stored.load()
    except (OSError, RuntimeError, ValueError, KeyError):
        return None
    sound = kept.attrs.get(HASH) == inputs and kept.attrs.pop(DIGEST, "") == _digest(kept)
    return kept if sound else None


def _digest(values: xr.Dataset) -> str:
    """Return the hash of what is kept, but that of its inputs, in hexadecimal."""
    found = hashlib.sha256()
    for name, array in sorted(values.data_vars.items(), key=lambda item: str(item[0])):
        found.update(f"{name} {array.shape} {array.dtype.str}".encode())
        found.update(np.ascontiguousarray(array.to_numpy()).tobytes())
    told = {str(name): str(value) for name, value in values.attrs.items() if name != HASH}
    found.update(json.dumps(told, sort_keys=True).encode())
    return found.hexdigest()


def draws_dataset(calibration: Calibration) -> xr.Dataset:
    """Return the draws for readers: each parameter (region, chain, draw), in its unit.

    A region that has no such parameter, or holds it at a value, has nan.
    """
    regions = calibration.regions
    shape = calibration.sample.points.shape[:2]
    values: dict[str, np.ndarray] = {}
    units: dict[str, str] = {}
    for place, region in enumerate(regions.values()):
        for n, prior in enumerate(region.problem.region.priors):
            empty = np.full((len(regions), *shape), np.nan)
            table = values.setdefault(prior.parameter, empty)
            table[place] = parameter(prior, region.points[..., n])
            units[prior.parameter] = prior.unit
    axes = ("region", "chain", "draw")
    return xr.Dataset(
        {name: (axes, table, {"units": units[name]}) for name, table in values.items()},
        coords={"region": list(regions)},
    )
