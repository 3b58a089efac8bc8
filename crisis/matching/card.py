"""What people should know of the shipped model: what it was made from, and where it fails.

The longer page is ``docs/reference/model-card.md``; figures stand in ``docs/internals/figures.md``, since
they are measured anew with every model. Learned models carry their own card in their file.
"""

from __future__ import annotations

from collections.abc import Mapping

Words = tuple[str, str]
"""German and English."""

DATES: Mapping[str, str] = {
    "1": "2026-11-22",
    "2": "2026-11-23",
    "3": "2026-11-23",
    "2m": "2026-11-23",
    "3m": "2026-11-23",
}
"""When each version was trained."""

DATA: tuple[Words, ...] = (
    (
        (
            "öffentliche Sammlungen von Beiträgen und geprüften Behauptungen, englisch, französisch,"
            " polnisch und in weiteren Sprachen"
        ),
        "public collections of posts and checked claims in English, French, Polish and further languages",
    ),
    (
        "öffentliche Alltagsbeiträge, deutsch und englisch, die keine der Behauptungen enthalten",
        "public everyday posts in German and English that carry none of the claims",
    ),
    (
        "eigene Beispiele: Gerüchte und Beiträge erfundener Städte, deutsch und englisch",
        "our own examples: rumours and posts of invented towns, German and English",
    ),
)

LIMITS: tuple[Words, ...] = (
    (
        "Es sagt, ob ein Beitrag ein bekanntes Gerücht enthält; nicht, ob etwas wahr ist.",
        "It says whether a post carries a known rumour; not whether anything is true.",
    ),
    (
        (
            "Eine Umschreibung ohne gemeinsames Wort und ein Beitrag in einer anderen Sprache als das"
            " Gerücht bleiben oft unbemerkt."
        ),
        (
            "A paraphrase without a common word, and a post in another language than the rumour, often go"
            " unnoticed."
        ),
    ),
    (
        (
            "Ein wahrer Beitrag, der fast alle Wörter mit einem Gerücht teilt, kann gemeldet werden;"
            " Ironie und Zitat erkennt es nicht sicher."
        ),
        (
            "A true post that shares nearly all words with a rumour may be raised; irony and quotation are"
            " not recognised reliably."
        ),
    ),
    (
        (
            "Deutsch und Englisch sind vermessen; andere Sprachen gehen, aber niemand hat sie hier"
            " nachgemessen."
        ),
        "German and English were measured; other languages work, but nobody has measured them here.",
    ),
)
