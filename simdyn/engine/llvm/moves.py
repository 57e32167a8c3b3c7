"""Emit how states move: ``advance``, a function a stage of the method, and ``finish``."""

from __future__ import annotations

from collections.abc import Callable

from llvmlite import ir

from simdyn.engine.llvm.build import LevelKind
from simdyn.engine.llvm.draft import Draft, Place
from simdyn.engine.llvm.lanes import DOUBLE, LONG, Value
from simdyn.engine.llvm.operations import OPERATIONS


def emit_moves(draft: Draft) -> None:
    """Emit the functions that move all states, and the one that looks at them at the end."""
    for stage in range(len(draft.method.weights)):
        place = draft.function(f"advance_{stage}")
        for position, level in enumerate(draft.plan.levels):
            _MOVES[level.kind](draft, place, stage, position)
        place.lanes.builder.ret_void()
    _finish(draft)


def _finish(draft: Draft) -> None:
    """Emit the function that marks members whose stocks are not finite.

    A stock that is not finite stays so; the last step tells.
    """
    place = draft.function("finish")
    for position, level in enumerate(draft.plan.levels):
        if level.kind in {"stock", "reservoir"}:
            place.mark_bad(place.load("state", position))
    place.lanes.builder.ret_void()


def _is_last(draft: Draft, stage: int) -> bool:
    return stage == len(draft.method.shares)


def _moved(draft: Draft, place: Place, stage: int, position: int) -> Value:
    """Return a stock in the next stage, or in the next step."""
    lanes, build = place.lanes, place.lanes.builder
    flow = place.load("flow", position)
    base = place.load("state" if stage == 0 else "base", position)
    total = build.fmul(lanes.number(draft.method.weights[stage]), flow)
    if stage > 0:
        total = build.fadd(place.load("total", position), total)
    if not _is_last(draft, stage):
        place.store("total", position, total)
        place.store("base", position, base)
        total = build.fmul(lanes.number(draft.method.shares[stage]), flow)
    # Not fused: a stock of 4.9 that loses 49 * 0.1 has to be 0.
    return build.fadd(base, build.fmul(lanes.spread(place.numbers["time_step"]), total))


def _stock(draft: Draft, place: Place, stage: int, position: int) -> None:
    place.store("state", position, _moved(draft, place, stage, position))


def _reservoir(draft: Draft, place: Place, stage: int, position: int) -> None:
    """Move a stock that is at least 0 after each step."""
    moved = _moved(draft, place, stage, position)
    if _is_last(draft, stage):
        place.mark_bad(moved)
        moved = OPERATIONS["max"](place.lanes, place.lanes.number(0.0), moved)
    place.store("state", position, moved)


def _hold(draft: Draft, place: Place, stage: int, position: int) -> None:
    """Move a held state with the last stage, to what the first found."""
    if stage == 0:
        place.store("total", position, place.load("flow", position))
    if _is_last(draft, stage):
        place.store("state", position, place.load("total", position))


def _pipe(draft: Draft, place: Place, stage: int, position: int) -> None:
    """Let what the first stage found into a pipe, and with the last what it delayed out of it."""
    pipe = draft.plan.pipes.index(position)
    if stage == 0:
        _push(draft, place, pipe, place.load("flow", position))
    if _is_last(draft, stage):
        place.store("state", position, _pulled(draft, place, pipe, place.load("state", position)))


def _push(draft: Draft, place: Place, pipe: int, value: Value) -> None:
    """Store what enters a pipe in this step's row of the ring."""
    build, n_lane = place.lanes.builder, draft.cpu.lanes
    row = build.urem(place.numbers["step"], place.numbers["n_row"])
    first = build.mul(row, LONG(len(draft.plan.pipes) * n_lane))
    offset = build.add(first, LONG(pipe * n_lane))
    address = build.gep(place.arrays["ring"], [offset], source_etype=DOUBLE)
    build.store(value, address, align=place.align)


def _pulled(draft: Draft, place: Place, pipe: int, before: Value) -> Value:
    """Return what leaves a pipe next: what entered by its length ago, if it was there then."""
    lanes, build, n_lane = place.lanes, place.lanes.builder, draft.cpu.lanes
    step, n_row = place.numbers["step"], place.numbers["n_row"]
    most = lanes.spread(build.uitofp(n_row, DOUBLE))
    length = build.fptosi(lanes.least(most, place.load("length", pipe)), lanes.long)
    next_row = build.add(build.urem(step, n_row), LONG(1))
    row = build.sub(lanes.spread(next_row), length)
    wrapped = build.icmp_signed("<", row, lanes.whole(0))
    row = lanes.select(wrapped, build.add(row, lanes.spread(n_row)), row)
    first = build.mul(row, lanes.whole(len(draft.plan.pipes) * n_lane))
    lane = ir.Constant(lanes.long, [pipe * n_lane + number for number in range(n_lane)])
    past = lanes.gather(place.arrays["ring"], build.add(first, lane))
    filled = build.icmp_signed("<=", length, lanes.spread(build.add(step, LONG(1))))
    return lanes.select(filled, past, before)


_MOVES: dict[LevelKind, Callable[[Draft, Place, int, int], None]] = {
    "stock": _stock,
    "reservoir": _reservoir,
    "hold": _hold,
    "pipe": _pipe,
}
"""What emits the move of the state at a position in a stage, by its kind."""
