"""SVG as text: elements whose content is escaped, and the look that all pictures share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from simdyn.structure.diagrams.text import LINE, SIZE
from simdyn.structure.layout import Point

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

STYLE = """
.simdyn-map { font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial,
  "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; font-size: SIZEpx;
  --map-stock: #2f6fae; --map-r: #b4500c; --map-b: #1f6f9f; --map-a: #75603f;
  max-width: 100%; height: auto; }
.simdyn-map text { fill: currentColor; text-anchor: middle; }
.simdyn-map .left { text-anchor: start; }
.simdyn-map .link { fill: none; stroke: currentColor; stroke-width: 1.1; opacity: .5; }
.simdyn-map .head { fill: currentColor; opacity: .65; }
.simdyn-map .idle { stroke-dasharray: 3 4; opacity: .4; }
.simdyn-map .bar { stroke: currentColor; stroke-width: 1.6; fill: none; }
.simdyn-map .pipe { fill: none; stroke: var(--map-stock); stroke-width: 4.5; opacity: .55; }
.simdyn-map .pipehead, .simdyn-map .valve { fill: var(--map-stock); }
.simdyn-map .stock { fill: var(--map-stock); fill-opacity: .13; stroke: var(--map-stock);
  stroke-width: 1.8; }
.simdyn-map .flow { fill: var(--map-stock); fill-opacity: .05; stroke: var(--map-stock);
  stroke-width: .9; }
.simdyn-map .cloud { fill: none; stroke: var(--map-stock); stroke-width: 1.3; }
.simdyn-map .lever { fill: none; stroke: currentColor; stroke-width: .8; opacity: .6; }
.simdyn-map .plain { fill: currentColor; opacity: .055; }
.simdyn-map text.ghost { opacity: .72; font-style: italic; }
.simdyn-map text.sign { font-size: SIZEpx; }
.simdyn-map .R { --map-mark: var(--map-r); }
.simdyn-map .B { --map-mark: var(--map-b); }
.simdyn-map .ambiguous { --map-mark: var(--map-a); }
.simdyn-map .mark rect { fill: var(--map-mark); }
.simdyn-map .mark text { fill: #fff; font-size: 10.5px; }
.simdyn-map g:hover > .link { opacity: 1; stroke-width: 2; }
svg.simdyn-map:root { color-scheme: light dark; color: CanvasText; background: Canvas; }
""".replace("SIZE", f"{SIZE:g}")
"""Colours follow ``currentColor``; a page may set the variables ``--map-...`` anew."""


def plain(text: str) -> str:
    """Return a text as XML may hold it."""
    return escape(_FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text), quote=True)


def tag(name: str, *content: str, **attributes: str | float) -> str:
    """Return an element; content is SVG, attributes are text, ``class_`` is written ``class``."""
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_number(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{''.join(content)}</{name}>" if content else f"<{name}{said}/>"


def _number(value: str | float) -> str:
    return plain(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def text(said: str, x: float, y: float, kind: str = "") -> str:
    """Return one line of text whose middle is at a height."""
    attributes = {"class_": kind} if kind else {}
    return tag("text", plain(said), x=x, y=y + 0.36 * SIZE, **attributes)


def label(lines: Sequence[str], middle: Point, kind: str = "") -> str:
    """Return lines of text around a point."""
    top = middle.y - LINE * (len(lines) - 1) / 2
    return "".join(text(line, middle.x, top + LINE * n, kind) for n, line in enumerate(lines))


def group(title: str, *content: str, kind: str = "") -> str:
    """Return a group that says its title to whoever points at it."""
    attributes = {"class_": kind} if kind else {}
    return tag("g", tag("title", plain(title)), *content, **attributes)


def document(width: float, height: float, title: str, *content: str) -> str:
    """Return a whole picture that scales and says what it shows."""
    return tag(
        "svg",
        tag("title", plain(title)),
        tag("style", STYLE),
        *content,
        xmlns="http://www.w3.org/2000/svg",
        class_="simdyn-map",
        role="img",
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        width=f"{width:.0f}",
        height=f"{height:.0f}",
    )
