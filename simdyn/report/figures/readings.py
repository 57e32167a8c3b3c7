"""Names of reported figures and targets in the language of a picture."""

from __future__ import annotations

import re

from simdyn.report.words.language import Labels, Language

DATED = re.compile(
    r"(?P<what>.+?) (?:in )?(?P<early>early )?(?P<when>\d{4}(?:-\d{4})?)(?: over (?P<base>\d{4}))?"
)


def reading_name(labels: Labels, label: str) -> str:
    """Return the name of a reading such as 'GDP growth 2016-2020'.

    What it is about has a term of the language; the years stand where the language puts them.
    """
    found = DATED.fullmatch(label)
    if labels.language is Language.EN or found is None:
        return labels.term(label)
    name = "fig_over_base" if found["base"] else "fig_early" if found["early"] else "fig_dated"
    what, when, base = labels.term(found["what"]), found["when"], found["base"]
    return labels(name, what=what, when=when, **({"base": base} if base else {}))
