"""simdyn: system-dynamics simulation of how regional economies grow."""

from simdyn.engine.model import Model, load
from simdyn.runs.results import RunResults, open_results

__all__ = ["Model", "RunResults", "load", "open_results"]

__version__ = "0.1.0"
