"""Write a study's results folder: tables, figures, manifest. All of it appears at once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from simdyn.calibrate.calibration import Calibration
from simdyn.progress import Progress
from simdyn.report.figures import pictures
from simdyn.report.figures.drawing import save_all
from simdyn.report.folder import (
    FIGURES,
    MANIFEST,
    figures_of,
    folder_of,
    is_current,
    partial_folder,
    prepare_folder,
    renew_digests,
    replace_folder,
    unwritable,
)
from simdyn.report.held_out import ways_of
from simdyn.report.manifest import asked_of, made_of
from simdyn.report.page import Content, ModelPart, content_of, write_page
from simdyn.report.sensitivity_write import FOLDER, write_tables
from simdyn.report.summary import summary, worst_headline
from simdyn.report.tables import band_table, diagnostic_tables, path_table
from simdyn.report.words.language import Language, labels_of
from simdyn.report.workbook import write_workbook
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Results


def write_results(results: Results, sensitivity: Sensitivity, progress: Progress) -> Path:
    """Write every file of the study and return the path of its page, in outputs/<study>.

    The files are written beside the old folder, which gives way only when all of them stand; what
    a reader has put there besides is kept. `prepare_folder` comes first.

    Raises
    ------
    RunError : the folder cannot be written
    """
    folder = folder_of(results.study)
    partial = partial_folder(folder)
    try:
        content = content_of(results, sensitivity, labels_of(Language.EN))
        tables = study_tables(results, content)
        _write_tables(results, sensitivity, tables, content.held_out, partial, progress)
        write_figures(results, sensitivity, tables, partial / FIGURES, Language.EN, progress)
        _write_diagrams(content.model, partial / FIGURES)
        progress.stage("report", 2)
        page = write_page(results.study, content, partial)
        progress.advance(page.name)
        progress.advance(write_workbook(results, sensitivity, tables, partial).name)
        manifest = json.dumps(
            _manifest(results, sensitivity, partial), indent=2, ensure_ascii=False
        )
        (partial / MANIFEST).write_text(manifest + "\n", encoding="utf-8")
        replace_folder(folder, partial)
    except OSError as failure:
        raise unwritable(folder, failure) from failure
    return folder / page.name


def write_report(
    results: Results,
    sensitivity: Sensitivity,
    language: Language,
    progress: Progress,
    *,
    with_figures: bool = False,
) -> Path:
    """Write the page and the workbook of a study in a language, and return the path of the page.

    They stand beside the study's tables, which are written first if what stands there was made
    from something else.

    Parameters
    ----------
    with_figures : whether to draw the pictures in the language too

    Raises
    ------
    RunError : the folder cannot be written, or holds something else than results
    """
    study = results.study
    folder = folder_of(study)
    if not is_current(study, sensitivity, folder):
        prepare_folder(study)
        page = write_results(results, sensitivity, progress)
        if language is Language.EN:
            return page
    content = content_of(results, sensitivity, labels_of(language))
    tables = study_tables(results, content)
    try:
        if with_figures:
            pictures_folder = folder / figures_of(language)
            pictures_folder.mkdir(parents=True, exist_ok=True)
            write_figures(results, sensitivity, tables, pictures_folder, language, progress)
        progress.stage("report", 2)
        page = write_page(study, content, folder, language)
        progress.advance(page.name)
        book = write_workbook(results, sensitivity, tables, folder, language)
        progress.advance(book.name)
        renew_digests(folder, (page, book))
    except OSError as failure:
        raise unwritable(folder, failure) from failure
    return page


def write_figures(
    results: Results,
    sensitivity: Sensitivity,
    tables: Mapping[str, pd.DataFrame],
    folder: Path,
    language: Language,
    progress: Progress,
) -> None:
    """Write every picture of the study in a language, as PNG and SVG, into a folder that is there.

    Parameters
    ----------
    tables : of the study, by the names of their files

    Raises
    ------
    OSError : the folder cannot be written
    """
    drawn = pictures(results, sensitivity, labels_of(language), tables)
    save_all(drawn, folder, language, progress)


def _write_diagrams(model: ModelPart, folder: Path) -> None:
    """Write the pictures of the model, numbered as the page has them."""
    for n, (kind, name, svg) in enumerate(model.pictures):
        words = re.sub(r"[^a-z0-9]+", "_", f"{kind} {name}".lower()).strip("_")
        path = folder / f"model_{n:02d}_{words[:60]}.svg"
        path.write_text(svg, encoding="utf-8", newline="\n")


def study_tables(results: Results, content: Content) -> dict[str, pd.DataFrame]:
    """Return the tables of a study by the names of their files."""
    return {
        "paths": path_table(results),
        "bands": band_table(results),
        "headlines": content.headlines,
        "targets": content.targets,
        "fit": content.fit,
        "parameters": content.parameters,
        **content.growth,
        "scenario_differences": content.differences,
        "contributions": content.contributions,
        "what_it_would_take": content.take,
        **content.held_out,
        "solver": results.audit.solver,
    }


def _write_tables(
    results: Results,
    sensitivity: Sensitivity,
    tables: Mapping[str, pd.DataFrame],
    held_out: Mapping[str, pd.DataFrame],
    folder: Path,
    progress: Progress,
) -> None:
    progress.stage("tables", len(tables) + 2)
    for name, table in tables.items():
        write_tables({name: table}, folder)
        progress.advance(f"{name}.csv")
    write_tables(sensitivity.tables, folder / FOLDER)
    progress.advance(f"{FOLDER}/")
    text = summary(results, sensitivity, tables["targets"], tables["fit"], held_out)
    (folder / "summary.md").write_text(text, encoding="utf-8")
    progress.advance("summary.md")


def _manifest(results: Results, sensitivity: Sensitivity, folder: Path) -> dict[str, object]:
    audit = results.audit
    return {
        **made_of(results.study, folder),
        "audit": {
            "runs": audit.n_run,
            "time_step": audit.time_step,
            "largest_relative_error": dict(audit.identities),
            "failed_draws": {k: n for k, n in audit.failed_draws.items() if n},
            "halved_step": worst_headline(audit.solver),
        },
        "calibration": _calibration(results.calibration, diagnostic_tables(results)),
        "backtests": ways_of(results.backtests),
        "sensitivity": asked_of(sensitivity),
    }


def _calibration(calibration: Calibration, worst: pd.DataFrame) -> dict[str, object]:
    fit, sample = calibration.fit, calibration.sample
    return {
        "starts": len(fit.costs),
        "agreeing": fit.n_agreeing,
        "cost": fit.cost,
        "draws": sample.n_draw,
        "diverging": sample.n_diverging,
        "impossible": sample.n_impossible,
        "gradients": sample.n_gradient,
        "rhat": float(worst["rhat"].max()),
        "ess_bulk": float(worst["ess_bulk"].min()),
        "ess_tail": float(worst["ess_tail"].min()),
        "controls": len(calibration.untouched),
        "control_spread": [float(f(calibration.control_spread)) for f in (np.min, np.max)],
        "effective_figures": {k: c.effective_figures for k, c in calibration.regions.items()},
    }
