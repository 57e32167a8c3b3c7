"""Figures in plain words, for tables and sentences."""

from __future__ import annotations

from simdyn.facts.records import Fact, Kind, Role

KIND_WORDS = {
    Kind.LEVEL: "level",
    Kind.GROWTH_YOY: "growth",
    Kind.GROWTH_ANNUAL_AVERAGE: "mean growth",
    Kind.GROWTH_TOTAL: "total growth",
    Kind.SHARE: "share",
    Kind.CUMULATIVE: "sum",
    Kind.BOUND: "limit",
    Kind.TARGET_LEVEL: "level",
    Kind.TARGET_GROWTH_YOY: "growth",
    Kind.TARGET_GROWTH_ANNUAL: "mean growth",
    Kind.TARGET_SHARE: "share",
}

QUANTITY_WORDS = {
    "gdp": "GDP",
    "gdp_per_capita": "GDP per head",
    "population": "resident population",
    "population_urban": "urban population",
    "general_budget_revenue": "general budget revenue",
    "total_fiscal_revenue": "total fiscal revenue (full scope)",
    "primary_share": "primary sector, share of GDP",
    "secondary_share": "secondary sector, share of GDP",
    "tertiary_share": "tertiary sector, share of GDP",
    "villages_natural": "natural villages",
    "livelihood_ten_projects": "ten livelihood projects",
    "hospitals_level2_added": "level-2 hospitals added",
    "rural_road_grade4": "rural roads of grade 4",
    "hightech_enterprises_new": "new high-tech enterprises",
}
"""Quantities whose name alone would mislead."""

TOKEN_WORDS = {
    "gdp": "GDP",
    "fdi": "FDI",
    "rd": "R&D",
    "ftz": "free-trade-zone",
    "etdz": "development zone",
    "pm25": "PM2.5",
    "cpi": "CPI",
    "ppi": "PPI",
    "gps": "general practitioners",
    "sme": "SME",
    "smes": "SMEs",
    "agri": "agricultural",
    "ecommerce": "e-commerce",
    "hightech": "high-tech",
    "fortune500": "Fortune 500",
    "top500": "top-500",
    "russia": "Russia",
    "harbin": "Harbin",
    "shenzhen": "Shenzhen",
    "4a": "4A",
    "10kv": "10 kV",
    "66kv": "66 kV",
    "50mbps": "50 Mbps",
    "covid": "COVID-19",
    "1e6": "1 million",
    "5e7": "50 million",
    "1e8": "100 million",
    "1e9": "1 billion",
    "2e9": "2 billion",
    "5e9": "5 billion",
    "1e10": "10 billion",
    "5e10": "50 billion",
    "1e11": "100 billion",
}


def quantity_words(quantity: str) -> str:
    """Return `quantity` as an economist would say it."""
    spelled = " ".join(TOKEN_WORDS.get(token, token) for token in quantity.split("_"))
    return QUANTITY_WORDS.get(quantity, spelled)


def kind_words(fact: Fact) -> str:
    """Return how the figure is to be read, with 'target' before what is aimed at."""
    words = KIND_WORDS[fact.kind]
    return f"target {words}" if fact.role is Role.TARGET else words


def value_words(fact: Fact) -> str:
    """Return the printed number with the sign of its bound, such as '> 500'."""
    number = fact.printed or "not stated"
    return f"{fact.bound.sign} {number}".strip()


def unit_words(fact: Fact) -> str:
    """Return the unit spelled out, '%' for percent."""
    return "%" if fact.unit.unit == "percent" else fact.unit.meaning


def figure_words(fact: Fact) -> str:
    """Return value and unit: '> 500 (100 million CNY)', '10 %'."""
    unit = unit_words(fact)
    value = value_words(fact)
    return f"{value} %" if unit == "%" else f"{value} ({unit})"


def title(quantity: str) -> str:
    """Return the quantity with a capital, to begin a sentence."""
    words = quantity_words(quantity)
    return words[:1].upper() + words[1:]
