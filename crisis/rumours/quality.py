"""What would make an entry of the catalogue better: hints for whoever writes it. Refuses nothing.

An entry finds posts by its words: a claim in three everyday words finds everything and nothing, one that
stands in the catalogue twice makes two incidents of one rumour. Measures nothing against posts; what the
matcher says of an entry's own wording comes in (``around``). The sentences stand in ``advice``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rapidfuzz import fuzz

from crisis.matching.claims import Kind, kind_of
from crisis.matching.lexicon import frequencies
from crisis.matching.text import guess_language
from crisis.rumours.advice import ADVICE, Place
from crisis.types import Match, Rumour, RumourStatus

FEWEST_WORDS = 4
FEWEST_PHRASINGS = 3  # issue's own examples have three to six
EVERYDAY = 2e-4  # share of all words from which a word is everyday: "Leute", "Stadt", "heute" are
FEWEST_TELLING = 2  # words that are not everyday
ALIKE = 90.0  # of 100; below, two entries share words because they share a topic
OPINION = 0.5  # probability; none of the examples that come with the program reaches it
OLD_FACTS = timedelta(days=180)  # after half a year somebody should look whether it is still so
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
    other: str = ""
    name: str = ""  # what people call the other entry

    @property
    def place(self) -> Place:
        """Where it is put right."""
        return ADVICE[self.code].place

    @property
    def de(self) -> str:
        """The sentence in German."""
        return ADVICE[self.code].de.format(name=self.name)

    @property
    def en(self) -> str:
        """The sentence in English."""
        return ADVICE[self.code].en.format(name=self.name)

    def say(self, lang: str) -> str:
        """The text for people: German where ``lang`` begins with "de", otherwise English."""
        return self.de if lang.startswith("de") else self.en


def hints(rumour: Rumour, others: Iterable[Rumour] = (), *, today: date) -> list[Hint]:
    """What could be better about ``rumour``, weightiest first; empty: nothing we know of.

    ``others`` are entries it may repeat: the catalogue, or of a large one those that come near;
    ``today`` the authority's calendar day.
    """
    return [
        *_claim(rumour),
        *_doubles(rumour, others),
        *_facts(rumour, today),
        *_phrasings(rumour),
        *_dates(rumour, today),
    ]


def around(
    rumour: Rumour,
    others: Mapping[str, Rumour],
    matches: Sequence[Sequence[Match]],
    *,
    raise_at: float,
) -> list[Hint]:
    """What the matcher's view of the entry's own wordings says about it.

    ``matches`` holds for some phrasings of the entry what they match in the catalogue; ``others`` the
    entries named there, by id. Where another entry would raise an incident for words that are this
    entry's own, posts will reach both.
    """
    near = {
        match.rumour_id: match.score
        for found in matches
        for match in found
        if match.rumour_id != rumour.id and match.score >= raise_at
    }
    doubles = list(_doubles(rumour, (others[i] for i in near if i in others)))
    if doubles:
        return doubles
    for other_id in sorted(near, key=lambda i: (-near[i], i)):
        other = others.get(other_id)
        if other is not None and not other.retired:
            return [Hint("overlap", other.id, name_of(other))]
    return []


def languages(rumour: Rumour) -> list[Hint]:
    """Say so where nobody has written down how it is said in the other language of the desk."""
    spoken = {guess_language(phrasing) or rumour.lang for phrasing in rumour.phrasings}
    if rumour.lang:
        spoken.add(rumour.lang)
    if spoken & {"de", "en"} and not {"de", "en"} <= spoken:
        return [Hint("only-german" if "de" in spoken else "only-english")]
    return []


def name_of(rumour: Rumour) -> str:
    """What people call an entry."""
    return rumour.title or rumour.text


def telling_words(text: str, lang: str) -> list[str]:
    """The words of ``text`` that are not everyday in ``lang``, lower case, each once.

    A language without a list counts every word of four letters and more.
    """
    words = list(dict.fromkeys(word.casefold() for word in _WORD.findall(text)))
    known = frequencies(lang)
    if not known:
        return [word for word in words if len(word) >= 4]
    return [word for word in words if known.get(word, 0.0) < EVERYDAY]


def sounds_like_opinion(text: str, lang: str) -> bool:
    """Whether a text more likely says what somebody thinks than anything else. A hint, no verdict."""
    return bool(text.strip()) and kind_of(text, lang).probabilities[Kind.OPINION] >= OPINION


def _claim(rumour: Rumour) -> Iterable[Hint]:
    words = _WORD.findall(rumour.text)
    if len(words) < FEWEST_WORDS:
        yield Hint("short")
    elif len(telling_words(rumour.text, rumour.lang or "de")) < FEWEST_TELLING:
        yield Hint("general")
    if rumour.text.rstrip().endswith("?"):
        yield Hint("question")
    elif sounds_like_opinion(rumour.text, rumour.lang):
        yield Hint("opinion")


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
        yield Hint("double", best[1].id, name_of(best[1]))


def _likeness(own: list[str], theirs: list[str]) -> float:
    return max(
        (fuzz.token_sort_ratio(a, b, score_cutoff=ALIKE) for a in own for b in theirs), default=0.0
    )


def _known(rumour: Rumour) -> list[str]:
    """Its phrasings as they are compared. A title alone is too short to say that two are the same."""
    return [_plain(p) for p in (rumour.text, *rumour.variants) if p.strip()]


def _plain(text: str) -> str:
    return " ".join(word.casefold() for word in _WORD.findall(text))


def _facts(rumour: Rumour, today: date) -> Iterable[Hint]:
    if not rumour.facts and rumour.status in _SETTLED:
        yield Hint("no-facts")
    elif any(not (fact.source.strip() or fact.url.strip()) for fact in rumour.facts):
        yield Hint("no-source")
    dates = [fact.date for fact in rumour.facts if fact.date is not None]
    if dates and today - max(dates) > OLD_FACTS:
        yield Hint("old-facts")


def _phrasings(rumour: Rumour) -> Iterable[Hint]:
    plain = [_plain(phrasing) for phrasing in rumour.phrasings]
    if len(set(plain)) < len(plain):
        yield Hint("repeated")
    if len(rumour.variants) < FEWEST_PHRASINGS:
        yield Hint("few-phrasings")
    if not rumour.lang:
        yield Hint("no-language")


def _dates(rumour: Rumour, today: date) -> Iterable[Hint]:
    if rumour.valid_until is not None and rumour.valid_until < today:
        yield Hint("expired")
