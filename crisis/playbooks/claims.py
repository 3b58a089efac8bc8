"""How often an answer says what is false, and how often what is true.

What is repeated is remembered, true or not (Debunking Handbook 2020, "Beware of familiarity"): so the
claim stands once, in the warning, and the fact more often. By words, not by meaning: a claim is known
by the words of the warning that the fact does not have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from crisis.playbooks.parts import Part
from crisis.playbooks.readability import sentences
from crisis.playbooks.render import to_text

_WORD = re.compile(r"[^\W\d_]{4,}")
STEM = 6  # letters
# Words of warnings that say nothing of the claim itself.
_EMPTY = """
    achtung aktuell alle also andere auch aufruf auslöser behaupt behauptung beiträge bitte derzeit diese
    diesem dieser falsch falschmeldung fotos gerade geruecht haben heißt heute ihnen immer infor kein
    keine kursiert leiten man mehr meldung nachricht nachrichten netz nicht noch oder ohne posts sein
    seit seien sich sind solche sollen sozialen stimmt teilen ueber umlauf unter verbreit verbreiten
    video viele warnung weiter weiterleiten wenn werde werden wird wurde zurzeit netzwerken
    about again and are being circulat circulating claim claimed false from going have message messages
    please posts pass passing round rumour saying social some such that the there they this true untrue
    warning with
"""


def stems(text: str) -> set[str]:
    """The words of a text by their beginnings, without those that say nothing of a claim."""
    return {_stem(word) for word in _WORD.findall(text)} - _EMPTY_STEMS


def _stem(word: str) -> str:
    word = word.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return word[:STEM]


_EMPTY_STEMS = frozenset(_stem(word) for word in _EMPTY.split())


def false_words(parts: Mapping[str, Part]) -> set[str]:
    """Beginnings of the words by which the claim is known; empty where warning or fact is missing."""
    if "warning" not in parts or "fact" not in parts:
        return set()
    claimed = sentences(to_text(parts["warning"].text))
    known = stems(to_text(parts["fact"].text))
    return (stems(claimed[0]) - known) if claimed else set()


def repetitions(markdown: str, parts: Mapping[str, Part]) -> tuple[int, int]:
    """Sentences of the answer that repeat the claim, and that state the fact: (claim, fact)."""
    false = false_words(parts)
    facts = sentences(to_text(parts["fact"].text)) if "fact" in parts else []
    true = stems(facts[0]) - false if facts else set()
    if not false or not true:
        return 0, 0
    said = [stems(sentence) for sentence in sentences(to_text(markdown))]
    claim = sum(len(words & false) >= min(2, len(false)) for words in said)
    fact = sum(
        len(words & true) >= min(2, len(true)) and not len(words & false) >= min(2, len(false))
        for words in said
    )
    return claim, fact
