"""Which approved answers fit an incident, best first and why. Proposes; a person decides.

Does not ask whether a playbook is approved: it is given approved ones only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from crisis.types import Incident, Playbook, Rumour

# Points, chosen so that each ground outweighs all weaker ones together.
NAMES_RUMOUR = 100.0
TOPIC = 20.0  # each; at most MOST_TOPICS count
MOST_TOPICS = 3
WORDS = (
    15.0  # times the share of the rumour's words that the playbook has in its title and situation
)
FEWEST_WORDS = 2  # fewer in common mean nothing
LANGUAGE = 4.0  # times the share of the incident's posts in the playbook's language

_WORD = re.compile(r"[^\W\d_]{4,}")
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
) -> list[Suggestion]:
    """The playbooks that fit, best first; empty where none does.

    A playbook fits if it names the rumour, shares a topic with it, or has at least two of its
    words. ``langs`` counts the incident's posts by language ("" unknown); language alone is no
    ground, it only orders. ``playbooks`` are approved ones. Equal scores are ordered by name.
    """
    if incident.rumour_id != rumour.id:
        raise ValueError("the rumour is not the incident's")
    found = [_judge(rumour, playbook, langs) for playbook in playbooks]
    return sorted(
        (suggestion for suggestion in found if suggestion is not None),
        key=lambda suggestion: (-suggestion.score, suggestion.playbook.name),
    )


def _judge(rumour: Rumour, playbook: Playbook, langs: Mapping[str, int]) -> Suggestion | None:
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
    wanted = words_of(" ".join(rumour.phrasings))
    has = words_of(f"{playbook.title} {playbook.situation} {' '.join(playbook.topics)}")
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
    return Suggestion(playbook, round(score, 3), tuple(reasons))


def words_of(text: str) -> dict[str, str]:
    """The words of a text that say what it is about: simplified -> as first written.

    Simplified means lower case, umlauts spelled out, common German and English endings cut. Good
    for counting overlap, not for matching posts.
    """
    found: dict[str, str] = {}
    for word in _WORD.findall(unicodedata.normalize("NFC", text)):
        simple = word.casefold()
        for umlaut, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
            simple = simple.replace(umlaut, plain)
        if simple not in _EMPTY_WORDS:
            found.setdefault(_stem(simple), word)
    return found


def _stem(word: str) -> str:
    for ending in ("ungen", "ung", "en", "er", "es", "em", "et", "e", "n", "s", "t"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def _shared(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    known = {topic.strip().casefold() for topic in theirs}
    return [topic for topic in ours if topic.strip().casefold() in known]
