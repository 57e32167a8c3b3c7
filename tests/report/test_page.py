"""The page from planted content: hostile names stay text, numbers are those of the tables."""

import base64
import gzip
import json
import math
import re
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from browser import CHROMIUM, look
from lxml import html

from simdyn.indicators import PERIODS
from simdyn.names import CORE
from simdyn.regions import Basis
from simdyn.report.page import Content, Language, build_page
from simdyn.report.page.headlines import headlines, number
from simdyn.report.page.model import ModelPart
from simdyn.report.words.language import labels_of

EVIL = "</script><script>alert(1)</script><b>$x$</b>"
YEARS = list(range(2015, 2036))
BAND = ("p10", "p50", "p90")


def _study(north: str = "North") -> SimpleNamespace:
    def scenario(name, title):
        return SimpleNamespace(
            name=name,
            file=SimpleNamespace(
                title=title, title_zh="情景" + title, description=EVIL, description_zh=EVIL
            ),
        )

    def region(name, basis):
        file = SimpleNamespace(name_zh="北", basis=basis, basis_note=EVIL, basis_note_zh=EVIL)
        return SimpleNamespace(name=name, file=file, observations=(), targets=())

    scenarios = (scenario("trend", "Trend"), scenario("plan", EVIL))
    return SimpleNamespace(
        file=SimpleNamespace(
            title=EVIL,
            title_zh=EVIL,
            regions=("north", "south"),
            posterior=9000,
            draws=400,
            groups={EVIL: ("north", "south")},
        ),
        facts=SimpleNamespace(regions={EVIL: SimpleNamespace(name=EVIL, name_zh=EVIL)}),
        regions={
            "north": region(north, Basis.FITTED),
            "south": region("South", Basis.ILLUSTRATIVE),
        },
        scenarios=scenarios,
        featured=scenarios,
        reference=scenarios[0],
        policy=scenarios[1],
    )


def _headlines(north: tuple, south: tuple) -> pd.DataFrame:
    names = [f"GDP growth {first}-{last}" for first, last in PERIODS]
    names += ["Debt to GDP 2035", "Interest to spending 2035"]
    bands = {"north": north, "south": south}
    rows = [
        {"region": key, "scenario": scenario, "headline": name, "unit": "percent"}
        | dict(zip(("p10", "p50", "p90"), band, strict=True))
        for key, band in bands.items()
        for scenario in ("trend", "plan")
        for name in names
    ]
    return pd.DataFrame(rows)


