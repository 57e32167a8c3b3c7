"""simdyn: system-dynamics simulation of how regional economies grow."""

__version__ = "0.1.0"
