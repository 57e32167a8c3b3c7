"""Where results come from: digests of files, versions of what computes."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from simdyn import __version__
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


def made_with() -> dict[str, object]:
    """Return the versions of all that results depend on."""
    return {
        "simdyn": __version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "packages": {name: version(name) for name in PACKAGES},
    }
