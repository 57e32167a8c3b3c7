"""What the README and the how-to tell people to type exists."""

import re
from pathlib import Path

import pytest
import typer

from simdyn.cli.main import app, main
from simdyn.engine.model import Model
from simdyn.scenarios import lever_names


def _lines(root: Path) -> list[str]:
    text = (root / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]


def test_commands_of_the_readme_exist(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verbs = {line.split()[1] for line in _lines(root) if line.startswith("simdyn ")}
    assert verbs == set(typer.main.get_command(app).commands)
    for verb in verbs:
        assert main([verb, "--help"]) == 0
        assert "Example: simdyn" in capsys.readouterr().out


def test_make_targets_of_the_readme_exist(root: Path) -> None:
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = {line.split()[1] for line in _lines(root) if line.startswith("make ")}
    assert targets == {"study", "check"}
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)


def test_files_and_links_exist(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)]+)\)", text):
        path, _, heading = link.partition("#")
        assert (root / path).exists(), link
        if heading:
            titles = re.findall(r"^#+ (.+)$", (root / path).read_text("utf-8"), re.MULTILINE)
            assert heading in [title.lower().replace(" ", "-") for title in titles], link


def test_the_how_to_lists_every_lever(root: Path, growth_model: Model) -> None:
    text = (root / "docs" / "how-to.md").read_text(encoding="utf-8")
    listed = set(
        re.findall(r"^\| `([a-z ]+)` \| (?:share|a year|year|100 million)", text, re.MULTILINE)
    )
    assert listed == lever_names(growth_model.variables.index)


def test_the_notebook_lines_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    text = (root / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    found: dict[str, object] = {}
    exec(code, found)  # noqa: S102
    assert found["runs"].sizes["member"] == 1000
