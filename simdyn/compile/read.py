"""Read a model file: Vensim ``.mdl`` or XMILE, through PySD's parsers, without trusting it.

PySD evaluates numbers and lookup points as Python while it parses, drops bytes it cannot decode,
and takes an equation it cannot split, with all that follow, for a drawing. Here a model file can
run no code, is decoded strictly, is split once more by a grammar of our own, and nothing is
written beside it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

from simdyn.compile.parsers import Parsed
from simdyn.compile.vensim import read_vensim
from simdyn.compile.xmile import read_xmile
from simdyn.errors import ModelError


def read(path: Path | str) -> Parsed:
    """Parse a model file.

    Raises
    ------
    ModelError
        The file is missing, of an unknown kind, not decodable, cut short, or holds an equation
        that cannot be parsed.
    """
    path = Path(path)
    return parse(path, content_of(path))


def content_of(path: Path) -> bytes:
    """Return what a model file holds; ModelError if it is missing or of an unknown kind."""
    if path.suffix.lower() not in _READERS:
        msg = f"not a model file. Expected one of: {', '.join(sorted(_READERS))}."
        raise ModelError(msg, path=path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ModelError("no such file. Check the path.", path=path) from None
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror}.", path=path) from error


def parse(path: Path, content: bytes) -> Parsed:
    """Parse the content of a model file, which may differ from what the file holds now."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _READERS[path.suffix.lower()](path, content)


_READERS: dict[str, Callable[[Path, bytes], Parsed]] = {
    ".mdl": read_vensim,
    ".xmile": read_xmile,
    ".stmx": read_xmile,
}

SUFFIXES = frozenset(_READERS)
"""How the names of model files end."""
