"""Turn IR into machine code for this CPU."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any

import llvmlite.binding as llvm

from simdyn.engine.llvm.lanes import Cpu

_LOCK = Lock()
"""LLVM compiles one module at a time."""


@dataclass(frozen=True)
class Code:
    """Compiled code: ``call`` is its function; ``engine`` keeps it in memory."""

    call: Any
    engine: Any


@lru_cache(maxsize=1)
def _features() -> Mapping[str, bool]:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return dict(llvm.get_host_cpu_features())


@lru_cache(maxsize=1)
def this_cpu() -> Cpu:
    """Return what code for this CPU may use."""
    has = _features().get
    arm = llvm.get_default_triple().startswith(("aarch64", "arm64"))
    avx512 = bool(has("avx512f")) and bool(has("avx512dq"))
    lanes = 8 if avx512 else 4 if has("avx") else 2
    return Cpu(lanes=lanes, fma=bool(has("fma")) or arm, avx512=avx512)


def compile_ir(text: str, name: str, arguments: Sequence[type], level: int) -> Code:
    """Return the compiled function of this name, which takes such arguments.

    level : of optimisation, 0 to 3
    """
    with _LOCK:
        features = ",".join(f"{'+' if on else '-'}{f}" for f, on in _features().items())
        target = llvm.Target.from_default_triple().create_target_machine(
            cpu=llvm.get_host_cpu_name(),
            features=f"{features},-prefer-256-bit",
            opt=level,
            jit=True,
        )
        module = llvm.parse_assembly(text)
        module.triple = llvm.get_process_triple()
        module.data_layout = str(target.target_data)
        passes = llvm.create_new_module_pass_manager()
        passes.add_always_inliner_pass()
        passes.run(module, llvm.create_pass_builder(target, llvm.create_pipeline_tuning_options()))
        engine = llvm.create_mcjit_compiler(module, target)
        engine.finalize_object()
    return Code(ctypes.CFUNCTYPE(None, *arguments)(engine.get_function_address(name)), engine)
