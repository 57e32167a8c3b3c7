import re
from collections import Counter
from types import SimpleNamespace

import pandas as pd
import pytest

from simdyn.regions import Basis
from simdyn.report.words.language import Language, labels_of
from simdyn.report.words.markdown import escaped, markdown
from simdyn.report.words.sensitivity import Telling, Topic, findings, sensitivity_section
from simdyn.report.words.sensitivity.corners import beats_base
from simdyn.report.words.sensitivity.quotes import significant
from simdyn.report.words.sensitivity.rows import Row
from simdyn.sensitivity.designed import Precision
from simdyn.sensitivity.regional import Plan, Question, Sensitivity

HEAD = {"region": "north", "year": 2035}
OUTCOME = {"unit": "100 million CNY, 2015 prices", "scale": "percent, 100 x logarithm"}
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?")
OWN_NUMBERS = ("under 1 %", "under 0.1", "100 million CNY", "不足1 %", "不足0.1")
"""What the words bring themselves: bounds and a unit."""
LANGUAGES = tuple(labels_of(language) for language in Language)
HOSTILE = "tax | *break* <b>\n## gone [x](y) `z`"


def shapley(indicator, *inputs, floor=0.02):
    """Rows of the posterior's table for (name, index, half-width)."""
    rows = [
        HEAD
        | OUTCOME
        | {"indicator": indicator, "method": "Shapley", "input": name, "index": index}
        | {"low": index - half, "high": index + half, "noise_floor": floor}
        for name, index, half in inputs
    ]
    return pd.DataFrame(rows)


def sobol(question, indicator, *inputs):
    """Rows of indices for (name, kind, total, half-width) with first order a tenth smaller."""
    rows = [
        HEAD
        | OUTCOME
        | {"question": question.value, "indicator": indicator, "input": name, "kind": kind}
        | {"total": total, "total_low": total - half, "total_high": total + half}
        | {"first": 0.9 * total, "first_low": 0.9 * total - half, "first_high": 0.9 * total + half}
        for name, kind, total, half in inputs
    ]
    return pd.DataFrame(rows)


ASKED = 0.005
"""Half-width that was asked for: narrower than all that is planted but where a test says so."""


def both(indicator, policy, uncertainty, outside=0.02, half=0.01):
    return sobol(
        Question.BOTH,
        indicator,
        ("uncertainties", "uncertainty", uncertainty, half),
        ("policy levers", "policy lever", policy, half),
        ("outside conditions", "outside condition", outside, half),
    )


def levers(indicator, *inputs):
    return sobol(Question.LEVERS, indicator, *((n, "policy lever", t, h) for n, t, h in inputs))


def bars(indicator, *levers):
    """Rows of the tornado for (lever, unit, low, high, at_low, centre, at_high)."""
    columns = ["input", "input_unit", "low", "high", "at_low", "centre", "at_high"]
    table = pd.DataFrame(levers, columns=columns)
    span = (table["at_high"] - table["at_low"]).abs()
    return table.assign(**HEAD, **OUTCOME, indicator=indicator, kind="policy lever", span=span)


def stages(question, settled, n_run=81_920):
    head = {"question": question.value, "region": "north", "input": "rate", "outcome": "Debt 2035"}
    rows = [
        head | {"stage": 1, "n_run": 5_120, "half_width": 0.31, "more": 99, "settled": settled},
        head
        | {"stage": 2, "n_run": n_run, "half_width": 0.063, "more": 84_000}
        | {"settled": settled},
    ]
    return pd.DataFrame(rows)


def split(indicator, **shares):
    rows = [
        HEAD
        | OUTCOME
        | {"indicator": indicator, "source": source.replace("_", " "), "share": share}
        | {"low": share - half, "high": share + half}
        for source, (share, half) in shares.items()
    ]
    return pd.DataFrame(rows)


