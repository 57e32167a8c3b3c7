"""Bootstrap over base samples, with the resamples of SALib.

It takes base samples for independent. Those of one Sobol sequence are more even than that, so that
its intervals are mostly far too wide, and sometimes too narrow; see
`simdyn.sensitivity.designed.jackknife`.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

from simdyn.sensitivity.designed.replicates import Replicates


def bootstrap(n_base: int, n_resample: int, seed: int) -> Replicates:
    """Return normal 95 percent bootstrap intervals: the resamples that SALib draws from `seed`."""
    drawn = np.random.default_rng(seed).integers(n_base, size=(n_base, n_resample))
    counts = np.stack([np.bincount(column, minlength=n_base) for column in drawn.T])
    return Replicates("bootstrap", counts / n_base, float(norm.ppf(0.975)))
