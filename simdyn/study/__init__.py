"""A study: the main job, from facts and scenario files to calibrated runs and their checks."""

from simdyn.study.backtests import backtest_study
from simdyn.study.batch import (
    Batch,
    How,
    batch_of,
    input_files,
    refuse_imbalanced,
    refuse_partial,
    run_batch,
)
from simdyn.study.calibration import calibrate_study, calibration_seed, problems_of, watching
from simdyn.study.chain import Audit, Results, refuse_other_outputs, run_study, settle
from simdyn.study.reading import DEFAULT_STUDY, read_study, study_errors
from simdyn.study.records import Study, StudyFile, generator
from simdyn.study.rerun import rerun

__all__ = [
    "DEFAULT_STUDY",
    "Audit",
    "Batch",
    "How",
    "Results",
    "Study",
    "StudyFile",
    "backtest_study",
    "batch_of",
    "calibrate_study",
    "calibration_seed",
    "generator",
    "input_files",
    "problems_of",
    "read_study",
    "refuse_imbalanced",
    "refuse_other_outputs",
    "refuse_partial",
    "rerun",
    "run_batch",
    "run_study",
    "settle",
    "study_errors",
    "watching",
]
