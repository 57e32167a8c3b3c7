"""What is stored is what was computed, for our own readers, for xarray and for Zarr."""

import shutil
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
import zarr
from made_up import LAYOUT, Heard, MadeUp, Make, Silent, chunk_files, manifest

from simdyn.errors import RunError
from simdyn.indicators import add_up
from simdyn.names import EXTENSIVE
from simdyn.runs.execute import run_blocks
from simdyn.runs.layout import BlockResult, Layout
from simdyn.runs.opening import open_store
from simdyn.runs.results import open_results

LARGE = Layout(("a", "b"), ("s", "t", "u"), 700, ("x", "y"), tuple(range(2015, 2036)), 300)
"""Chunks that fill pages of memory, and do not."""


def expected(layout: Layout) -> np.ndarray:
    made, draws = MadeUp(layout), np.arange(layout.n_draw)
    regions = range(len(layout.regions))
    return np.array([[made.values(r, s, draws) for s in layout.scenarios] for r in regions])


@pytest.mark.parametrize("layout", [LAYOUT, LARGE, replace(LAYOUT, block_members=25)])
def test_xarray_and_zarr_read_what_was_computed(batch: Make, layout: Layout) -> None:
    folder = batch(layout=layout)
    with warnings.catch_warnings(action="error"):
        found = xr.open_zarr(folder / "values.zarr", chunks=None)
    assert found["values"].dims == ("region", "scenario", "draw", "variable", "year")
    assert np.array_equal(found["values"].values, expected(layout))
    assert list(found["region"].values) == list(layout.regions)
    assert list(found["scenario"].values) == list(layout.scenarios)
    assert list(found["variable"].values) == list(layout.variables)
    assert list(found["year"].values) == list(layout.years)
    array = zarr.open_array(folder / "values.zarr" / "values", mode="r")
    assert np.array_equal(array[1, 2, 5], expected(layout)[1, 2, 5])


def test_files_are_those_that_zarr_would_write(batch: Make, tmp_path: Path) -> None:
    folder = batch()
    ours = zarr.open_array(folder / "values.zarr" / "values", mode="r")
    theirs = zarr.create_array(
        tmp_path / "theirs",
        shape=ours.shape,
        chunks=ours.chunks,
        dtype="<f8",
        fill_value=np.nan,
        compressors=None,
        filters=None,
        chunk_key_encoding={"name": "v2", "separator": "."},
        dimension_names=ours.metadata.dimension_names,
    )
    theirs[:] = ours[:]
    assert ours.metadata.to_dict() == theirs.metadata.to_dict()
    for path in chunk_files(folder):
        assert path.read_bytes() == (tmp_path / "theirs" / path.name).read_bytes()


def test_names_never_become_paths(batch: Make) -> None:
    folder = batch()
    names = {path.name for path in folder.rglob("*")}
    assert not any("etc" in name or "qiqihar" in name for name in names)
    assert {path.name for path in folder.parent.iterdir()} == {folder.name}


def test_years_are_those_computed(batch: Make) -> None:
    found = open_results(batch()).years("双城区", "food")
    assert found.ok.all()
    assert list(found.years) == list(LAYOUT.years)
    assert np.array_equal(found.values["Debt"], expected(LAYOUT)[1, 3, :, 1].T)
    assert np.array_equal(found.of("GDP", 2017), expected(LAYOUT)[1, 3, :, 0, 2])


def test_dataset_reads_any_part(batch: Make) -> None:
    values, whole = open_results(batch()).dataset()["values"], expected(LAYOUT)
    assert np.array_equal(values, whole)
    assert np.array_equal(values[1, :, 3:9:2, 0, ::-1], whole[1, :, 3:9:2, 0, ::-1])
    assert np.array_equal(
        values[:, [2, 0], [9, 1, 1], :, -1], whole[:, [2, 0]][:, :, [9, 1, 1]][..., -1]
    )
    assert (
        float(values.sel(region="qiqihar", scenario="plan", draw=4, variable="Debt", year=2016))
        == (whole[0, 1, 4, 1, 1])
    )
    assert np.array_equal(values.mean("draw"), whole.mean(axis=2))


def test_a_sum_is_formed_when_it_is_read_and_never_stored(tmp_path: Path) -> None:
    layout = replace(LAYOUT, variables=tuple(q.variable for q in EXTENSIVE))
    made = manifest(layout, sums={"zone": ("qiqihar", "双城区")})
    with open_store(tmp_path / "batch", made) as store:
        run_blocks(store, MadeUp(layout), Silent())
    results = open_results(tmp_path / "batch")
    parts = [results.years(region, "plan") for region in layout.regions]
    total = results.years("zone", "plan")
    for variable in layout.variables:
        assert np.array_equal(total.values[variable], add_up(parts).values[variable])
    assert list(results.dataset()["region"].values) == list(layout.regions)


def test_a_sum_of_a_region_that_is_not_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"'zone' is the sum of 'qiqiha'.*Did you mean 'qiqihar'"):
        open_store(tmp_path / "batch", manifest(sums={"zone": ("qiqiha",)}))
    assert not (tmp_path / "batch").exists()


def test_failed_members_are_nan_and_counted(tmp_path: Path) -> None:
    class OneFails(MadeUp):
        def __call__(self, block):
            values = super().__call__(block).values
            values[0, 1] = np.nan
            return BlockResult(values, {"plan, 1": "Debt fell below zero in 2017"}, 1)

    with open_store(tmp_path / "batch", manifest()) as store:
        run_blocks(store, OneFails(), Silent())
        assert sum(entry.n_failed for entry in store.entries.values()) == 24
    found = open_results(tmp_path / "batch").years("qiqihar", "plan")
    assert list(np.flatnonzero(~found.ok)) == [1, 5, 9]


def test_unknown_names_are_refused(batch: Make) -> None:
    results = open_results(batch())
    with pytest.raises(RunError, match=r"unknown region 'qiqiha'. Did you mean 'qiqihar'"):
        results.years("qiqiha", "plan")
    with pytest.raises(RunError, match=r"unknown scenario 'plans'. Did you mean 'plan'"):
        results.years("qiqihar", "plans")


def test_progress_counts_every_member(tmp_path: Path) -> None:
    heard = Heard()
    with open_store(tmp_path / "batch", manifest()) as store:
        run_blocks(store, MadeUp(), heard)
    assert heard.total == heard.done == LAYOUT.n_member
    assert heard.notes[-1].startswith("block 24 of 24, ")
    assert heard.notes[-1].endswith(" members a second, 0 s left")


def test_a_moved_folder_reads_the_same(batch: Make, tmp_path: Path) -> None:
    folder = batch()
    shutil.move(folder, tmp_path / "elsewhere")
    assert np.array_equal(
        open_results(tmp_path / "elsewhere").dataset()["values"], expected(LAYOUT)
    )
