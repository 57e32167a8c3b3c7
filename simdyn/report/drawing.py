"""What all pictures share: style, colours, new figures, wrapped text, labels at line ends."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from scipy.optimize import isotonic_regression

from simdyn.arrays import Array
from simdyn.progress import Progress

# Okabe and Ito's palette: told apart by the colour-blind and in grey print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
GREY = "#666666"
STYLE: Any = {
    "text.parse_math": False,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.6,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "grid.linewidth": 0.4,
    "grid.color": "#dddddd",
    "axes.grid": True,
    "axes.axisbelow": True,
}
LEGEND_WIDTH = 2.2
"""Inches that an entry of a legend takes."""
RESOLUTION = 160
"""Dots per inch of the pictures."""
LETTERS_AN_INCH = 10
"""Of a bold heading, on average."""


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of this size in inches."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Write a figure as a PNG; the same picture has the same bytes."""
    # With the version in the file it would not.
    figure.savefig(path, dpi=RESOLUTION, metadata={"Software": None})


def save_all(pictures: Iterable[tuple[str, Figure]], folder: Path, progress: Progress) -> None:
    """Write named figures into a folder, telling how far that is."""
    drawn = list(pictures)
    progress.stage("figures", len(drawn))
    for name, figure in drawn:
        save(figure, folder / f"{name}.png")
        progress.advance(f"{name}.png")


def head(figure: Figure, text: str) -> None:
    """Write what a figure shows above it, as wide as it is."""
    width = int(LETTERS_AN_INCH * figure.get_figwidth())
    figure.suptitle(wrapped(text, width), x=0.01, ha="left", fontweight="bold", fontsize=11)


def wrapped(text: str, width: int = 30, most_lines: int | None = None) -> str:
    """Return text in lines of at most `width` letters; what goes beyond `most_lines` is cut."""
    lines = [
        line
        for part in text.split("\n")
        for line in textwrap.wrap(part, width, max_lines=most_lines, placeholder="…") or [""]
    ]
    return "\n".join(lines)


def push_apart(values: Sequence[float], gap: float, low: float, high: float) -> Array:
    """Return places of labels: as near as can be to rising values, and `gap` apart.

    They are between `low` and `high`, or begin at `low` where they do not all fit.
    """
    steps: Array = gap * np.arange(len(values), dtype=np.float64)
    if not len(steps):
        return steps
    nearest = isotonic_regression(np.asarray(values, dtype=np.float64) - steps).x
    return steps + np.clip(nearest, low, max(low, high - steps[-1])).astype(np.float64)


def label_ends(
    axes: Axes, ends: Iterable[tuple[float, str, str]], gap: float = 0.045, size: float = 8
) -> None:
    """Write each line's name behind the right edge, apart where lines end close together.

    Parameters
    ----------
    ends : value, text and colour of each line; the limits of the axes are final
    gap : between labels, as a share of the height of the axes
    size : of the letters, in points
    """
    known = sorted(end for end in ends if np.isfinite(end[0]))
    to_axes = axes.transData - axes.transAxes
    x = axes.get_xlim()[1]
    heights = [float(to_axes.transform((x, value))[1]) for value, _, _ in known]
    for (_, text, colour), height in zip(known, push_apart(heights, gap, 0, 1), strict=True):
        place = float(to_axes.inverted().transform((1, height))[1])
        axes.annotate(
            text, (1, place), xycoords=axes.get_yaxis_transform(), xytext=(4, 0),
            textcoords="offset points", color=colour, va="center", fontsize=size,
            annotation_clip=False,
        )  # fmt: skip
