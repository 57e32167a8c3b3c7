"""Morris screening: how large the effects of an input are, and how much they depend on others."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simdyn.arrays import Array
from simdyn.report.figures.drawing import GREY, SPACING, new_figure
from simdyn.report.figures.sensitivity.labels import label_points
from simdyn.report.figures.sensitivity.parts import (
    LOOKS,
    Asked,
    explain,
    in_last_year,
    panels_and_key,
    swatch,
    told_indicators,
)

N_NAMED = 8
"""Inputs with the largest effects, whose names stand beside their points."""
ROOM = 1.12
"""Of the axes, as a multiple of the largest number on them."""
N_PLACE = 12
"""Places along an interval that no name is to lie on."""
ABREAST = 3
PANEL = (4.6, 3.7)
"""Inches, width and height."""


def screening_figure(asked: Asked, region: str) -> Figure | None:
    """Draw mean absolute elementary effects against their spread, a panel an indicator."""
    rows = asked.rows("screening", region=region)
    if rows.empty:
        return None
    indicators = told_indicators(rows)
    n_row = len(indicators) // ABREAST + 1
    figure = new_figure(PANEL[0] * ABREAST, PANEL[1] * n_row + 0.4)
    panels, key = panels_and_key(figure, len(indicators), ABREAST)
    shown = [in_last_year(rows, name) for name in indicators]
    for axes, own in zip(panels, shown, strict=True):
        _points(axes, asked, own)
    labels = asked.labels
    kinds = [kind for kind in LOOKS if kind in set(rows["kind"])]
    handles = [
        swatch(labels.term(kind), marker=LOOKS[kind].marker, color=LOOKS[kind].colour, markersize=5)
        for kind in kinds
    ]
    handles += [
        swatch(labels("fig_mu_interval"), linestyle="-", linewidth=0.8),
        swatch("\u03c3 = \u03bc*", linestyle="--", linewidth=0.8),
    ]
    key.legend(handles=handles, loc="upper left", frameon=False, borderaxespad=0)
    asked.head(figure, [region], labels("fig_screening", region=asked.region(region)))
    policy = labels.scenario(asked.found.policy)
    explain(figure, key, labels("fig_screening_note", policy=policy, named=N_NAMED), 0.66)
    for axes, own in zip(panels, shown, strict=True):
        points = own[["effect", "spread"]].to_numpy()
        texts = [asked.input(name, 26) for name in own["input"].head(N_NAMED)]
        label_points(axes, points, texts, _lines(own))
    return figure


def _lines(rows: pd.DataFrame) -> Array:
    """Return places along the intervals and along the line, (place, 2)."""
    low, high, spread = (rows[c].to_numpy() for c in ("effect_low", "effect_high", "spread"))
    along = np.linspace(low, high, N_PLACE)
    intervals = np.stack([along, np.broadcast_to(spread, along.shape)], axis=-1)
    diagonal = np.linspace(0, ROOM * spread.max(), 10 * N_PLACE)
    return np.concatenate([intervals.reshape(-1, 2), np.stack([diagonal, diagonal], axis=-1)])


def _points(axes: Axes, asked: Asked, rows: pd.DataFrame) -> None:
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
    scale = asked.labels.term(rows["scale"].iloc[0])
    axes.set_title(asked.outcome(rows))
    axes.set_xlabel(f"{asked.labels('fig_mu')}\n{scale}", fontsize=8, linespacing=SPACING)
    axes.set_ylabel(
        f"{asked.labels('fig_sigma_effects')}\n{scale}", fontsize=8, linespacing=SPACING
    )
