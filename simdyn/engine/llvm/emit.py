"""Emit the IR of a plan: its parts, how its states move, and the loops over members and steps."""

from __future__ import annotations

from llvmlite import ir

from simdyn.engine.llvm.draft import Draft
from simdyn.engine.llvm.lanes import Cpu
from simdyn.engine.llvm.moves import emit_moves
from simdyn.engine.llvm.parts import emit_parts
from simdyn.engine.llvm.plan import Plan
from simdyn.engine.llvm.run import emit_run
from simdyn.engine.methods import Method


def emit(plan: Plan, method: Method, cpu: Cpu) -> str:
    """Return the IR of a module; ``run`` is the function to call."""
    draft = Draft(plan, method, cpu, ir.Module("kernel"))
    emit_parts(draft)
    emit_moves(draft)
    emit_run(draft)
    return str(draft.module)
