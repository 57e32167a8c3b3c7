"""Every check finds its planted fault at the right place, and nothing in the clean counterpart."""

from pathlib import Path
from typing import NamedTuple

import pytest
from check_words import Check, Write, lines_of

from simdyn.check import Severity, check_model
from simdyn.check.model import CHECKS


class Case(NamedTuple):
    """A planted fault: where it is found, words of the finding, and the same model without it."""

    check: str
    faulty: tuple[str, ...]
    found: list[tuple[int, str]]
    words: str
    clean: tuple[str, ...]
    controls: tuple[tuple[str, str], ...] = ()


USED = "use = a + b"
STOCK = "S = INTEG(-S / T, 1)"

CASES = [
    Case(
        "undefined",
        ("a = 1", "use = a * rtae", "rate = 2", "more = rate + lost"),
        [(7, "use"), (17, "more")],
        "uses 'rtae', which is not defined. Did you mean 'rate'?",
        ("a = 1", "use = a * rate", "rate = 2"),
    ),
    Case(
        "circular",
        ("Wage = prices * 2", "prices = 1 + costs", "costs = Wage", "d = e", "e = d * 2"),
        [(2, "Wage"), (17, "d")],
        "uses the next: 'Wage' -> 'prices' -> 'costs' -> 'Wage'. Put a stock into the loop.",
        ("Wage = INTEG(prices, 2) ~ Dmnl", "prices = costs ~ 1/Year", "costs = 1 ~ 1/Year"),
    ),
    Case(
        "circular start",
        ("S = INTEG(f, T)", "T = INTEG(f, S)", "f = 1 ~ 1/Year"),
        [(2, "S")],
        "circular dependency at the start, where each uses the next: 'S' -> 'T' -> 'S'.",
        ("S = INTEG(f, T)", "T = INTEG(f, 3)", "f = 1 ~ 1/Year"),
    ),
    Case(
        "equation",
        ("a = FOO(1)", "b = MAX(1)", "c = 2", "C = 3"),
        [(2, "a"), (7, "b"), (17, "c")],
        "function FOO is not supported.",
        ("a = MAX(1, 2)", "b = a"),
    ),
    Case(
        "syntax",
        ("a = 1 +", "b = (2", "c = 3 * * 4"),
        [(2, "a"), (7, "b"), (12, "c")],
        "its equation cannot be parsed. Check its operators, commas and brackets.",
        ("a = 1 + 2", "b = (2) + a", "c = 3 * 4 + b * Time / Time"),
    ),
    Case(
        "units",
        ("a = 1 ~ Person", "b = 2 ~ Year", USED),
        [(12, "use")],
        "b (Year) added to a (Person). Bring both to one unit.",
        ("a = 1 ~ Person", "b = 2 ~ Persons", "use = a + b ~ People"),
    ),
    Case(
        "time axis",
        ("a = 1 ~ Year", "use = Time + a ~ Year"),
        [(22, "TIME STEP"), (22, "TIME STEP")],
        "TIME STEP 0.3 does not divide the span 4. Change one of them.",
        ("a = 1 ~ Year", "use = Time + a ~ Year"),
        (("TIME_STEP", "0.3"), ("SAVEPER", "0.7")),
    ),
    Case(
        "coarse step",
        (STOCK, "T = 0.4 ~ Year"),
        [(2, "S")],
        "a time constant of 0.4 (T = 0.4); with TIME STEP 0.5, more than half of it, "
        "it is followed badly. Choose a TIME STEP of at most 0.2.",
        (STOCK, "T = 1 ~ Year"),
    ),
    Case(
        "unused",
        ("a = 1", "b = 2", "table((0,0),(1,1))", "use = b * 2"),
        [(2, "a"), (12, "table")],
        "no equation uses this constant. Use or remove it.",
        ("a = 1", "table((0,0),(1,1))", "use = table(a)"),
    ),
    Case(
        "missing unit",
        ("a = 1 ~  ", "use = a"),
        [(2, "a")],
        "has no unit. Write one behind its equation; Dmnl if it has none.",
        ("a = 1", "use = a"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.check)
def test_planted_faults_are_found(check: Check, case: Case) -> None:
    findings = check(*case.faulty, **dict(case.controls))
    assert lines_of(findings, case.check) == case.found
    messages = [str(found) for found in findings if found.check == case.check]
    assert any(case.words in message for message in messages), messages


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.check)
def test_clean_counterparts_are_clean(check: Check, case: Case) -> None:
    assert check(*case.clean) == []


def test_missing_documentation(write: Write) -> None:
    path = write("a = 1", "use = a")
    path.write_text(path.read_text().replace("What it is.", "", 1))
    (found,) = check_model(path)
    assert (found.line, found.variable, found.check) == (2, "a", "missing documentation")
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize("control", ["FINAL TIME", "SAVEPER"])
def test_missing_control(write: Write, control: str) -> None:
    path = write("a = 1", "use = a + lost")
    path.write_text(path.read_text().replace(control, "nothing"))
    messages = [str(found) for found in check_model(path)]
    assert any(f"no {control}. Add it to the model's settings" in text for text in messages)
    assert any("uses 'lost'" in text for text in messages)


@pytest.mark.parametrize(
    ("control", "value", "words"),
    [
        ("FINAL_TIME", "Time", "'FINAL TIME': must be one finite number"),
        ("TIME_STEP", "0", "TIME STEP and SAVEPER must be above 0"),
        ("FINAL_TIME", "-1", "FINAL TIME not before INITIAL TIME"),
        ("TIME_STEP", "1 / 8388608", "steps are too many"),
        ("TIME_STEP", "undefined step", "uses 'undefined step'"),
    ],
)
def test_faulty_controls(check: Check, control: str, value: str, words: str) -> None:
    assert any(words in str(found) for found in check("a = Time ~ Year", **{control: value}))


TEN = (
    "syntax error = 2 * (3 + ",
    "unknown function = SQRTT(4)",
    "undefined name = nothing here",
    "loop a = loop b",
    "loop b = loop a",
    "S = INTEG(f, T)",
    "T = INTEG(f, S)",
    "f = 1 ~ 1/Year",
    "idle = 3",
    "person = 4 ~ Person",
    "sum = person + S",
    "Fast = INTEG(-Fast / fast time, 1)",
    "fast time = 0.1 ~ Year",
    "no unit = S * 2 ~  ",
    "twice = 1",
    "Twice = 2",
)


def test_ten_different_faults_are_all_found(check: Check) -> None:
    findings = check(*TEN, TIME_STEP="0.3")
    assert {found.check for found in findings} == {
        "syntax",
        "equation",
        "undefined",
        "circular",
        "circular start",
        "unused",
        "units",
        "coarse step",
        "missing unit",
        "time axis",
    }
    assert [found.line for found in findings] == sorted(found.line or 0 for found in findings)
    assert ("Twice" in {found.variable for found in findings}) != (
        "twice" in {found.variable for found in findings}
    )


def test_what_follows_from_a_fault_is_not_told_twice(check: Check) -> None:
    findings = check("a = 1 + ", "b = a * 2", "used here only = 2", "c = used here only * * 3")
    assert [found.variable for found in findings] == ["a", "c"]
    findings = check("t((0,1),(0,2))", "b = t(3)")
    assert [(found.check, found.variable) for found in findings] == [("equation", "t")]


def test_every_check_has_a_test() -> None:
    assert len(CHECKS) == len({case.check for case in CASES} - {"syntax", "equation"}) + 1


ARRAYS = (
    "Region : North, South ~  ",
    "rate[Region] = 1, 2 ~ Widget",
    "people[Region] = 3 ~ Person",
    "late = SMOOTH3(SUM(people[Region!]), T) ~ Person",
    "T = 2 ~ Year",
)


def test_one_finding_stands_for_all_elements(check: Check) -> None:
    use = "use[Region] = rate[Region] + people[Region] + lost ~ Person"
    found = [f for f in check(*ARRAYS, use) if f.variable == "use"]
    assert [f.check for f in found] == ["undefined", "units"]
    assert "people (Person) added to rate (Widget)" in found[1].cause


def test_a_loop_of_elements_bears_the_authors_names(check: Check) -> None:
    findings = check(
        *ARRAYS[:1],
        "a[Region] = b[Region]",
        "b[Region] = SMOOTH(a[Region], 9) + c[Region]",
        "c[Region] = a[Region]",
    )
    (found,) = (f for f in findings if f.check == "circular")
    assert "'a' -> 'b' -> 'c' -> 'a'" in found.cause


@pytest.mark.parametrize(
    ("equation", "words"),
    [
        ("SMOOTH(people[North], rate[North]) ~ Person", "in its smooth, its flow is Person/Widget"),
        ("SMOOTH(people[North], T) ~ Widget", "its equation gives Person, its unit is Widget."),
        ("DELAY FIXED(people[North], rate[North], 0) ~ Person", "as a time of DELAY FIXED"),
        ("DELAY FIXED(people[North], T, rate[North]) ~ Person", "its starting value is Widget"),
        ("2 + DELAY FIXED(people[North], T, 5) ~ Person", "(Person) added to 2"),
        ("DELAY3(people[North] + rate[North], T) ~ Person", "in its delay, rate (Widget) added to"),
        ("INTEG(people[North], 3) + INTEG(1, 2) ~ Person", ""),
        ("SMOOTH(people[North], 3) ~ Person", ""),
        ("SMOOTHI(people[North], 3, 100) ~ Person", ""),
        ("DELAY3I(people[North], T, 100) ~ Person", ""),
        ("DELAY1(people[North], 5) ~ Person", ""),
        ("DELAY N(people[North], T, 3, 4) ~ Person", ""),
        ("TREND(people[North], 10, 0.02) ~ 1/Year", ""),
        ("FORECAST(people[North], 10, 5) ~ Person", ""),
        ("NPV(people[North], 0.1, 0, 1) ~ Person", ""),
        ("SAMPLE IF TRUE(Time > 2, people[North], 0) ~ Person", ""),
        ("RANDOM UNIFORM(0, 1, 0) ~ Person", ""),
        ("VECTOR SELECT(rate[Region!], people[Region!], 0, 0, 0) ~ Person", ""),
        ("IF THEN ELSE(Time > 2, :NA:, people[North]) ~ Person", ""),
    ],
)
def test_units_of_delays(check: Check, equation: str, words: str) -> None:
    found = [f for f in check(*ARRAYS, f"x = {equation}") if f.check == "units"]
    assert [f.variable for f in found] == ["x"] * bool(words)
    assert all(words in str(f) for f in found)


def test_what_shapes_the_program_is_used(check: Check) -> None:
    used = ("order = 3", "t((0,1),(2,3))", "x = DELAY N(2, 4, 2, order) + LOOKUP INVERT(t, 2)")
    assert lines_of(check(*used), "unused") == []
    idle = ("Region : North, South ~  ", "a[Region] = 1", "b[Region] = 2", "x = b[North]")
    assert lines_of(check(*idle), "unused") == [(7, "a")]


def test_what_follows_from_a_fault_in_an_array_is_not_told_twice(check: Check) -> None:
    findings = check(
        *ARRAYS[:1], "a[Region] = FOO(1)", "b[Region] = a[Region]", "c = SUM(b[Region!])"
    )
    assert lines_of(findings, "equation") == [(7, "a[North]")]
    findings = check("Region : (A1-B3) ~  ", "a[Region] = 1", "b = SUM(a[Region!])")
    assert {(f.check, f.line) for f in findings} == {("syntax", 2)}


def test_all_equations_of_a_variable_are_left_out(check: Check) -> None:
    findings = check(*ARRAYS[:1], "a[North] = 1", "a[South] = 2 +", "b[Region] = a[Region] * * 2")
    assert lines_of(findings, "syntax") == [(7, "a"), (17, "b")]


MACRO = ":MACRO: twice(a)\ntwice = a * 2 {} ~ Dmnl ~ Twice. |\n:END OF MACRO:\n"


def test_macros_are_passed_over(write: Write) -> None:
    path = write("a = 1 ~ Person", "x = twice(a) + lost ~ Person")
    text = path.read_text()
    path.write_text(text.replace("a = 1", MACRO.format("") + "a = 1", 1))
    assert {(f.check, f.line) for f in check_model(path)} == {("undefined", 10)}
    path.write_text(text.replace("a = 1", MACRO.format("+") + "a = 1", 1))
    (found,) = check_model(path)
    assert "in macro twice, the equation of 'twice' cannot be parsed" in str(found)


def test_what_loads_has_no_fatal_finding(root: Path) -> None:
    for path in sorted((root / "tests" / "features").glob("*.mdl")):
        errors = {f.check for f in check_model(path) if f.severity is Severity.ERROR}
        assert errors <= {"units"}, path


def test_a_clean_model_has_no_findings(growth_path: Path) -> None:
    assert check_model(growth_path) == []
