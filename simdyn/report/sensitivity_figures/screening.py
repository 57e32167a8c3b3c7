"""Morris screening: how large the effects of an input are, and how much they depend on others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simdyn.arrays import Array
from simdyn.report.drawing import GREY, new_figure
from simdyn.report.sensitivity_figures.labels import label_points
from simdyn.report.sensitivity_figures.parts import (
    LOOKS,
    explain,
    in_last_year,
    outcome_title,
    panels_and_key,
    region_head,
    region_name,
    rows_of,
    short,
    swatch,
    told_indicators,
)
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Study

N_NAMED = 8
"""Inputs with the largest effects, whose names stand beside their points."""
ROOM = 1.12
"""Of the axes, as a multiple of the largest number on them."""
N_PLACE = 12
"""Places along an interval that no name is to lie on."""
ABREAST = 3
PANEL = (4.6, 3.7)
"""Inches, width and height."""
NOTE = (
    "Each point is an input that goes from one end of its range to the other, the others standing "
    "elsewhere each time. \u03bc*: mean size of what that does to the outcome. \u03c3: how much it "
    "differs from one time to the next. Far below the line the input does nearly the same "
    "everywhere; on or above it, what it does depends on where the others stand.\n\n"
    "A parameter crosses the middle 80 % of its posterior; a lever goes from nothing to what "
    "'{policy}' does with it. The {named} largest effects are named where there is room."
)


def screening_figure(study: Study, found: Sensitivity, region: str) -> Figure | None:
    """Draw mean absolute elementary effects against their spread, a panel an indicator."""
    rows = rows_of(found, "screening", region=region)
    if rows.empty:
        return None
    indicators = told_indicators(rows)
    n_row = len(indicators) // ABREAST + 1
    figure = new_figure(PANEL[0] * ABREAST, PANEL[1] * n_row + 0.4)
    panels, key = panels_and_key(figure, len(indicators), ABREAST)
    shown = [in_last_year(rows, name) for name in indicators]
    for axes, own in zip(panels, shown, strict=True):
        _points(axes, own)
    kinds = [kind for kind in LOOKS if kind in set(rows["kind"])]
    handles = [
        swatch(kind, marker=LOOKS[kind].marker, color=LOOKS[kind].colour, markersize=5)
        for kind in kinds
    ]
    handles += [
        swatch("95 % interval of \u03bc*", linestyle="-", linewidth=0.8),
        swatch("\u03c3 = \u03bc*", linestyle="--", linewidth=0.8),
    ]
    key.legend(handles=handles, loc="upper left", frameon=False, borderaxespad=0)
    text = f"{region_name(study, region)}: effect of each input alone, and how steady it is"
    region_head(figure, study, [region], text)
    explain(figure, key, NOTE.format(policy=found.policy.file.title, named=N_NAMED), 0.66)
    for axes, own in zip(panels, shown, strict=True):
        points = own[["effect", "spread"]].to_numpy()
        texts = [short(name, 26) for name in own["input"].head(N_NAMED)]
        label_points(figure, axes, points, texts, _lines(own))
    return figure


def _lines(rows: pd.DataFrame) -> Array:
    """Return places along the intervals and along the line, (place, 2)."""
    low, high, spread = (rows[c].to_numpy() for c in ("effect_low", "effect_high", "spread"))
    along = np.linspace(low, high, N_PLACE)
    intervals = np.stack([along, np.broadcast_to(spread, along.shape)], axis=-1)
    diagonal = np.linspace(0, ROOM * spread.max(), 10 * N_PLACE)
    return np.concatenate([intervals.reshape(-1, 2), np.stack([diagonal, diagonal], axis=-1)])


def _points(axes: Axes, rows: pd.DataFrame) -> None:
    for kind, look in LOOKS.items():
        own = rows[rows["kind"] == kind]
        axes.hlines(
            own["spread"], own["effect_low"], own["effect_high"], color=look.colour,
            linewidth=0.8, alpha=0.5,
        )  # fmt: skip
        axes.plot(own["effect"], own["spread"], look.marker, color=look.colour, markersize=4.5)
    reach = np.array([rows["effect_high"].max(), rows["spread"].max()])
    reach = ROOM * np.where(reach > 0, reach, 1.0)
    axes.plot([0, reach.max()], [0, reach.max()], "--", color=GREY, linewidth=0.8)
    axes.set_xlim(-0.02 * reach[0], reach[0])
    axes.set_ylim(-0.02 * reach[1], reach[1])
    scale = rows["scale"].iloc[0]
    axes.set_title(outcome_title(rows))
    axes.set_xlabel(f"mean absolute effect \u03bc*\n{scale}", fontsize=8)
    axes.set_ylabel(f"standard deviation of effects \u03c3\n{scale}", fontsize=8)
