"""Everything wrong with a file, found before it is run: a check a file, a table of checks."""

from simdyn.check.files import check_files
from simdyn.check.finding import Finding, Severity
from simdyn.check.model import check_model
from simdyn.check.project import check_project

__all__ = ["Finding", "Severity", "check_files", "check_model", "check_project"]
