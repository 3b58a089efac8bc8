"""Why a text was taken for a claim, an opinion, a question or the rest, in words for a press officer.

Words for the named features; the judgement itself is in ``claims``. Hashed shapes and common words, which
nobody could read, give no reason.
"""

from __future__ import annotations

from crisis.matching.claims import Claimhood, Kind
from crisis.matching.claims_features import LONGEST, NAMES, read

MOST = 4
"""Reasons given at most, the weightiest first."""

_LEAST = 0.03  # log-odds below which a feature is no reason

KINDS: dict[Kind, tuple[str, str]] = {
    Kind.CLAIM: ("Tatsachenbehauptung", "factual claim"),
    Kind.OPINION: ("Meinung", "opinion"),
    Kind.QUESTION: ("Frage", "question"),
    Kind.OTHER: ("etwas anderes", "something else"),
}
"""Each kind's name in German and English."""

_WORDS: dict[str, tuple[str, str]] = {
    "first_person": ("spricht von sich („ich“)", "speaks of oneself (“I”)"),
    "we": ("spricht von „wir“", "speaks of “we”"),
    "you": ("spricht jemanden an", "addresses somebody"),
    "they": ("spricht über andere („er“, „sie“)", "speaks of others (“he”, “they”)"),
    "opinion": ("Worte der Meinung („finde“, „mag“)", "words of opinion (“I think”, “like”)"),
    "should": ("was sein sollte", "what should be"),
    "praise": ("lobende Worte", "words of praise"),
    "blame": ("schimpfende Worte", "words of blame"),
    "insult": ("Beleidigung", "insult"),
    "grading": ("Steigerung („sehr“, „total“)", "grading words (“very”, “totally”)"),
    "hedge": ("Einschränkung („vielleicht“)", "hedging (“maybe”)"),
    "hearsay": (
        "beruft sich auf andere („laut“, „sagt“)",
        "reports what others say (“according to”)",
    ),
    "evidence": ("beruft sich auf Belege", "points to evidence"),
    "is": ("sagt, was ist oder war", "says what is or was"),
    "has_done": ("erzählt, was geschehen ist", "tells what has happened"),
    "becomes": ("sagt, was wird", "says what will be"),
    "can_must": ("was man kann oder muss", "what can or must be"),
    "would": ("Möglichkeitsform („wäre“)", "what would be (“would”)"),
    "not": ("Verneinung", "negation"),
    "all": ("verallgemeinert („alle“, „immer“)", "generalises (“all”, “always”)"),
    "some": ("nennt Mengen („mehr“, „viele“)", "names amounts (“more”, “many”)"),
    "because": ("begründet („weil“)", "gives grounds (“because”)"),
    "place": ("nennt, wo", "says where"),
    "time": ("nennt, wann", "says when"),
    "authority": ("nennt Behörden oder Einrichtungen", "names authorities or institutions"),
    "danger": ("nennt eine Gefahr oder einen Schaden", "names danger or damage"),
    "money": ("nennt Geld oder große Zahlen", "names money or large numbers"),
    "asking": ("Fragewörter", "question words"),
    "request": ("bittet oder bietet an", "asks for something or offers it"),
    "greeting": ("Gruß, Dank oder Glückwunsch", "greeting, thanks or good wishes"),
    "wish": ("Wunsch oder Hoffnung", "wish or hope"),
    "feeling": ("Worte des Gefühls", "words of feeling"),
    "exclaim": ("Ausruf", "exclamation"),
    "sure": ("beteuert („definitiv“)", "insists (“definitely”)"),
    "links": ("enthält einen Link", "holds a link"),
    "mentions": ("nennt ein Konto (@)", "mentions an account (@)"),
    "hashtags": ("Schlagwort (#)", "hashtag"),
    "numbers": ("enthält Zahlen", "holds numbers"),
    "years": ("nennt ein Jahr", "names a year"),
    "clock_times": ("nennt eine Uhrzeit", "names a time of day"),
    "percentages": ("nennt Prozente", "names a percentage"),
    "emoji": ("Bildzeichen", "emoji"),
    "laughs": ("Lachen", "laughter"),
    "quotes": ("Zitat", "quotation"),
    "exclamations": ("Ausrufezeichen", "exclamation marks"),
    "loud_marks": ("mehrere Satzzeichen hintereinander", "several marks in a row"),
    "capital_words": ("GROSSGESCHRIEBENES", "words in CAPITALS"),
    "abbreviations": ("Abkürzungen", "abbreviations"),
    "pasts": ("Vergangenheit", "past tense"),
    "participles": ("Vergangenheit", "past tense"),
    "names_together": ("Namen", "names"),
    "capitals_inside": ("Namen und Hauptwörter", "names and nouns"),
    "ends_with_question": ("endet mit einem Fragezeichen", "ends with a question mark"),
    "question_share": ("enthält Fragesätze", "holds questions"),
    "verb_first": ("beginnt wie eine Frage", "begins like a question"),
    "question_word_first": ("beginnt mit einem Fragewort", "begins with a question word"),
    "ends_with_exclamation": ("endet mit einem Ausrufezeichen", "ends with an exclamation mark"),
}
_LONG = ("ausführlich", "rather long")
_SHORT = ("sehr kurz", "very short")
_OF_LENGTH = frozenset(
    name
    for name in NAMES
    if name in ("words", "characters", "sentences") or name.startswith("over_")
)


def reasons(text: str, found: Claimhood, lang: str) -> list[str]:
    """Return up to ``MOST`` reasons for ``found``, in German where ``lang`` is "de", else in English.

    Only what is in the text is a reason; what it lacks is none, but for its length.
    """
    side = 0 if lang == "de" else 1
    seen = dict(zip(NAMES, read(text[:LONGEST], found.lang).named, strict=True))
    weights: dict[str, float] = {}
    length = 0.0
    for name, part in found.parts.items():
        words = _WORDS.get(name.removesuffix("_share"), _WORDS.get(name))
        if name in _OF_LENGTH:
            length += part
        elif words is not None and seen[name] > 0:
            weights[words[side]] = weights.get(words[side], 0.0) + part
    weights[(_LONG if seen["over_14_words"] else _SHORT)[side]] = length
    ordered = sorted(weights, key=lambda words: (-weights[words], words))
    return [words for words in ordered if weights[words] >= _LEAST][:MOST]
