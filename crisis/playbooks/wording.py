"""Advice on how something is said: officialese, groups of people, long sentences. Easy read: ``easy_read``.

Only advice but for easy read and plain language, which promise something. Repeats nothing per word:
the first of a kind in a text is enough. Whether it is true is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisis.playbooks.easy_read import Found, easy, start
from crisis.playbooks.readability import measure, sentences, words_in

LONG_SENTENCE = 28  # words
HARD = 35.0  # Amstad or Flesch; newspapers of record lie around 40
PLAIN = 50.0

_OFFICIALESE = {
    "de": (
        (r"\bseitens\b", "von"),
        (r"\bzwecks\b", "um … zu"),
        (r"\bhinsichtlich\b", "zu, bei"),
        (r"\bdiesbezüglich\w*", "dazu"),
        (r"\bbezüglich\b", "zu"),
        (r"\bin Anspruch (ge)?n[ea]hm\w*", "nutzen"),
        (r"\bzur Verfügung (ge)?stell\w*", "geben, anbieten"),
        (r"\bgewährleiste\w*", "sorgen für"),
        (r"\bzeitnah\b", "bald, mit Uhrzeit"),
        (r"\bunverzüglich\b", "sofort"),
        (r"\baufgrund der Tatsache\b", "weil"),
        (r"\bes wird darauf hingewiesen\b", "bitte beachten Sie"),
        (
            r"\bMaßnahmen (\w+ )?(ergriffen|ergreifen|einleiten|eingeleitet)\b",
            "sagen, was getan wird",
        ),
        (r"\b(findet|finden) Anwendung\b", "gilt"),
        (r"\bim Rahmen (der|des|von)\b", "bei"),
        (r"\bvorgenommen\b|\bdurchgeführt\b", "das Verb selbst: „geprüft“, „gemessen“"),
        (r"\betwaige\w*", "mögliche, oder weglassen"),
        (r"\bohne Gewähr\b", "sagen, was unsicher ist"),
    ),
    "en": (
        (r"\butili[sz]e\w*", "use"),
        (r"\bin order to\b", "to"),
        (r"\bprior to\b", "before"),
        (r"\bcommenc\w+", "begin"),
        (r"\bpursuant to\b", "under"),
        (r"\bwith regard to\b|\bin respect of\b", "about"),
        (r"\bin the event (that|of)\b", "if"),
        (r"\bin due course\b", "a day or a time"),
        (r"\bendeavou?r\w*", "try"),
        (r"\bundertak(e|en|ing)\b", "do"),
        (r"\bfacilitat\w+", "help"),
        (r"\bit should be noted\b", "nothing: just say it"),
    ),
}
_MARKED = re.compile(r"\b[A-ZÄÖÜ][a-zäöüß-]+(?:[*:_/]-?in(?:nen)?|In(?:nen)?)\b")
_MEN_ONLY = re.compile(
    r"(?<!innen und )(?<!innen oder )\b(Bürger|Einwohner|Anwohner|Nachbarn|Schüler|Lehrer|Patienten|"
    r"Besucher|Kunden|Mitarbeiter|Wähler|Journalisten|Experten|Helfer|Ärzte)\b(?![*:_/]|-in)"
)
_BETTER = {
    "Bürger": "Menschen in unserer Stadt",
    "Einwohner": "alle, die hier wohnen",
    "Anwohner": "alle, die dort wohnen",
    "Nachbarn": "Nachbarschaft",
    "Schüler": "Schulkinder, Jugendliche",
    "Lehrer": "Lehrkräfte",
    "Patienten": "Kranke",
    "Besucher": "Gäste, Publikum",
    "Kunden": "Kundschaft",
    "Mitarbeiter": "Beschäftigte",
    "Wähler": "Wahlberechtigte",
    "Journalisten": "Presse, Medien",
    "Experten": "Fachleute",
    "Helfer": "Hilfskräfte",
    "Ärzte": "ärztliche Praxen",
}


def advice(channel: str, text: str, lang: str) -> Iterator[Found]:
    """What might be said better in ``text``, which is plain, with its blanks filled."""
    lang = "de" if lang.startswith("de") else lang
    yield from _officialese(text, lang)
    if lang == "de":
        yield from _people(text)
    if channel == "easy":
        yield from easy(text, lang)
    yield from _hardness(channel, text, lang)


def _officialese(text: str, lang: str) -> Iterator[Found]:
    for pattern, better in _OFFICIALESE.get(lang, ()):
        if found := re.search(pattern, text, re.IGNORECASE):
            yield (
                "hint",
                "wording-officialese",
                f"„{found.group()}“ klingt nach Amt. Besser: {better}.",
                f'"{found.group()}" sounds like an office. Better: {better}.',
                found.group(),
            )


def _people(text: str) -> Iterator[Found]:
    if found := _MARKED.search(text):
        yield (
            "hint",
            "wording-gender",
            (
                f"„{found.group()}“ wird nicht überall gut vorgelesen. Gut für alle: beide Formen oder ein "
                "neutrales Wort (Menschen, Beschäftigte)."
            ),
            (
                f'"{found.group()}" is not read aloud well everywhere. Good for all: both forms or a '
                "neutral word."
            ),
            found.group(),
        )
    if men := _MEN_ONLY.search(text):
        yield (
            "hint",
            "wording-gender",
            f"„{men.group()}“: Sind alle gemeint? Zum Beispiel: {_BETTER[men.group()]}.",
            f'"{men.group()}": is everybody meant? For example: {_BETTER[men.group()]}.',
            men.group(),
        )


def _hardness(channel: str, text: str, lang: str) -> Iterator[Found]:
    for sentence in sentences(text):
        count = len(words_in(sentence))
        if count > LONG_SENTENCE:
            yield (
                "hint",
                "sentence-long",
                f"Dieser Satz hat {count} Wörter. Machen Sie zwei daraus: „{start(sentence)}“",
                f'This sentence has {count} words. Make two of it: "{start(sentence)}"',
                sentence,
            )
            break
    if lang not in ("de", "en"):
        return
    found = measure(text, lang)
    least = PLAIN if channel in ("plain", "easy") else HARD
    if found is None or found.ease >= least:
        return
    formula = "Amstad" if lang == "de" else "Flesch"
    grade_de = f", Wiener Sachtextformel {found.wiener:g}" if found.wiener is not None else ""
    yield (
        "hint" if least == HARD else "warning",
        "hard-to-read",
        (
            f"Schwer zu lesen: {formula} {found.ease:.0f} von 100, gut ist ab {least:.0f} (LIX "
            f"{found.lix:.0f}{grade_de}). Kürzere Sätze, kürzere Wörter."
        ),
        (
            f"Hard to read: {formula} {found.ease:.0f} of 100, {least:.0f} and more is good (LIX "
            f"{found.lix:.0f}). Shorter sentences, shorter words."
        ),
        "",
    )
