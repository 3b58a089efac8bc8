"""What may be wrong with the sections of a playbook and the blanks in them.

What stands inside one answer is looked at by ``answers``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from crisis.playbooks import parts
from crisis.playbooks.answers import check_answer
from crisis.playbooks.blanks import blanks, malformed
from crisis.playbooks.examined import Examined
from crisis.playbooks.personal import findings
from crisis.playbooks.sections import FILLED, SAID, Kind, Section, in_code

# Parts every playbook is better for: kind, German, English.
_HELPFUL = (
    (Kind.NOT, "Wann nicht", "When not to use"),
    (Kind.CHECKS, "Vorher prüfen", "Check first"),
    (Kind.HOLDING, "Erste Meldung", "Holding statement"),
    (Kind.QUESTIONS, "Fragen und Antworten", "Questions and answers"),
)
_REACHED = re.compile(r"\d{3}|@|https?://|telefon|phone|helpline|hotline", re.IGNORECASE)


class SectionCheck(Examined):
    """The sections, one after the other."""

    def run(self) -> None:
        """Look at everything."""
        self.sections()
        self.blanks()
        self.press()
        for section in self.reading.sections:
            if section.kind in SAID and section.channel:
                lang = self.head.value("lang").casefold()
                self.problems += check_answer(self.file, section, self.examples(), lang)
            for code, de, en, offset in findings(section.text):
                self.note(
                    section.text_line + section.text.count("\n", 0, offset), "warning", code, de, en
                )

    def press(self) -> None:
        """Journalists must be able to ask."""
        if self.head.value("contact"):
            return
        for section in self.answers():
            if section.channel == "press" and not _REACHED.search(section.text):
                self.note(
                    section.line,
                    "warning",
                    "contact-missing",
                    "Wen kann die Presse fragen? Nennen Sie eine Stelle mit Nummer oder Adresse, hier "
                    "oder im Kopf als „kontakt“.",
                    "Whom can the press ask? Name a unit with number or address, here or in the "
                    'header as "contact".',
                )

    def sections(self) -> None:
        kinds = {section.kind for section in self.reading.sections}
        if Kind.ANSWER not in kinds:
            self.note(
                1,
                "error",
                "no-answer",
                "Es gibt keine Antwort. Fügen Sie einen Abschnitt „## Antwort: website“ hinzu.",
                'There is no answer. Add a section "## Answer: website".',
            )
        for kind, de, en in (
            (Kind.SITUATION, "Lage", "Situation"),
            (Kind.STEPS, "Schritte", "Steps"),
        ):
            if kind not in kinds:
                self.note(
                    1,
                    "warning",
                    f"{kind}-missing",
                    f"Der Abschnitt „## {de}“ fehlt.",
                    f'The section "## {en}" is missing.',
                )
        lacking = [part for part in _HELPFUL if part[0] not in kinds]
        if lacking:
            self.note(
                1,
                "hint",
                "parts-missing",
                "Im Ernstfall helfen auch: "
                + ", ".join(f"„## {de}“" for _, de, _ in lacking)
                + ".",
                "Also of help when it happens: "
                + ", ".join(f'"## {en}"' for *_, en in lacking)
                + ".",
            )
        for section in self.reading.sections:
            self.section(section)
            self.inside(section)

    def section(self, section: Section) -> None:
        if section.kind is Kind.NONE:
            self.note(
                section.text_line,
                "warning",
                "text-before-sections",
                "Dieser Text steht vor dem ersten Abschnitt („## …“) und wird nirgends gezeigt.",
                'This text stands before the first section ("## …") and is shown nowhere.',
            )
        elif section.kind is Kind.UNKNOWN:
            self.note(
                section.line,
                "warning",
                "section-unknown",
                f"Den Abschnitt „{section.heading}“ gibt es nicht; er wird nirgends gezeigt. Möglich "
                "sind Lage, Wann nicht, Vorher prüfen, Schritte, Erste Meldung, „Antwort: …“, Fragen und "
                "Antworten, Unbequeme Fragen. Überschriften darin haben drei Rauten (###).",
                f'There is no section "{section.heading}"; it is shown nowhere. Possible are '
                'Situation, When not to use, Check first, Steps, Holding statement, "Answer: …", Questions '
                "and answers, Uncomfortable questions. Headings inside them have three hashes (###).",
            )
        elif not section.text:
            answer = section.kind in SAID
            self.note(
                section.line,
                "error" if answer else "warning",
                "section-empty",
                f"Der Abschnitt „{section.heading}“ ist leer.",
                f'The section "{section.heading}" is empty.',
            )

    def inside(self, section: Section) -> None:
        """Parts of a section that nobody would see."""
        lines = section.text.split("\n")
        if in_code([*lines, ""])[-1]:
            self.note(
                section.text_line + len(lines) - 1,
                "warning",
                "code-unclosed",
                "Ein Block mit ``` wird nicht geschlossen: Alles danach gehört noch dazu.",
                "A block of ``` is not closed: everything behind belongs to it.",
            )
        if section.kind is Kind.CHECKS and section.text and not parts.checks(section.text):
            self.note(
                section.text_line,
                "warning",
                "checks-no-points",
                "Hier steht keine Liste. Jede Prüfung beginnt mit „- [ ] “ auf einer eigenen Zeile.",
                'There is no list here. Every check begins with "- [ ] " on a line of its own.',
            )
        asks = section.kind in (Kind.QUESTIONS, Kind.UNCOMFORTABLE)
        if asks and section.text and not parts.questions(section.text):
            self.note(
                section.text_line,
                "warning",
                "questions-no-headings",
                "Hier steht keine Frage. Jede Frage ist eine Überschrift mit drei Rauten: ### Darf ich …?",
                "There is no question here. Every question is a heading of three hashes: ### May I …?",
            )
        for one in parts.questions(section.text) if asks else ():
            if not one.answer.strip():
                self.note(
                    section.line,
                    "warning",
                    "question-unanswered",
                    f"Die Frage „{one.question}“ hat keine Antwort.",
                    f'The question "{one.question}" has no answer.',
                )

    def blanks(self) -> None:
        declared = self.examples()
        used = set(blanks(self.head.value("title")))
        for name in used - set(declared):
            self.undeclared(name, self.head.line("title"), declared)
        for section in self.reading.sections:
            self.malformed(section, declared)
            names = blanks(section.text)
            if section.kind not in FILLED:
                self.not_filled(section, names)
                continue
            for name in names:
                if name not in declared and name not in used:
                    self.undeclared(name, _line_of(section, name), declared)
            used.update(names)
        for blank in self.head.placeholders:
            if blank.name.value not in used:
                self.note(
                    blank.name.line,
                    "warning",
                    "blank-unused",
                    f"„{blank.name.value}“ ist angelegt, kommt aber in keiner Antwort vor.",
                    f'"{blank.name.value}" is declared but used in no answer.',
                )

    def undeclared(self, name: str, line: int, declared: Iterable[str]) -> None:
        close = difflib.get_close_matches(name, list(declared), n=1)
        self.note(
            line,
            "error",
            "blank-undeclared",
            f"Die Lücke „{{{{ {name} }}}}“ ist im Kopf nicht unter „platzhalter“ angelegt."
            + (f" Meinten Sie „{close[0]}“?" if close else ""),
            f'The blank "{{{{ {name} }}}}" is not declared under "placeholders" in the header.'
            + (f' Did you mean "{close[0]}"?' if close else ""),
        )

    def malformed(self, section: Section, declared: dict[str, str]) -> None:
        for offset, piece in malformed(section.text, declared):
            self.note(
                section.text_line + section.text.count("\n", 0, offset),
                "error",
                "blank-malformed",
                f"„{piece}“ ist keine gültige Lücke. Schreiben Sie sie so: {{{{ ortsteil }}}} – kleine "
                "Buchstaben a–z, Ziffern und _.",
                f'"{piece}" is no valid blank. Write it like this: {{{{ district }}}} – small '
                "letters a–z, digits and _.",
            )

    def not_filled(self, section: Section, names: list[str]) -> None:
        for name in names:
            self.note(
                _line_of(section, name),
                "warning",
                "blank-outside-answer",
                f"„{{{{ {name} }}}}“ steht nicht in einer Antwort und wird hier nicht ausgefüllt.",
                f'"{{{{ {name} }}}}" does not stand in an answer and is not filled in here.',
            )


def _line_of(section: Section, name: str) -> int:
    found = re.search(r"\{\{[ \t]*" + re.escape(name) + r"[ \t]*\}\}", section.text)
    return section.text_line + (section.text.count("\n", 0, found.start()) if found else 0)