def box(target, base, density, coverage=0.8, n_restricted=1):
    return pd.DataFrame(
        [
            {"region": "north", "scenario": "plan", "target": target, "n_draw": 2000}
            | {"n_fail": round(2000 * base), "base": base, "coverage_left_out": coverage}
            | {"density_left_out": density, "n_restricted": n_restricted}
        ]
    )


def limit(target, name, low=float("nan"), high=float("nan"), unit="1/Year", stability=1.0):
    return pd.DataFrame(
        [
            {"region": "north", "scenario": "plan", "target": target, "input": name}
            | {"input_unit": unit, "low": low, "high": high, "stability": stability}
        ]
    )


def record(**tables):
    joined = {
        name: pd.concat(parts, ignore_index=True) if isinstance(parts, list) else parts
        for name, parts in tables.items()
    }
    names = SimpleNamespace(name="baseline"), SimpleNamespace(name="plan")
    plan = Plan(precision=Precision(half_width=ASKED))
    return Sensitivity(plan, ("north",), *names, joined)


def study(name="North", name_zh="北"):
    file = SimpleNamespace(name_zh=name_zh, basis=Basis.ILLUSTRATIVE)
    region = SimpleNamespace(key="north", name=name, file=file, targets=())
    return SimpleNamespace(regions={"north": region}, scenarios=(), facts=None)


def texts(found, topic):
    return [finding.text for finding in findings(Telling(found)) if finding.topic is topic]


@pytest.fixture
def everything():
    """All tables, with planted cases."""
    return record(
        posterior=[
            shapley("GDP", ("growth drift from 2021", 0.53, 0.02), ("saving", 0.2, 0.02)),
            shapley("industry output", ("saving", 0.4, 0.05), ("drift", 0.35, 0.05)),
            shapley("budget revenue", ("saving", 0.01, 0.005), ("drift", -0.003, 0.005)),
            shapley("population", ("saving", 0.03, 0.02), ("quiet", 0.019, 0.02)),
        ],
        sobol=[
            both("GDP", policy=0.3, uncertainty=0.7),
            both("industry output", policy=0.7, uncertainty=0.3),
            both("budget revenue", policy=0.5, uncertainty=0.51),
            both("Debt", policy=0.9, uncertainty=0.1, outside=-0.004),
            levers("GDP", ("tax", 0.5, 0.02), ("migration", 0.3, 0.02), ("births", 0.004, 0.001)),
            levers("industry output", ("tax", 0.5, 0.05), ("migration", 0.45, 0.05)),
        ],
        tornado=[
            bars(
                "GDP",
                ("tax", "share", -0.3, 0.3, 720.4, 1103.0, 1681.0),
                ("births", "a year", -0.5, 0.5, 1101.0, 1103.0, 1105.2),
            ),
            bars(
                "industry output",
                ("tax", "a year", -0.04, 0.04, 103.1, 103.2, 104.9),
                ("migration", "100 million CNY a year", -1000, 1000, 90.0, 103.2, 140.0),
            ),
        ],
        stages=[stages(Question.BOTH, settled=False), stages(Question.LEVERS, settled=True)],
        sources=[
            split("GDP", drift_of_growth=(0.75, 0.02), policy=(0.2, 0.02), luck=(-0.001, 0.004)),
            split("Debt", drift_of_growth=(0.95, 0.02), policy=(0.05, 0.02), solver=(1e-5, 1e-6)),
        ],
        corners=[
            box("GDP growth 2021", 0.4, 0.8),
            box("revenue growth 2021", 0.4, 0.41),
            box("debt in 2030", 0.005, float("nan"), n_restricted=float("nan")),
        ],
        corner_limits=[
            limit("GDP growth 2021", "growth drift from 2021", high=-0.00057),
            limit("GDP growth 2021", "saving", 0.11, 0.32, unit="Dmnl"),
            limit("GDP growth 2021", "chance", 0.11, stability=0.1),
            limit("revenue growth 2021", "saving", 0.11),
        ],
        polynomials=pd.DataFrame([HEAD | OUTCOME | {"indicator": "GDP", "unexplained": 0.034}]),
    )


