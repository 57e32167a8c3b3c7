"""Tornado: what an outcome becomes when one input alone goes to either end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from simdyn.report.figures.drawing import GREY, SPACING, new_figure
from simdyn.report.figures.sensitivity.parts import (
    LOOKS,
    Asked,
    explain,
    in_last_year,
    panels_and_key,
    told_indicators,
)
from simdyn.report.words.language import Labels
from simdyn.report.words.text import wrapped
from simdyn.scenarios.levers import UNITS as LEVER_UNITS

N_SHOWN = 10
ABREAST = 2
WIDTH, ROW, MARGIN = 13.5, 0.29, 0.85
"""Inches: of the figure; of an input; of a panel besides its inputs."""
COLUMN_PAD = 0.12
"""Inches that a panel keeps from its neighbours on either side."""
PALE = 0.45
"""Depth of colour of the half of a bar that leads to the low end of its input."""
UNITS: Mapping[str, str] = {
    **LEVER_UNITS,
    "Dmnl": "",
    "Year": "years",
    "wan person": "10 thousand persons",
    "yi real yuan/Year": "100 million CNY a year",
    "yi real yuan/(wan person*Year)": "10 thousand CNY a head and year",
}
"""Units of the model file, as readers see them; others stay."""


def tornado_figure(asked: Asked, region: str) -> Figure | None:
    """Draw the inputs with the longest bars, in the outcome's own unit, a panel an indicator."""
    rows = asked.rows("tornado", region=region)
    if rows.empty:
        return None
    indicators = told_indicators(rows)
    shown = [in_last_year(rows, name).head(N_SHOWN) for name in indicators]
    height = ROW * max(len(own) for own in shown) + MARGIN
    n_row = len(indicators) // ABREAST + 1
    figure = new_figure(WIDTH, max(height, 2.6) * n_row + 0.4)
    figure.set_layout_engine("constrained", w_pad=COLUMN_PAD)
    panels, key = panels_and_key(figure, len(indicators), ABREAST)
    for axes, own in zip(panels, shown, strict=True):
        _bars(axes, asked, own)
    kinds = [kind for kind in LOOKS if kind in set(rows["kind"])]
    key.legend(
        handles=[Patch(**_look(kind), label=asked.labels.term(kind)) for kind in kinds],
        loc="upper left", frameon=False, ncols=3, borderaxespad=0,
    )  # fmt: skip
    labels = asked.labels
    asked.head(figure, [region], labels("fig_tornado", region=asked.region(region)))
    note = labels("fig_tornado_note", reference=labels.scenario(asked.found.reference))
    if any(own[["low", "high"]].isna().to_numpy().any() for own in shown):
        note += "\n\n" + labels("fig_differ_note", differ=labels("fig_differ"))
    explain(figure, key, note, 0.86)
    return figure


def _look(kind: str, depth: float = 1.0) -> dict[str, Any]:
    """Return the filling of a bar; the less its depth, the paler."""
    look = LOOKS[kind]
    colour = tuple(1 - depth * (1 - part) for part in to_rgb(look.colour))
    return {"facecolor": colour, "hatch": look.hatch, "edgecolor": "white", "linewidth": 0}


def _bars(axes: Axes, asked: Asked, rows: pd.DataFrame) -> None:
    centre = float(rows["centre"].iloc[0])
    places = range(len(rows))
    for column, opacity in (("at_low", PALE), ("at_high", 1.0)):
        lengths = rows[column].to_numpy() - centre
        other = rows["at_high" if column == "at_low" else "at_low"].to_numpy() - centre
        for place, length, beside, kind in zip(places, lengths, other, rows["kind"], strict=True):
            # Where both ends lie on one side, the shorter half stands before the longer.
            axes.barh(
                place, length, left=centre, height=0.66, zorder=2 + (abs(length) < abs(beside)),
                **_look(kind, opacity),
            )  # fmt: skip
    axes.axvline(centre, color="black", linewidth=0.8, zorder=4)
    axes.annotate(
        _number(centre), (centre, 1), xycoords=axes.get_xaxis_transform(), xytext=(0, 2),
        textcoords="offset points", ha="center", fontsize=7.5,
    )  # fmt: skip
    for place, text in zip(places, _ends(asked.labels, rows), strict=True):
        axes.text(
            1.01, place, text, transform=axes.get_yaxis_transform(), fontsize=6.5, color=GREY,
            va="center", linespacing=SPACING,
        )  # fmt: skip
    axes.set_yticks(
        places, [asked.input(name) for name in rows["input"]], color="black", fontsize=7.5
    )
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.set_title(asked.outcome(rows), pad=14)
    axes.set_xlabel(asked.labels.term(rows["unit"].iloc[0]))


def _ends(labels: Labels, rows: pd.DataFrame) -> list[str]:
    ends = zip(rows["low"], rows["high"], rows["input_unit"].fillna(""), strict=True)
    return [_range(labels, low, high, unit) for low, high, unit in ends]


def _range(labels: Labels, low: float, high: float, unit: str) -> str:
    unit = wrapped(labels.term(UNITS.get(unit, unit)), 32, 1)
    if not np.isfinite([low, high]).all():
        return "\n".join(filter(None, (labels("fig_differ"), unit)))
    return "\n".join(
        filter(None, (labels("fig_from_to", low=_number(low), high=_number(high)), unit))
    )


def _number(value: float) -> str:
    """Return three digits, or all before the point."""
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return text.replace("-", "\u2212")
