"""Growth paths compared: where growth is from, convergence, inequality, reaching another's path."""

from simdyn.answers.growth.accounting import ACCOUNT_COLUMNS, Account, account, account_table
from simdyn.answers.growth.log_mean import log_mean
from simdyn.answers.growth.production import TERMS, Term

__all__ = [
    "ACCOUNT_COLUMNS",
    "TERMS",
    "Account",
    "Term",
    "account",
    "account_table",
    "log_mean",
]
