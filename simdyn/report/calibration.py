"""Write what a calibration found: fit, parameters, diagnostics, draws; evidence side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pandas as pd

from simdyn.calibrate.backtest import Backtests
from simdyn.calibrate.calibration import Calibration
from simdyn.calibrate.store import NETCDF, draws_dataset
from simdyn.calibrate.tables import fit_table
from simdyn.calibrate.verdicts import pair_table, verdict_table
from simdyn.errors import RunError
from simdyn.facts.collection import Facts
from simdyn.report.backtest import backtest_page
from simdyn.report.held_out import held_out_tables

FOLDER = "calibration"
"""Folder of outputs that holds a folder for each study."""


def calibration_tables(calibration: Calibration, facts: Facts) -> dict[str, pd.DataFrame]:
    """Return the tables of a calibration by the name of their file.

    fit : each figure beside the model; parameters : each beside its prior, with what determined it
    and diagnostics; pairs : of parameters known only together;
    controls : the spread of parameters that no figure touches, in prior standard deviations
    """
    regions = calibration.regions.values()
    return {
        "fit": pd.concat([fit_table(region, facts) for region in regions], ignore_index=True),
        "parameters": _parameters(calibration, facts),
        "pairs": pair_table(calibration),
        "controls": controls_table(calibration),
    }


def controls_table(calibration: Calibration) -> pd.DataFrame:
    """Return the spread of each negative control; one is right."""
    names = pd.DataFrame(calibration.untouched, columns=["parameter", "region"])
    return names.assign(spread=calibration.control_spread)


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write tables as CSV files; each appears whole or not at all.

    Raises
    ------
    RunError : the folder cannot be written
    """
    for name, table in tables.items():
        text = table.to_csv(index=False, lineterminator="\n")
        write = partial(Path.write_text, data=text, encoding="utf-8", newline="\n")
        _write(folder / f"{name}.csv", write)


def write_draws(calibration: Calibration, folder: Path) -> None:
    """Write draws.nc: each parameter (region, chain, draw), in its unit.

    Raises
    ------
    RunError : the folder cannot be written
    """
    draws = draws_dataset(calibration)
    _write(folder / "draws.nc", lambda path: draws.to_netcdf(path, engine=NETCDF))


def _write(path: Path, write: Callable[[Path], object]) -> None:
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(partial)
        partial.replace(path)
    except OSError as failure:
        message = f"results cannot be written: {failure.strerror}. Free space or mend the rights."
        raise RunError(message, path=path) from failure


def side_by_side(both: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return parameters on both layers of evidence beside those on the documents alone."""
    keys = ["region", "parameter", "unit", "prior"]
    kept = [*keys, "p5", "p50", "p95", "shrinkage"]
    return both[kept].merge(
        documents[kept], on=keys, how="outer", suffixes=("_both", "_documents"), sort=False
    )


def _parameters(calibration: Calibration, facts: Facts) -> pd.DataFrame:
    found = calibration.diagnostics.reset_index(drop=True)
    return pd.concat([verdict_table(calibration, facts), found], axis=1)


def write_backtests(found: Backtests, facts: Facts, folder: Path) -> None:
    """Write the tables of backtests, and the page that tells them in words, backtest.md.

    Raises
    ------
    RunError : the folder cannot be written
    """
    write_tables({**held_out_tables(found, facts), "fights": found.fights}, folder)
    page = backtest_page(found, facts)
    _write(folder / "backtest.md", partial(Path.write_text, data=page, encoding="utf-8"))
