"""Why a post says something happens: the everyday occasions it names, and the causes.

"Stadtfest wegen Regen abgesagt" is not the rumour of a threat, "the dam was inspected" not that it burst.
Our own words, German and English. Judges nothing: ``features`` compares, the model weighs.
"""

from __future__ import annotations

import re
from functools import lru_cache

from crisis.matching.text import words

# What makes news of a town harmless: upkeep, weather, holidays, checks, exercises, things of the past.
_EVERYDAY = {
    "de": "feiertag feiertage ferien umbau umgebaut umgezogen umzug neubau bauarbeiten baustelle gebaut"
    " sanierung saniert renovierung renoviert wartung wartungsarbeiten reparatur repariert reinigung"
    " gereinigt probe probealarm übung geübt trainiert regen nebel schnee glatteis hitze sturmschäden"
    " untersucht überprüft geprüft prüfung kontrolliert einwandfrei unbedenklich unbeschädigt harmlos"
    " sicher standsicher normal eröffnet eröffnung gefeiert damals früher vorjahr fehlalarm",
    "en": "holiday holidays repair repairs repaired maintenance roadworks renovation renovated"
    " refurbishment cleaning cleaned painting rehearsal drill rain snow fog weather inspected"
    " inspection checked tested safe harmless normal resume resumed ago opened reopened anniversary",
}
_CAUSE = {
    "de": re.compile(
        # An adjective goes with its noun; of nouns the first, lest a verb be taken along.
        r"\b(?i:wegen|aufgrund|infolge)\s+(?:(?i:de[srmn]|die|das|eine[srmn]?|von)\s+)*"
        r"((?:[a-zäöüß]+\s+(?=[A-ZÄÖÜ]))?\w+)"
    ),
    "en": re.compile(
        r"\b(?:because\s+of|due\s+to|owing\s+to)\s+(?:(?:the|an?|some)\s+)?(\w+(?:\s+\w+)?)",
        re.IGNORECASE,
    ),
}
_READ = 2_000  # characters in which causes are looked for


@lru_cache(maxsize=8)
def everyday_terms(lang: str) -> frozenset[str]:
    """Return the terms of everyday occasions; none for a language that is not listed."""
    reader = words(lang)
    return frozenset(reader.stem(word) for word in _EVERYDAY.get(lang, "").split())


def causes(text: str, lang: str) -> frozenset[str]:
    """Return the terms of what a text calls the cause ("wegen …", "because of …"), parts included."""
    pattern = _CAUSE.get(lang)
    if pattern is None:
        return frozenset()
    read = words(lang).terms
    return frozenset(term for cause in pattern.findall(text[:_READ]) for term in read(cause))