def _content(north=(4.0, 5.0, 6.0), south=(1.0, 2.0, 3.0)) -> Content:
    band = [[float(n + point) for n in range(21)] for point in (1, 2, 3)]
    views = {"value": band, "index": band, "difference": band}
    quantities = [
        {"key": q.variable, "title": q.title, "unit": q.unit, "kind": q.kind} for q in CORE
    ]
    regions = [
        {"key": key, "name": name, "name_zh": "北", "basis": "fitted", "illustrative": dashed}
        | {"fitted_to": 2020, "colour": "#0072B2"}
        for key, name, dashed in (("north", EVIL, False), ("south", "South", True))
    ]
    scenarios = [
        {"key": key, "title": title, "title_zh": "情景", "featured": True}
        for key, title in (("trend", "Trend"), ("plan", EVIL))
    ]
    share = {"kind": "uncertainty", "years": YEARS[1:], "total": [0.5] * 20}
    share |= {"total_low": [0.4] * 20, "total_high": [0.6] * 20}
    charts = {
        "years": YEARS,
        "base": 2020,
        "regions": regions,
        "scenarios": scenarios,
        "quantities": quantities,
        "core": [q.variable for q in CORE],
        "paths": {
            r["key"]: {s["key"]: {q.variable: views for q in CORE} for s in scenarios}
            for r in regions
        },
        "reported": [
            {"region": "north", "quantity": "GDP", "year": 2020, "value": 7.0}
            | {"layer": "documents", "fact": "north.gdp", "source": EVIL}
        ],
        "trials": {
            EVIL: [
                {"region": "north", "figure": EVIL, "unit": EVIL, "source": EVIL, "inside": False}
                | {"reported": 9, "mean": 5, "sd": 1, "p5": 3, "p95": 7, "rivals": {EVIL: 6}}
            ]
        },
        "differences": {
            "GDP": {
                "unit": "percent",
                "title": EVIL,
                "dated": EVIL,
                "regions": {r["key"]: {"plan": [1, 2, 3]} for r in regions},
            }
        },
        "contributions": {
            "plan": {
                "GDP": {
                    "unit": EVIL,
                    "title": EVIL,
                    "dated": EVIL,
                    "regions": {
                        r["key"]: [
                            {"name": EVIL, "title": EVIL, "setting": EVIL}
                            | {"band": [1, 2, 3], "mean": 2}
                        ]
                        for r in regions
                    },
                }
            }
        },
        "evidence": {
            "regions": {
                r["key"]: {
                    "documents": ["north.gdp"],
                    "public": [],
                    "priors": [{"name": EVIL, "verdict": "pooled", "source": EVIL}],
                }
                for r in regions
            },
            "levers": {
                "plan": {
                    "north": [
                        {"name": EVIL, "value": EVIL, "source": EVIL, "assumed": assumed}
                        for assumed in (True, False)
                    ]
                }
            },
        },
        "aims": [
            {"region": "north", "quantity": "GDP", "year": 2025, "value": 9.0, "source": EVIL}
        ],
        "accounts": {
            s["key"]: {
                "2026-2035": {
                    r["key"]: {"labour": [1.0, 0.5, 1.5], EVIL: [1.0, 0, 2]} for r in regions
                }
            }
            for s in scenarios
        },
        "sigma": {s["key"]: {"years": YEARS, "band": band} for s in scenarios},
        "theil": {
            s["key"]: [{"component": EVIL, "group": "", "years": YEARS, "band": band}]
            for s in scenarios
        },
        "beta": {
            s["key"]: {
                "2021-2035": {
                    r["key"]: {"name": EVIL, "name_zh": "", "illustrative": False}
                    | {"income": [1, 2, 3], "growth": [1, 2, 3]}
                    for r in regions
                }
            }
            for s in scenarios
        },
        "inputs": {EVIL: EVIL},
        "sources": {r["key"]: {"GDP": {"2035": {EVIL: [1, 0.9, 1]}}} for r in regions},
        "fit": {
            "north": [
                {"figure": EVIL, "unit": EVIL, "layer": "documents", "source": EVIL}
                | {"reported": 5, "model": 4, "sd": 1, "sd_above": 1, "z": -1}
                | {"p5": 3, "p50": 4, "p95": 6}
            ]
        },
        "shares": {
            "on priors": {r["key"]: {"GDP": {EVIL: share, "saving": share}} for r in regions}
        },
    }
    chances = [(0.9, 0.8, 0.95), (0.1, 0.05, 0.2), (0.5, 0.4, 0.6)]
    targets = [
        {"region": "north", "target": f"{EVIL} {n}", "unit": "percent a year", "aim": 6.0}
        | {"scenario": scenario, "probability": value, "probability_low": low}
        | {"probability_high": high, "document": EVIL, "section": "1"}
        | {"basis": "fitted", "note": EVIL}
        for n, (value, low, high) in enumerate(chances)
        for scenario in ("trend", "plan")
    ]
    fit = [
        {"region": "north", "figure": EVIL, "unit": "percent", "reported": 5.0, "model": 4.0}
        | {"z": -2.5, "p5": 3.0, "p95": 6.0, "layer": "documents", "document": EVIL}
        | {"section": "2", "facts": "north.gdp / north.tax", "note": EVIL}
    ]
    fact = dict.fromkeys(
        ("region", "quantity", "kind", "printed", "unit", "period", "document", "title", "title_en",
         "section", "note"), EVIL,
    )  # fmt: skip
    facts = [{**fact, "id": "north.gdp", "layer": "documents"}]
    catch_up = {"region": "south", "against": "north", "scenario": "trend", "extra_p50": 1.0}
    catch_up |= {f"own_{point}": 1.5 for point in ("p10", "p50", "p90")}
    catch_up |= {f"needed_{point}": 7.25 for point in ("p10", "p50", "p90")}
    catch_up |= {"reached": 0.2, "reached_low": 0.1, "reached_high": 0.3}
    growth = {"catch_up": pd.DataFrame([catch_up, catch_up | {"extra_p50": -1, "own_p50": 9.9}])}
    picture = "<svg viewBox='0 0 9 9'><text>Stock</text></svg>"
    equation = dict.fromkeys(
        ("name", "kind", "unit", "equation", "documentation", "sector", "loops"), EVIL
    )
    loop = {"mark": "R1", "kind": "R", "idle": True, "way": EVIL}
    slope = {"measure": "slope", "n_region": 5, "first": 2021, "last": 2035, "scenario": "trend"}
    slope |= {"p10": -1.0, "p50": 0.5, "p90": 2.0, "below": 0.4, "below_low": 0.3}
    slope |= {"below_high": 0.5, "kept": 0.6, "kept_low": 0.5, "kept_high": 0.7}
    growth |= {"sigma": pd.DataFrame(), "beta": pd.DataFrame([slope])}
    parameter = dict.fromkeys(("parameter", "unit", "figures", "source"), EVIL)
    parameter |= {"region": "north", "shrinkage": 0.4, "layer": "documents", "verdict": "pooled"}
    parameter |= {f"{a}{b}": 1.5 for a in ("prior_p", "p") for b in (5, 50, 95)}
    change = {"region": "north", "scenario": "plan", "indicator": "GDP", "unit": "CNY"}
    change |= {f"{name}_{point}": 2.0 for name in ("difference", "percent") for point in BAND}
    change |= {"year": 2035, "above": 0.9, "above_low": 0.8, "above_high": 0.95}
    changes = pd.DataFrame([change])
    needed = {"region": "north", "target": f"{EVIL} 0", "scenario": "plan", "lever": EVIL}
    needed |= {"chance": 0.2, "chance_low": 0.1, "chance_high": 0.3, "value": 0.125}
    needed |= {"value_low": 0.1, "value_high": 0.15, "lever_unit": EVIL, "side": "at least"}
    needed |= {"there": 0.5, "there_low": 0.4, "there_high": 0.6, "possible": True}
    needed |= {"best": 0.2, "best_chance": 0.7}
    never = needed | {"target": f"{EVIL} 1", "possible": False, "value": math.nan}
    take = pd.DataFrame([needed, never])
    names = ("title", "unit", "setting", "reference_setting", "evidence", "source")
    lever = dict.fromkeys(names, EVIL) | {"scenario": "plan", "region": "north", "part": "north"}
    levers = pd.DataFrame([lever | {"low": -1.0, "high": 1.0}])
    conflict = dict.fromkeys(("kind", "what", "sentence", "sources"), EVIL)
    conflict |= {"region": "north", "part": "north", "in_fit": True, "facts": "north.gdp"}
    conflicts = pd.DataFrame([conflict])
    findings = f"## Heading\n\n- {EVIL}\n\n| a | b |\n| - | - |\n| {EVIL} | 1 |\n"
    model = ModelPart([("overview", EVIL, picture)], [loop], [equation])
    return Content(
        charts, _headlines(north, south), pd.DataFrame(targets), pd.DataFrame(fit),
        pd.DataFrame([parameter]),
        growth, changes, pd.DataFrame(), take, {}, levers, conflicts, facts, model, findings, EVIL,
        [EVIL], 10.0,
    )  # fmt: skip


