"""New results take the place of old ones, and of nothing else."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from simdyn.errors import RunError
from simdyn.project import Project
from simdyn.provenance import digest
from simdyn.report.folder import (
    MANIFEST,
    folder_of,
    prepare_folder,
    renew_digests,
    replace_folder,
)
from simdyn.study import read_study

STUDY = """name = "small"
title = "A small study"
regions = ["daoli"]
scenarios = ["baseline"]
draws = 4
posterior = 40
starts = 1
seed = 1
"""


def test_what_a_reader_put_there_stays_and_what_is_out_of_date_goes(tmp_path: Path) -> None:
    old, new = tmp_path / "north", tmp_path / ".north.partial"
    for name in ("report.html", "report.zh.html", "notes/own.txt", "figures/zh/a.png", "gone.csv"):
        (old / name).parent.mkdir(parents=True, exist_ok=True)
        (old / name).write_text("old", encoding="utf-8")
    outputs = {"report.html": "", "gone.csv": ""}
    (old / MANIFEST).write_text(json.dumps({"outputs": outputs}), encoding="utf-8")
    new.mkdir()
    (new / "report.html").write_text("new", encoding="utf-8")
    replace_folder(old, new)
    found = {p.relative_to(old).as_posix(): p.read_text() for p in old.rglob("*") if p.is_file()}
    assert found == {"report.html": "new", "notes/own.txt": "old"}
    assert not new.exists()


@pytest.mark.parametrize("manifest", ["", "{}", "null", '{"outputs": 3}', '{"outputs": {"a"'])
def test_results_without_a_sound_manifest_are_refused_before_anything_is_computed(
    project_with: Callable[[str], Project], manifest: str
) -> None:
    project = project_with(STUDY)
    study = read_study(project, project.scenarios / "study.toml")
    folder_of(study).mkdir(parents=True)
    (folder_of(study) / MANIFEST).write_text(manifest, encoding="utf-8")
    with pytest.raises(RunError, match="Move it or rename the study"):
        prepare_folder(study)


def test_the_manifest_follows_a_page_written_anew(tmp_path: Path) -> None:
    page, other = tmp_path / "report.html", tmp_path / "report.zh.html"
    told = {"seed": 1, "outputs": {"report.html": "old", "fit.csv": "kept"}}
    (tmp_path / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    for path in (page, other):
        path.write_text("new", encoding="utf-8")
    renew_digests(tmp_path, (page, other))
    found = json.loads((tmp_path / MANIFEST).read_text(encoding="utf-8"))
    assert found == {"seed": 1, "outputs": {"report.html": digest(page), "fit.csv": "kept"}}
