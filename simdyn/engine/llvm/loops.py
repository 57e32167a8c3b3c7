"""Loops in IR."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from llvmlite import ir

from simdyn.engine.llvm.lanes import Value


@contextmanager
def counted(build: ir.IRBuilder, first: Value, last: Value) -> Iterator[Value]:
    """Emit a loop over the integers from ``first`` to before ``last``; yields the counter."""
    function = build.function
    before = build.block
    head, body, done = (function.append_basic_block() for _ in range(3))
    build.branch(head)
    build.position_at_end(head)
    counter = build.phi(first.type)
    counter.add_incoming(first, before)
    build.cbranch(build.icmp_signed("<", counter, last), body, done)
    build.position_at_end(body)
    yield counter
    counter.add_incoming(build.add(counter, first.type(1)), build.block)
    build.branch(head)
    build.position_at_end(done)
