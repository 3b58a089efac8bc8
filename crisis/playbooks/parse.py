"""Read a playbook: from the text of a file to a ``Playbook``. No disk, no clock, no judgement of style.

A playbook can be used only if its header is complete and its sections are clear. Everything else that
may be wrong with it is said by ``check``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from crisis.errors import PlaybookError
from crisis.playbooks import parts
from crisis.playbooks.blanks import with_kinds
from crisis.playbooks.blocks import includes
from crisis.playbooks.declared import pictures, placeholders
from crisis.playbooks.header import GERMAN, Header, read_header
from crisis.playbooks.limits import channel_words
from crisis.playbooks.problem import Problem
from crisis.playbooks.sections import SAID, Kind, Section, read_sections
from crisis.types import Picture, Placeholder, Playbook, QuestionAnswer, Risk

REQUIRED = ("title", "lang", "owner", "valid_until")
_LANG = re.compile(r"[a-z]{2,3}")
_RUMOUR = re.compile(r"[a-z0-9][a-z0-9._-]*")
RISKS = {
    "niedrig": Risk.LOW,
    "low": Risk.LOW,
    "normal": Risk.NORMAL,
    "mittel": Risk.NORMAL,
    "medium": Risk.NORMAL,
    "hoch": Risk.HIGH,
    "high": Risk.HIGH,
}
_GERMAN_DATE = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a file: the playbook unless an error stands against it, and its parts
    with their lines for those who look closer."""

    playbook: Playbook | None
    header: Header
    sections: list[Section] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    valid_until: date | None = None
    review_by: date | None = None
    risk: Risk = Risk.NORMAL
    placeholders: tuple[Placeholder, ...] = ()
    pictures: tuple[Picture, ...] = ()


def parse(name: str, text: str) -> Playbook:
    """The playbook in ``text``, the whole file with its blocks in place (see ``blocks``). ``name`` is
    its path in the folder without ".md".

    ``sha256`` covers exactly the UTF-8 bytes of ``text``.

    Raises:
        PlaybookError: it cannot be used; names file and line of the first reason, and counts others.
    """
    reading = read(name, text)
    if reading.playbook is not None:
        return reading.playbook
    errors = [problem for problem in reading.problems if problem.severity == "error"]
    first, more = errors[0], len(errors) - 1
    raise PlaybookError(
        f"{first.file}, Zeile {first.line}: {first.de}"
        + (f" (und {more} weitere)" if more else ""),
        f"{first.file}, line {first.line}: {first.en}" + (f" (and {more} more)" if more else ""),
    )


@lru_cache(maxsize=512)  # every page that offers answers reads the whole folder
def read(name: str, text: str) -> Reading:
    """As ``parse``, but raises nothing: whatever keeps it from being used stands in ``problems``.

    The same text gives the same object again: change nothing in it.
    """
    file = f"{name}.md"
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    end = _end_of_header(lines)
    if end is None or not _is_encodable(text):
        header = Header(file)
        _note_no_header(header, lines)
        return Reading(None, header, [], header.problems)
    header = read_header(file, lines[1:end])
    _note_missing(header)
    sections = read_sections(lines[end + 1 :], end + 2)
    reading = Reading(
        playbook=None,
        header=header,
        sections=sections,
        valid_until=_date(header, "valid_until"),
        review_by=_date(header, "review_by"),
        risk=_risk(header),
        placeholders=placeholders(header, sections),
        pictures=pictures(header),
    )
    _check_rumours(header)
    _note_open_blocks(header, "\n".join(lines))
    problems = header.problems + _section_problems(file, sections)
    problems.sort(key=lambda problem: problem.line)
    broken = any(problem.severity == "error" for problem in problems)
    playbook = None if broken else _playbook(name, text, reading)
    return replace(reading, playbook=playbook, problems=problems)


