"""Random numbers as IR: the hash of ``numpy_random`` on 64-bit words in lanes, bit by bit the same.

A word is kept where numbers are, as the double of its bits; nothing is computed with it but here.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from llvmlite import ir

from simdyn.arrays import Array
from simdyn.engine.integrate import Chance
from simdyn.engine.llvm.lanes import LONG, Lanes, Value
from simdyn.engine.numpy_random import DROPPED_BITS, GOLDEN, LAST_SHIFT, ROUNDS, UNIT, word

SEED, MEMBER, STEP = "random seed", "random member", "random step"
"""Keys of what draws depend on; no variable of a model has a blank in its key."""


def words(chance: Chance) -> Mapping[str, Array | float]:
    """Return what the run supplies: the word of the seed, and of each member (member,)."""
    seed, labels = (word(part).view(float) for part in (chance.seed, chance.labels))
    return {SEED: seed[0], MEMBER: labels}


def place(lanes: Lanes, seed: Value, stream: Value, member: Value) -> Value:
    """Return the word of a place in the model and of a member; the stream is a number."""
    hashed = _mixed(lanes, lanes.bits(seed))
    hashed = _joined(lanes, hashed, lanes.builder.fptoui(stream, lanes.long))
    return lanes.from_bits(_joined(lanes, hashed, lanes.bits(member)))


def draw(lanes: Lanes, placed: Value, step: Value) -> Value:
    """Return numbers above 0 and below 1; the step is a number."""
    build = lanes.builder
    hashed = _joined(lanes, lanes.bits(placed), build.fptoui(step, lanes.long))
    kept = build.lshr(hashed, _word(lanes, DROPPED_BITS))
    # As signed, which is the same for so few bits and takes fewer instructions.
    whole = build.sitofp(kept, lanes.double)
    return build.fmul(build.fadd(whole, lanes.number(0.5)), lanes.number(UNIT))


def _word(lanes: Lanes, value: np.uint64) -> Value:
    return ir.Constant(lanes.long, [LONG(int(value))] * lanes.cpu.lanes)


def _joined(lanes: Lanes, hashed: Value, part: Value) -> Value:
    return _mixed(lanes, lanes.builder.xor(hashed, _mixed(lanes, part)))


def _mixed(lanes: Lanes, value: Value) -> Value:
    build = lanes.builder
    value = build.add(value, _word(lanes, GOLDEN))
    for shift, factor in ROUNDS:
        value = build.xor(value, build.lshr(value, _word(lanes, shift)))
        value = build.mul(value, _word(lanes, factor))
    return build.xor(value, build.lshr(value, _word(lanes, LAST_SHIFT)))
