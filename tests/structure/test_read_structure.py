import time
from pathlib import Path

import pytest
from structure_words import POPULATION, Read

from simdyn.engine.model import Model
from simdyn.errors import ModelError
from simdyn.structure import Structure, equation_table, read_structure
from simdyn.structure.diagrams import causal_loops, stock_flow

FEATURES = sorted((Path(__file__).parents[1] / "features").glob("*.*"))


def test_every_variable_of_the_growth_model_is_there(
    growth: Structure, growth_model: Model
) -> None:
    variables = growth_model.variables
    assert [e.name for e in growth.elements] == list(variables.index)
    for element in growth.elements:
        row = variables.loc[element.name]
        assert (element.unit, element.documentation) == (row["unit"], row["documentation"])
        assert element.line == row["line"]
        assert element.equation.startswith(element.name)
    stocks = [e.name for e in growth.elements if e.kind == "stock"]
    assert stocks == list(variables.index[variables["kind"] == "stock"])


def test_kinds_and_sectors_of_the_growth_model(growth: Structure) -> None:
    kinds = {name: growth.by_name[name].kind for name in growth.by_name}
    assert kinds["births"] == kinds["deficit"] == "flow"
    assert kinds["tax lever"] == kinds["second shock depth"] == "lever"
    assert kinds["initial nominal GDP"] == kinds["birth rate"] == "constant"
    assert kinds["TIME STEP"] == "control"
    assert kinds["policy ramp"] == "auxiliary"
    assert growth.by_name["Debt"].sector == "Public money"
    assert "Population" in growth.sectors
    assert "About this model" not in growth.sectors


def test_equations_as_text(growth: Structure) -> None:
    assert growth.by_name["net migration"].equation == (
        "net migration= working net migration + young net migration"
    )
    debt = growth.by_name["Debt"].equation
    assert debt == "Debt= INTEG ( deficit, initial debt ratio * initial nominal GDP)"


def test_reading_the_growth_model_takes_seconds_at_most(growth_model: Model) -> None:
    start = time.perf_counter()
    read_structure(growth_model)
    assert time.perf_counter() - start < 5


def test_the_table_of_equations(read: Read) -> None:
    table = equation_table(read(*POPULATION))
    births = table.loc["births"]
    assert list(births[["kind", "equation"]]) == ["flow", "births = birth rate * Population"]
    assert births["uses"] == ("birth rate", "Population")
    assert births["used by"] == ("Population",)
    assert births["in loops"] == ("R1",)
    assert table.loc["life time", "in loops"] == ()


@pytest.mark.parametrize("path", FEATURES, ids=lambda path: path.name)
def test_every_feature_of_the_language_is_read_and_drawn(path: Path) -> None:
    found = read_structure(path)
    # XMILE has its time axis outside of its variables.
    assert all(e.equation for e in found.elements if e.kind != "control")
    assert len(equation_table(found)) == len(found.elements)
    names = {e.name for e in found.elements}
    assert {k.cause for k in found.links} | {k.effect for k in found.links} <= names
    stock_flow.sector_diagrams(found)
    stock_flow.overview_diagram(found)
    causal_loops.loop_diagrams(found)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such file"):
        read_structure(tmp_path / "none.mdl")