def sha256(text: str) -> str:
    """The fingerprint an approval is bound to: SHA-256 of the UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _end_of_header(lines: list[str]) -> int | None:
    """Index of the line that closes the header, or None where there is none."""
    if lines[0].rstrip() != "---":
        return None
    return next((n for n, line in enumerate(lines) if n and line.rstrip() == "---"), None)


def _is_encodable(text: str) -> bool:
    return not any("\ud800" <= c <= "\udfff" for c in text)


def _note_no_header(header: Header, lines: list[str]) -> None:
    bad = next((n for n, line in enumerate(lines, 1) if not _is_encodable(line)), 0)
    if bad:
        header.note(
            bad,
            "error",
            "file-encoding",
            "Hier steht ein Zeichen, das kein UTF-8 ist. Speichern Sie die Datei als UTF-8.",
            "There is a character here that is not UTF-8. Save the file as UTF-8.",
        )
    elif lines[0].rstrip() != "---":
        header.note(
            1,
            "error",
            "header-missing",
            "Die erste Zeile muss aus drei Strichen bestehen: ---",
            "The first line must consist of three dashes: ---",
        )
    else:
        header.note(
            1,
            "error",
            "header-unclosed",
            "Der Kopf wird nicht beendet. Nach dem letzten Feld gehört eine Zeile mit drei Strichen.",
            "The header is not closed. A line of three dashes belongs after its last field.",
        )


def _note_missing(header: Header) -> None:
    if any(problem.code.startswith(("yaml", "header")) for problem in header.problems):
        return  # nothing could be read: do not blame the author for fields that are there
    for name in REQUIRED:
        if not header.value(name) and not _has_shape_problem(header, name):
            header.note(
                header.line(name),
                "error",
                f"{name.replace('_', '-')}-missing",
                f"Im Kopf fehlt „{GERMAN[name]}“.",
                f'The header lacks "{name}".',
            )
    lang = header.scalars.get("lang")
    if lang and not _LANG.fullmatch(lang.value.casefold()):
        header.note(
            lang.line,
            "error",
            "lang-invalid",
            f"Die Sprache „{lang.value}“ ist kein Kürzel. Schreiben Sie zum Beispiel de oder en.",
            f'The language "{lang.value}" is no code. Write de or en, for example.',
        )


def _has_shape_problem(header: Header, name: str) -> bool:
    line = header.lines.get(name)
    return any(p.code == "field-shape" and p.line == line for p in header.problems)


def _date(header: Header, name: str) -> date | None:
    found = header.scalars.get(name)
    if found is None:
        return None
    german = _GERMAN_DATE.fullmatch(found.value)
    try:
        if german:
            return date(int(german[3]), int(german[2]), int(german[1]))
        return date.fromisoformat(found.value)
    except ValueError:
        header.note(
            found.line,
            "error",
            f"{name.replace('_', '-')}-invalid",
            f"„{found.value}“ ist kein Datum. Schreiben Sie es so: 2027-12-31",
            f'"{found.value}" is no date. Write it like this: 2027-12-31',
        )
        return None


def _risk(header: Header) -> Risk:
    found = header.scalars.get("risk")
    if found is None:
        return Risk.NORMAL
    risk = RISKS.get(found.value.casefold())
    if risk is None:
        header.note(
            found.line,
            "error",
            "risk-unknown",
            f"Das Risiko „{found.value}“ gibt es nicht. Möglich sind: niedrig, normal, hoch.",
            f'There is no risk "{found.value}". Possible are: low, normal, high.',
        )
    return risk or Risk.NORMAL


def _note_open_blocks(header: Header, text: str) -> None:
    """A block that is still asked for: nobody put it in place."""
    for line, name in includes(text):
        header.note(
            line + 1,
            "error",
            "block-open",
            f"Der Baustein „{name}“ ist hier nicht eingesetzt. Er muss im Ordner bausteine liegen.",
            f'The block "{name}" is not in place here. It must lie in the folder bausteine.',
        )


def _check_rumours(header: Header) -> None:
    for rumour in header.lists.get("rumours", []):
        if not _RUMOUR.fullmatch(rumour.value):
            header.note(
                rumour.line,
                "error",
                "rumour-name",
                f"„{rumour.value}“ ist kein Kürzel eines Gerüchts. Kürzel stehen im Katalog, "
                "zum Beispiel: trinkwasser-vergiftet",
                f'"{rumour.value}" is no rumour\'s short name. They stand in the catalogue, '
                "for example: trinkwasser-vergiftet",
            )


def _section_problems(file: str, sections: list[Section]) -> list[Problem]:
    problems: list[Problem] = []
    seen: set[tuple[Kind, str]] = set()
    for section in sections:
        if section.kind in SAID and not section.channel:
            known_de, known_en = ", ".join(channel_words("de")), ", ".join(channel_words("en"))
            problems.append(
                Problem(
                    file,
                    section.line,
                    "error",
                    "answer-channel",
                    f"Den Kanal „{section.channel_word}“ gibt es nicht. Möglich sind: {known_de}.",
                    f'There is no channel "{section.channel_word}". Possible are: {known_en}.',
                )
            )
        elif section.kind not in (Kind.UNKNOWN, Kind.NONE):
            if (section.kind, section.channel) in seen:
                problems.append(
                    Problem(
                        file,
                        section.line,
                        "error",
                        "section-twice",
                        f"Der Abschnitt „{section.heading}“ steht zweimal da.",
                        f'The section "{section.heading}" is there twice.',
                    )
                )
            seen.add((section.kind, section.channel))
    return problems


def _playbook(name: str, text: str, reading: Reading) -> Playbook:
    header, sections = reading.header, reading.sections
    by_kind = {section.kind: section.text for section in sections}
    known = {placeholder.name: placeholder for placeholder in reading.placeholders}

    def said(kind: Kind) -> dict[str, str]:
        return {s.channel: with_kinds(s.text, known) for s in sections if s.kind is kind and s.text}

    def asked(kind: Kind) -> list[QuestionAnswer]:
        text = with_kinds(by_kind.get(kind, ""), known)
        return parts.questions(text, uncomfortable=kind is Kind.UNCOMFORTABLE)

    return Playbook(
        name=name,
        sha256=sha256(text),
        text=text,
        title=header.value("title"),
        lang=header.value("lang").casefold(),
        rumours=_values(header, "rumours"),
        topics=_values(header, "topics"),
        audience=header.value("audience"),
        owner=header.value("owner"),
        contact=header.value("contact"),
        risk=reading.risk,
        valid_until=reading.valid_until,
        review_by=reading.review_by,
        placeholders=reading.placeholders,
        pictures=reading.pictures,
        sources=_values(header, "sources"),
        situation=by_kind.get(Kind.SITUATION, ""),
        not_when=by_kind.get(Kind.NOT, ""),
        checks=tuple(parts.checks(by_kind.get(Kind.CHECKS, ""))),
        steps=by_kind.get(Kind.STEPS, ""),
        questions=(*asked(Kind.QUESTIONS), *asked(Kind.UNCOMFORTABLE)),
        holding=said(Kind.HOLDING),
        answers=said(Kind.ANSWER),
    )


def _values(header: Header, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.value for text in header.lists.get(name, [])))