@pytest.fixture(scope="module", params=list(Language))
def page(request: pytest.FixtureRequest) -> str:
    return build_page(_study(EVIL), _content(), request.param)


def test_hostile_names_are_text(page: str) -> None:
    tree = html.fromstring(page)
    scripts = tree.findall(".//script")
    assert [script.get("id") for script in scripts] == ["data", "library", None]
    assert not tree.findall(".//b")
    assert EVIL in "".join(tree.itertext())
    told = json.loads(gzip.decompress(base64.b64decode(scripts[0].text)))
    assert told["data"]["regions"][0]["name"] == EVIL


def test_nothing_is_fetched(page: str) -> None:
    tree = html.fromstring(page)
    assert not tree.xpath("//*[@src]")
    assert not tree.findall(".//link")
    assert all(place.startswith("#") for place in tree.xpath("//@href"))
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'")


def test_every_link_leads_somewhere(page: str) -> None:
    tree = html.fromstring(page)
    known = set(tree.xpath("//@id"))
    assert {place[1:] for place in tree.xpath("//@href")} <= known


def test_size(page: str) -> None:
    assert len(page.encode()) < 8_000_000


def test_who_grows_faster_is_claimed_only_where_bands_are_apart() -> None:
    labels = labels_of(Language.EN)
    apart = headlines(_study(), _content((4, 5, 6), (1, 2, 3)), labels)[0].text
    assert (
        "North grows 5 [4, 6] % a year in 2026-2035, clearly faster than that of South\u00a0*"
        in apart
    )
    near = headlines(_study(), _content((2.5, 5, 6), (1, 2, 3)), labels)[0].text
    assert "clearly" not in near
    assert "the bands overlap" in near


