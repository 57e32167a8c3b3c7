"""Every picture of a study that its results have something for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from simdyn.report.figures.accounts import growth_accounts
from simdyn.report.figures.backtests import backtest_pictures
from simdyn.report.figures.convergence import beta_figure, sigma_figure, theil_figure
from simdyn.report.figures.differences import differences
from simdyn.report.figures.drawing import Picture, draw
from simdyn.report.figures.fit import fit_figure
from simdyn.report.figures.parts import Told
from simdyn.report.figures.paths import growth_paths, region_paths, regions_compared
from simdyn.report.figures.sectors import sector_shares
from simdyn.report.figures.sensitivity import sensitivity_pictures
from simdyn.report.figures.targets import targets_grid
from simdyn.report.words.language import Labels
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Results

OF_ALL: Mapping[str, Callable[[Told], Figure | None]] = {
    "growth_paths": growth_paths,
    "regions_compared": regions_compared,
    "growth_accounts": growth_accounts,
    "sector_shares": sector_shares,
    "differences": differences,
    "targets": targets_grid,
    "sigma": sigma_figure,
    "beta": beta_figure,
    "theil": theil_figure,
    "fit": fit_figure,
}


def pictures(
    results: Results, sensitivity: Sensitivity, labels: Labels, tables: Mapping[str, pd.DataFrame]
) -> list[Picture]:
    """Return every picture of a study, still to be drawn.

    Parameters
    ----------
    tables : of the study by the name of their file: targets, fit, those of
        `growth_tables` and of `held_out_tables`
    """
    told = Told(results, labels, tables)
    return [
        *(Picture(name, partial(function, told)) for name, function in OF_ALL.items()),
        *(
            Picture(f"paths_{region}", partial(region_paths, told, region))
            for region in told.regions
        ),
        *backtest_pictures(results.study, tables, labels),
        *sensitivity_pictures(results.study, sensitivity, labels),
    ]


def draw_figures(
    results: Results, sensitivity: Sensitivity, labels: Labels, tables: Mapping[str, pd.DataFrame]
) -> Iterator[tuple[str, Figure]]:
    """Yield (file stem, figure) for every picture of a study; parameters as of `pictures`."""
    for picture in pictures(results, sensitivity, labels, tables):
        figure = draw(picture, labels.language)
        if figure is not None:
            yield picture.name, figure
