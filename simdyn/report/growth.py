"""The tables that compare growth paths, as a study writes them."""

from __future__ import annotations

import pandas as pd

from simdyn.answers.case import Case
from simdyn.answers.growth import (
    account_table,
    beta_table,
    catch_up_table,
    sigma_change_table,
    sigma_table,
    theil_table,
)
from simdyn.answers.growth.beta import FEWEST
from simdyn.report.kept import kept_table


def growth_tables(case: Case) -> dict[str, pd.DataFrame]:
    """Return the tables by the name of their file; each function says what its columns are."""
    regions = case.study.file.regions
    tables = {
        "growth_accounts": kept_table(case, account_table, regions=regions, by_group=True),
        "catch_up": catch_up_table(case),
    }
    if len(case.calibrated) >= FEWEST:
        tables |= {
            "sigma": sigma_table(case),
            "sigma_change": sigma_change_table(case),
            "beta": beta_table(case),
            "theil": theil_table(case),
        }
    return tables