def test_who_leads_is_said_only_if_its_interval_is_above_all_others(everything):
    first, tied, silent, lone = texts(everything, Topic.LEADS)
    assert first == "Growth drift from 2021 leads in GDP (53 % [51, 55])."
    assert tied == (
        "None leads in industrial output, where saving (40 % [35, 45]) and drift (35 % [30, 40]) "
        "cannot be told apart."
    )
    assert silent == "Nothing stands above the noise in fiscal revenue."
    assert lone.endswith("and others within the noise cannot be told apart.")
    assert "quiet" not in lone


def test_policy_and_uncertainty_are_weighed_by_their_intervals(everything):
    weighed = texts(everything, Topic.WEIGHS)
    assert weighed[0] == (
        "Not yet settled: uncertainty outweighs policy in GDP (70 % [69, 71] against 30 % "
        "[29, 31]; alone 63 % [62, 64] against 27 % [26, 28])."
    )
    assert weighed[1].startswith("Not yet settled: policy outweighs uncertainty in industrial")
    assert "whether policy or uncertainty weighs more cannot be told in fiscal" in weighed[2]


def test_total_order_alone_does_not_outweigh():
    table = both("GDP", policy=0.4, uncertainty=0.5)
    table.loc[table["kind"] == "policy lever", ["first_low", "first_high"]] = [0.3, 0.49]
    (text,) = texts(record(sobol=table), Topic.WEIGHS)
    assert text.startswith("Not known to be settled: whether")


def test_outside_conditions_are_told_by_the_largest_share(everything):
    (text,) = texts(everything, Topic.OUTSIDE)
    assert text.endswith("the largest share of outside conditions is 2.0 % [1.0, 3.0], in GDP.")


def test_a_share_below_zero_is_none(everything):
    table = both("Debt", policy=0.9, uncertainty=0.1, outside=-0.004)
    (text,) = texts(record(sobol=table), Topic.OUTSIDE)
    assert "is none that can be told from zero (below 0.60 %), in debt" in text
    sources = texts(everything, Topic.SOURCES)[0]
    assert "luck none that can be told from zero (below 0.30 %)" in sources
    assert "-" not in sources


def test_the_strongest_lever_comes_with_what_it_does(everything):
    alone, tied = texts(everything, Topic.STRONGEST)
    assert alone == (
        "Tax is the strongest policy lever for GDP (50 % [48, 52]; 720 at -0.3, 1,100 untouched, "
        "1,700 at 0.3)."
    )
    assert tied == (
        "No policy lever is told to be the strongest for industrial output, where tax (50 % "
        "[45, 55]; 103.1 at -0.04 a year, 103.2 untouched, 104.9 at 0.04) and migration (45 % "
        "[40, 50]; 90 at -1,000 x 100 million CNY a year, 100 untouched, 140 at 1,000) cannot be "
        "told apart."
    )


def test_levers_that_do_little_are_named_within_their_limits(everything):
    (text,) = texts(everything, Topic.LITTLE)
    assert text.startswith("Over the limits in models/levers.csv, in this model, each of these")
    assert text.endswith("GDP: births (alone at most 4.2, births).")


def test_corners_are_claimed_only_beyond_chance(everything):
    corner, chance, few = texts(everything, Topic.FAILS)
    assert corner == (
        "GDP growth 2021 fails under 'plan' in 40 % of draws, and in 80 % of those with growth "
        "drift from 2021 below -0.00057 a year and saving between 0.11 and 0.32 (and within "
        "limits that are seldom found again), where 80 % of the failures are."
    )
    assert chance == (
        "No corner that holds on draws left out is found for revenue growth 2021 (fails in 40 % "
        "of draws)."
    )
    assert few.endswith("to look for the corner of debt in 2030 (10 of 2,000 fail).")


def test_a_corner_with_no_stable_limit_is_not_claimed():
    table = limit("GDP", "saving", 0.1, stability=0.2)
    (text,) = texts(record(corners=box("GDP", 0.4, 0.8), corner_limits=table), Topic.FAILS)
    assert text.startswith("No corner")


