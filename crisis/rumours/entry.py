"""One entry of the catalogue: its id, and why it cannot be taken. Hard rules only: see ``quality`` for
advice. Knows no form, no file and no other entry but by its id.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator
from urllib.parse import urlsplit

from crisis.types import Fact, Rumour

ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
LONGEST_TEXT = 2_000  # characters of one phrasing or fact; a post is rarely longer
MOST_VARIANTS = 1_000
MOST_FACTS = 100
MOST_TOPICS = 50
_LONGEST_ID = 60  # characters of an id made here; leaves room for a number behind it
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LANG = re.compile(r"[a-z]{2,3}")

Sentence = tuple[str, str]  # German, English


def id_for(words: str, taken: Container[str]) -> str:
    """A readable id made of ``words`` (a title) that is not among ``taken``: "trinkwasser-vergiftet"."""
    folded = unicodedata.normalize("NFKD", words.lower().translate(_GERMAN))
    plain = re.sub(r"[^a-z0-9]+", "-", folded.encode("ascii", "ignore").decode()).strip("-")
    if len(plain) > _LONGEST_ID:
        plain = plain[: _LONGEST_ID + 1].rpartition("-")[0].strip("-") or plain[:_LONGEST_ID]
    plain = plain or "geruecht"
    number, made = 1, plain
    while made in taken:
        number += 1
        made = f"{plain}-{number}"
    return made


def is_web_address(url: str) -> bool:
    """Whether a link leads to the web: http or https, with a host, and nothing hidden in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable()


def problems(rumour: Rumour) -> list[tuple[str, Sentence]]:
    """Everything that keeps an entry out of the catalogue: (field, sentence), in the order of a form."""
    return [*_of_words(rumour), *_of_lists(rumour), *_of_facts(rumour)]


def _of_words(rumour: Rumour) -> Iterator[tuple[str, Sentence]]:
    if not ID.fullmatch(rumour.id):
        yield (
            "id",
            (
                (
                    f"„{rumour.id[:80]}“ geht nicht als Kennung: bitte 1 bis 80 kleine Buchstaben (a–z),"
                    " Ziffern und Bindestriche."
                ),
                (
                    f"“{rumour.id[:80]}” cannot be an id: please use 1 to 80 small letters (a–z), digits"
                    " and hyphens."
                ),
            ),
        )
    if not rumour.text.strip():
        yield (
            "text",
            (
                "Bitte schreiben Sie die Behauptung in einem Satz.",
                "Please write the claim in a sentence.",
            ),
        )
    for field, phrasings in (
        ("text", (rumour.text,)),
        ("title", (rumour.title,)),
        ("variants", rumour.variants),
    ):
        for phrasing in phrasings:
            if len(phrasing) > LONGEST_TEXT:
                yield field, _too_long()
            elif not is_readable(phrasing):
                yield field, _unreadable()
    if rumour.lang and not _LANG.fullmatch(rumour.lang):
        yield (
            "lang",
            (
                f"„{rumour.lang[:20]}“ ist kein Sprachkürzel; bitte zum Beispiel de oder en.",
                f"“{rumour.lang[:20]}” is no language code; please write de or en, for example.",
            ),
        )


def _of_lists(rumour: Rumour) -> Iterator[tuple[str, Sentence]]:
    for field, count, most in (
        ("variants", len(rumour.variants), MOST_VARIANTS),
        ("topics", len(rumour.topics), MOST_TOPICS),
        ("facts", len(rumour.facts), MOST_FACTS),
    ):
        if count > most:
            yield field, (f"Höchstens {most} Einträge.", f"At most {most} entries.")
    if any(len(topic) > 80 or not is_readable(topic) for topic in rumour.topics):
        yield (
            "topics",
            (
                "Ein Thema ist ein Wort mit höchstens 80 Zeichen.",
                "A topic is a word of at most 80 characters.",
            ),
        )


def _of_facts(rumour: Rumour) -> Iterator[tuple[str, Sentence]]:
    for number, fact in enumerate(rumour.facts, 1):
        for sentence in _of_fact(fact):
            yield "facts", (f"Fakt {number}: {sentence[0]}", f"Fact {number}: {sentence[1]}")


def _of_fact(fact: Fact) -> Iterator[Sentence]:
    if not fact.text.strip():
        yield ("Bitte schreiben Sie, was stimmt.", "Please write what is so.")
    if max(len(fact.text), len(fact.source), len(fact.url)) > LONGEST_TEXT:
        yield _too_long()
    elif not (is_readable(fact.text) and is_readable(fact.source)):
        yield _unreadable()
    if fact.url and not is_web_address(fact.url):
        yield (
            f"„{fact.url[:60]}“ ist keine Web-Adresse; sie beginnt mit https://.",
            f"“{fact.url[:60]}” is no web address; it begins with https://.",
        )


def is_readable(text: str) -> bool:
    """Whether it holds nothing that is no text: control characters, halves of characters."""
    return not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text)


def _too_long() -> Sentence:
    return (
        f"Das ist zu lang: höchstens {LONGEST_TEXT} Zeichen.",
        f"This is too long: at most {LONGEST_TEXT} characters.",
    )


def _unreadable() -> Sentence:
    return (
        "Darin steht ein unsichtbares Steuerzeichen. Bitte tippen Sie den Text neu ein.",
        "There is an invisible control character in it. Please type the text again.",
    )
