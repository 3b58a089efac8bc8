"""The hints on an entry of the catalogue, in words: what could be better, in one sentence, and where.

Decides nothing: ``quality`` says which of them holds for an entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Place(StrEnum):
    """Where a hint is followed: a field of the entry's form, the other entry, or the playbooks."""

    TEXT = "text"
    VARIANTS = "variants"
    FACTS = "facts"
    LANG = "lang"
    VALID_UNTIL = "valid_until"
    OTHER = "other"
    PLAYBOOK = "playbook"


class Advice(NamedTuple):
    """One hint: its name in lists, the sentence that says what to do, and where to do it."""

    place: Place
    short: tuple[str, str]  # German, English
    de: str  # "{name}" stands for the other entry
    en: str


ADVICE: Mapping[str, Advice] = {
    "short": Advice(
        Place.TEXT,
        ("zu kurz", "too short"),
        "Die Behauptung ist sehr kurz. Schreiben Sie einen ganzen Satz: wer, was, wo.",
        "The claim is very short. Write a whole sentence: who, what, where.",
    ),
    "general": Advice(
        Place.TEXT,
        ("zu allgemein", "too general"),
        "Die Behauptung besteht fast nur aus Allerweltswörtern und passt auf vieles. Nennen Sie den"
        " Ort, die Sache oder die Stelle, um die es geht.",
        "The claim is made of everyday words and fits many things. Name the place, the matter or the"
        " body it is about.",
    ),
    "question": Advice(
        Place.TEXT,
        ("als Frage geschrieben", "written as a question"),
        "Das ist eine Frage. Schreiben Sie die Behauptung so, wie sie verbreitet wird.",
        "This is a question. Write the claim as it is spread.",
    ),
    "opinion": Advice(
        Place.TEXT,
        ("klingt nach Meinung", "sounds like an opinion"),
        "Das klingt eher nach einer Meinung. In den Katalog gehören Behauptungen, die sich prüfen lassen.",
        "This sounds like an opinion. The catalogue is for claims that can be checked.",
    ),
    "double": Advice(
        Place.OTHER,
        ("steht fast gleich noch einmal da", "nearly the same as another"),
        "Das steht fast gleich schon im Katalog: „{name}“. Legen Sie beide zusammen, sonst entstehen"
        " zwei Vorfälle aus einem Gerücht.",
        "This stands in the catalogue already, nearly the same: “{name}”. Merge the two, or one rumour"
        " makes two incidents.",
    ),
    "overlap": Advice(
        Place.OTHER,
        ("überschneidet sich", "overlaps another"),
        "Dieselben Beiträge würden auch „{name}“ auslösen. Schreiben Sie deutlicher, worin sich beide"
        " unterscheiden, oder legen Sie sie zusammen.",
        "The same posts would also raise “{name}”. Write more clearly what sets the two apart, or"
        " merge them.",
    ),
    "no-facts": Advice(
        Place.FACTS,
        ("ohne Fakten", "without facts"),
        "Es fehlt, was stimmt. Ohne Fakten mit Quelle lässt sich das Gerücht nicht beantworten.",
        "What is true is missing. Without facts and their sources the rumour cannot be answered.",
    ),
    "no-source": Advice(
        Place.FACTS,
        ("Fakt ohne Quelle", "fact without a source"),
        "Bei einem Fakt fehlt, wer das sagt. Nennen Sie eine Stelle, die Menschen kennen.",
        "A fact does not say who says so. Name a body that people know.",
    ),
    "old-facts": Advice(
        Place.FACTS,
        ("Fakten sind alt", "facts are old"),
        "Der neueste Fakt ist älter als ein halbes Jahr. Prüfen Sie, ob er noch stimmt, und setzen Sie"
        " das Datum neu.",
        "The newest fact is more than half a year old. Check whether it still holds, and set its date"
        " anew.",
    ),
    "repeated": Advice(
        Place.VARIANTS,
        ("Formulierung doppelt", "phrasing twice"),
        "Eine Formulierung steht doppelt da; einmal genügt.",
        "A phrasing is there twice; once is enough.",
    ),
    "few-phrasings": Advice(
        Place.VARIANTS,
        ("wenige Formulierungen", "few phrasings"),
        "Mit drei bis sechs Formulierungen, wie Menschen sie wirklich schreiben, wird das Gerücht viel"
        " sicherer erkannt.",
        "With three to six phrasings as people really write them the rumour is recognised much more"
        " surely.",
    ),
    "no-language": Advice(
        Place.LANG,
        ("ohne Sprache", "no language"),
        "Die Sprache ist nicht angegeben; sie wird geraten.",
        "The language is not given; it is guessed.",
    ),
    "only-german": Advice(
        Place.VARIANTS,
        ("nur auf Deutsch", "in German only"),
        "Es steht nur auf Deutsch da. Mit einer englischen Formulierung werden auch Beiträge auf"
        " Englisch sicher erkannt.",
        "It is written in German only. With a phrasing in English, posts in English are recognised"
        " surely, too.",
    ),
    "only-english": Advice(
        Place.VARIANTS,
        ("nur auf Englisch", "in English only"),
        "Es steht nur auf Englisch da. Mit einer deutschen Formulierung werden auch Beiträge auf"
        " Deutsch sicher erkannt.",
        "It is written in English only. With a phrasing in German, posts in German are recognised"
        " surely, too.",
    ),
    "no-playbook": Advice(
        Place.PLAYBOOK,
        ("ohne Vorlage", "no playbook"),
        "Keine Vorlage nennt dieses Gerücht oder eines seiner Themen. Bereiten Sie eine vor, dann liegt"
        " im Ernstfall eine Antwort bereit.",
        "No playbook names this rumour or one of its topics. Prepare one, and an answer is at hand"
        " when it counts.",
    ),
    "expired": Advice(
        Place.VALID_UNTIL,
        ("abgelaufen", "past its date"),
        "Der letzte Tag ist vorbei: Dieses Gerücht löst keinen Vorfall mehr aus.",
        "Its last day is over: this rumour opens no incident any more.",
    ),
}
LIVE = frozenset({"no-playbook"})
"""Hints that hang on more than the catalogue: asked for when they are shown, never stored."""
