"""Ties a playbook to the very bytes of its pictures: a line of checksums in the header of its whole text.

So that an approval, which is bound to the text, is bound to what the pictures show, too. The program puts
the line in; one that somebody wrote is put right. Opens no file: it is given the pictures' checksums.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from crisis.errors import CrisisError, NotFoundError
from crisis.playbooks.blocks import Origin, Whole
from crisis.playbooks.header import Text, read_header
from crisis.playbooks.problem import Problem

if TYPE_CHECKING:
    from crisis.playbooks.picture_file import PictureFile

GERMAN, ENGLISH = "pruefsummen", "checksums"
_LINE = re.compile(rf"(?:{GERMAN}|{ENGLISH}):[ \t]*\[[^\n]*\][ \t]*")
_PIN = re.compile(r"(?P<file>\S{1,200}) (?P<sha256>[0-9a-f]{64})")

Look = Callable[[str], "PictureFile"]  # by its name below the folder; raises CrisisError


def pinned(name: str, made: Whole, look: Look) -> Whole:
    """``made``, the playbook ``name``, with the checksums of its pictures as the last line of its header.

    Without pictures it is ``made`` itself. Pictures that cannot be had get none and stand in ``problems``.
    """
    lines = made.text.split("\n")
    end = _end(lines)
    if end is None or ("bilder" not in made.text and "pictures" not in made.text):
        return made
    header = read_header(f"{name}.md", [line.rstrip("\r") for line in lines[1:end]])
    if not header.pictures:
        return made
    origins = made.origins or tuple(Origin(n) for n in range(1, len(lines) + 1))
    kept = [n for n in range(len(lines)) if n >= end or not _LINE.fullmatch(lines[n].rstrip("\r"))]
    problems, pins = list(made.problems), {}
    for image in header.pictures:
        try:
            found = look(image.file.value)
        except CrisisError as error:
            problems.append(_refused(name, image.file, error, origins))
            continue
        pins[image.file.value] = found.sha256
        problems += _remarks(name, image.file, found, origins)
    if not pins:
        return replace(made, problems=problems, origins=origins)
    german = header.value("lang").casefold() in ("", "de")
    at = kept.index(end)
    words = [lines[n] for n in kept]
    whence = [origins[n] for n in kept]
    words.insert(at, line(pins, german=german))
    whence.insert(at, origins[header.line("pictures") - 1])
    return replace(made, text="\n".join(words), origins=tuple(whence), problems=problems)


def line(pins: Mapping[str, str], *, german: bool = True) -> str:
    """The line of the header for these checksums, by file."""
    said = ", ".join(f"{file} {sha256}" for file, sha256 in pins.items())
    return f"{GERMAN if german else ENGLISH}: [{said}]"


def read_pins(texts: Sequence[Text]) -> dict[str, str]:
    """The checksums by file; what is none is passed over."""
    found = (_PIN.fullmatch(text.value) for text in texts)
    return {hit["file"]: hit["sha256"] for hit in found if hit}


def _end(lines: list[str]) -> int | None:
    if lines[0].removeprefix("\ufeff").rstrip() != "---":
        return None
    return next((n for n, text in enumerate(lines) if n and text.rstrip() == "---"), None)


def _refused(name: str, file: Text, error: CrisisError, origins: Sequence[Origin]) -> Problem:
    """Why there is no such picture; ``NotFoundError`` for one that is not there at all."""
    code = "picture-missing" if isinstance(error, NotFoundError) else "picture-unusable"
    at = origins[file.line - 1].line
    return Problem(
        f"{name}.md", at, "error", code, f"{file.value}: {error.de}", f"{file.value}: {error.en}"
    )


def _remarks(name: str, file: Text, found: PictureFile, origins: Sequence[Origin]) -> list[Problem]:
    if not found.tells:
        return []
    return [
        Problem(
            f"{name}.md",
            origins[file.line - 1].line,
            "warning",
            "picture-tells",
            f"In der Datei {file.value} stehen Angaben der Kamera, vielleicht auch der Ort der Aufnahme."
            " Laden Sie das Bild beim Schreiben der Vorlage hoch, dann fallen sie weg.",
            f"The file {file.value} holds notes of the camera, perhaps the place as well. Upload the"
            " picture while writing the playbook: that removes them.",
        )
    ]
