"""Public holidays of the German federal states, by the library ``holidays``. Pure.

Knows nothing of a town's own days off (the carnival Monday of Cologne is no public holiday).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

STATES = {
    "": "nur bundesweite Feiertage",
    "BW": "Baden-Württemberg",
    "BY": "Bayern",
    "BE": "Berlin",
    "BB": "Brandenburg",
    "HB": "Bremen",
    "HH": "Hamburg",
    "HE": "Hessen",
    "MV": "Mecklenburg-Vorpommern",
    "NI": "Niedersachsen",
    "NW": "Nordrhein-Westfalen",
    "RP": "Rheinland-Pfalz",
    "SL": "Saarland",
    "SN": "Sachsen",
    "ST": "Sachsen-Anhalt",
    "SH": "Schleswig-Holstein",
    "TH": "Thüringen",
}


def holiday(day: date, state: str) -> str:
    """The holiday's German name, "" for an ordinary day. ``state`` is one of ``STATES``."""
    return _year(day.year, state).get(day, "")


@lru_cache(maxsize=64)
def _year(year: int, state: str) -> Mapping[date, str]:
    from holidays.countries.germany import Germany  # loads only where somebody asks

    known = Germany(subdiv=state or None, years=year, language="de")
    return {day: str(name) for day, name in known.items() if day.year == year}
