from pathlib import Path

import pytest
from check_words import Check, Write

from simdyn.check import check_model

CONTROLS = {"INITIAL TIME": "0", "FINAL TIME": "4", "TIME STEP": "0.5", "SAVEPER": "1"}
SKETCH = "\\\\\\---/// Sketch information\nV300\n///---\\\\\\\n:L<%^E!@\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a model of equations, each "name = equation ~ unit" with a unit of Dmnl if none.

    Every equation takes five lines, the first on line 2. `settings` follow the sketch; keywords
    such as TIME_STEP replace the controls.
    """

    def write_model(*equations: str, settings: str = "", **controls: str) -> Path:
        named = {key.replace("_", " "): value for key, value in controls.items()}
        times = [f"{name} = {value} ~ Year" for name, value in {**CONTROLS, **named}.items()]
        text = "{UTF-8}\n"
        for each in (*equations, *times):
            equation, _, unit = each.partition(" ~ ")
            text += f"{equation}\n\t~\t{unit or 'Dmnl'}\n\t~\tWhat it is.\n\t|\n\n"
        path = tmp_path / "model.mdl"
        path.write_text(text + SKETCH + settings, encoding="utf-8")
        return path

    return write_model


@pytest.fixture
def check(write: Write) -> Check:
    return lambda *equations, **more: check_model(write(*equations, **more))
