"""Whether the text of a picture can be read."""

from collections.abc import Sequence
from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def room(text: Text) -> Bbox:
    """Where the letters are, without the line from a name to its point."""
    text.get_window_extent()
    return Text.get_window_extent(text)


def check_legible(stem: str, texts: Sequence[Text], figure: Figure) -> None:
    """No text is cut off or lies over another."""
    canvas = figure.bbox.padded(0.5)
    rooms = {text: room(text) for text in texts}
    for text, place in rooms.items():
        corners = [(place.x0, place.y0), (place.x1, place.y1)]
        assert canvas.count_contains(corners) == 2, (stem, text.get_text())
    for one, other in combinations(texts, 2):
        a, b = rooms[one].padded(-0.75), rooms[other].padded(-0.75)
        assert not a.overlaps(b), (stem, one.get_text(), other.get_text())
