"""What moves each outcome, told from draws that are there already; no design is run for it.

Draws of the posterior are correlated, so designs for independent inputs do not fit them. Here:

- `indices`: PAWN and RBD-FAST of each input, each beside the level that noise alone reaches,
- `shapley`: Shapley effects, which split the explained variance among correlated inputs,
- `split`: variance from policy, from groups of parameters, from noise and from the solver,
- `discover`: the ranges of inputs in which a target fails (PRIM).
"""

from simdyn.sensitivity.given.data import Excluded, GivenData, given
from simdyn.sensitivity.given.discovery import Discovery, discover
from simdyn.sensitivity.given.indices import indices
from simdyn.sensitivity.given.shapley import Shapley, shapley
from simdyn.sensitivity.given.split import Crossed, Split, split

__all__ = [
    "Crossed",
    "Discovery",
    "Excluded",
    "GivenData",
    "Shapley",
    "Split",
    "discover",
    "given",
    "indices",
    "shapley",
    "split",
]
