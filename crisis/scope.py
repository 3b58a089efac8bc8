"""What may be followed at all: a checklist for sources and rumours, with its reasons. Pure; keeps no answer.

Klarstellung is there for claims about events that are an authority's task (Article 6 (1) (e) GDPR), not
for people and what they think. Each statement must be confirmed before a source or a rumour is kept; one
that does not hold means that it does not belong here. What a machine can notice by itself is a hint, never
a verdict: ``rumours.quality`` and ``sounds_like_opinions``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from crisis.errors import ScopeError
from crisis.types import SourceKind

ALL = "all"  # said once for every sentence of a list
VERSION = 1  # of the wording; goes up when a statement changes its meaning


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence to be confirmed, and why; in German and English."""

    code: str
    de: str
    en: str
    why_de: str
    why_en: str

    def say(self, lang: str) -> str:
        return self.de if lang.startswith("de") else self.en

    def why(self, lang: str) -> str:
        return self.why_de if lang.startswith("de") else self.why_en


_PUBLIC = Statement(
    "public",
    "Alle können dort mitlesen, ohne eingeladen oder aufgenommen zu werden.",
    "Everybody can read there without being invited or admitted.",
    "Geschlossene Gruppen und private Profile sind keine Öffentlichkeit; wer dort schreibt, rechnet nicht mit"
    " einer Behörde.",
    "Closed groups and private profiles are no public place; whoever writes there does not expect"
    " an authority.",
)
_CONSENT = Statement(
    "consent",
    "In diesen Ordner gelangen nur öffentliche Fundstellen und das, womit die Schreibenden"
    " einverstanden sind.",
    "Only public finds come into this folder, and what its writers agree to.",
    "Private Nachrichten anderer weiterzuleiten, ohne sie zu fragen, ist nicht erlaubt.",
    "Passing on private messages of others without asking them is not allowed.",
)
_NO_PERSON = Statement(
    "no-person",
    "Es ist kein Konto und keine Seite einer Privatperson.",
    "It is no account and no page of a private person.",
    "Beobachtet werden Orte, Betriebe und Ereignisse. Konten von Ämtern, Medien, Vereinen und Betrieben sind"
    " in Ordnung, einzelne Bürgerinnen und Bürger nicht.",
    "Places, works and events are followed. Accounts of offices, media, associations and companies are fine,"
    " single citizens are not.",
)
_NO_NAME = Statement(
    "no-name",
    "Keines der Wörter ist der Name oder das Konto einer Person.",
    "None of the words is a person's name or account.",
    "Sonst entstünde eine Sammlung über diesen Menschen. Nehmen Sie Orte, Straßen, Betriebe, Ereignisse.",
    "Otherwise a collection about this person would come about. Take places, streets, works, events.",
)
_NO_OPINION = Statement(
    "no-opinion",
    "Es geht nicht darum, politische Meinungen oder Kritik zu beobachten.",
    "It is not about watching political opinions or criticism.",
    "Meinungen sind frei (Artikel 5 Grundgesetz), auch falsche und verletzende. Richtiggestellt werden nur"
    " Tatsachen.",
    "Opinions are free (Article 5 of the Basic Law), wrong and hurtful ones too. Only facts are corrected.",
)
_NO_SPECIAL = Statement(
    "no-special",
    "Dort geht es nicht um Gesundheit, Glauben, Herkunft, Gewerkschaft oder Sexualität einzelner Menschen.",
    "It is not about the health, belief, origin, union or sexuality of single people.",
    "Solche Angaben darf eine Behörde kaum je verarbeiten (Artikel 9 DSGVO), etwa aus einem Forum für Kranke"
    " oder einer Gemeinde.",
    "An authority may hardly ever process such data (Article 9 GDPR), such as from a forum of patients or a"
    " congregation.",
)
_FACT = Statement(
    "fact",
    "Es ist eine Behauptung über Tatsachen, die sich prüfen lässt, keine Meinung oder Wertung.",
    "It is a claim of facts that can be checked, no opinion or judgement.",
    "„Das Wasser ist vergiftet“ lässt sich prüfen, „die Stadt versagt“ ist eine Meinung; die ist"
    " frei, auch wenn"
    " sie ungerecht ist.",
    "“The water is poisoned” can be checked, “the town fails” is an opinion, which is free even"
    " where it is unfair.",
)
_DUTY = Statement(
    "duty",
    "Es betrifft eine Aufgabe dieser Behörde.",
    "It concerns a task of this authority.",
    "Nur dafür darf sie Beiträge verarbeiten (Artikel 6 Absatz 1 Buchstabe e DSGVO), etwa Wasser, Verkehr,"
    " Katastrophenschutz.",
    "Only for that may it process posts (Article 6 (1) (e) GDPR), such as water, traffic, civil protection.",
)
_NOBODY = Statement(
    "nobody",
    "Es handelt nicht vom Privatleben eines Menschen, den man erkennen kann.",
    "It is not about the private life of a person who can be recognised.",
    "Wie jemand ein öffentliches Amt führt, darf vorkommen; alles andere über einzelne Menschen nicht.",
    "How somebody holds a public office may occur; anything else about single people may not.",
)
_NOTHING_SPECIAL = Statement(
    "no-special",
    "Es sagt nichts über Gesundheit, Glauben, Herkunft, politische Haltung oder Sexualität"
    " einzelner Menschen.",
    "It says nothing about the health, belief, origin, political views or sexuality of single people.",
    "Solche Angaben darf eine Behörde kaum je verarbeiten (Artikel 9 DSGVO), auch nicht, um sie zu"
    " widerlegen.",
    "An authority may hardly ever process such data (Article 9 GDPR), not even to refute it.",
)
RUMOUR = (_FACT, _DUTY, _NOBODY, _NOTHING_SPECIAL)
_OPINIONS = 0.5  # part of the posts from which a source looks like one of opinions
_FEWEST = 4  # posts, below which that means nothing


def of_source(kind: SourceKind) -> tuple[Statement, ...]:
    """What is to be confirmed of such a source; nothing of official warnings, which are about nobody."""
    if kind.warns:
        return ()
    first = _CONSENT if kind is SourceKind.MAILBOX else _PUBLIC
    whose = _NO_NAME if kind is SourceKind.JETSTREAM else _NO_PERSON
    return (first, whose, _NO_OPINION, _NO_SPECIAL)


def check(statements: Sequence[Statement], confirmed: Collection[str]) -> tuple[str, ...]:
    """The codes of all statements, which were all confirmed. Raises ScopeError where one was not.

    ``ALL`` among them stands for every one, and stays among the codes: how it was said is logged, too.
    """
    if ALL in confirmed and statements:
        return (*(one.code for one in statements), ALL)
    missing = [one for one in statements if one.code not in confirmed]
    if missing:
        raise ScopeError(
            "Nicht aufgenommen, denn das wurde nicht bestätigt: "
            + " ".join(f"„{one.de}“ {one.why_de}" for one in missing)
            + " Trifft der Satz nicht zu, gehört es nicht hierher.",
            "Not kept, for this was not confirmed: "
            + " ".join(f"“{one.en}” {one.why_en}" for one in missing)
            + " Where the sentence does not hold, it does not belong here.",
            missing=tuple(one.code for one in missing),
        )
    return tuple(one.code for one in statements)


def sounds_like_opinions(opinions: int, posts: int) -> bool:
    """Whether so many posts of a sample that surely say what somebody thinks are worth a hint."""
    return posts >= _FEWEST and opinions >= _OPINIONS * posts
