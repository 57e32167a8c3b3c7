"""What matters most: shares of variance by input, and by what the spread of results is from."""

from __future__ import annotations

from simdyn.report.page.charts.plain import Plain, rounded, rounded_row
from simdyn.report.words.language import Labels
from simdyn.report.words.names import input_name
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Study

SHOWN_SHARE = 0.02
"""Share of variance in some year from which an input is shown."""
KEYS = ["question", "region", "indicator", "input"]
COLUMNS = ("total", "total_low", "total_high")


def shares(sensitivity: Sensitivity) -> dict[str, Plain]:
    """Return total order by question, region, indicator and input: years, values, intervals."""
    if "sobol" not in sensitivity.tables:
        return {}
    found: dict[str, Plain] = {}
    for names, rows in sensitivity.tables["sobol"].groupby(KEYS, sort=False):
        question, region, indicator, name = map(str, names)
        if rows["total"].max() < SHOWN_SHARE or len(rows) < 2:
            continue
        place = found.setdefault(question, {}).setdefault(region, {}).setdefault(indicator, {})
        place[name] = {
            "kind": rows["kind"].iloc[0],
            "years": rows["year"].tolist(),
            **{column: rounded_row(rows[column]) for column in COLUMNS},
        }
    return found


def input_names(study: Study, sensitivity: Sensitivity, labels: Labels) -> dict[str, str]:
    """Return what the language calls each input, by its name in the tables."""
    if "sobol" not in sensitivity.tables:
        return {}
    regions = {region.name: labels.region(region) for region in study.regions.values()}
    names = sensitivity.tables["sobol"]["input"].unique()
    return {str(name): input_name(str(name), labels, regions) for name in names}


def sources(sensitivity: Sensitivity) -> dict[str, Plain]:
    """Return what the spread is from by region, indicator and year: shares with intervals."""
    found: dict[str, Plain] = {}
    if "sources" not in sensitivity.tables:
        return found
    for row in sensitivity.tables["sources"].to_dict("records"):
        place = found.setdefault(row["region"], {}).setdefault(row["indicator"], {})
        points = [rounded(row[name]) for name in ("share", "low", "high")]
        place.setdefault(str(row["year"]), {})[row["source"]] = points
    return found
