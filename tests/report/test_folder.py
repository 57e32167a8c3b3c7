"""New results take the place of old ones, and of nothing else."""

import json
from pathlib import Path

from simdyn.report.folder import MANIFEST, replace_folder


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
