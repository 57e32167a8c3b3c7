import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from lxml import etree
from structure_words import POPULATION, Read

from simdyn.structure import (
    Structure,
    loop_diagram,
    loop_diagrams,
    overview_diagram,
    sector_diagrams,
)
from simdyn.structure.diagrams.text import LINE, SIZE, lines, width

HOSTILE = "<script>alert(1)</script>"
GROUP = "********\n\t.{}\n********~\n\t\tWhat it holds.\n\t|\n\n"
NAMESPACE = "{http://www.w3.org/2000/svg}"
Rect = tuple[float, float, float, float]


def pictures(structure: Structure) -> dict[str, str]:
    found = {f"sector {name}": svg for name, svg in sector_diagrams(structure).items()}
    found |= {f"loops {name}": svg for name, svg in loop_diagrams(structure).items()}
    found["all loops"] = loop_diagram(structure, structure.loops)
    return {**found, "overview": overview_diagram(structure)}


@pytest.fixture(scope="module")
def drawn(growth: Structure) -> dict[str, etree._Element]:
    return {name: etree.fromstring(svg.encode()) for name, svg in pictures(growth).items()}


def texts(root: etree._Element) -> Iterator[tuple[str, Rect]]:
    for node in root.iter(f"{NAMESPACE}text"):
        small = node.getparent().get("class", "").startswith("mark")
        wide = width(node.text, 10.5 if small else SIZE)
        x, y = float(node.get("x")), float(node.get("y")) - 0.36 * SIZE
        left = x if node.get("class") == "left" else x - wide / 2
        yield node.text, (left, y - 0.4 * SIZE, left + wide, y + 0.4 * SIZE)


def curve(data: str) -> Iterator[tuple[float, float]]:
    """Yield points along a path of cubic curves."""
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", data)]
    start, rest = numbers[:2], numbers[2:]
    for first in range(0, len(rest), 6):
        corners = [start, *(rest[first + n : first + n + 2] for n in (0, 2, 4))]
        for share in (n / 20 for n in range(21)):
            weights = (
                (1 - share) ** 3,
                3 * (1 - share) ** 2 * share,
                3 * (1 - share) * share**2,
                share**3,
            )
            yield tuple(
                sum(w * c[a] for w, c in zip(weights, corners, strict=True)) for a in (0, 1)
            )
        start = corners[3]


def test_text_is_whole_and_overlaps_no_other(drawn: dict[str, etree._Element]) -> None:
    for name, root in drawn.items():
        _, _, wide, high = map(float, root.get("viewBox").split())
        found = list(texts(root))
        for number, (said, rect) in enumerate(found):
            assert rect[0] >= 0, (name, said)
            assert rect[1] >= 0, (name, said)
            assert rect[2] <= wide, (name, said)
            assert rect[3] <= high, (name, said)
            for other, near in found[number + 1 :]:
                apart = rect[2] <= near[0] or near[2] <= rect[0]
                assert apart or rect[3] <= near[1] or near[3] <= rect[1], (name, said, other)


def test_arrows_run_through_no_name(drawn: dict[str, etree._Element]) -> None:
    for name, root in drawn.items():
        names = [(said, rect) for said, rect in texts(root) if len(said) > 3]
        for path in root.iter(f"{NAMESPACE}path"):
            if path.get("class") not in {"link", "link idle", "pipe"}:
                continue
            for x, y in curve(path.get("d")):
                hit = [s for s, r in names if r[0] < x < r[2] and r[1] < y < r[3]]
                assert not hit, (name, hit)


def test_every_loop_has_its_mark(growth: Structure, drawn: dict[str, etree._Element]) -> None:
    said = [text for text, _ in texts(drawn["all loops"])]
    for loop in growth.loops:
        # Once on an arrow and once before its name.
        assert said.count(loop.mark) == 2, loop.name


