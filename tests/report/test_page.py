"""The page from planted content: hostile names stay text, numbers are those of the tables."""

import json
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from lxml import html

from simdyn.indicators import PERIODS
from simdyn.names import CORE
from simdyn.regions import Basis
from simdyn.report.language import labels_of
from simdyn.report.page import Content, Language, build_page
from simdyn.report.page.headlines import headlines
from simdyn.report.page.model import ModelPart

EVIL = "</script><script>alert(1)</script><b>$x$</b>"
YEARS = list(range(2015, 2036))
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--enable-logging=stderr",
)  # fmt: skip


def _study(north: str = "North") -> SimpleNamespace:
    def scenario(name, title):
        return SimpleNamespace(
            name=name,
            file=SimpleNamespace(title=title, title_zh="情景" + title, description=EVIL),
        )

    def region(name, basis):
        file = SimpleNamespace(name_zh="北", basis=basis, basis_note=EVIL)
        return SimpleNamespace(name=name, file=file)

    scenarios = (scenario("trend", "Trend"), scenario("plan", EVIL))
    return SimpleNamespace(
        file=SimpleNamespace(title=EVIL, regions=("north", "south")),
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
    names = [f"GDP growth {first}-{last}" for first, last in PERIODS] + ["Debt to GDP 2035"]
    bands = {"north": north, "south": south}
    rows = [
        {"region": key, "scenario": scenario, "headline": name}
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
        | {"note": EVIL, "colour": "#0072B2"}
        for key, name, dashed in (("north", EVIL, False), ("south", "South", True))
    ]
    scenarios = [
        {"key": key, "title": title, "title_zh": "情景", "description": EVIL, "featured": True}
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
        "accounts": {
            s["key"]: {
                "2026-2035": {
                    r["key"]: {"labour": [1.0, 0.5, 1.5], EVIL: [1.0, 0, 2]} for r in regions
                }
            }
            for s in scenarios
        },
        "sigma": {"trend": {"years": YEARS, "band": band}},
        "shares": {
            "on priors": {r["key"]: {"GDP": {EVIL: share, "saving": share}} for r in regions}
        },
    }
    chances = [(0.9, 0.8, 0.95), (0.1, 0.05, 0.2), (0.5, 0.4, 0.6)]
    targets = [
        {"region": "north", "target": f"{EVIL} {n}", "unit": "percent a year", "aim": 6.0}
        | {"scenario": scenario, "probability": value, "probability_low": low}
        | {"probability_high": high, "document": EVIL, "section": "1"}
        for n, (value, low, high) in enumerate(chances)
        for scenario in ("trend", "plan")
    ]
    fit = [
        {"region": "north", "figure": EVIL, "unit": "percent", "reported": 5.0, "model": 4.0}
        | {"z": -2.5, "p5": 3.0, "p95": 6.0, "layer": "documents", "document": EVIL}
        | {"section": "2", "facts": "north.gdp"}
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
    findings = f"## Heading\n\n- {EVIL}\n\n| a | b |\n| - | - |\n| {EVIL} | 1 |\n"
    model = ModelPart([("overview", EVIL, picture)], [loop], [equation])
    return Content(
        charts, _headlines(north, south), pd.DataFrame(targets), pd.DataFrame(fit), pd.DataFrame(),
        growth, facts, model, findings, EVIL,
    )  # fmt: skip


@pytest.fixture(scope="module", params=list(Language))
def page(request: pytest.FixtureRequest) -> str:
    return build_page(_study(EVIL), _content(), request.param)


def test_hostile_names_are_text(page: str) -> None:
    tree = html.fromstring(page)
    scripts = tree.findall(".//script")
    assert len(scripts) == 3
    assert not tree.findall(".//b")
    assert EVIL in "".join(tree.itertext())
    told = json.loads(scripts[0].text)
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
        "North grows 5 [4, 6] % a year in 2026-2035, clearly faster than that of South *" in apart
    )
    near = headlines(_study(), _content((2.5, 5, 6), (1, 2, 3)), labels)[0].text
    assert "clearly" not in near
    assert "the bands overlap" in near


def test_targets_count_as_likely_only_if_their_interval_says_so() -> None:
    text = headlines(_study(), _content(), labels_of(Language.EN))[2].text
    assert text.startswith("Of 3 targets of the documents, 1 are more likely met than not")
    assert "1 more likely missed; of 1 the draws do not tell" in text


def test_cells_are_those_of_the_tables(page: str) -> None:
    rows = ["".join(row.itertext()) for row in html.fromstring(page).xpath("//tr")]
    assert any("5.0 [4.0, 6.0]" in row for row in rows)
    assert any("90 % [80, 95]" in row for row in rows)
    assert any("7.2 [7.2, 7.2]" in row and "20 % [10, 30]" in row for row in rows)
    assert not any("9.9" in row for row in rows)
    assert any("-2.50" in row and "3 – 6" in row for row in rows)


CLICK = """
<script>
const errors = [];
window.addEventListener("error", (event) => errors.push(event.message));
window.addEventListener("load", () => {
  let n = 0;
  for (const field of document.querySelectorAll("select")) {
    for (const option of field.options) {
      field.value = option.value; field.dispatchEvent(new Event("change")); n += 1;
    }
  }
  for (const box of document.querySelectorAll("input[type=checkbox]")) { box.click(); n += 1; }
  const search = document.getElementById("search");
  search.value = "nothing of this kind"; search.dispatchEvent(new Event("input"));
  const other = document.getElementById("search-equations");
  other.value = "nothing of this kind"; other.dispatchEvent(new Event("input"));
  const hidden = document.querySelectorAll("tbody tr[hidden]").length;
  document.getElementById("theme").click(); document.getElementById("theme").click();
  const svgs = document.querySelectorAll(".chart svg.main-svg").length;
  const told = {errors, n, hidden, svgs, theme: document.documentElement.dataset.theme,
                bold: document.querySelectorAll("main b").length};
  document.body.dataset.told = JSON.stringify(told);
});
</script>
"""


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")
@pytest.mark.parametrize("width", [1400, 400])
def test_every_control_works_in_a_browser(page: str, tmp_path: Path, width: int) -> None:
    path = tmp_path / "report.html"
    path.write_text(page.replace("<header>", CLICK + "<header>", 1), encoding="utf-8")
    found = subprocess.run(  # noqa: S603
        [str(CHROMIUM), *QUIET, f"--window-size={width},900", f"--user-data-dir={tmp_path}/user",
         "--virtual-time-budget=20000", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    told = json.loads(html.fromstring(found.stdout).xpath("//body/@data-told")[0])
    assert told["errors"] == []
    assert told["n"] > 20
    assert told["hidden"] == 2
    assert told["svgs"] >= 3
    assert told["theme"] in ("light", "dark")
    assert told["bold"] == 0
    assert "CONSOLE" not in found.stderr
