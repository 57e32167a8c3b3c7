"""Pictures of a study's sensitivity, one file a picture.

`parts` holds what they share: the rows of a table, kinds of inputs, panels beside a key.
"""

from simdyn.report.sensitivity_figures.pictures import sensitivity_figures

__all__ = ["sensitivity_figures"]
