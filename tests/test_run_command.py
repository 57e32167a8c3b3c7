"""`simdyn run` and what reads its results: a small study on the real model and figures."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simdyn.cli.main import main
from simdyn.errors import RunError
from simdyn.project import Project
from simdyn.runs.digest import digest
from simdyn.runs.execute import answer
from simdyn.runs.results import open_results
from simdyn.runs.verify import verify

STUDY = """name = "small"
title = "A small study"
regions = ["hachang_zone"]
scenarios = ["baseline", "plan", "food"]
draws = 6
posterior = 40
starts = 1
seed = 1

[sweeps.turn]
base = "plan"
design = "grid"
[sweeps.turn.levers.all]
"market investment" = { values = [0.0, 0.2] }
"bond issue" = { low = 0.0, high = 0.01, steps = 2 }
"""


@pytest.fixture(scope="module")
def home(project_with: Callable[[str], Project]) -> Iterator[Project]:
    project = project_with(STUDY)
    before = Path.cwd()
    os.chdir(project.root)
    assert main(["-q", "run"]) == 0
    yield project
    os.chdir(before)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    def run(*words: str) -> tuple[int, str]:
        code = main(["-q", *words])
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


Said = Callable[..., tuple[int, str]]


def test_members_are_regions_by_scenarios_by_draws(home: Project) -> None:
    results = open_results("outputs/runs/small")
    assert results.layout.regions == ("shuangcheng", "hachang_rest")
    variants = tuple(f"turn-{n}" for n in range(1, 5))
    assert results.scenarios == ("baseline", "plan", "food", *variants)
    assert results.layout.n_draw == 6
    assert verify(home.runs / "small") == []
    table = pd.read_csv(home.runs / "small" / "variants" / "turn.csv", index_col="scenario")
    assert table.loc["turn-4"].to_dict() == {
        "market investment (all)": 0.2,
        "bond issue (all)": 0.01,
    }


def test_the_zone_is_its_parts_and_is_not_counted_twice(home: Project) -> None:
    results = open_results(home.runs / "small")
    zone = results.years("hachang_zone", "plan")
    parts = [results.years(key, "plan") for key in ("shuangcheng", "hachang_rest")]
    for name in ("GDP", "population", "Debt"):
        np.testing.assert_allclose(zone.values[name], sum(p.values[name] for p in parts))
    assert "hachang_zone" not in results.dataset()["region"]


def test_draws_are_common_to_scenarios(home: Project) -> None:
    """Until levers move in 2021, a draw is the same under every scenario."""
    results = open_results(home.runs / "small")
    base, plan = (results.years("shuangcheng", name) for name in ("baseline", "plan"))
    gap = np.abs(plan.values["GDP"] / base.values["GDP"] - 1)
    assert gap[:6].max() == 0
    assert gap[-1].min() > 0


def test_what_is_stored_is_not_run_again(home: Project, said: Said) -> None:
    code, text = said("run")
    assert code == 0
    assert "Nothing to run: all 2 blocks are stored" in text
    code, text = said("run", "--resume")
    assert (code, "Nothing to run" in text) == (0, True)


def test_a_dry_run_says_what_it_takes_and_writes_nothing(home: Project, said: Said) -> None:
    code, text = said("run", "--dry-run", "--draws", "20", "--out", "other")
    assert code == 0
    assert "members  280 = 2 regions x 7 scenarios x 20 draws" in text
    assert "turn: 4 of 'plan' over market investment (all), bond issue (all)" in text
    assert not (home.runs / "other").exists()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("scenarios/food.toml", "0.02", "0.03"),
        ("models/priors.csv", "0.106", "0.107"),
        ("models/regional_growth.mdl", "policy ramp time=\n\t4", "policy ramp time=\n\t5"),
        ("scenarios/baseline.toml", "Trend", "Trand"),
    ],
)
def test_an_input_changed_at_once_and_at_equal_length_is_noticed(
    home: Project, said: Said, name: str, old: str, new: str
) -> None:
    path = home.root / name
    text, times = path.read_text(encoding="utf-8"), path.stat()
    assert len(old) == len(new)
    assert old in text
    place = text.index(old)
    try:
        path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        code, told = said("run", "--resume")
        assert code == 1
        assert f"{name} has changed" in told
    finally:
        path.write_text(text, encoding="utf-8")


def test_a_rerun_gives_every_bit(home: Project, said: Said) -> None:
    code, text = said("rerun", str(home.runs / "small"))
    assert code == 0
    assert digest(home.runs / "small") in text
    (home.runs / "small" / "inputs" / "scenarios" / "food.toml").unlink()
    code, text = said("rerun", str(home.runs / "small"))
    assert code == 1
    assert "unknown scenario 'food'" in text


def test_a_part_of_a_study_is_rerun_too(home: Project, said: Said) -> None:
    """The copies hold the scenarios that were not run: the study file names them."""
    assert said("run", "--scenario", "plan", "--draws", "4", "--out", "part")[0] == 0
    code, text = said("rerun", str(home.runs / "part"))
    assert (code, digest(home.runs / "part") in text) == (0, True)


def test_a_study_that_keeps_few_variables(home: Project, said: Said) -> None:
    """Its sums are of those variables; answers say what they lack."""
    text = STUDY.replace('"small"', '"few"').replace("draws = 6", 'draws = 6\noutputs = ["GDP"]')
    (home.scenarios / "few.toml").write_text(text, encoding="utf-8")
    assert said("run", "scenarios/few.toml")[0] == 0
    few, all_of_them = (open_results(home.runs / name) for name in ("few", "small"))
    zone, whole = (each.years("hachang_zone", "plan") for each in (few, all_of_them))
    assert zone.values.keys() == {"GDP"}
    np.testing.assert_array_equal(zone.values["GDP"], whole.values["GDP"])
    assert said("export", str(home.runs / "few"))[0] == 0
    code, told = said("compare", "--study", "scenarios/few.toml")
    assert (code, "few.toml: reports and answers need Debt" in told) == (1, True)
    (home.scenarios / "few.toml").write_text(text.replace("GDP", "births"), encoding="utf-8")
    assert said("run", "scenarios/few.toml")[0] == 0
    code, told = said("export", str(home.runs / "few"))
    assert (code, "the results keep only births" in told) == (1, True)


def test_members_that_fail_are_told(home: Project, said: Said) -> None:
    sweep = """[sweeps.wild]