def test_sectors_of_the_growth_model(growth: Structure, drawn: dict[str, etree._Element]) -> None:
    population = drawn["sector Population"]
    shapes = [rect.get("class") for rect in population.iter(f"{NAMESPACE}rect")]
    assert shapes.count("stock") == 5
    assert len([p for p in population.iter(f"{NAMESPACE}path") if p.get("class") == "cloud"]) == 8
    titles = [title.text for title in population.iter(f"{NAMESPACE}title")]
    debt = next(t for t in titles if t.startswith("Young population (stock, wan person)"))
    assert "Residents aged 0-14" in debt
    ghosts = [t.text for t in population.iter(f"{NAMESPACE}text") if t.get("class") == "ghost"]
    assert "GDP" in ghosts
    assert {f"sector {name}" for name in growth.sectors if name != "Control"} <= set(drawn)


def test_pictures_are_legible_on_a_laptop(drawn: dict[str, etree._Element]) -> None:
    for name, root in drawn.items():
        wide = float(root.get("viewBox").split()[2])
        assert wide <= (1500 if name == "overview" else 2100 if name == "all loops" else 1250), name


def test_colours_follow_the_page(drawn: dict[str, etree._Element]) -> None:
    root = drawn["overview"]
    assert "currentColor" in root.findtext(f"{NAMESPACE}style")
    assert all(node.get("style") is None and node.get("fill") is None for node in root.iter())


def test_hostile_names_are_text(read: Read) -> None:
    plain = read(*POPULATION)
    names = {"Population": HOSTILE, "births": "a\"b'&amp;\x00]]>", "deaths": "很长的名字" * 9}

    def said(name: str) -> str:
        return names.get(name, name)

    elements = tuple(
        replace(e, name=said(e.name), documentation=HOSTILE, unit=HOSTILE, sector=HOSTILE)
        for e in plain.elements
    )
    links = tuple(replace(k, cause=said(k.cause), effect=said(k.effect)) for k in plain.links)
    loops = tuple(
        replace(
            k,
            name=HOSTILE,
            stocks=(HOSTILE,),
            links=tuple(
                replace(link, cause=said(link.cause), effect=said(link.effect)) for link in k.links
            ),
        )
        for k in plain.loops
    )
    hostile = replace(plain, elements=elements, links=links, loops=loops)
    for svg in pictures(hostile).values():
        assert "<script" not in svg
        root = etree.fromstring(svg.encode())
        tags = {etree.QName(node).localname for node in root.iter()}
        assert tags <= {"svg", "title", "style", "g", "path", "rect", "text"}
        assert any(HOSTILE in (node.text or "") for node in root.iter())


def test_lines_fit_and_lose_nothing() -> None:
    for text in ("industry capital depreciation", "很长的名字" * 9, "a" * 300, "x"):
        found = lines(text, 80)
        assert "".join(found) == text.replace(" ", "")
        assert all(width(line) <= 130 for line in found)
    assert lines("industry capital", 200) == ["industry capital"]
    assert LINE > SIZE


def test_flows_between_sectors_are_drawn_in_both(read: Read) -> None:
    found = read(
        f"{GROUP.format('01 Source')}Here = INTEG(-move, 10)",
        "move = Here / 4",
        f"{GROUP.format('02 Sink')}There = INTEG(move + steady, 0)",
        f"steady = 3\n~ Dmnl ~ |\n\n{GROUP.format('Control')}unused = 1",
    )
    assert found.by_name["steady"].kind == "flow"
    assert found.sectors == ("Source", "Sink", "Control")
    roots = {name: etree.fromstring(svg.encode()) for name, svg in sector_diagrams(found).items()}
    assert list(roots) == ["Source", "Sink"]
    pipes = {
        name: [path for path in root.iter(f"{NAMESPACE}path") if path.get("class") == "pipe"]
        for name, root in roots.items()
    }
    # Two lead through the flow in both; beside them, one from a cloud and one through `steady`.
    assert {name: len(found) for name, found in pipes.items()} == {"Source": 2, "Sink": 4}
    assert "There" in [text for text, _ in texts(roots["Source"])]
