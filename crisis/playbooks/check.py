"""Everything that is wrong with a playbook, at once, with lines, for the people who write them.

Judges a text; changes nothing and reads no file. What stands in an answer is looked at by
``answers``; what keeps a playbook from being read at all, by ``parse``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterable
from datetime import date, timedelta

from crisis.playbooks.answers import check_answer
from crisis.playbooks.blanks import blanks, malformed
from crisis.playbooks.header import Header, Text
from crisis.playbooks.kinds import example_of
from crisis.playbooks.limits import channel_code, channel_words
from crisis.playbooks.parse import Reading, read
from crisis.playbooks.problem import Problem, Severity
from crisis.playbooks.sections import FILLED, SAID, Kind, Section

SOON = timedelta(days=30)  # before its last day, an owner has time to renew a playbook

_HONEST = re.compile(
    r"\b(gerücht|gerüchte|rumour|rumor|falsch\w*|false|fakten?\w*|facts?|kein\w*|nicht|not?|never|"
    r"sicher\w*|safe)\b",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"^[\w-]+:[ \t]+[^\"'\[{|>\s][^\n]*? #(?=\w)")


def check(
    name: str, text: str, *, today: date, rumour_ids: Container[str] | None = None
) -> list[Problem]:
    """All problems of the playbook ``name``, whose file holds ``text``, sorted by line.

    ``today`` is the authority's calendar day. ``rumour_ids`` are those of the catalogue; None if it
    is not at hand. Raises nothing. An empty list: nothing to improve.
    """
    reading = read(name, text)
    found = _Check(reading, reading.header.file)
    if not _is_unreadable(reading.header):
        found.dates(today)
        found.header_only(name)
        found.remarks(text)
        found.channels()
        found.subjects(rumour_ids)
        found.title()
    if reading.sections or not _is_unreadable(reading.header):
        found.sections()
        found.blanks()
        for section in reading.sections:
            if section.kind in SAID and section.channel:
                found.problems += check_answer(found.file, section, found.examples())
    return sorted(set(found.problems), key=_by_line)


def _by_line(problem: Problem) -> tuple[int, int, str, str]:
    return problem.line, ("error", "warning", "hint").index(problem.severity), *_tail(problem)


def _tail(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.en


def _is_unreadable(header: Header) -> bool:
    return any(p.code.startswith(("yaml", "header", "file")) for p in header.problems)


class _Check:
    """One playbook under examination, and what was found so far."""

    def __init__(self, reading: Reading, file: str) -> None:
        self.reading = reading
        self.head = reading.header
        self.file = file
        self.problems = list(reading.problems)

    def note(self, line: int, severity: Severity, code: str, de: str, en: str) -> None:
        self.problems.append(Problem(self.file, line, severity, code, de, en))

    def examples(self) -> dict[str, str]:
        """A value for every declared blank: its example, or its name."""
        return {p.name: example_of(p) for p in self.reading.placeholders}

    def answers(self) -> list[Section]:
        return [s for s in self.reading.sections if s.kind is Kind.ANSWER and s.channel]

    # --- the header ---

    def dates(self, today: date) -> None:
        last = self.reading.valid_until
        if last is None:
            return
        line = self.head.line("valid_until")
        if last < today:
            self.note(
                line,
                "error",
                "expired",
                f"Abgelaufen am {last:%d.%m.%Y}. Prüfen Sie den Inhalt und setzen Sie einen neuen Tag.",
                f"Expired on {last:%Y-%m-%d}. Review the content and set a new day.",
            )
        elif last - today <= SOON:
            self.note(
                line,
                "warning",
                "expires-soon",
                f"Läuft am {last:%d.%m.%Y} ab. Danach wird es nicht mehr angeboten.",
                f"Expires on {last:%Y-%m-%d}. It is not offered after that.",
            )

    def header_only(self, name: str) -> None:
        last = name.rsplit("/", 1)[-1]
        suffix = last.rsplit(".", 1)[-1] if "." in last else ""
        lang = self.head.value("lang").casefold()
        if suffix and lang and suffix != lang:
            self.note(
                self.head.line("lang"),
                "warning",
                "lang-name",
                f"Die Datei heißt „….{suffix}.md“, die Sprache ist aber „{lang}“.",
                f'The file is named "….{suffix}.md", but its language is "{lang}".',
            )
        for field_name, de, en in _GOOD_TO_HAVE:
            if field_name not in self.head.lines:
                self.note(1, "hint", f"{field_name}-missing", de, en)
        for blank in self.head.placeholders:
            if not blank.example:
                self.note(
                    blank.name.line,
                    "hint",
                    "placeholder-example",
                    f"„{blank.name.value}“ hat kein Beispiel. Mit Beispiel lässt sich die Länge prüfen.",
                    f'"{blank.name.value}" has no example. With one, lengths can be checked.',
                )

    def remarks(self, text: str) -> None:
        """A value that YAML cuts off at a hash sign."""
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for number, line in enumerate(lines[1:], start=2):
            if line.rstrip() == "---":
                return
            if _CUT_OFF.match(line):
                self.note(
                    number,
                    "warning",
                    "value-cut-off",
                    "Alles nach # gilt als Bemerkung und fehlt im Wert. "
                    "Setzen Sie den Wert in Anführungszeichen.",
                    "Everything after # is a remark and missing from the value. "
                    "Put the value in quotation marks.",
                )

    def channels(self) -> None:
        listed: set[str] = set()
        present = {section.channel for section in self.answers()}
        for word in self.head.lists.get("channels", []):
            code = channel_code(word.value)
            if code is None:
                self.unknown_channel(word)
            elif code not in present:
                self.note(
                    word.line,
                    "error",
                    "channel-without-answer",
                    f"Für „{word.value}“ fehlt der Abschnitt „## Antwort: {word.value}“.",
                    f'The section "## Answer: {word.value}" is missing.',
                )
            listed.add(code or "")
        if "channels" not in self.head.lists:
            return
        for section in self.answers():
            if section.channel not in listed:
                self.note(
                    section.line,
                    "error",
                    "answer-not-listed",
                    f"„{section.channel_word}“ fehlt im Kopf bei „kanaele“.",
                    f'"{section.channel_word}" is missing from "channels" in the header.',
                )

    def unknown_channel(self, word: Text) -> None:
        known = channel_words("de") + channel_words("en")
        close = difflib.get_close_matches(word.value.casefold(), known, n=1)
        self.note(
            word.line,
            "error",
            "channel-unknown",
            f"Den Kanal „{word.value}“ gibt es nicht."
            + (f" Meinten Sie „{close[0]}“?" if close else "")
            + f" Möglich sind: {', '.join(channel_words('de'))}.",
            f'There is no channel "{word.value}".'
            + (f' Did you mean "{close[0]}"?' if close else "")
            + f" Possible are: {', '.join(channel_words('en'))}.",
        )

    def subjects(self, rumour_ids: Container[str] | None) -> None:
        rumours = self.head.lists.get("rumours", [])
        if not rumours and not self.head.lists.get("topics"):
            self.note(
                1,
                "warning",
                "no-subject",
                "Weder „geruechte“ noch „themen“ sind angegeben. So wird diese Vorlage selten "
                "vorgeschlagen.",
                'Neither "rumours" nor "topics" are given. This playbook will rarely be suggested.',
            )
        for rumour in rumours:
            if rumour_ids is not None and rumour.value not in rumour_ids:
                close = _closest(rumour.value, rumour_ids)
                self.note(
                    rumour.line,
                    "warning",
                    "rumour-unknown",
                    f"Das Gerücht „{rumour.value}“ steht nicht im Katalog."
                    + (f" Meinten Sie „{close}“?" if close else ""),
                    f'The rumour "{rumour.value}" is not in the catalogue.'
                    + (f' Did you mean "{close}"?' if close else ""),
                )

    def title(self) -> None:
        title = self.head.value("title")
        line = self.head.line("title")
        if title.endswith("?"):
            self.note(
                line,
                "hint",
                "title-question",
                "Die Überschrift ist eine Frage. Viele lesen nur sie: Sagen Sie dort, was stimmt.",
                "The headline is a question. Many read nothing else: say there what is true.",
            )
        words = _plain(title)
        for rumour in self.head.lists.get("rumours", []):
            claim = [part for part in re.split(r"[-._]", rumour.value) if len(part) > 3]
            repeats = claim and all(any(c[:6] in word for word in words) for c in claim)
            if repeats and not _HONEST.search(title):
                self.note(
                    line,
                    "hint",
                    "title-repeats-claim",
                    "Die Überschrift wiederholt die falsche Behauptung. Sagen Sie besser, was stimmt.",
                    "The headline repeats the false claim. Better say what is true.",
                )
                return

    # --- the sections ---

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
        for section in self.reading.sections:
            self.section(section)

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


_GOOD_TO_HAVE = (
    (
        "channels",
        "Im Kopf fehlt „kanaele“, die Liste der Kanäle, für die es Antworten gibt.",
        'The header lacks "channels", the list of channels there are answers for.',
    ),
    (
        "audience",
        "Im Kopf fehlt „zielgruppe“: An wen richten sich die Antworten?",
        'The header lacks "audience": whom are the answers for?',
    ),
    (
        "sources",
        "Im Kopf fehlen „quellen“: Worauf stützen sich die Antworten?",
        'The header lacks "sources": what are the answers based on?',
    ),
)


def _line_of(section: Section, name: str) -> int:
    found = re.search(r"\{\{[ \t]*" + re.escape(name) + r"[ \t]*\}\}", section.text)
    return section.text_line + (section.text.count("\n", 0, found.start()) if found else 0)


def _closest(name: str, known: Container[str]) -> str:
    names = [str(one) for one in known] if isinstance(known, Iterable) else []
    return next(iter(difflib.get_close_matches(name, names, n=1)), "")


def _plain(text: str) -> list[str]:
    text = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return re.findall(r"\w+", text)
