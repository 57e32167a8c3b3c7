"""The array type that values of runs, parameters and results share."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
"""Floating-point numbers; shapes are spelt with the axis names in each docstring."""
