"""Results in memory: small, seeded, with draws that failed."""

from dataclasses import dataclass

import numpy as np

from simdyn.export import About
from simdyn.names import EXTENSIVE
from simdyn.regions.records import Basis
from simdyn.study.words import RegionWords, ScenarioWords, StudyWords
from simdyn.years import Years

FAILED = 3


@dataclass(frozen=True)
class MemoryRuns:
    """Lognormal values of every quantity; draw 3 failed everywhere."""

    regions: tuple[str, ...]
    scenarios: tuple[str, ...]
    n_draw: int = 40

    def years(self, region: str, scenario: str) -> Years:
        seed = [self.regions.index(region), self.scenarios.index(scenario)]
        random = np.random.default_rng(seed)
        shape = (21, self.n_draw)
        values = {q.variable: random.lognormal(4, 0.5, shape) for q in EXTENSIVE}
        ok = np.arange(self.n_draw) != FAILED
        for series in values.values():
            series[:, ~ok] = np.nan
        return Years(2015, values, ok)


WORDS = StudyWords(
    title="Growth of the north-east",
    newest_fact="2023",
    scenarios=(
        ScenarioWords(name="baseline", title="Trend", title_zh="趋势情景", description="None."),
        ScenarioWords(name="plan", title="Plan", title_zh="规划情景", description="As told."),
    ),
    regions=(
        RegionWords(
            key="songbei", name="Songbei", name_zh="松北区", basis=Basis.FITTED, basis_note="17"
        ),
        RegionWords(key="daoli", name="Daoli", name_zh="道里区"),
    ),
)


def about(n_draw: int = 40, **words: object) -> About:
    """Where results come from; keywords replace words of the study."""
    return About(
        study="northeast",
        digest="ab" * 32,
        seed=7,
        simdyn="0.1.0",
        versions={"numpy": "2.4.6"},
        n_draw=n_draw,
        words=WORDS.model_copy(update=words),
    )
