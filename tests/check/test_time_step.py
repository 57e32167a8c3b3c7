"""Which stocks are too fast for the time step."""

import pytest
from check_words import Check, lines_of


@pytest.mark.parametrize(
    "equations",
    [
        ("S = INTEG((goal - S) / T, 1)", "goal = 2", "T = 0.4 ~ Year"),
        ("S = INTEG(-loss, 1)", "loss = S * rate ~ 1/Year", "rate = 3 ~ 1/Year"),
        ("S = INTEG(-rate * (1 + extra) * S, 1)", "rate = 1 ~ 1/Year", "extra = 1.5"),
        ("S = INTEG(IF THEN ELSE(Time > 2, -S / T, 0), 1)", "T = 0.4 ~ Year"),
        ("S = INTEG(-MIN(S / T, most), 1)", "T = 0.4 ~ Year", "most = 9 ~ 1/Year"),
        ("S = INTEG(-S / T - S / T, 1)", "T = 0.8 ~ Year"),
        ("S = INTEG(-ZIDZ(S, T), 1)", "T = 0.4 ~ Year"),
    ],
)
def test_fast_stocks_are_found(check: Check, equations: tuple[str, ...]) -> None:
    assert lines_of(check(*equations), "coarse step") == [(2, "S")]
    assert lines_of(check(*equations, TIME_STEP="0.125"), "coarse step") == []


@pytest.mark.parametrize(
    "equations",
    [
        ("S = INTEG(S / T, 1)", "T = 0.1 ~ Year"),
        ("S = INTEG(inflow, 1)", "inflow = 1 / T ~ 1/Year", "T = 0.1 ~ Year"),
        ("S = INTEG(-MIN(S / TIME STEP, most), 1)", "most = 1 ~ 1/Year"),
        (
            "S = INTEG(-other / T, 1)",
            "other = INTEG(-S / long, 1)",
            "T = 0.1 ~ Year",
            "long = 9 ~ Year",
        ),
        ("S = INTEG(-SQRT(S) / T, 1)", "T = 0.1 ~ Year"),
    ],
)
def test_what_is_no_decay_is_not(check: Check, equations: tuple[str, ...]) -> None:
    assert lines_of(check(*equations), "coarse step") == []


def test_a_step_far_too_coarse_is_said_to_swing(check: Check) -> None:
    (found,) = check("S = INTEG(-S / T, 1)", "T = 0.1 ~ Year")
    assert "a time constant of 0.1 (T = 0.1)" in found.cause
    assert "it swings without end" in found.cause


def test_a_loop_of_auxiliaries_does_not_hang(check: Check) -> None:
    findings = check("S = INTEG(-a / T, 1)", "T = 9 ~ Year", "a = b + S", "b = a")
    assert lines_of(findings, "circular") == [(12, "a")]
