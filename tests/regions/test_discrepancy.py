"""Noise of single years: read, and told for each kind of reading."""

from pathlib import Path

import pytest

from simdyn.project import Project
from simdyn.regions import Known, Operator, Reading, Region, discrepancy_sd, read_discrepancy

HEADER = "operator,variable,sd,source,note\n"


def _reading(operator: Operator, start: int, end: int, variable: str = "GDP") -> Reading:
    return Reading(label="x", operator=operator, variable=variable, start=start, end=end, facts="f")


def test_the_noise_of_an_average_falls_with_its_years(tmp_path: Path) -> None:
    path = tmp_path / "discrepancy.csv"
    path.write_text(HEADER + "growth,GDP,1.2,test,\nlevel,GDP,2,test,\n", encoding="utf-8")
    table = read_discrepancy(path, {"GDP"})
    assert discrepancy_sd(_reading(Operator.GROWTH, 2020, 2020), table) == 1.2
    assert discrepancy_sd(_reading(Operator.AVERAGE_GROWTH, 2017, 2020), table) == 0.6
    assert discrepancy_sd(_reading(Operator.LEVEL, 2020, 2020), table) == 2
    assert discrepancy_sd(_reading(Operator.SUM, 2016, 2020), table) == 0
    assert discrepancy_sd(_reading(Operator.GROWTH, 2020, 2020, "Debt"), table) == 0


def test_every_target_has_a_discrepancy(
    root: Path, regions: dict[str, Region], known: Known
) -> None:
    table = read_discrepancy(Project(root).discrepancy, known.variables)
    targets = [target for region in regions.values() for target in region.targets]
    assert len(targets) > 15
    assert all(discrepancy_sd(target, table) > 0 for target in targets)


@pytest.mark.parametrize(
    ("row", "mend"),
    [
        ("average growth,GDP,1,test,", "write growth or level; averages follow from growth"),
        ("groth,GDP,1,test,", "Write one of 'level', 'growth'"),
        ("growth,GPD,1,test,", "Did you mean 'GDP'?"),
        ("growth,GDP,-1,test,", "it must be greater than"),
        ("growth,GDP,1,,", "'source' is missing. Write where it is from, or 'assumption'."),
        ("level,GDP,1,test,", "'level' of 'GDP' stands twice. Keep one row."),
    ],
)
def test_a_wrong_row_is_refused(project: Project, known: Known, row: str, mend: str) -> None:
    project.discrepancy.write_text(f"{HEADER}level,GDP,2,test,\n{row}\n", encoding="utf-8")
    errors: list[Exception] = []
    read_discrepancy(project.discrepancy, known.variables, errors.append)
    (error,) = errors
    assert "discrepancy.csv:3" in str(error)
    assert mend in str(error)
