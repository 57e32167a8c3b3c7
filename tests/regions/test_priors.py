"""Priors: where each comes from and what regions share."""

import pytest

from simdyn.errors import FactError
from simdyn.project import Project
from simdyn.regions import Known, Prior, Region, read_regions

STRUCTURAL = (
    "private capital elasticity",
    "public capital elasticity",
    "private capital depreciation rate",
    "capital formation share",
    "return elasticity of investment",
    "migration response",
)
DEPRECIATION = "private capital depreciation rate"
OWN = "parameter,distribution,centre,spread,unit,applies_to,source,pooling,note\n"


def _prior(region: Region, name: str) -> Prior:
    return next(prior for prior in region.priors if prior.parameter == name)


def test_structural_parameters_are_pooled_in_every_region(regions: dict[str, Region]) -> None:
    for region in regions.values():
        if not region.is_sum:
            assert all(_prior(region, name).pooling >= 0.7 for name in STRUCTURAL)
            assert _prior(region, "initial GDP").pooling == 0


def test_every_pooled_prior_says_why(regions: dict[str, Region]) -> None:
    pooled = [prior for prior in regions["songbei"].priors if prior.pooling]
    assert len(pooled) > len(STRUCTURAL)
    assert all("Pooled: " in prior.note for prior in pooled)


def _own_depreciation(project: Project, known: Known, pooling: str) -> dict[str, Region]:
    """Read the regions where Daoli has one prior of its own with that pooling."""
    text = f"{OWN}{DEPRECIATION},normal,0.1,0.02,1/Year,model,test,{pooling},\n"
    (project.regions / "daoli" / "priors.csv").write_text(text, encoding="utf-8")
    return read_regions(project.regions, project.priors, known)


@pytest.mark.parametrize(("own", "left"), [("", 0.0), ("0.9", 0.9)])
def test_a_regions_own_prior_leaves_the_pool_unless_it_says_so(
    project: Project, known: Known, own: str, left: float
) -> None:
    regions = _own_depreciation(project, known, own)
    assert _prior(regions["daoli"], DEPRECIATION).pooling == left
    assert _prior(regions["songbei"], DEPRECIATION).pooling == 0.9


def test_another_pooling_than_the_shared_one_is_refused(project: Project, known: Known) -> None:
    with pytest.raises(FactError, match=r"priors.csv:2: .*Write 0.9 to stay in the pool, or 0"):
        _own_depreciation(project, known, "0.5")
