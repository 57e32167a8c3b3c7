"""Emit how states move: ``advance``, a function a stage of the method, and ``finish``."""

from __future__ import annotations

from collections.abc import Callable

from llvmlite import ir

from simdyn.engine.llvm.build import LevelKind
from simdyn.engine.llvm.draft import Draft, Place
from simdyn.engine.llvm.lanes import DOUBLE, LONG, POINTER, Lanes, Value
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
    build, pipe = place.lanes.builder, draft.plan.pipes[position]
    step, n_row = place.numbers["step"], place.numbers["n_row"]
    column = LONG(pipe * draft.cpu.lanes)
    ring = build.gep(place.arrays["ring"], [column], source_etype=DOUBLE)
    if stage == 0:
        row = build.mul(build.urem(step, n_row), _width(draft))
        address = build.gep(ring, [row], source_etype=DOUBLE)
        build.store(place.load("flow", position), address, align=place.align)
    if _is_last(draft, stage):
        length, before = place.load("length", pipe), place.load("state", position)
        pulled = build.call(_pull(draft), [ring, step, n_row, length, before])
        place.store("state", position, pulled)


def _width(draft: Draft) -> Value:
    """Return the numbers in a row of the ring."""
    return LONG(len(draft.plan.pipes) * draft.cpu.lanes)


def _pull(draft: Draft) -> Value:
    """Return the function of what leaves a pipe next, emitted on its first use.

    It takes the pipe's column of the ring, the step, the rows, the pipe's length and state, and
    gives what entered by the length ago; the state, if nothing had entered then.
    """
    if "pull" in draft.module.globals:
        return draft.module.globals["pull"]
    vector = ir.VectorType(DOUBLE, draft.cpu.lanes)
    kind = ir.FunctionType(vector, [POINTER, LONG, LONG, vector, vector])
    function = ir.Function(draft.module, kind, "pull")
    function.linkage = "internal"
    function.attributes.add("noinline")
    build = ir.IRBuilder(function.append_basic_block())
    lanes = Lanes(draft.module, build, draft.cpu)
    ring, step, n_row, length, before = function.args
    most = lanes.spread(build.uitofp(n_row, DOUBLE))
    delay = build.fptosi(lanes.least(most, length), lanes.long)
    next_row = build.add(build.urem(step, n_row), LONG(1))
    row = build.sub(lanes.spread(next_row), delay)
    wrapped = build.icmp_signed("<", row, lanes.whole(0))
    row = lanes.select(wrapped, build.add(row, lanes.spread(n_row)), row)
    first = build.mul(row, lanes.spread(_width(draft)))
    lane = ir.Constant(lanes.long, list(range(draft.cpu.lanes)))
    past = lanes.gather(ring, build.add(first, lane))
    has_entered = build.icmp_signed("<=", delay, lanes.spread(build.add(step, LONG(1))))
    build.ret(lanes.select(has_entered, past, before))
    return function


_MOVES: dict[LevelKind, Callable[[Draft, Place, int, int], None]] = {
    "stock": _stock,
    "reservoir": _reservoir,
    "hold": _hold,
    "pipe": _pipe,
}
"""What emits the move of the state at a position in a stage, by its kind."""
