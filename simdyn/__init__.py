"""simdyn: system-dynamics simulation of how regional economies grow."""

from simdyn.engine.model import Model, load

__all__ = ["Model", "load"]

__version__ = "0.1.0"
