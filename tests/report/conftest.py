"""The project's own study, and made-up answers to every question of sensitivity."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from made_up_sensitivity import sensitivity
from matplotlib.figure import Figure
from matplotlib.text import Text

from simdyn.project import Project
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Study, read_study


@pytest.fixture(scope="session")
def study(root: Path) -> Study:
    project = Project(root)
    return read_study(project, project.scenarios / "study.toml")


@pytest.fixture(scope="session")
def called(study: Study) -> Callable[[str], Study]:
    """The study whose regions all have this name."""

    def rename(name: str) -> Study:
        regions = {
            key: replace(region, file=region.file.model_copy(update={"name": name}))
            for key, region in study.regions.items()
        }
        return replace(study, regions=regions)

    return rename


@pytest.fixture
def answers(study: Study) -> Sensitivity:
    return sensitivity(study)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Callable[[Figure], Sequence[Text]]:
    """Every text that is drawn in a figure."""

    def draw(figure: Figure) -> Sequence[Text]:
        seen: dict[Text, None] = {}
        once = Text.draw

        def note(text: Text, renderer: object) -> None:
            once(text, renderer)
            if text.get_visible() and text.get_text().strip():
                seen[text] = None

        with monkeypatch.context() as patch:
            patch.setattr(Text, "draw", note)
            figure.canvas.draw()
        return list(seen)

    return draw