@pytest.mark.parametrize(("density", "beaten"), [(0.39, False), (0.41, False), (0.5, True)])
def test_chance_allows_a_density_near_the_base_rate(density, beaten):
    (cells,) = box("GDP", 0.4, density).to_dict("records")
    assert beats_base(Row("corners", 0, cells), n_box=5) is beaten


def test_verdicts_are_of_the_last_stage(everything):
    unsettled, settled = sorted(texts(everything, Topic.SETTLED))
    assert unsettled == (
        "Sampling is not yet settled: levers against uncertainties, after 82,000 runs, about "
        "84,000 more; widest: ±6.3 %, rate in Debt 2035."
    )
    assert settled == "Sampling is settled: levers only, after 82,000 runs."


def test_without_the_posterior_it_is_priors_and_says_so():
    inputs = (("saving", "uncertainty", 0.6, 0.01), ("drift", "uncertainty", 0.2, 0.01))
    priors = sobol(Question.PRIORS, "GDP", *inputs)
    found = record(sobol=priors, stages=stages(Question.PRIORS, settled=False))
    assert texts(found, Topic.LEADS) == [
        "Not yet settled: on priors, saving leads in GDP (60 % [59, 61])."
    ]
    assert "saving, 60 % [59, 61] (not settled), on priors" in sensitivity_section(study(), found)


def test_indices_as_narrow_as_asked_are_settled_though_others_are_not():
    narrow = both("GDP", policy=0.3, uncertainty=0.7, half=ASKED / 2)
    found = record(sobol=narrow, stages=stages(Question.BOTH, settled=False))
    (text,) = texts(found, Topic.WEIGHS)
    assert text.startswith("Uncertainty outweighs policy in GDP")
    assert "Sampling is not yet settled" in texts(found, Topic.SETTLED)[0]


def numbers_in(text, names):
    """How often each number is in a text, its names and own phrases left out."""
    left = text
    for name in sorted(names, key=len, reverse=True):
        left = re.sub(re.escape(name), "", left, flags=re.IGNORECASE)
    for phrase in OWN_NUMBERS:
        left = left.replace(phrase, "")
    return Counter(number.rstrip(",") for number in NUMBER.findall(left))


@pytest.mark.parametrize("labels", LANGUAGES)
def test_every_number_and_name_is_in_its_table(everything, labels):
    told = findings(Telling(everything, labels))
    assert {finding.topic for finding in told} == set(Topic)
    for finding in told:
        numbers = [quote for quote in finding.quotes if not isinstance(quote.value, str)]
        names = {quote.text for quote in finding.quotes if isinstance(quote.value, str)}
        assert numbers_in(finding.text, names) == Counter(quote.text for quote in numbers)
        for quote in finding.quotes:
            assert everything.tables[quote.table].loc[quote.row, quote.column] == quote.value
        for quote in numbers:
            written = float(quote.text.replace(",", ""))
            assert written == pytest.approx(quote.scale * quote.value, rel=0.05)


@pytest.mark.parametrize("labels", LANGUAGES)
def test_numbers_in_cells_are_those_of_the_sentence(everything, labels):
    for finding in findings(Telling(everything, labels)):
        names = {quote.text for quote in finding.quotes if isinstance(quote.value, str)}
        known = {quote.text for quote in finding.quotes}
        for cell in finding.cells.values():
            assert set(numbers_in(cell, names)) <= known


def test_both_languages_quote_the_same_cells_in_the_same_sentences(everything):
    english, chinese = (findings(Telling(everything, labels)) for labels in LANGUAGES)
    assert [(f.topic, f.indicator) for f in english] == [(f.topic, f.indicator) for f in chinese]
    for one, other in zip(english, chinese, strict=True):
        quoted = (
            Counter((q.row, q.column, q.text) for q in f.quotes if not isinstance(q.value, str))
            for f in (one, other)
        )
        assert next(quoted) == next(quoted)
        assert one.cells.keys() == other.cells.keys()


