import pytest

from simdyn.engine.llvm import kernel
from simdyn.engine.llvm.jit import this_cpu
from simdyn.engine.llvm.lanes import Cpu

CPUS = {
    "this CPU": this_cpu(),
    "no AVX-512": Cpu(lanes=4, fma=this_cpu().fma, avx512=False),
    "no FMA": Cpu(lanes=2, fma=False, avx512=False),
}


@pytest.fixture(params=CPUS)
def cpu(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Cpu:
    """Compile for this CPU, and as for lesser ones."""
    described = CPUS[request.param]
    monkeypatch.setattr(kernel, "this_cpu", lambda: described)
    return described
