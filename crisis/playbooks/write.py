"""Write a playbook down as the text of a file: the way back from ``parse``.

Reading what was written gives the same playbook, but for the fingerprint. Blocks stand in the text
in full; sections nobody knows are gone. Saves nothing: see ``folder``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from crisis.playbooks import parts
from crisis.playbooks.blanks import escape
from crisis.playbooks.kinds import checks_of
from crisis.playbooks.limits import CHANNELS
from crisis.playbooks.pins import line as pins_line
from crisis.types import BlankKind, Placeholder, Playbook, PlaybookCheck, Risk

_ENGLISH = {
    "titel": "title",
    "sprache": "lang",
    "geruechte": "rumours",
    "themen": "topics",
    "zielgruppe": "audience",
    "kanaele": "channels",
    "verantwortlich": "owner",
    "kontakt": "contact",
    "risiko": "risk",
    "gueltig_bis": "valid_until",
    "pruefen_bis": "review_by",
    "platzhalter": "placeholders",
    "typ": "type",
    "pruefung": "check",
    "auswahl": "choices",
    "hinweis": "hint",
    "beispiel": "example",
    "bilder": "pictures",
    "datei": "file",
    "alternativtext": "alt",
    "quelle": "source",
    "quellen": "sources",
    "niedrig": "low",
    "hoch": "high",
    "Lage": "Situation",
    "Wann nicht": "When not to use",
    "Vorher prüfen": "Check first",
    "Schritte": "Steps",
    "Erste Meldung": "Holding statement",
    "Antwort": "Answer",
    "Fragen und Antworten": "Questions and answers",
    "Unbequeme Fragen": "Uncomfortable questions",
}
_SAFE = re.compile(r"[^\W_][\w /.()§&+–-]*", re.UNICODE)


def write(playbook: Playbook) -> str:
    """The whole text of its file. German words where the playbook is German, else English."""
    writer = _Writer(german=playbook.lang == "de")
    return "\n".join(["---", *writer.header(playbook), "---", *writer.body(playbook)]) + "\n"


class _Writer:
    """Knows in which language the words of the format are written."""

    def __init__(self, *, german: bool) -> None:
        self.german = german

    def word(self, german: str) -> str:
        return german if self.german else _ENGLISH[german]

    # --- the header ---

    def header(self, playbook: Playbook) -> Iterator[str]:
        yield from self.field("titel", playbook.title)
        yield from self.field("sprache", playbook.lang)
        yield from self.list("geruechte", playbook.rumours)
        yield from self.list("themen", playbook.topics)
        yield from self.field("zielgruppe", playbook.audience)
        yield from self.list("kanaele", [self.channel(code) for code in playbook.answers])
        yield from self.field("verantwortlich", playbook.owner)
        yield from self.field("kontakt", playbook.contact)
        if playbook.risk is not Risk.NORMAL:
            yield from self.field(
                "risiko", self.word("hoch" if playbook.risk is Risk.HIGH else "niedrig")
            )
        yield from self.field("gueltig_bis", str(playbook.valid_until or ""))
        yield from self.field("pruefen_bis", str(playbook.review_by or ""))
        if playbook.placeholders:
            yield f"{self.word('platzhalter')}:"
            for placeholder in playbook.placeholders:
                yield from self.placeholder(placeholder)
        if playbook.pictures:
            yield f"{self.word('bilder')}:"
            for picture in playbook.pictures:
                yield f"  - {self.word('datei')}: {quoted(picture.file)}"
                yield from self.field("alternativtext", picture.alt, "    ")
                yield from self.field("quelle", picture.source, "    ")
        yield from self.list("quellen", playbook.sources)
        pins = {one.file: one.sha256 for one in playbook.pictures if one.sha256}
        if pins:
            yield pins_line(pins, german=self.german)

    def placeholder(self, placeholder: Placeholder) -> Iterator[str]:
        yield f"  - name: {placeholder.name}"
        if placeholder.kind is not BlankKind.TEXT:
            yield from self.field("typ", placeholder.kind.value, "    ")
        if placeholder.choices:
            choices = ", ".join(quoted(choice, flow=True) for choice in placeholder.choices)
            yield f"    {self.word('auswahl')}: [{choices}]"
        yield from self.field("pruefung", ", ".join(checks_of(placeholder)), "    ")
        yield from self.field("hinweis", placeholder.hint, "    ")
        yield from self.field("beispiel", placeholder.example, "    ")

    def field(self, name: str, value: str, margin: str = "") -> Iterator[str]:
        if value:
            yield f"{margin}{self.word(name)}: {quoted(value)}"

    def list(self, name: str, values: Iterable[str]) -> Iterator[str]:
        values = list(values)
        if values:
            yield f"{self.word(name)}:"
            yield from (f"  - {quoted(value)}" for value in values)

    def channel(self, code: str) -> str:
        return CHANNELS[code].words[0 if self.german else 1]

    # --- the sections ---

    def body(self, playbook: Playbook) -> Iterator[str]:
        yield from self.section("Lage", playbook.situation)
        yield from self.section("Wann nicht", playbook.not_when)
        yield from self.section("Vorher prüfen", "\n".join(map(_point, playbook.checks)))
        yield from self.section("Schritte", playbook.steps)
        yield from self.said("Erste Meldung", playbook.holding)
        yield from self.said("Antwort", playbook.answers)
        for heading, uncomfortable in (("Fragen und Antworten", False), ("Unbequeme Fragen", True)):
            wanted = [q for q in playbook.questions if q.uncomfortable is uncomfortable]
            text = "\n\n".join(f"### {_heading(q.question)}\n\n{q.answer}".rstrip() for q in wanted)
            yield from self.section(heading, text)

    def section(self, heading: str, text: str) -> Iterator[str]:
        if text:
            yield from ("", f"## {self.word(heading)}", "", text)

    def said(self, heading: str, texts: Mapping[str, str]) -> Iterator[str]:
        for code, text in texts.items():
            yield from ("", f"## {self.word(heading)}: {self.channel(code)}", "", text)


def quoted(value: str, *, flow: bool = False) -> str:
    """``value`` as YAML reads it back: as it is where that is safe, else in single quotes."""
    safe = (
        _SAFE.fullmatch(value) if flow else _SAFE.fullmatch(value[:1] + value[1:].replace(",", ""))
    )
    if safe and " #" not in value and value == " ".join(value.split()):
        return value
    return "'" + value.replace("'", "''") + "'"


def _point(check: PlaybookCheck) -> str:
    plain = f"- [ ] {check.text}"
    return plain if parts.checks(plain) == [check] else f"- [ ] {escape(check.text)}"


def _heading(words: str) -> str:
    again = parts.questions(f"### {words}")
    return words if [q.question for q in again] == [words] else escape(words)
