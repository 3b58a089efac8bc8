"""What would make an entry of the catalogue better: hints for whoever writes it. Refuses nothing.

An entry finds posts by its words: a claim in three everyday words finds everything and nothing, one that
stands in the catalogue twice makes two incidents of one rumour. Measures nothing against posts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from crisis.matching.lexicon import frequencies
from crisis.types import Rumour, RumourStatus

FEWEST_WORDS = 4
FEWEST_PHRASINGS = 3  # issue's own examples have three to six
EVERYDAY = 2e-4  # share of all words from which a word is everyday: "Leute", "Stadt", "heute" are
FEWEST_TELLING = 2  # words that are not everyday
ALIKE = 90.0  # of 100; below, two entries share words because they share a topic
_SETTLED = frozenset(
    {
        RumourStatus.FALSE,
        RumourStatus.MISLEADING,
        RumourStatus.OUT_OF_CONTEXT,
        RumourStatus.SATIRE,
        RumourStatus.TRUE,
    }
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*|\d+")


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing that could be better. ``code`` is stable; ``other`` the id of a similar entry."""

    code: str
    de: str
    en: str
    other: str = ""

    def say(self, lang: str) -> str:
        """The text for people: German where ``lang`` begins with "de", otherwise English."""
        return self.de if lang.startswith("de") else self.en


def hints(rumour: Rumour, others: Iterable[Rumour] = (), *, today: date) -> list[Hint]:
    """What could be better about ``rumour``, weightiest first; empty: nothing we know of.

    ``others`` is the catalogue it stands in or shall stand in; ``today`` the authority's calendar day.
    """
    found = [*_claim(rumour), *_doubles(rumour, others), *_facts(rumour), *_phrasings(rumour)]
    if rumour.valid_until is not None and rumour.valid_until < today:
        found.append(
            Hint(
                "expired",
                "Der letzte Tag ist vorbei: Dieses Gerücht löst keinen Vorfall mehr aus.",
                "Its last day is over: this rumour opens no incident any more.",
            )
        )
    return found


def telling_words(text: str, lang: str) -> list[str]:
    """The words of ``text`` that are not everyday in ``lang``, lower case, each once.

    A language without a list counts every word of four letters and more.
    """
    words = list(dict.fromkeys(word.casefold() for word in _WORD.findall(text)))
    known = frequencies(lang)
    if not known:
        return [word for word in words if len(word) >= 4]
    return [word for word in words if known.get(word, 0.0) < EVERYDAY]


def _claim(rumour: Rumour) -> Iterable[Hint]:
    words = _WORD.findall(rumour.text)
    if len(words) < FEWEST_WORDS:
        yield Hint(
            "short",
            "Die Behauptung ist sehr kurz. Schreiben Sie einen ganzen Satz: wer, was, wo.",
            "The claim is very short. Write a whole sentence: who, what, where.",
        )
    elif len(telling_words(rumour.text, rumour.lang or "de")) < FEWEST_TELLING:
        yield Hint(
            "general",
            "Die Behauptung besteht fast nur aus Allerweltswörtern und passt auf vieles. Nennen Sie"
            " den Ort, die Sache oder die Stelle, um die es geht.",
            "The claim is made of everyday words and fits many things. Name the place, the matter or"
            " the body it is about.",
        )
    if rumour.text.rstrip().endswith("?"):
        yield Hint(
            "question",
            "Das ist eine Frage. Schreiben Sie die Behauptung so, wie sie verbreitet wird.",
            "This is a question. Write the claim as it is spread.",
        )


def _doubles(rumour: Rumour, others: Iterable[Rumour]) -> Iterable[Hint]:
    own = _known(rumour)
    best: tuple[float, Rumour] | None = None
    for other in others:
        if other.id == rumour.id or other.retired:
            continue
        score = _likeness(own, _known(other))
        if score >= ALIKE and (best is None or score > best[0]):
            best = score, other
    if best is not None:
        name = best[1].title or best[1].text
        yield Hint(
            "double",
            f"Das steht fast gleich schon im Katalog: „{name}“. Ergänzen Sie besser dort eine"
            " Formulierung.",
            f"This stands in the catalogue already, nearly the same: “{name}”. Better add a phrasing"
            " there.",
            best[1].id,
        )


def _likeness(own: list[str], theirs: list[str]) -> float:
    return max(
        (fuzz.token_sort_ratio(a, b, score_cutoff=ALIKE) for a in own for b in theirs), default=0.0
    )


def _known(rumour: Rumour) -> list[str]:
    """Its phrasings as they are compared. A title alone is too short to say that two are the same."""
    return [_plain(p) for p in (rumour.text, *rumour.variants) if p.strip()]


def _plain(text: str) -> str:
    return " ".join(word.casefold() for word in _WORD.findall(text))


def _facts(rumour: Rumour) -> Iterable[Hint]:
    if not rumour.facts and rumour.status in _SETTLED:
        yield Hint(
            "no-facts",
            "Es fehlt, was stimmt. Ohne Fakten mit Quelle lässt sich das Gerücht nicht beantworten.",
            "What is true is missing. Without facts and their sources the rumour cannot be answered.",
        )
    elif any(not (fact.source.strip() or fact.url.strip()) for fact in rumour.facts):
        yield Hint(
            "no-source",
            "Bei einem Fakt fehlt, wer das sagt. Nennen Sie eine Stelle, die Menschen kennen.",
            "A fact does not say who says so. Name a body that people know.",
        )


def _phrasings(rumour: Rumour) -> Iterable[Hint]:
    plain = [_plain(phrasing) for phrasing in rumour.phrasings]
    if len(set(plain)) < len(plain):
        yield Hint(
            "repeated",
            "Eine Formulierung steht doppelt da; einmal genügt.",
            "A phrasing is there twice; once is enough.",
        )
    if len(rumour.variants) < FEWEST_PHRASINGS:
        yield Hint(
            "few-phrasings",
            "Mit drei bis sechs Formulierungen, wie Menschen sie wirklich schreiben, wird das Gerücht"
            " viel sicherer erkannt.",
            "With three to six phrasings as people really write them the rumour is recognised much"
            " more surely.",
        )
    if not rumour.lang:
        yield Hint(
            "no-language",
            "Die Sprache ist nicht angegeben; sie wird geraten.",
            "The language is not given; it is guessed.",
        )
