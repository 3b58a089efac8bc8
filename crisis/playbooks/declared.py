"""The blanks and pictures of a playbook: what its header declares, and what its texts add inline.

Notes what cannot be understood. Whether a blank is used, and has an example, is asked by ``check``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from crisis.playbooks.blanks import NAME, typed
from crisis.playbooks.header import Blank, Header, Text, normal
from crisis.playbooks.kinds import GERMAN, WORDS, limited, read_spec, usable_choices
from crisis.playbooks.pins import read_pins
from crisis.playbooks.sections import FILLED, Section
from crisis.types import BlankKind, Picture, Placeholder

PICTURE = re.compile(
    r"(?:[a-z0-9][a-z0-9_-]{0,59}/){0,3}[a-z0-9][a-z0-9_.-]{0,79}\.(?:png|jpe?g|webp)"
)
_KINDS_DE = ", ".join(GERMAN.values())
_KINDS_EN = ", ".join(kind.value for kind in BlankKind)


def placeholders(header: Header, sections: Iterable[Section]) -> tuple[Placeholder, ...]:
    """All blanks that are declared, those of the header first."""
    found: dict[str, Placeholder] = {}
    settled: set[str] = set()  # whose kind somebody has written down
    for blank in header.placeholders:
        _check_name(header, blank)
        found[blank.name.value] = _from_header(header, blank)
        if blank.kind or blank.check or blank.choices:
            settled.add(blank.name.value)
    for name, spec, line in _inline(sections):
        made = read_spec(name, spec)
        if made is None:
            header.note(line, "error", "blank-kind", *_no_kind(spec))
            continue
        known = found.get(name, Placeholder(name=name))
        merged = replace(made, hint=known.hint, example=known.example)
        if name in settled and merged != known:
            header.note(
                line,
                "error",
                "blank-kinds-differ",
                f"Die Lücke „{name}“ ist an anderer Stelle anders beschrieben. Geben Sie den Typ nur "
                "einmal an.",
                f'The blank "{name}" is described differently elsewhere. Give its type only once.',
            )
            continue
        found[name] = merged
        settled.add(name)
    return tuple(found.values())


def pictures(header: Header) -> tuple[Picture, ...]:
    """The pictures the header names, tied to their bytes where their checksums stand there, too."""
    pins = read_pins(header.lists.get("checksums", []))
    for image in header.pictures:
        if not PICTURE.fullmatch(image.file.value):
            header.note(
                image.file.line,
                "error",
                "picture-file",
                f"„{image.file.value}“ kann kein Bild sein. Bilder liegen neben den Vorlagen, zum "
                "Beispiel bilder/karte.png (png, jpg oder webp; kleine Buchstaben).",
                f'"{image.file.value}" cannot be a picture. Pictures lie beside the playbooks, for '
                "example bilder/map.png (png, jpg or webp; small letters).",
            )
    return tuple(
        Picture(
            file=image.file.value,
            alt=image.alt,
            source=image.source,
            sha256=pins.get(image.file.value, ""),
        )
        for image in header.pictures
    )


def _inline(sections: Iterable[Section]) -> Iterator[tuple[str, str, int]]:
    """Every blank whose text says its kind: name, what is written, its line in the file."""
    for section in sections:
        if section.kind in FILLED:
            for name, spec, offset in typed(section.text):
                if spec:
                    yield name, spec, section.text_line + section.text.count("\n", 0, offset)


def _check_name(header: Header, blank: Blank) -> None:
    if NAME.fullmatch(blank.name.value):
        return
    better = re.sub(r"[^a-z0-9]+", "_", normal(blank.name.value)).strip("_")
    better = better if NAME.fullmatch(better) else "ortsteil"
    header.note(
        blank.name.line,
        "error",
        "placeholder-name",
        f"„{blank.name.value}“ geht nicht als Name eines Platzhalters: nur kleine Buchstaben "
        f"a–z, Ziffern und _, höchstens 40. Zum Beispiel: {better}",
        f'"{blank.name.value}" cannot name a placeholder: only small letters a–z, digits and '
        f"_, at most 40. For example: {better}",
    )


def _from_header(header: Header, blank: Blank) -> Placeholder:
    plain = Placeholder(name=blank.name.value, hint=blank.hint, example=blank.example)
    kind = _kind(header, blank)
    if kind is BlankKind.CHOICE:
        choices = tuple(dict.fromkeys(text.value for text in blank.choices))
        if not usable_choices(choices):
            header.note(
                (blank.choices[0] if blank.choices else blank.name).line,
                "error",
                "placeholder-choices",
                "Eine Auswahl braucht zwei bis zwanzig Möglichkeiten ohne Klammern, zum Beispiel: "
                "auswahl: [ja, nein]",
                "A choice needs two to twenty options without brackets, for example: "
                "choices: [yes, no]",
            )
            return plain
        return replace(plain, kind=kind, choices=choices)
    made = replace(plain, kind=kind)
    if blank.check is None:
        return made
    checks = [check.strip() for check in blank.check.value.split(",") if check.strip()]
    checked = limited(made, checks)
    if checked is None:
        header.note(
            blank.check.line,
            "error",
            "placeholder-check",
            f"Die Prüfung „{blank.check.value}“ passt hier nicht. Möglich sind: mindestens 1, "
            "höchstens 60 (bei Zahlen der Wert, sonst Zeichen), bei Tagen und Zeitpunkten: zukunft "
            "oder vergangenheit.",
            f'The check "{blank.check.value}" does not fit here. Possible are: min 1, max 60 (the '
            "value of a number, otherwise characters), for days and moments: future or past.",
        )
    return checked or made


def _kind(header: Header, blank: Blank) -> BlankKind:
    if blank.kind is None:
        return BlankKind.CHOICE if blank.choices else BlankKind.TEXT
    kind = WORDS.get(normal(blank.kind.value))
    if kind is None:
        _note_kind(header, blank.kind)
    return kind or BlankKind.TEXT


def _note_kind(header: Header, text: Text) -> None:
    header.note(text.line, "error", "placeholder-kind", *_no_kind(text.value))


def _no_kind(written: str) -> tuple[str, str]:
    return (
        (
            f"Den Typ „{written}“ gibt es nicht. Möglich sind: {_KINDS_DE}. Eine Auswahl schreiben Sie "
            "so: auswahl(ja, nein)"
        ),
        (
            f'There is no type "{written}". Possible are: {_KINDS_EN}. A choice is written like this: '
            "choice(yes, no)"
        ),
    )
