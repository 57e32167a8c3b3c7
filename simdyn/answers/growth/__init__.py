"""Growth paths compared: where growth is from, convergence, inequality, reaching another's path."""

from simdyn.answers.growth.accounting import ACCOUNT_COLUMNS, Account, account, account_table
from simdyn.answers.growth.beta import BETA_COLUMNS, beta_table, slope, speed
from simdyn.answers.growth.catch_up import (
    CATCH_UP_COLUMNS,
    CatchUp,
    arrival,
    catch_up,
    catch_up_table,
)
from simdyn.answers.growth.incomes import Incomes, Money, chosen_regions, incomes
from simdyn.answers.growth.log_mean import log_mean
from simdyn.answers.growth.production import TERMS, Term
from simdyn.answers.growth.reach import REACH_COLUMNS, Reach, reach, reach_table
from simdyn.answers.growth.sigma import (
    SIGMA_CHANGE_COLUMNS,
    SIGMA_COLUMNS,
    sigma,
    sigma_change_table,
    sigma_table,
)
from simdyn.answers.growth.theil import (
    THEIL_COLUMNS,
    Groups,
    groups_of,
    theil,
    theil_parts,
    theil_table,
)

__all__ = [
    "ACCOUNT_COLUMNS",
    "BETA_COLUMNS",
    "CATCH_UP_COLUMNS",
    "REACH_COLUMNS",
    "SIGMA_CHANGE_COLUMNS",
    "SIGMA_COLUMNS",
    "TERMS",
    "THEIL_COLUMNS",
    "Account",
    "CatchUp",
    "Groups",
    "Incomes",
    "Money",
    "Reach",
    "Term",
    "account",
    "account_table",
    "arrival",
    "beta_table",
    "catch_up",
    "catch_up_table",
    "chosen_regions",
    "groups_of",
    "incomes",
    "log_mean",
    "reach",
    "reach_table",
    "sigma",
    "sigma_change_table",
    "sigma_table",
    "slope",
    "speed",
    "theil",
    "theil_parts",
    "theil_table",
]
