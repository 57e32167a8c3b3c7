"""Growth paths compared: where growth is from, convergence, inequality, reaching another's path."""

from simdyn.answers.growth.accounting import ACCOUNT_COLUMNS, Account, account, account_table
from simdyn.answers.growth.beta import BETA_COLUMNS, beta_table, slope, speed
from simdyn.answers.growth.incomes import Incomes, Money, chosen_regions, incomes
from simdyn.answers.growth.log_mean import log_mean
from simdyn.answers.growth.production import TERMS, Term
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
    "SIGMA_CHANGE_COLUMNS",
    "SIGMA_COLUMNS",
    "TERMS",
    "THEIL_COLUMNS",
    "Account",
    "Groups",
    "Incomes",
    "Money",
    "Term",
    "account",
    "account_table",
    "beta_table",
    "chosen_regions",
    "groups_of",
    "incomes",
    "log_mean",
    "sigma",
    "sigma_change_table",
    "sigma_table",
    "slope",
    "speed",
    "theil",
    "theil_parts",
    "theil_table",
]