@pytest.mark.parametrize("language", Language)
def test_every_number_of_the_headlines_is_one_of_the_tables(language: Language) -> None:
    content = _content((4.25, 5.75, 66.0), (1.15, 2.35, 3.45))
    sentences = headlines(_study(), content, labels_of(language))
    assert [sentence.place for sentence in sentences] == [
        "compare", "scenarios", "targets", "regions", "regions"
    ]  # fmt: skip
    text = " ".join(sentence.text for sentence in sentences).replace(EVIL, "")
    told = {word.rstrip(".,") for word in re.findall(r"-?[\d,.]*\d", text)}
    of_tables = {number(value) for column in BAND for value in content.headlines[column].tolist()}
    of_paths = {
        number(row[-1]) for row in content.charts["paths"]["north"]["plan"]["GDP"]["difference"]
    }
    assert told - {"2026", "-2035", "2035", "2016", "88", "10", "3", "1"} == of_tables | of_paths


def test_targets_count_as_likely_only_if_their_interval_says_so() -> None:
    text = headlines(_study(), _content(), labels_of(Language.EN))[2].text
    assert text.startswith("Of 3 targets that documents set to fitted regions, 1 are more likely")
    assert "1 more likely missed; of 1 the draws do not tell" in text


def test_cells_are_those_of_the_tables(page: str) -> None:
    rows = ["".join(row.itertext()) for row in html.fromstring(page).xpath("//tr")]
    assert any("5.0 [4.0, 6.0]" in row for row in rows)
    assert any("90 % [80, 95]" in row for row in rows)
    assert any("7.2 [7.2, 7.2]" in row and "20 % [10, 30]" in row for row in rows)
    assert not any("9.9" in row for row in rows)
    assert any("-2.50" in row and "3 – 6" in row for row in rows)


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.parametrize(("width", "theme"), [(1400, "light"), (400, "dark")])
def test_every_control_works_in_a_browser(
    page: str, tmp_path: Path, width: int, theme: str
) -> None:
    seen = look(page, tmp_path, width, theme)
    assert (seen["errors"], seen["console"], seen["requests"]) == ([], [], [])
    assert (seen["width"], seen["theme"]) == (width, theme)
    assert seen["charts"] == seen["drawn"] > 15
    assert seen["n"] > 50
    assert seen["hidden"] == 2
    assert seen["shown"] == seen["pills"] > 10
    assert seen["bold"] == 0
    assert {name.partition(".")[2] for name, _, _ in seen["saved"]} == {"svg", "png", "csv"}


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
def test_text_in_the_wrong_place_is_seen(page: str, tmp_path: Path) -> None:
    wide = page.replace("</main>", "<p style='width: 2000px'>far</p></main>", 1)
    assert look(wide, tmp_path, 1400)["page_faults"]
