"""Units are read as Vensim reads them, and combined by a rule an operation."""

import pytest
from check_words import Check, lines_of

from simdyn.check import Severity
from simdyn.check.unit_rules import FUNCTIONS
from simdyn.compile.functions import BUILTINS
from simdyn.units import UnitError, Units, same


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Year", "years"),
        ("1/Year", "Dmnl / Years"),
        ("Widget/(Person*Year)", "widgets / Year / people"),
        ("wan person", "Wan_Person"),
        ("wan  person [0, 10]", "wan person"),
        ("Dmnl [0,1,0.1]", "dimensionless"),
        ("1", "Dmnl"),
        ("m^2", "m*m"),
        ("m^(-1)", "1/m"),
        ("$", "Dollars"),
        ("City", "cities"),
        ("Box", "Boxes"),
        ("Class", "classes"),
        ("亿元/年", "亿元/(年)"),
        ('"yi yuan"/Year', "yi yuan/Year"),
        ("(m)", "m"),
    ],
)
def test_one_unit_in_many_spellings(left: str, right: str) -> None:
    units = Units()
    first, second = units.read(left), units.read(right)
    assert first is not None
    assert second is not None
    assert same(first, second)


@pytest.mark.parametrize(
    ("left", "right"), [("Year", "Month"), ("Person", "Person/Year"), ("gas", "gram"), ("m^2", "m")]
)
def test_units_that_differ(left: str, right: str) -> None:
    units = Units()
    first, second = units.read(left), units.read(right)
    assert first is not None
    assert second is not None
    assert not same(first, second)


@pytest.mark.parametrize("text", ["", "  ", "[0,1]"])
def test_no_unit(text: str) -> None:
    assert Units().read(text) is None


@pytest.mark.parametrize(
    "text", ["(m", "m)", "m/", "*m", "m^", "m^n", "m^1e9", "()", "m//s", "(" * 5000 + "m"]
)
def test_what_is_no_unit(text: str) -> None:
    with pytest.raises(UnitError):
        Units().read(text)


def test_units_are_shown_as_their_author_writes_them() -> None:
    units = Units([("Widget", "Gadget")])
    for text in ("wan person/(Year*Hour)", "1/Year", "Dmnl", "Gadget^2"):
        unit = units.read(text)
        assert unit is not None
        assert units.words(unit) == text


def test_every_builtin_has_a_rule() -> None:
    assert FUNCTIONS.keys() == BUILTINS.keys()


GIVEN = (
    "p = 5 ~ Person",
    "q = 5 ~ Dollar",
    "yr = 2 ~ Year",
    "d = 0.5",
    "v = Time / yr",
    "t((0,1),(1,2)) ~ Person",
    "blank = 3 ~  ",
)


