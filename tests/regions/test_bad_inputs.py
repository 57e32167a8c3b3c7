"""Wrong entries of region files, planted one by one: each refused by file, line and mend.

Names, periods and units of readings are planted in tests/test_study.py, rows of facts in
tests/facts/test_bad_rows.py.
"""

from collections.abc import Callable

import pytest

from simdyn.errors import SimdynError
from simdyn.project import Project
from simdyn.regions import Known, read_regions

SHARED = "models/priors.csv"
REST = "models/regions/hachang_rest/observations.csv"
PLAN = "models/regions/shuangcheng/observations.csv"
COUNTIES = "models/regions/hachang_rest/region.toml"
ZONE = "models/regions/hachang_zone/region.toml"
FIXED = "models/regions/songbei/region.toml"
GDP = "level,nominal GDP,2019,2019,share of Yushu in GDP,,,yushu.gdp.level.2019,,,,gaussian,5"
WUCHANG = "2020,2020,share of Wuchang in population,,,wuchang.population.level.2020"
DEHUI = "2018,2018,share of Wuchang in population,,,dehui.registered_population.level.2018"
PLANTED = {
    "prior without source": (
        (SHARED, "Dmnl,model,assumption,0.8", "Dmnl,model,,0.8"),
        "'source' is missing. Write where it is from, or 'assumption'.",
    ),
    "column of sources missing": (
        (SHARED, "applies_to,source,pooling", "applies_to,origin,pooling"),
        "the column 'source' is missing. Add it.",
    ),
    "pooling above one": (
        (SHARED, "assumption,0.8,", "assumption,1.2,"),
        "less than or equal to 1",
    ),
    "pooling below zero": (
        (SHARED, "assumption,0.8,", "assumption,-0.1,"),
        "greater than or equal to 0",
    ),
    "pooling in words": (
        (SHARED, "assumption,0.8,", "assumption,most,"),
        "'pooling' is 'most' where a number belongs. Write a plain number",
    ),
    "negative spread": (
        (SHARED, "normal,0.5,0.06", "normal,0.5,-0.06"),
        "greater than or equal to",
    ),
    "no spread at all": ((SHARED, "normal,0.5,0.06", "normal,0.5,0"), "greater than or equal to"),
    "two priors of one parameter": (
        (SHARED, "public capital elasticity", "private capital elasticity"),
        "'private capital elasticity' has two priors here. Keep one.",
    ),
    "shape that no prior has": ((SHARED, ",normal,0.5", ",uniform,0.5"), "Write one of 'normal'"),
    "half-normal off zero": ((SHARED, ",normal,0.5", ",half-normal,0.5"), "write 0 as its centre"),
    "share without a prior": (
        (REST, "share of Fuyu in population", "share of Fujin in population"),
        "uses the unknown 'share of Fujin in population'. Did you mean",
    ),
    "negative error": (
        (REST, "gaussian,5,", "gaussian,-5,"),
        "it must be greater than or equal to",
    ),
    "error in words": ((REST, "gaussian,5,", "gaussian,about 5,"), "where a number belongs"),
    "infinite error": ((REST, "gaussian,5,", "gaussian,inf,"), "where a number belongs"),
    "unknown likelihood": ((REST, "gaussian,5,", "normal,5,"), "Write one of 'gaussian'"),
    "one-sided error of one side": (
        (REST, "gaussian,5,", "split,5,"),
        "sd_above belongs to likelihood 'split', and only there",
    ),
    "unknown operator": ((REST, GDP, GDP.replace("level,", "mean,", 1)), "Write one of 'level'"),
    "column of operators missing": (
        (REST, "label,operator", "label,oprator"),
        "Did you mean 'operator'?",
    ),
    "period backwards": (
        (PLAN, "average growth,GDP,2016,2020", "average growth,GDP,2020,2016"),
        "it ends before it starts: exchange start and end",
    ),
    "growth without the year before": (
        (PLAN, "average growth,GDP,2016,2020", "average growth,GDP,2015,2020"),
        "growth needs the year before: start after 2015",
    ),
    "share above the whole": (
        (PLAN, 'share of 2020.",,', 'share of 2020.",140,'),
        "a share is between 0 and 100 percent: mend 'reading'",
    ),
    "negative scale": (
        (REST, "2020,0.0001", "2020,-0.0001"),
        "it must be greater than or equal to",
    ),
    "one figure read twice": (
        (REST, "yushu.gdp.growth_yoy.2019", "yushu.gdp.level.2019"),
        "is read by 'GDP of Yushu 2019' already. Count a figure once.",
    ),
    "label twice": (
        (REST, "GDP growth of Yushu 2019", "GDP of Yushu 2019"),
        "'GDP of Yushu 2019' stands twice. Give each reading a label of its own.",
    ),
    "wrong vintage": (
        (REST, GDP, GDP.replace("2019", "2016")),
        "is of the vintage before the economic census of 2018, which does not join",
    ),
    "registered population as residents": (
        (REST, WUCHANG, DEHUI),
        "is registered population, which is not 'population'. If that is meant, say why",
    ),
    "full-scope revenue as general budget": (
        (REST, "yushu.general_budget_revenue.level", "yushu.total_fiscal_revenue.level"),
        "is total fiscal revenue (full scope), which is not 'budget revenue'",
    ),
    "part without its share": (
        (REST, GDP, GDP.replace("share of Yushu in GDP", "")),
        "is a figure of a part. Name its share of the whole",
    ),
    "figure of a county outside": (
        (REST, "wuchang.population.level.2020", "harbin_city.gdp.level.2020"),
        "'harbin_city.gdp.level.2020' is a figure of harbin_city, not of",
    ),
    "unknown county": ((COUNTIES, '"fuyu"', '"fuyi"'), "the unknown county 'fuyi'. Did you mean"),
    "county with a run of its own": (
        (COUNTIES, '"fuyu"', '"shuangcheng"'),
        "a region with a folder of its own. Use sum_of.",
    ),
    "county named twice": ((COUNTIES, '"fuyu"', '"yushu"'), "names a county twice: name each once"),
    "sum with members": (
        (ZONE, "sum_of =", 'members = ["fuyu"]\nsum_of ='),
        "a region is a sum_of regions or has members, not both",
    ),
    "value of two origins": (
        (FIXED, "value = 1.2", 'value = 1.2\nfact = "songbei.gdp.level.2020"'),
        "give either fact (and scale) or value",
    ),
    "value without source": (
        (FIXED, 'source = "assumption"\n', ""),
        "a value needs a source; write 'assumption' if there is none",
    ),
}
OF_A_TABLE = {"sum with members": 0, "value of two origins": 1, "value without source": 2}
"""No single line is wrong here: the header of the table is named, so many lines above."""


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_error_is_refused_with_file_line_and_mend(
    project: Project, edit: Callable[[str, str, str], None], known: Known, name: str
) -> None:
    (file, old, new), mend = PLANTED[name]
    path = project.root / file
    line = path.read_text(encoding="utf-8").partition(old)[0].count("\n") + 1
    edit(file, old, new)
    errors: list[SimdynError] = []
    try:
        read_regions(project.regions, project.priors, known, errors.append)
    except SimdynError as error:
        errors.append(error)
    found = [error for error in errors if mend in str(error)]
    assert found, [str(error) for error in errors]
    assert found[0].path == path
    if name in OF_A_TABLE:
        assert found[0].line in {None, line - OF_A_TABLE[name]}
    else:
        assert found[0].line == line