base = "plan"
design = "list"
beyond_limits = true
levers.all.births = { values = [0.0, -1000.0] }
"""
    text = STUDY[: STUDY.index("[sweeps")].replace('"small"', '"wild"') + sweep
    (home.scenarios / "wild.toml").write_text(text, encoding="utf-8")
    code, told = said("run", "scenarios/wild.toml")
    assert (code, "Members that failed: 12 (" in told) == (0, True)


def test_one_digest_however_it_is_run(home: Project, said: Said) -> None:
    wanted = digest(home.runs / "small")
    for words in (["--block", "1"], ["--block", "5", "--threads", "3"], ["--threads", "1"]):
        assert said("run", "--fresh", "--out", "again", *words)[0] == 0
        assert digest(home.runs / "again") == wanted
    path = home.scenarios / "study.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"baseline", "plan", "food"', '"food", "baseline", "plan"'))
    try:
        assert said("run", "--out", "turned")[0] == 0
        assert digest(home.runs / "turned") == wanted
    finally:
        path.write_text(text)


@pytest.mark.parametrize("language", ["C", "C.UTF-8"])
def test_hash_seed_and_locale_do_not_change_the_digest(home: Project, language: str) -> None:
    name = f"seeded-{language}".lower().replace(".", "-")
    environment = {**os.environ, "PYTHONHASHSEED": "7", "LC_ALL": language, "LANG": language}
    command = [str(Path(sys.executable).with_name("simdyn")), "-q", "run", "--out", name]
    subprocess.run(command, check=True, env=environment, capture_output=True)  # noqa: S603
    assert digest(home.runs / name) == digest(home.runs / "small")


def test_some_regions_and_scenarios_on_the_same_draws(home: Project, said: Said) -> None:
    code, text = said("run", "--scenario", "plan", "--region", "hachang_zone")
    assert code == 0
    assert "outputs/runs/small-hachang_zone-plan" in text
    some = open_results(home.runs / "small-hachang_zone-plan").years("shuangcheng", "plan")
    all_of_them = open_results(home.runs / "small").years("shuangcheng", "plan")
    assert some.values["GDP"].tobytes() == all_of_them.values["GDP"].tobytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--scenario", "fod"], "scenario 'fod' is not in the study. Did you mean 'food'?"),
        (["--region", "songbei"], "region 'songbei' is not in the study"),
        (["--draws", "50"], "50 draws to run, but 40 of the posterior"),
        (["--resume", "--fresh"], "Pass one of them"),
        (["--out", "../x"], "String should match pattern"),
        (["--out", "=HYPERLINK(1)"], "String should match pattern"),
        (["--out", "松北"], "String should match pattern"),
        (["--out", "a" * 300], "String should match pattern"),
        (["--out", "calibrations"], "holds other results"),
        (["--out", "exports"], "holds other results"),
        (["--cluster", "nonsense"], "'nonsense' is no address of a cluster"),
        (["--cluster", "tcp://127.0.0.1:1"], "no cluster at tcp://127.0.0.1:1"),
    ],
)
def test_wrong_wishes_are_answered_in_one_line(
    home: Project, said: Said, words: list[str], message: str
) -> None:
    code, text = said("run", "--out", "unused", *words)
    assert code == 1
    assert message in text
    assert len(text.splitlines()) == 1


def test_a_block_that_cannot_be_run_leaves_the_rest_and_exits_with_4(
    home: Project, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(compute: object, block: tuple[int, ...]) -> object:
        if block[0] == 1:
            raise RunError("no luck")
        return answer(compute, block)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("simdyn.runs.execute.answer", faulty)
        code, text = said("run", "--out", "partial")
    assert code == 4
    assert "Failed: hachang_rest, from draw 0: no luck" in text
    assert said("status", str(home.runs / "partial"), "--json")[1].count('"partial"')
    code, text = said("run", "--out", "partial")
    assert code == 0
    assert "1 of 2 blocks run" in text
    assert digest(home.runs / "partial") == digest(home.runs / "small")


def test_a_cluster_gives_the_same_bits(home: Project, said: Said) -> None:
    from distributed import LocalCluster  # noqa: PLC0415

    with LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        words = ("--out", "clustered", "--block", "9", "--cluster", cluster.scheduler_address)
        assert said("run", *words)[0] == 0
    assert digest(home.runs / "clustered") == digest(home.runs / "small")


def test_beyond_limits_is_recorded(home: Project, said: Said) -> None:
    path = home.scenarios / "food.toml"
    text = path.read_text(encoding="utf-8")
    extra = '"tax" = { value = 9.0, source = "assumption", beyond_limits = true }\n'
    path.write_text(text.replace("[levers.songbei]\n", f"[levers.songbei]\n{extra}"))
    try:
        assert said("run", "--out", "beyond")[0] == 0
    finally:
        path.write_text(text, encoding="utf-8")
    manifest = json.loads((home.runs / "beyond" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["manifest"]["notes"]["beyond limits"] == {"food": ["songbei: tax"]}
