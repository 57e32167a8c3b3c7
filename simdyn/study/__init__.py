"""A study: the main job, from facts and scenario files to calibrated runs and their checks."""

from simdyn.study.calibration import calibrate_study, calibration_seed, problems_of, watching
from simdyn.study.chain import Audit, Results, run_study
from simdyn.study.reading import DEFAULT_STUDY, read_study, study_errors
from simdyn.study.records import Study, StudyFile, generator

__all__ = [
    "DEFAULT_STUDY",
    "Audit",
    "Results",
    "Study",
    "StudyFile",
    "calibrate_study",
    "calibration_seed",
    "generator",
    "problems_of",
    "read_study",
    "run_study",
    "study_errors",
    "watching",
]
