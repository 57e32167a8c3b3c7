"""Where results come from: digests of files, versions of what computes."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from threadpoolctl import threadpool_info

import simdyn
from simdyn.project import Project

PACKAGES = (
    *("arviz", "llvmlite", "matplotlib", "numpy", "nutpie", "pandas", "pydantic", "pysd"),
    *("SALib", "scipy", "xarray", "zarr"),
)


def digest(path: Path) -> str:
    """Return the SHA-256 digest of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digests(project: Project, paths: Iterable[Path]) -> dict[str, str]:
    """Return the digest of each file by its path in the project, in order."""
    return {relative(project, path): digest(path) for path in sorted(set(paths))}


def relative(project: Project, path: Path) -> str:
    """Return the path of a file within the project; the name alone of one outside."""
    root = project.root.resolve()
    inside = path.resolve().is_relative_to(root)
    return path.resolve().relative_to(root).as_posix() if inside else path.name


def versions() -> dict[str, str]:
    """Return the versions of all that results depend on, by name."""
    return {
        "simdyn": simdyn.__version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "linear algebra": _linear_algebra(),
        **{name: version(name) for name in PACKAGES},
    }


def _linear_algebra() -> str:
    """Return which code multiplies matrices: it depends on the processor and sets the last bits."""
    libraries = (library for library in threadpool_info() if library["user_api"] == "blas")
    names = ("internal_api", "version", "architecture")
    found = {" ".join(str(library.get(name) or "") for name in names) for library in libraries}
    return ", ".join(sorted(found))


@lru_cache
def code_digest(*without: str) -> str:
    """Return the SHA-256 of this package's code, in hexadecimal.

    Parameters
    ----------
    without : names of its folders that are left out, as what is asked about does not use them
    """
    root = Path(simdyn.__file__).parent
    found = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root)
        if name.parts[0] not in without:
            found.update(name.as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()
