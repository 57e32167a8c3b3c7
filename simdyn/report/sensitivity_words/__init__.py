"""Sensitivity in words: what matters most, what policy can move, each number from its table.

A file a topic: `uncertain`, `weights`, `levers`, `sources`, `settled`, `corners`; `section` puts
their findings together for the summary.
"""

from simdyn.report.sensitivity_words.quotes import Finding, Quote, Topic
from simdyn.report.sensitivity_words.section import findings, sensitivity_section

__all__ = ["Finding", "Quote", "Topic", "findings", "sensitivity_section"]
