"""The section on sensitivity of a study's summary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from simdyn.names import LAST_YEAR
from simdyn.report.markdown import escaped, listed, markdown
from simdyn.report.sensitivity_words.corners import failing
from simdyn.report.sensitivity_words.levers import STRONGEST, moved_by
from simdyn.report.sensitivity_words.quotes import WORDS, Finding, Topic, sentence
from simdyn.report.sensitivity_words.settled import verdicts
from simdyn.report.sensitivity_words.sources import origins
from simdyn.report.sensitivity_words.uncertain import MATTERS, fit, leading
from simdyn.report.sensitivity_words.weights import POLICY_SHARE, outside, weighed
from simdyn.sensitivity.regional import Question, Sensitivity
from simdyn.sensitivity.regional.outcomes import LOG_POINTS
from simdyn.study import Study

HEADING = "## What matters most, and what policy can move"
NOTHING = "No question was asked that this section tells of."
ONLY_IN_TABLES = "Of {} only the tables tell, this section does not."
PARAGRAPHS = {
    "Uncertain": (Topic.LEADS,),
    "Policy": (Topic.WEIGHS, Topic.OUTSIDE),
    "Levers": (Topic.STRONGEST,),
    "Little moved": (Topic.LITTLE,),
}
"""Paragraphs about a region and the topics of each."""
MEANINGS = {
    Topic.LEADS: "*Uncertain* shares out what figures leave open among parameters (Shapley "
    "effects on the posterior; where so marked, total order on priors).",
    Topic.WEIGHS: "*Policy* sets all policy levers, anywhere within the limits of "
    "models/levers.csv, against draws of the posterior: in total, with all that both do together "
    "(totals may exceed 100 %), and alone.",
    Topic.STRONGEST: "*Levers* shares out what all levers, outside conditions among them, make "
    "at the best fit (total order), and tells the outcome at both limits of one lever alone and "
    "untouched, as in '{reference}'.",
    Topic.LITTLE: "*Little moved* is little beside the other levers, not nothing: the "
    "largest change from limit to limit is given.",
}
"""What a question means, by the topic that answers it."""
DEPENDS = (
    "Each question has its own answer, which depends on this model and on how far inputs are "
    "varied: wider limits mostly give a lever a larger share."
)
INTERVALS = (
    "Square brackets: 95 % intervals of what sampling leaves open, not of whether the model is "
    "right. Who leads or outweighs has intervals above the others'."
)
SOURCES_NOTE = (
    "Percent [95 %] of the variance over draws of the posterior and two scenarios as likely as "
    "each other, '{reference}' and '{policy}': policy here is the step from one to the other as "
    "they stand, not levers over their limits. None told: cannot be told from zero."
)
ONE_SCENARIO_NOTE = (
    "Percent [95 %] of the variance over draws of the posterior under '{reference}' alone: with no "
    "second scenario policy has no share to be told. None told: cannot be told from zero."
)
CORNERS_NOTE = (
    "Shares in a corner are of draws left out: means over corners found in half the draws and "
    "tried on the other half. Limits are of the corner found in all draws, if at least half of "
    "the halves restrict the same parameter."
)
VERDICTS_NOTE = (
    "Settled: the widest interval of all indices of a question, any outcome and year, is within "
    "±{} % of the variance, and ranks have come to rest. Not settled, others may still be narrow."
)


def findings(found: Sensitivity) -> tuple[Finding, ...]:
    """Return all that the tables tell of the regions, in the order of regions and indicators."""
    return tuple(finding for region in found.regions for finding in _of_region(found, region))


def sensitivity_section(study: Study, found: Sensitivity) -> str:
    """Return the section in Markdown; of questions that were not asked it says nothing."""
    told = findings(found)
    if not told:
        return "\n\n".join([HEADING, NOTHING, *_untold(found)])
    labels = {key: escaped(study.regions[key].label) for key in found.regions}
    parts = [
        HEADING,
        _introduction(found, told),
        *_untold(found),
        *_overview(found, told, labels),
        *_by_region(told, labels),
        *_sources(found, told, labels),
        *_corners(told, labels),
        *_verdicts(found, told, labels),
    ]
    return "\n\n".join(parts)


def _of_region(found: Sensitivity, region: str) -> Iterator[Finding]:
    for indicator in WORDS:
        for tell in (leading, weighed, moved_by, origins):
            yield from tell(found, region, indicator)
    for tell_all in (outside, failing, fit, verdicts):
        yield from tell_all(found, region)


def _introduction(found: Sensitivity, told: Sequence[Finding]) -> str:
    topics = {finding.topic for finding in told}
    meanings = [text for topic, text in MEANINGS.items() if topic in topics]
    logarithmic = _told_with(found, "scale").get(LOG_POINTS, [])
    scale = f"; of {listed(logarithmic)}, of the logarithm" if logarithmic else ""
    about_shares = []
    if any(finding.indicator for finding in told):
        about_shares = [f"Shares are of the variance in {LAST_YEAR}{scale}.", INTERVALS]
    text = " ".join([DEPENDS, *meanings, *about_shares])
    return text.format(reference=escaped(found.reference.name))


def _untold(found: Sensitivity) -> Iterator[str]:
    """Yield which indicators that were asked for words leave to the tables."""
    asked = dict.fromkeys(outcome.indicator.name for outcome in found.plan.told)
    others = [escaped(name) for name in asked if name not in WORDS]
    if others:
        yield ONLY_IN_TABLES.format(listed(others))


def _told_with(found: Sensitivity, column: str) -> dict[str, list[str]]:
    """Return the words for indicators by what tables have for them in a column."""
    known: dict[str, str] = {}
    for table in found.tables.values():
        if {"indicator", column} <= set(table.columns):
            pairs = table[["indicator", column]].drop_duplicates()
            known |= dict(zip(pairs["indicator"], pairs[column], strict=True))
    values = dict.fromkeys(known[name] for name in WORDS if name in known)
    return {v: [w for name, w in WORDS.items() if known.get(name) == v] for v in values}


def _units(found: Sensitivity) -> str:
    """Return the units of outcomes."""
    units = _told_with(found, "unit")
    return "; ".join(f"{escaped(unit)} ({listed(words)})" for unit, words in units.items())


def _overview(found: Sensitivity, told: Sequence[Finding], labels: dict[str, str]) -> Iterator[str]:
    """Yield the table of regions and outcomes, with a column for each question asked."""
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for finding in told:
        if finding.indicator and finding.topic is not Topic.SOURCES:
            cells.setdefault((finding.region, finding.indicator), {}).update(finding.cells)
    columns = [c for c in (MATTERS, POLICY_SHARE, STRONGEST) if any(c in k for k in cells.values())]
    if columns:
        rows = [
            [labels[region], WORDS[indicator], *(row.get(column, "") for column in columns)]
            for (region, indicator), row in cells.items()
        ]
        yield markdown(["region", f"outcome {LAST_YEAR}", *columns], rows)
        yield f"Outcomes are in {_units(found)}."


def _by_region(told: Sequence[Finding], labels: dict[str, str]) -> Iterator[str]:
    for region, label in labels.items():
        own = [finding for finding in told if finding.region == region]
        lines = [
            f"- *{title}.* {text}"
            for title, topics in PARAGRAPHS.items()
            if (text := together([f for topic in topics for f in own if f.topic is topic]))
        ]
        if lines:
            yield f"### {label}"
            yield "\n".join(lines)


def together(told: Sequence[Finding]) -> str:
    """Return findings in as few sentences: what is said of several outcomes is said once."""
    groups: dict[str, list[Finding]] = {}
    for finding in told:
        groups.setdefault(finding.said, []).append(finding)
    return " ".join(_sentence(said, group) for said, group in groups.items())


def _sentence(said: str, group: Sequence[Finding]) -> str:
    abouts = [finding.about for finding in group]
    joined = "; ".join(abouts) if any(f.is_list for f in group) else listed(abouts)
    return f"{sentence(said)} {joined}."


def _sources(found: Sensitivity, told: Sequence[Finding], labels: dict[str, str]) -> Iterator[str]:
    split = [finding for finding in told if finding.topic is Topic.SOURCES]
    if split:
        columns = list(dict.fromkeys(source for finding in split for source in finding.cells))
        rows = [
            [labels[f.region], WORDS[f.indicator], *(f.cells.get(c, "") for c in columns)]
            for f in split
        ]
        names = {"reference": found.reference.name, "policy": found.policy.name}
        yield "### Where the variance is from"
        yield markdown(["region", f"outcome {LAST_YEAR}", *columns], rows)
        one = found.reference.name == found.policy.name
        note = ONE_SCENARIO_NOTE if one else SOURCES_NOTE
        yield note.format(**{key: escaped(name) for key, name in names.items()})


def _corners(told: Sequence[Finding], labels: dict[str, str]) -> Iterator[str]:
    fails = [finding for finding in told if finding.topic is Topic.FAILS]
    if fails:
        yield "### Where targets fail"
        yield "\n".join(_corner_lines(fails, labels))
        if any(finding.is_list for finding in fails):
            yield CORNERS_NOTE


def _corner_lines(fails: Sequence[Finding], labels: dict[str, str]) -> Iterator[str]:
    for region, label in labels.items():
        own = [finding for finding in fails if finding.region == region]
        if own:
            corners = [finding.text for finding in own if finding.is_list]
            others = together([finding for finding in own if not finding.is_list])
            yield f"- {label}: {' '.join([*corners, *([others] if others else [])])}"


def _verdicts(found: Sensitivity, told: Sequence[Finding], labels: dict[str, str]) -> Iterator[str]:
    cells: dict[str, dict[str, str]] = {}
    for finding in told:
        if finding.topic in (Topic.SETTLED, Topic.FIT):
            cells.setdefault(finding.region, {}).update(finding.cells)
    columns = [q.value for q in Question if any(q.value in row for row in cells.values())]
    known = {column: column for column in columns}
    if any(Topic.FIT in row for row in cells.values()):
        known[Topic.FIT] = f"{Question.POSTERIOR}: left unexplained, at most"
    if known:
        yield "### Whether sampling was settled"
        rows = [
            [labels[region], *(row.get(column, "") for column in known)]
            for region, row in cells.items()
        ]
        yield markdown(["region", *known.values()], rows)
        if columns:
            yield VERDICTS_NOTE.format(f"{100 * found.plan.precision.half_width:g}")
