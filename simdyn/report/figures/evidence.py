"""What was reported and what is aimed at, beside what the model makes: marks in panels of years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from simdyn.facts.records import Layer
from simdyn.names import Quantity
from simdyn.regions import Observation
from simdyn.report.figures.drawing import GREY
from simdyn.report.figures.parts import Told
from simdyn.report.reported import aims, last_fitted, levels

REPORTED = {Layer.DOCUMENTS: "o", Layer.PUBLIC: "s"}
"""Filled marks; open ones stand for figures out of sample, in pictures of backtests."""
TARGET: Mapping[str, Any] = {
    "marker": "_",
    "markersize": 11,
    "markeredgewidth": 2.2,
    "color": "black",
}


def mark_reported(axes: Axes, told: Told, region: str, quantity: Quantity) -> None:
    """Mark the levels that the region was fitted to: dots of documents, squares of statistics."""
    for observation, value in levels(told.results, region):
        if observation.variable == quantity.variable:
            mark(axes, told, observation, value)


def mark(
    axes: Axes, told: Told, observation: Observation, value: float, colour: str = "black"
) -> None:
    """Mark a reported figure in the year that it ends in."""
    layer = told.study.facts[observation.fact_ids[0]].layer
    axes.plot(
        [observation.end], [value], REPORTED[layer], color=colour, markersize=4.8,
        markeredgecolor="white", markeredgewidth=0.5, zorder=5, clip_on=False,
    )  # fmt: skip


def mark_targets(axes: Axes, told: Told, region: str, quantity: Quantity) -> bool:
    """Mark the targets that are levels of the quantity; return whether there are any."""
    found = [
        (target.end, aim)
        for target, aim in aims(told.study, region)
        if target.variable == quantity.variable
    ]
    for year, aim in found:
        axes.plot([year], [aim], **TARGET, zorder=6)
    return bool(found)


def mark_projection(axes: Axes, told: Told, region: str, *, words: bool = True) -> None:
    """Rule off what is projected from what figures cover, above the axes in words."""
    year = last_fitted(told.results, region)
    if year is not None:
        rule_off(axes, told, year, words=words)


def rule_off(axes: Axes, told: Told, year: int, *, words: bool = True) -> None:
    """Draw the rule behind a year."""
    axes.axvline(year, color=GREY, linewidth=0.8, linestyle=":")
    if not words:
        return
    for name, side, align in (("fig_fitted", -3, "right"), ("fig_projected", 3, "left")):
        axes.annotate(
            told.labels(name), (year, 1), xycoords=axes.get_xaxis_transform(), xytext=(side, 2),
            textcoords="offset points", ha=align, va="bottom", fontsize=6.5, color=GREY,
        )  # fmt: skip


def evidence_handles(told: Told, *, targets: bool = False, rule: bool = True) -> list[Artist]:
    """Return what the marks mean.

    Parameters
    ----------
    targets : whether some are marked
    rule : whether the projected part is ruled off
    """
    labels = told.labels
    handles: list[Artist] = [
        Line2D([], [], color="black", marker=REPORTED[layer], linestyle="", label=labels(name))
        for layer, name in (
            (Layer.DOCUMENTS, "fig_document"),
            (Layer.PUBLIC, "fig_public"),
        )
    ]
    if targets:
        handles.append(Line2D([], [], linestyle="", label=labels("fig_target"), **TARGET))
    if rule:
        handles.append(
            Line2D([], [], color=GREY, linewidth=0.8, linestyle=":", label=labels("fig_rule"))
        )
    return handles