@pytest.mark.parametrize(
    ("equation", "words"),
    [
        ("p + q ~ Person", "q (Dollar) added to p (Person)"),
        ("p - p / yr ~ Person", "p / yr (Person/Year) subtracted from p (Person). Multiply by a"),
        ("p + 1 ~ Person", "1 (a number) added to p (Person)"),
        ("p * q ~ Person", "its equation gives Person*Dollar, its unit is Person"),
        ("p / yr ~ Person", "its equation gives Person/Year, its unit is Person. Multiply by a"),
        ("p * yr ~ Person", "its unit is Person. Divide by a time constant."),
        ("EXP(p)", "p (Person) in EXP, which takes Dmnl"),
        ("LN(p + p)", "p + p (Person) in LN"),
        ("MAX(p, q) ~ Person", "q (Dollar) in MAX with p (Person)"),
        ("MIN(0, MAX(p, q)) ~ Person", "q (Dollar) in MAX with p (Person)"),
        ("IF THEN ELSE(p > q, 1, 0)", "q (Dollar) compared with p (Person)"),
        ("IF THEN ELSE(d > 0, p, q) ~ Person", "q (Dollar) in IF THEN ELSE with p (Person)"),
        ("IF THEN ELSE(p, 1, 2)", "p (Person) as the condition of IF THEN ELSE"),
        ("IF THEN ELSE(d :AND: p, 1, 2)", "p (Person) as a condition"),
        ("STEP(p, q) ~ Person", "q (Dollar) as a time of STEP"),
        ("STEP(p, yr) ~ Dollar", "its equation gives Person"),
        ("RAMP(p, 1, 3) ~ Person", "its equation gives Person*Year"),
        ("PULSE(d, yr)", "d (Dmnl) as a time of PULSE. Multiply by a time constant."),
        ("PULSE(yr, yr) ~ Person", "its equation gives Dmnl"),
        ("PULSE TRAIN(1, 1, p, 9)", "p (Person) as a time of PULSE TRAIN"),
        ("SQRT(p) ~ Person", "its equation gives Person^0.5"),
        ("p ^ 2 ~ Person", "its equation gives Person^2"),
        ("p ^ v ~ Person", "p (Person) raised to v, which is no constant"),
        ("d ^ p", "p (Person) as an exponent"),
        ("ZIDZ(p, q) ~ Person", "its equation gives Person/Dollar"),
        ("XIDZ(p, q, p) ~ Person/Dollar", "p (Person) in XIDZ instead of the ratio"),
        ("MODULO(p, q) ~ Person", "q (Dollar) in MODULO with p (Person)"),
        ("t(d)", "its equation gives Person, its unit is Dmnl"),
        ("INTEG(p, p) ~ Person", "its flow is Person, where Person changes by Person/Year. Divide"),
        ("INTEG(p / yr, q) ~ Person", "its starting value is Dollar, its unit is Person"),
        ("ACTIVE INITIAL(p, q) ~ Person", "its equation gives Dollar"),
        ("INITIAL(q) ~ Person", "its equation gives Dollar"),
        ("p ~ Person*(", "its unit 'Person*(' cannot be read"),
    ],
)
def test_units_that_disagree(check: Check, equation: str, words: str) -> None:
    found = [f for f in check(*GIVEN, f"x = {equation}") if f.check == "units"]
    assert [(f.line, f.variable, f.severity) for f in found] == [(37, "x", Severity.ERROR)]
    assert words in str(found[0])


@pytest.mark.parametrize(
    "equation",
    [
        "MAX(p, 0) ~ Person",
        "0 ~ Person",
        "10 ~ Person",
        "1 / 15 ~ 1/Year",
        "2 * 0 + p ~ Person",
        "p * 2 / 3 ~ Person",
        "1 + d * 2",
        "IF THEN ELSE(Time > 3, p, 0) ~ Person",
        "IF THEN ELSE(p > 0, 1, 0)",
        "STEP(10, 2) ~ Person",
        "RAMP(p / yr, 1, 3) ~ Person",
        "RAMP(1, 1, 3) ~ Person",
        "p * PULSE(1, 2) ~ Person",
        "SQRT(p * p) ~ Person",
        "p ^ 2 ~ Person*Person",
        "(p / p) ^ v",
        "p ^ d ~ Person^0.5",
        "p / (yr * q) ~ Person/(Year*Dollars)",
        "blank + p ~ Person",
        "blank ~ Dollar",
        "t(d) ~ people",
        "WITH LOOKUP(d, ((0,0),(1,1))) ~ Person",
        "INTEG(p / yr, 100) ~ Person",
        "INTEG(0, 0) ~ Person",
        "XIDZ(p, q, 1) ~ Person/Dollar",
        "-ABS(p) + INTEGER(p) ~ Person",
        "Time - yr ~ Year",
        "TIME STEP * 2 ~ Year",
    ],
)
def test_units_that_agree(check: Check, equation: str) -> None:
    assert lines_of(check(*GIVEN, f"x = {equation}"), "units") == []


def test_an_argument_of_a_lookup_with_a_unit_is_a_warning(check: Check) -> None:
    (found,) = (f for f in check(*GIVEN, "x = t(yr) ~ Person") if f.check == "units")
    assert found.severity is Severity.WARNING
    assert "yr (Year) as the argument of t, which takes Dmnl" in found.cause


def test_equivalents_of_the_file_hold(check: Check) -> None:
    equations = ("p = 5 ~ Widget", "x = p + p ~ Gadget")
    assert lines_of(check(*equations), "units") == [(7, "x")]
    assert check(*equations, settings="22:Widget,Gadget,Gadgets\n") == []


def test_one_fault_is_told_once(check: Check) -> None:
    found = check(*GIVEN, "x = (p + q) * yr + 3 ~ Dollar")
    assert lines_of(found, "units") == [(37, "x")]


def test_long_operations_lose_their_middle(check: Check) -> None:
    terms = " + ".join(["p"] * 100)
    (found,) = (f for f in check(*GIVEN, f"x = q + ({terms}) ~ Dollar") if f.check == "units")
    assert " ... " in found.cause
    assert len(found.cause) < 200
