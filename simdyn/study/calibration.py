"""The calibration of a study: made, or taken up from one of the same inputs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from simdyn.calibrate.calibration import Calibration, Effort, calibrate
from simdyn.calibrate.problem import Problem, make_problem
from simdyn.calibrate.store import content_hash, keep, recall
from simdyn.processes import Watch
from simdyn.progress import Progress
from simdyn.study.records import Study, generator


def problems_of(study: Study, time_step: float | None = None) -> dict[str, Problem]:
    """Return the calibration problem of each region with a run of its own."""
    return {
        region.key: make_problem(
            region.under(study.file.evidence, study.facts),
            study.model,
            study.facts,
            time_step,
            study.discrepancy,
        )
        for region in study.runs
    }


def calibrate_study(
    study: Study, problems: Mapping[str, Problem], progress: Progress, *, fresh: bool = False
) -> Calibration:
    """Fit and sample all regions, or take up what was found from the same inputs before.

    Parameters
    ----------
    fresh : whether to calibrate anew, whatever is kept
    """
    effort, seed = _effort(study), calibration_seed(study)
    inputs = inputs_of(study, problems)
    path = study.project.calibrations / f"{inputs[:16]}.nc"
    known = None if fresh else recall(problems, inputs, path)
    if known is not None:
        progress.stage("calibrate", 1)
        progress.advance("same inputs as before: draws taken up from outputs/calibrations")
        return known
    progress.stage("calibrate", effort.n_point)
    watch = watching(progress, "points of the posterior drawn")
    found = calibrate(problems, effort, seed, watch)
    with suppress(OSError):
        keep(found, inputs, path)
    return found


def inputs_of(study: Study, problems: Mapping[str, Problem]) -> str:
    """Return the hash of all that the calibration of a study follows from."""
    return content_hash(problems, _effort(study), calibration_seed(study))


def _effort(study: Study) -> Effort:
    return Effort(study.file.starts, study.file.posterior)


def watching(progress: Progress, what: str) -> Watch:
    """Return what moves a stage of the progress on to so many steps done."""
    done = 0

    def watch(total: int) -> None:
        nonlocal done
        progress.advance(f"{total} {what}", total - done)
        done = total

    return watch


def calibration_seed(study: Study) -> int:
    """Return the seed of a study's calibration."""
    return int(generator(study, "calibrate").integers(2**63))
