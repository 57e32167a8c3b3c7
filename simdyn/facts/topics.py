"""Topics under which figures are shown, the core economy first."""

from __future__ import annotations

from collections.abc import Iterable

from simdyn.facts.coverage import CORE
from simdyn.facts.records import Fact

CORE_TOPIC = "Core economy"
OTHER_TOPIC = "Other"

CORE_QUANTITIES = (
    *(name for names in CORE.values() for name in names),
    "gdp_per_capita",
    "fiscal_revenue",
)

TOPIC_WORDS = {
    "Public finance": "budget expenditure expenses bond tax spending incentives salary wage",
    "Income, prices and trade": "income retail cpi ppi trade fdi deposits loans transactions "
    "ecommerce logistics financing financial",
    "Investment and projects": "investment projects contracted project headquarters park parks "
    "zone etdz land_sold clusters cluster",
    "Agriculture and forestry": "grain crop maize rice soybean vegetable herb farm farms fungi "
    "milk livestock cattle pig sows agri green_food organic straw tillage manure film "
    "afforestation forest cooperatives farmland irrigation soil machinery mechanization meat "
    "operators fertilizer pesticide trusteeship scale_operated land_transferred geographical "
    "grown sown conversion specialty greening",
    "Industry and enterprises": "industrial industry enterprises output entities private market "
    "incubators incubator equipment industries supply chains value zombie hightech food "
    "companies economy",
    "Science and innovation": "rd patent tech technology innovation research platforms talent "
    "digital cloud emerging",
    "People and employment": "population households age urbanisation employment unemployment jobs "
    "labour reemployment poverty poor pension migration graduates persons workers students",
    "Health, education and welfare": "school schools hospital hospitals medical kindergartens "
    "preschool physicians nurses beds care mortality life insurance assistance social elderly "
    "livelihood colleges museum cultural culture housing houses communities shantytown covid "
    "nucleic nursing insured places health gps",
    "Infrastructure and environment": "road roads rail gas heating water wastewater sewage grid "
    "power energy substations lines drainage broadband fibre boilers boiler air pm25 wetland "
    "grassland waste area utility bridges coal green river lighting parking property demolished "
    "expropriated networks gully ring plants",
}
"""Words of a quantity's name, the first topic that has one of them taking the quantity."""

TOPICS = (CORE_TOPIC, *TOPIC_WORDS, OTHER_TOPIC)


def topic_of(quantity: str) -> str:
    """Return the topic of `quantity`."""
    if quantity in CORE_QUANTITIES:
        return CORE_TOPIC
    tokens = set(quantity.split("_"))
    for topic, words in TOPIC_WORDS.items():
        if any(word in tokens or ("_" in word and word in quantity) for word in words.split()):
            return topic
    return OTHER_TOPIC


def by_topic(facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """Return the facts of each topic that has any; core quantities in the order of `CORE`."""
    groups: dict[str, list[Fact]] = {topic: [] for topic in TOPICS}
    for fact in facts:
        groups[topic_of(fact.quantity)].append(fact)
    groups[CORE_TOPIC].sort(key=lambda fact: CORE_QUANTITIES.index(fact.quantity))
    return {topic: group for topic, group in groups.items() if group}
