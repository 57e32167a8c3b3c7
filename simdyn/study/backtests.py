"""The backtests of a study: made, or taken up from those of the same calibration."""

from __future__ import annotations

from contextlib import suppress

from simdyn.calibrate.backtest import Backtests, backtests, beside_rivals, figures_in
from simdyn.calibrate.backtest_store import keep_foretold, recall_foretold
from simdyn.calibrate.calibration import Calibration
from simdyn.processes import Watch
from simdyn.progress import Progress
from simdyn.study.calibration import calibration_seed, inputs_of, watching
from simdyn.study.records import Study

STAGE = "backtests"


def backtest_study(
    study: Study,
    calibration: Calibration,
    progress: Progress,
    *,
    thorough: bool = False,
    fresh: bool = False,
) -> Backtests | None:
    """Foretell the figures of a study from others, or take up what was foretold before.

    A thorough backtest that is kept serves where a short one is asked for.

    Parameters
    ----------
    fresh : whether to run them anew, whatever is kept

    Returns
    -------
    backtests : None where the regions have no figure that could be foretold
    """
    if not figures_in(calibration):
        return None
    problems, facts = calibration.posterior.problems, study.facts
    inputs = inputs_of(study, problems)
    path = study.project.calibrations / f"{inputs[:16]}-backtests.nc"
    kept = None if fresh else recall_foretold(problems, inputs, path)
    if kept is not None and (kept.thorough or not thorough):
        progress.stage(STAGE, 1)
        progress.advance("same inputs as before: taken up from outputs/calibrations")
        return beside_rivals(calibration, kept, facts)

    def begin(n_point: int) -> Watch:
        progress.stage(STAGE, n_point)
        return watching(progress, "points drawn to foretell figures")

    seed = calibration_seed(study)
    found = backtests(calibration, seed, facts, begin, thorough=thorough)
    with suppress(OSError):
        keep_foretold(found.model, inputs, path)
    return found
