"""The section on sensitivity of a study's summary and report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from simdyn.names import LAST_YEAR
from simdyn.report.words.language import ENGLISH, Labels
from simdyn.report.words.markdown import escaped
from simdyn.report.words.names import outcome_name
from simdyn.report.words.sensitivity.corners import failing
from simdyn.report.words.sensitivity.levers import moved_by
from simdyn.report.words.sensitivity.quotes import Finding, Topic, sentence
from simdyn.report.words.sensitivity.settled import verdicts
from simdyn.report.words.sensitivity.sources import origins
from simdyn.report.words.sensitivity.tables import overview, settled, sources, told_with
from simdyn.report.words.sensitivity.telling import WORDS, Telling, telling_of
from simdyn.report.words.sensitivity.uncertain import fit, leading
from simdyn.report.words.sensitivity.weights import outside, weighed
from simdyn.sensitivity.regional import Sensitivity
from simdyn.sensitivity.regional.outcomes import LOG_POINTS
from simdyn.study import Study

PARAGRAPHS = {
    "paragraph_uncertain": (Topic.LEADS,),
    "paragraph_policy": (Topic.WEIGHS, Topic.OUTSIDE),
    "paragraph_levers": (Topic.STRONGEST,),
    "paragraph_little": (Topic.LITTLE,),
}
"""Labels of the paragraphs about a region and the topics of each."""
MEANINGS = {
    Topic.LEADS: "matters_leads",
    Topic.WEIGHS: "matters_weighs",
    Topic.STRONGEST: "matters_strongest",
    Topic.LITTLE: "matters_little",
}
"""Labels of what a question means, by the topic that answers it."""


def findings(telling: Telling) -> tuple[Finding, ...]:
    """Return all that the tables tell of the regions, in the order of regions and indicators."""
    return tuple(
        finding for region in telling.found.regions for finding in _of_region(telling, region)
    )


def sensitivity_section(study: Study, found: Sensitivity, labels: Labels = ENGLISH) -> str:
    """Return the section in Markdown; of questions that were not asked it says nothing."""
    telling = telling_of(study, found, labels)
    told = findings(telling)
    heading = f"## {labels('matters_heading')}"
    if not told:
        return "\n\n".join([heading, labels("matters_nothing"), *_untold(telling)])
    names = {key: escaped(labels.region(study.regions[key])) for key in found.regions}
    parts = [
        heading,
        _introduction(telling, told),
        *_untold(telling),
        *overview(telling, told, names),
        *_by_region(labels, told, names),
        *sources(telling, told, names),
        *_corners(labels, told, names),
        *settled(telling, told, names),
    ]
    return "\n\n".join(parts)


def _of_region(telling: Telling, region: str) -> Iterator[Finding]:
    for indicator in WORDS:
        for tell in (leading, weighed, moved_by, origins):
            yield from tell(telling, region, indicator)
    for tell_all in (outside, failing, fit, verdicts):
        yield from tell_all(telling, region)


def _introduction(telling: Telling, told: Sequence[Finding]) -> str:
    labels, topics = telling.labels, {finding.topic for finding in told}
    reference = escaped(telling.scenario(telling.found.reference.name))
    sentences = [labels("matters_depends")]
    for topic, meaning in MEANINGS.items():
        if topic in topics:
            places = {"reference": reference} if topic is Topic.STRONGEST else {}
            sentences.append(labels(meaning, **places))
    if any(finding.indicator for finding in told):
        logarithmic = told_with(telling, "scale").get(LOG_POINTS, [])
        names = telling.labels.listed(logarithmic)
        scale = labels("matters_scale", names=names) if logarithmic else ""
        shares = labels("matters_shares", year=LAST_YEAR, scale=scale)
        sentences += [shares, labels("matters_intervals")]
    return labels("sentence_between").join(sentences)


def _untold(telling: Telling) -> Iterator[str]:
    """Yield which indicators that were asked for words leave to the tables."""
    asked = dict.fromkeys(outcome.indicator.name for outcome in telling.found.plan.told)
    others = [escaped(outcome_name(name, telling.labels)) for name in asked if name not in WORDS]
    if others:
        yield telling.labels("matters_untold", names=telling.labels.listed(others))


def _by_region(labels: Labels, told: Sequence[Finding], names: Mapping[str, str]) -> Iterator[str]:
    for region, name in names.items():
        own = [finding for finding in told if finding.region == region]
        lines = [
            labels("paragraph_of", label=labels(title), text=text)
            for title, topics in PARAGRAPHS.items()
            if (text := together([f for topic in topics for f in own if f.topic is topic], labels))
        ]
        if lines:
            yield f"### {name}"
            yield "\n".join(lines)


def together(told: Sequence[Finding], labels: Labels) -> str:
    """Return findings in as few sentences: what is said of several outcomes is said once."""
    groups: dict[str, list[Finding]] = {}
    for finding in told:
        groups.setdefault(finding.said, []).append(finding)
    sentences = [_sentence(said, group, labels) for said, group in groups.items()]
    return labels("sentence_between").join(sentences)


def _sentence(said: str, group: Sequence[Finding], labels: Labels) -> str:
    abouts = [finding.about for finding in group]
    is_list = any(finding.is_list for finding in group)
    joined = labels("clause_between").join(abouts) if is_list else labels.listed(abouts)
    return labels("sentence_of", said=sentence(said), about=joined)


def _corners(labels: Labels, told: Sequence[Finding], names: Mapping[str, str]) -> Iterator[str]:
    fails = [finding for finding in told if finding.topic is Topic.FAILS]
    if fails:
        yield f"### {labels('corners_heading')}"
        yield "\n".join(_corner_lines(labels, fails, names))
        if any(finding.is_list for finding in fails):
            yield labels("corners_note")


def _corner_lines(
    labels: Labels, fails: Sequence[Finding], names: Mapping[str, str]
) -> Iterator[str]:
    for region, name in names.items():
        own = [finding for finding in fails if finding.region == region]
        if own:
            corners = [finding.text for finding in own if finding.is_list]
            others = together([finding for finding in own if not finding.is_list], labels)
            text = labels("sentence_between").join([*corners, *([others] if others else [])])
            yield labels("line_of", label=name, text=text)
