"""The pictures of a study for papers, one file a picture, in either language.

Medians are strong lines, the middle 80 percent of draws light bands; what was reported, what is
aimed at and what rests on priors alone are told apart in all of them (`evidence`).
"""

from simdyn.report.figures.pictures import draw_figures, pictures

__all__ = ["draw_figures", "pictures"]