def test_nothing_of_the_chinese_is_left_in_english_but_unknown_names(everything):
    chinese = LANGUAGES[1]
    section = sensitivity_section(study(), everything, chinese)
    names = {
        quote.text
        for finding in findings(Telling(everything, chinese))
        for quote in finding.quotes
        if isinstance(quote.value, str)
    }
    for name in sorted(
        {*names, "models/levers.csv", "baseline", "plan", "GDP"}, key=len, reverse=True
    ):
        section = re.sub(re.escape(name), "", section, flags=re.IGNORECASE)
    assert re.findall("[A-Za-z;:()]+", section) == []


def test_the_section_has_all_parts_and_says_the_scale_once(everything):
    section = sensitivity_section(study(), everything)
    headings = re.findall(r"^#+ (.*)$", section, re.MULTILINE)
    assert headings == [
        "What matters most, and what policy can move",
        r"North \*",
        "Where the variance is from",
        "Where targets fail",
        "Whether sampling was settled",
    ]
    assert section.count("of the logarithm") == 1
    assert "30 % [29, 31] (not settled)" in section
    assert "uncertainty outweighs policy in GDP (" in section


def test_equal_sentences_are_told_together():
    tables = [
        shapley(name, ("saving", 0.6, 0.01), ("drift", 0.2, 0.01))
        for name in ("GDP", "industry output", "population")
    ]
    section = sensitivity_section(study(), record(posterior=tables))
    assert (
        "Saving leads in GDP (60 % [59, 61]), industrial output (60 % [59, 61]) and population "
        "(60 % [59, 61])." in section
    )


@pytest.mark.parametrize(
    "name",
    [
        "posterior",
        "sobol",
        "tornado",
        "stages",
        "sources",
        "corners",
        "corner_limits",
        "polynomials",
    ],
)
def test_an_absent_table_is_not_talked_about(everything, name):
    tables = {key: table for key, table in everything.tables.items() if key != name}
    part = record(**tables)
    assert sensitivity_section(study(), part)
    assert not [q for f in findings(Telling(part)) for q in f.quotes if q.table == name]


def test_empty_tables_are_as_absent(everything):
    empty = {name: pd.DataFrame() for name in everything.tables}
    assert sensitivity_section(study(), record(**empty)).endswith("section tells of.")
    assert findings(Telling(record())) == ()


@pytest.mark.parametrize("labels", LANGUAGES)
def test_hostile_names_do_not_break_tables_or_sentences(labels):
    found = record(
        posterior=shapley("GDP", (HOSTILE, 0.6, 0.01), ("drift", 0.2, 0.01)),
        sobol=[levers("GDP", (HOSTILE, 0.6, 0.01)), both("GDP", 0.3, 0.7)],
        sources=split("GDP", **{HOSTILE: (0.7, 0.1)}),
        corners=box(HOSTILE, 0.4, 0.8),
        corner_limits=limit(HOSTILE, HOSTILE, 0.1, unit="a|b"),
    )
    section = sensitivity_section(study(HOSTILE, HOSTILE), found, labels)
    tables = re.findall(r"(?:^\|.*\n?)+", section, re.MULTILINE)
    assert len(tables) == 2
    for table in tables:
        bars = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(bars) == 1
    assert re.findall(r"^## (.*)$", section, re.MULTILINE) == [labels("matters_heading")]
    assert "<b>" not in section.replace(r"\<b\>", "")
    assert "*break*" not in section


def test_a_table_keeps_its_columns_whatever_is_in_a_cell():
    assert markdown(["a"], [["x | y\nz"], [escaped("x | y")]]).splitlines()[2:] == [
        r"| x \| y z |",
        r"| x \| y |",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0.0"), (1347.7, "1,300"), (-0.00057, "-0.00057"), (9.96, "10"), (0.999, "1.0")],
)
def test_numbers_have_two_significant_digits(value, text):
    assert significant(value) == text
