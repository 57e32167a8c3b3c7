"""Pictures of a study's sensitivity, one file a picture.

`parts` holds what they share: answers in words, kinds of inputs, panels beside a key.
"""

from simdyn.report.figures.sensitivity.pictures import sensitivity_pictures

__all__ = ["sensitivity_pictures"]
