"""Which approved answers fit an incident, best first and why. Proposes; a person decides.

Does not ask whether a playbook is approved: it is given approved ones only.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from crisis.matching.text import words
from crisis.types import Incident, PastAnswers, Playbook, Rumour, Severity

# Points, chosen so that each ground outweighs all weaker ones together.
NAMES_RUMOUR = 100.0
TOPIC = 20.0  # each; at most MOST_TOPICS count
MOST_TOPICS = 3
WORDS = (
    15.0  # times the share of the rumour's words that the playbook has in its title and situation
)
FEWEST_WORDS = 2  # fewer in common mean nothing
LANGUAGE = 4.0  # times the share of the incident's posts in the playbook's language
# These only order: none of them makes a playbook fit, and together they weigh less than the language.
WORKED = 2.0  # times the share of its answers that were not withdrawn
URGENT = 1.0  # a first statement, where there is a hurry
THERE = 0.75  # words for where the posts are
SHORTEST_WORD = 4  # letters
SOCIAL = ("comment", "thread", "short")  # texts of an answer that fit a social network

# Words of four letters and more that say nothing about a topic.
_EMPTY = """
    aber alle allem allen aller alles also andere anderen auch beim bereits bitte dabei damit dann
    darf dass davon dazu dein deine dem denn deren dessen dies diese diesem diesen dieser dieses doch
    dort durch eine einem einen einer eines euch falsch geht geruecht gibt haben habe hatte heute hier
    ihre ihrem ihren ihrer immer jetzt kann kein keine keinen koennen mehr muss nach nicht noch nur
    oder ohne schon sehr sein seine seit sich sind soll sollen ueber unsere viele vom von wegen weil
    wenn werden wird wurde wurden zwischen about after been because does from have into more only over
    rumour said some that their them then there they this were what when which will with would your
    people stadt town
"""
_EMPTY_WORDS = frozenset(_EMPTY.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Clues:
    """What else is known of the incident. ``networks``: posts by the name of the social network."""

    networks: Mapping[str, int] = field(default_factory=dict)
    past: Mapping[str, PastAnswers] = field(default_factory=dict)  # by the name of the playbook


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A playbook that fits, how well (only good for comparing), and why as sentences (de, en)."""

    playbook: Playbook
    score: float
    reasons: tuple[tuple[str, str], ...]


def suggest(
    incident: Incident,
    rumour: Rumour,
    playbooks: Sequence[Playbook],
    *,
    langs: Mapping[str, int],
    clues: Clues | None = None,
) -> list[Suggestion]:
    """The playbooks that fit, best first; empty where none does.

    A playbook fits if it names the rumour, shares a topic with it, or has at least two of its
    words. ``langs`` counts the incident's posts by language ("" unknown); language and ``clues`` alone are
    no ground, they only order. ``playbooks`` are approved ones. Equal scores are ordered by name.
    """
    if incident.rumour_id != rumour.id:
        raise ValueError("the rumour is not the incident's")
    found = [_judge(incident, rumour, playbook, langs, clues or Clues()) for playbook in playbooks]
    return sorted(
        (suggestion for suggestion in found if suggestion is not None),
        key=lambda suggestion: (-suggestion.score, suggestion.playbook.name),
    )


def _judge(
    incident: Incident,
    rumour: Rumour,
    playbook: Playbook,
    langs: Mapping[str, int],
    clues: Clues,
) -> Suggestion | None:
    score = 0.0
    reasons: list[tuple[str, str]] = []
    if rumour.id in playbook.rumours:
        score += NAMES_RUMOUR
        reasons.append(
            ("Für genau dieses Gerücht geschrieben.", "Written for exactly this rumour.")
        )
    topics = _shared(rumour.topics, playbook.topics)
    if topics:
        score += TOPIC * min(len(topics), MOST_TOPICS)
        names = ", ".join(topics)
        reasons.append((f"Gleiches Thema: {names}.", f"Same topic: {names}."))
    wanted = words_of(" ".join(rumour.phrasings), playbook.lang)
    about = f"{playbook.title} {playbook.situation} {' '.join(playbook.topics)}"
    has = _terms(about, playbook.lang)
    common = [word for simple, word in wanted.items() if simple in has]
    if len(common) >= FEWEST_WORDS:
        score += WORDS * len(common) / len(wanted)
        some = ", ".join(sorted(common, key=lambda word: (-len(word), word))[:5])
        reasons.append((f"Gemeinsame Wörter: {some}.", f"Words in common: {some}."))
    if not reasons:
        return None
    share = langs.get(playbook.lang, 0) / max(sum(langs.values()), 1)
    if share > 0:
        score += LANGUAGE * share
        reasons.append(
            (
                f"In der Sprache von {share:.0%} der Beiträge.".replace("%", " %"),
                f"In the language of {share:.0%} of the posts.",
            )
        )
    for points, reason in _order(incident, playbook, clues):
        score += points
        reasons.append(reason)
    return Suggestion(playbook, round(score, 3), tuple(reasons))


def _order(
    incident: Incident, playbook: Playbook, clues: Clues
) -> Iterator[tuple[float, tuple[str, str]]]:
    """What speaks for one of several that fit."""
    past = clues.past.get(playbook.name, PastAnswers())
    if past.released:
        stood = max(past.released - past.withdrawn, 0)
        yield WORKED * stood / past.released, _said_of(past)
    if playbook.holding and incident.severity >= Severity.HIGH:
        yield (
            URGENT,
            (
                "Es eilt: Sie hat eine erste Meldung für sofort.",
                "There is a hurry: it has a first statement for now.",
            ),
        )
    posts = sum(clues.networks.values())
    if posts and any(playbook.answers.get(text, "").strip() for text in SOCIAL):
        names = ", ".join(sorted(clues.networks))
        yield (
            THERE,
            (
                f"Hat einen kurzen Text für dort, wo Beiträge stehen: {names}.",
                f"Has a short text for where the posts are: {names}.",
            ),
        )


def _said_of(past: PastAnswers) -> tuple[str, str]:
    """Before and after, never because of: see ``incidents.course``."""
    de, en = f"Schon {past.released}-mal veröffentlicht", f"Released {past.released} times before"
    if past.withdrawn:
        de, en = f"{de}, davon {past.withdrawn} zurückgezogen", f"{en}, {past.withdrawn} withdrawn"
    if past.compared:
        de = f"{de}; danach bei {past.fewer} von {past.compared} weniger Beiträge als davor"
        en = f"{en}; fewer posts after than before in {past.fewer} of {past.compared}"
    return f"{de}.", f"{en}."


def words_of(text: str, lang: str) -> dict[str, str]:
    """The words of a text that say what it is about: as posts are compared -> as first written."""
    found: dict[str, str] = {}
    for word, terms in _told(text, lang):
        found.setdefault(str(terms[0]), word)
    return found


def _terms(text: str, lang: str) -> set[str]:
    """The same with the parts of compounds: "Trinkwasser" is about "Wasser", too."""
    return {str(term) for _word, terms in _told(text, lang) for term in terms}


def _told(text: str, lang: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for token in words(lang).tokens(text):
        word = text[token.start : token.end]
        if len(word) >= SHORTEST_WORD and word.isalpha() and _plain(word) not in _EMPTY_WORDS:
            yield word, token.terms


def _plain(word: str) -> str:
    simple = unicodedata.normalize("NFC", word).casefold()
    for umlaut, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        simple = simple.replace(umlaut, plain)
    return simple


def _shared(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    known = {topic.strip().casefold() for topic in theirs}
    return [topic for topic in ours if topic.strip().casefold() in known]
