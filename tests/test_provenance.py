"""Code that cannot change a result does not make results be found anew."""

import ast
from pathlib import Path

import pytest

import simdyn
from simdyn.calibrate import store
from simdyn.report import manifest
from simdyn.study import batch

HOME = Path(simdyn.__file__).parent


@pytest.mark.parametrize(
    ("start", "unused"),
    [
        ("simdyn.calibrate.store", store.UNUSED),
        ("simdyn.study", batch.UNUSED),
        ("simdyn.sensitivity.regional", manifest.UNUSED),
    ],
)
def test_what_is_left_out_of_the_code_is_not_used(start: str, unused: tuple[str, ...]) -> None:
    used: set[str] = set()
    follow(start, used)
    assert len(used) > 50
    assert not {name.split(".")[1] for name in used} & set(unused)


def follow(name: str, used: set[str]) -> None:
    """Enter a module of the package, and all that it imports, into `used`."""
    path = HOME.parent / name.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    if name == "simdyn" or name in used or not file.is_file():
        return
    used.add(name)
    follow(name.rpartition(".")[0], used)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "simdyn":
            follow(str(node.module), used)
            for imported in node.names:
                follow(f"{node.module}.{imported.name}", used)
