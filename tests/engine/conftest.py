from collections.abc import Callable
from pathlib import Path

import pytest

from simdyn.engine.llvm import kernel
from simdyn.engine.llvm.jit import this_cpu
from simdyn.engine.llvm.lanes import Cpu
from simdyn.engine.model import Model, load

CONTROLS = {"INITIAL TIME": "0", "FINAL TIME": "4", "TIME STEP": "0.5", "SAVEPER": "1"}
SKETCH = "\\\\\\---/// Sketch information\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a model of some equations; keywords such as TIME_STEP replace the controls."""

    def write_model(*equations: str, **controls: str) -> Path:
        named = {key.replace("_", " "): value for key, value in controls.items()}
        lines = [f"{name} = {value}" for name, value in {**CONTROLS, **named}.items()]
        path = tmp_path / "model.mdl"
        entries = "".join(f"{line}\n\t~\tDmnl\n\t~\t\t|\n\n" for line in [*equations, *lines])
        path.write_text("{UTF-8}\n" + entries + SKETCH, encoding="utf-8")
        return path

    return write_model


@pytest.fixture
def model(write: Callable[..., Path]) -> Callable[..., Model]:
    return lambda *equations, **controls: load(write(*equations, **controls))


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
