"""The sheets of the workbook, in their order."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from simdyn.report.workbook import answers, beliefs, inputs, paths, scenarios, sources
from simdyn.report.workbook.layout import Topic, Words
from simdyn.sensitivity.regional import Sensitivity
from simdyn.study import Results


def topics_of(
    results: Results, sensitivity: Sensitivity, tables: Mapping[str, pd.DataFrame], words: Words
) -> list[Topic]:
    """Return every topic of which there is something to show.

    Parameters
    ----------
    tables : of the study, by the names of their files
    """
    study = results.study
    found = [
        answers.headlines(tables["headlines"]),
        paths.growth(results),
        answers.accounts(tables["growth_accounts"]),
        answers.convergence(tables, words),
        answers.theil(tables, words),
        answers.catch_up(tables["catch_up"], words),
        scenarios.differences(results, words),
        scenarios.contributions(tables["contributions"], words),
        answers.targets(tables["targets"], study, words),
        scenarios.take(tables["what_it_would_take"], study, words),
        paths.bands(tables["bands"]),
        inputs.sensitivity(sensitivity, words),
        beliefs.fit(tables["fit"], study, words),
        beliefs.held_out(tables.get("backtest"), study, words),
        beliefs.parameters(tables["parameters"], words),
        beliefs.scenarios(study, words),
        sources.evidence(study, words),
        sources.documents(study, words),
    ]
    return [topic for topic in found if topic.rows]
