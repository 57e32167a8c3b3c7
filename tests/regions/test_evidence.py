"""What a region's calibration may read under each evidence."""

from simdyn.facts.collection import Facts
from simdyn.facts.records import Layer
from simdyn.regions import Basis, Evidence, Region, Scope

DOCUMENT_READINGS = {
    "songbei": 17,
    "shuangcheng": 11,
    "qiqihar": 5,
    "daoli": 0,
    "hachang_rest": 0,
    "hachang_zone": 0,
}


def test_both_layers_change_nothing(regions: dict[str, Region], facts: Facts) -> None:
    for region in regions.values():
        assert region.under(Evidence.BOTH, facts).observations == region.observations


def test_documents_alone_leave_no_public_figure(regions: dict[str, Region], facts: Facts) -> None:
    for region in regions.values():
        strict = region.under(Evidence.DOCUMENTS, facts)
        assert len(strict.observations) == DOCUMENT_READINGS[region.key]
        layers = {facts[name].layer for o in strict.observations for name in o.fact_ids}
        assert layers <= {Layer.DOCUMENTS}
        assert strict.targets == region.targets
        assert set(strict.priors) <= set(region.priors)
        read = (*strict.observations, *strict.targets)
        used = {name for reading in read for name in reading.measurement_parameters}
        assert used == {p.parameter for p in strict.priors if p.applies_to is Scope.MEASUREMENT}


def test_a_fitted_region_without_figures_is_illustrative(
    regions: dict[str, Region], facts: Facts
) -> None:
    strict = {key: region.under(Evidence.DOCUMENTS, facts) for key, region in regions.items()}
    assert strict["songbei"].file.basis is Basis.FITTED
    assert strict["daoli"].observations == ()
    assert strict["daoli"].file.basis is Basis.ILLUSTRATIVE
    alone = Region("x", regions["songbei"].file, (), regions["daoli"].observations, ())
    assert alone.under(Evidence.BOTH, facts).file.basis is Basis.FITTED
    assert alone.under(Evidence.DOCUMENTS, facts).file.basis is Basis.ILLUSTRATIVE
