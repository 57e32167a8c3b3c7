import numpy as np

from simdyn.structure.layout import Box, Edge, Point, Spacing, lay_out

SPACING = Spacing(50.0, 14.0, arrival=18.0)


def tangle(seed: int) -> tuple[list[Box], list[Edge]]:
    draw = np.random.default_rng(seed)
    boxes = [Box(f"b{n}", draw.uniform(20, 120), draw.uniform(15, 60)) for n in range(25)]
    pairs = {tuple(draw.choice(25, 2, replace=False).tolist()) for _ in range(45)}
    return boxes, [Edge(f"b{a}", f"b{b}") for a, b in sorted(pairs)]


def test_boxes_keep_apart_and_edges_off_boxes() -> None:
    for seed in range(5):
        boxes, edges = tangle(seed)
        plan = lay_out(boxes, edges, SPACING)
        rects = {
            box.key: (plan.places[box.key], box.along / 2, plan.rooms[box.key] / 2) for box in boxes
        }
        listed = list(rects.values())
        for number, (one, along, across) in enumerate(listed):
            assert -1e-6 <= one.x - along <= one.x + along <= plan.along + 1e-6
            assert -1e-6 <= one.y - across <= one.y + across <= plan.across + 1e-6
            for other, along2, across2 in listed[number + 1 :]:
                apart_x = abs(one.x - other.x) >= along + along2 - 1e-6
                assert apart_x or abs(one.y - other.y) >= across + across2 - 1e-6
        for edge, route in zip(edges, plan.routes, strict=True):
            assert_ends_at(route[0], *rects[edge.source])
            assert_ends_at(route[-1], *rects[edge.target])
            for key, (middle, along, across) in rects.items():
                inside = [
                    point
                    for point in route[1:-1]
                    if abs(point.x - middle.x) < along - 1e-6
                    and abs(point.y - middle.y) < across - 1e-6
                ]
                assert not inside, (edge, key)


def assert_ends_at(point: Point, middle: Point, along: float, across: float) -> None:
    assert abs(abs(point.x - middle.x) - along) < 1e-6
    assert abs(point.y - middle.y) <= across + 1e-6


def test_heavy_edges_lead_on() -> None:
    boxes = [Box(key, 10, 10) for key in "abc"]
    edges = [Edge("c", "a"), Edge("b", "a"), Edge("a", "b", 60.0), Edge("b", "c", 60.0)]
    places = lay_out(boxes, edges, SPACING).places
    assert places["a"].x < places["b"].x < places["c"].x


def test_nothing_and_what_hangs_on_nothing() -> None:
    assert lay_out([], [], SPACING).routes == ()
    plan = lay_out([Box("a", 10, 10), Box("b", 20, 10)], [], SPACING)
    assert abs(plan.places["a"].y - plan.places["b"].y) >= 10 + SPACING.boxes


def test_the_same_graph_has_the_same_layout() -> None:
    boxes, edges = tangle(7)
    assert lay_out(boxes, edges, SPACING) == lay_out(boxes, edges, SPACING)
