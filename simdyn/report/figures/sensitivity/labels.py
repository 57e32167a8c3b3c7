"""Names beside points: each near its own, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from simdyn.arrays import Array

DISTANCES = (7, 14, 24, 36, 50, 66, 84)
"""Points from a point to its name, nearest first."""
ANGLES = np.deg2rad([0, 180, 45, -45, 135, -135, 90, -90, 20, -20, 160, -160])
NEAR = 14
"""Points from which on a thin line joins the two."""
SIZE = 7.5
"""Of the letters, in points."""
N_PLACE = 24
"""Places along a line that joins a name and its point; no other name lies on one."""
NO_PLACE: Array = np.empty((0, 2))
AIR = 4.0
"""Pixels that a name keeps from others and from the centres of points."""


def label_points(axes: Axes, points: Array, texts: Sequence[str], lines: Array) -> list[Annotation]:
    """Name the first points; a name for which there is no room is left out.

    The figure is settled: nothing moves any more.

    Parameters
    ----------
    points : (point, 2), in data; the first have names, no name lies on any of them
    texts : names of the first points, the most important first
    lines : (place, 2), in data; places along lines that no name is to cross
    """
    barred = axes.transData.transform(np.concatenate([points, lines]))
    inside = axes.get_window_extent()
    taken: list[Bbox] = []
    placed = []
    for point, text in zip(points, texts, strict=False):
        name = axes.annotate(text, point, (0, 0), textcoords="offset points", fontsize=SIZE)
        for distance, angle in product(DISTANCES, ANGLES):
            _move(name, distance, angle)
            room = name.get_window_extent().padded(AIR)
            joint = _joint(axes, name) if distance >= NEAR else NO_PLACE
            clear = not any(other.count_contains(joint) for other in taken)
            if clear and _fits(room, inside, taken, barred):
                taken.append(room)
                placed.append(name)
                barred = np.concatenate([barred, joint])
                if len(joint):
                    _join(axes, name)
                break
        else:
            name.remove()
    return placed


def _joint(axes: Axes, name: Annotation) -> Array:
    """Return places along the line from a point to its name, (place, 2), in pixels."""
    start = axes.transData.transform(name.xy)
    way = np.asarray(name.get_position()) * axes.figure.dpi / 72
    return np.asarray(start + np.linspace(0, 1, N_PLACE, endpoint=False)[:, None] * way)


def _move(name: Annotation, distance: float, angle: float) -> None:
    across, up = np.cos(angle), np.sin(angle)
    name.set_position((distance * across, distance * up))
    name.set_horizontalalignment(
        "center" if abs(across) < 0.1 else "left" if across > 0 else "right"
    )
    name.set_verticalalignment("center" if abs(up) < 0.1 else "bottom" if up > 0 else "top")


def _join(axes: Axes, name: Annotation) -> None:
    line = {"arrowstyle": "-", "color": "#999999", "linewidth": 0.5, "shrinkA": 0, "shrinkB": 2}
    axes.annotate("", name.xy, name.get_position(), textcoords="offset points", arrowprops=line)


def _fits(room: Bbox, inside: Bbox, taken: Sequence[Bbox], pixels: Array) -> bool:
    contained = (
        inside.x0 <= room.x0 and room.x1 <= inside.x1
        and inside.y0 <= room.y0 and room.y1 <= inside.y1
    )  # fmt: skip
    return contained and room.count_overlaps(taken) == 0 and room.count_contains(pixels) == 0
