"""What all pictures share: style, fonts, colours, saving, labels at line ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import FixedLocator
from matplotlib.transforms import Bbox
from scipy.optimize import isotonic_regression

from simdyn.arrays import Array
from simdyn.progress import Progress
from simdyn.report.words.language import Language
from simdyn.report.words.text import wrapped

# Okabe and Ito's palette: told apart by the colour-blind and in grey print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
GREY = "#666666"
CHINESE_FONT = Path(__file__).parent / "fonts" / "SimdynSansSC-Regular.otf"
LATIN = "DejaVu Sans"
BOLD = 700
TICK_SIZE = 8
"""Of the numbers along axes, in points."""
STYLE: Any = {
    "text.parse_math": False,
    "font.size": 9,
    "figure.titlesize": 11,
    "figure.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.6,
    "xtick.labelsize": TICK_SIZE,
    "ytick.labelsize": TICK_SIZE,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "grid.linewidth": 0.4,
    "grid.color": "#dddddd",
    "axes.grid": True,
    "axes.axisbelow": True,
}
PLACES = 9
"""Decimals of the places of axes, in shares of the figure."""
SPACING = 1.3
"""Of lines of Chinese letters, which are taller than they say."""
RESOLUTION = 130
"""Dots per inch of the pictures."""
LETTERS_AN_INCH = 10
"""Of a bold heading, on average."""


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure of this size in inches."""
    figure = Figure(figsize=(width, height), dpi=RESOLUTION, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


class Picture(NamedTuple):
    """A picture that can be drawn.

    name : of its files, without the ending
    draw : gives None where the results hold nothing to show
    """

    name: str
    draw: Callable[[], Figure | None]


def draw(picture: Picture, language: Language) -> Figure | None:
    """Draw a picture so that it keeps its style and its layout wherever it is saved."""
    with mpl.rc_context(style_of(language)):
        figure = picture.draw()
        if figure is not None:
            settle(figure)
    return figure


@lru_cache
def style_of(language: Language) -> Any:
    """Return the settings of matplotlib for pictures in a language.

    Either font draws the letters that the other lacks.
    """
    chinese = _chinese_font()
    if language is Language.EN:
        return {**STYLE, "font.family": [LATIN, chinese]}
    return {**STYLE, "font.family": [chinese, LATIN], "figure.titlesize": 12.5}


@lru_cache
def _chinese_font() -> str:
    """Make the Chinese font known, its one weight for bold letters too, and return its name."""
    fontManager.addfont(CHINESE_FONT)
    entry = next(entry for entry in fontManager.ttflist if entry.fname == str(CHINESE_FONT))
    fontManager.ttflist.append(replace(entry, weight=BOLD))
    return entry.name


def settle(figure: Figure) -> None:
    """Lay a figure out for good; what is put into it later moves nothing.

    Ticks, which take the style of the moment they are made in, are made, and keep their number.
    """
    axises = [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]
    for axis in axises:
        if not isinstance(axis.get_major_locator(), FixedLocator):
            axis.set_tick_params(labelsize=TICK_SIZE)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
    # With an engine, even one that does nothing, a figure is drawn twice when it is saved.
    with mpl.rc_context({"figure.autolayout": False, "figure.constrained_layout.use": False}):
        figure.set_layout_engine(None)
    for axes in figure.axes:
        # The solver of layouts takes its terms by their place in memory: last bits are chance.
        corners = axes.get_position(original=True).get_points()
        axes.set_position(Bbox(corners.round(PLACES)))
    for axis in axises:
        axis.get_majorticklabels()
        axis.get_minorticklabels()


def save(figure: Figure, folder: Path, name: str) -> None:
    """Write a settled figure as PNG and SVG; the same picture has the same bytes."""
    # With versions and dates in the files it would not.
    figure.savefig(folder / f"{name}.png", metadata={"Software": None})
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "path"}):
        figure.savefig(
            folder / f"{name}.svg", metadata={"Date": None, "Creator": None, "Type": None}
        )


def save_all(
    pictures: Sequence[Picture], folder: Path, language: Language, progress: Progress
) -> None:
    """Draw pictures and write them into a folder, telling how far that is."""
    progress.stage("figures", len(pictures))
    for picture in pictures:
        figure = draw(picture, language)
        if figure is not None:
            save(figure, folder, picture.name)
        progress.advance(picture.name)


def head(figure: Figure, text: str) -> None:
    """Write what a figure shows above it, as wide as it is."""
    width = int(LETTERS_AN_INCH * figure.get_figwidth())
    figure.suptitle(wrapped(text, width), x=0.01, ha="left")


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
