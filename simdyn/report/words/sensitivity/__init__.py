"""Sensitivity in words: what matters most, what policy can move, each number from its table.

A file a topic: `uncertain`, `weights`, `levers`, `sources`, `settled`, `corners`; `section` puts
their findings together. `telling` holds the tables and the words for what is in them; all that is
said stands in the languages of the report.
"""

from simdyn.report.words.sensitivity.quotes import Finding, Quote, Topic
from simdyn.report.words.sensitivity.section import findings, sensitivity_section
from simdyn.report.words.sensitivity.telling import Telling

__all__ = ["Finding", "Quote", "Telling", "Topic", "findings", "sensitivity_section"]
