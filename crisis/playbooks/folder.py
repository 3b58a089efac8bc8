"""The folder of playbooks on disk. The only file of this room that touches it.

Reads every file and lets no broken one hide another. Refuses whatever is no plain text file of its own:
links that lead out, devices, huge files. Does not know who approved what.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from crisis.errors import ConflictError, InvalidInputError, NotFoundError
from crisis.playbooks import blocks
from crisis.playbooks.blocks import Whole, located
from crisis.playbooks.header import normal
from crisis.playbooks.on_disk import locked, write_whole
from crisis.playbooks.parse import read, sha256
from crisis.playbooks.picture_folder import FOLDER as PICTURES
from crisis.playbooks.picture_folder import PictureFolder
from crisis.playbooks.pins import pinned
from crisis.playbooks.problem import Problem
from crisis.types import Playbook

MOST_NAME = 60  # characters of a name that is made from a title
MOST_BYTES = 200_000  # of one file; a long playbook has 15,000
EXERCISES = "uebungen"  # scenarios, not playbooks
_NO_PLAYBOOKS = (EXERCISES, blocks.FOLDER, PICTURES)
_NAME = re.compile(r"(?:[a-z0-9][a-z0-9_-]{0,59}/){0,3}[a-z0-9][a-z0-9_-]{0,79}(?:\.[a-z]{2,3})?")


@dataclass(frozen=True, slots=True)
class FolderContent:
    """What the folder holds: the playbooks that can be read, and what is wrong with the others."""

    playbooks: tuple[Playbook, ...] = ()
    problems: tuple[Problem, ...] = ()


# What each folder held, and what its files looked like then: pages ask for it again and again.
_File: TypeAlias = tuple[str, int, int, int, int, int]  # path, inode, size, mode, changed, moved
_kept: dict[Path, tuple[tuple[_File, ...], FolderContent]] = {}
MOST_FOLDERS = 8  # of one process; an installation has one
SETTLED = 2.0  # seconds; a file changed since may change again within the same tick of its clock


def _signature(folder: Path) -> tuple[_File, ...] | None:
    """Every file as it is, links and what they lead to; None while somebody works on the folder."""
    found: list[_File] = []
    newest = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            path = os.path.join(place, name)
            try:
                for state in (os.lstat(path), os.stat(path)):
                    newest = max(newest, state.st_mtime_ns, state.st_ctime_ns)
                    what = path, state.st_ino, state.st_size, state.st_mode
                    found.append((*what, state.st_mtime_ns, state.st_ctime_ns))
            except OSError:
                return None
    return None if time.time_ns() - newest < SETTLED * 1e9 else tuple(sorted(found))


class Folder:
    """A folder of playbooks, ``<name>.md`` each, in sub-folders if you like."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pictures = PictureFolder(path)

    def load(self) -> FolderContent:
        """Read all of it, sorted by name. A folder that is not there holds nothing.

        ``problems`` are the errors that keep a file from being a playbook, and warnings of its
        header; ``check`` says more. Nothing is read again while no file has changed.
        """
        seen = _signature(self.path)
        kept = _kept.get(self.path)
        if kept is not None and seen is not None and kept[0] == seen:
            return kept[1]
        content = self._read_all()
        if seen is not None and seen == _signature(self.path):
            if len(_kept) >= MOST_FOLDERS:
                _kept.clear()
            _kept[self.path] = seen, content
        return content

    def _read_all(self) -> FolderContent:
        playbooks: list[Playbook] = []
        problems: list[Problem] = []
        for name in self.names():
            text, problem = self.read(name)
            if text is None:
                problems.extend([problem] if problem else [])
                continue
            made = self.whole(name, text)
            reading = read(name, made.text)
            problems.extend(located(reading.problems, made))
            if reading.playbook is not None:
                playbooks.append(reading.playbook)
        return FolderContent(tuple(playbooks), tuple(problems))

    def names(self) -> list[str]:
        """Names of all files that should be playbooks, readable or not, sorted."""
        found = []
        for path in self.path.rglob("*.md"):
            parts = path.relative_to(self.path).parts
            hidden = any(part.startswith(".") for part in parts)
            # README.md, README.en.md: pages about the folder
            readme = path.name.casefold().split(".", 1)[0] == "readme"
            if not hidden and not readme and parts[0] not in _NO_PLAYBOOKS:
                found.append("/".join(parts).removesuffix(".md"))
        return sorted(found)

    def blocks(self) -> list[str]:
        """Names of the blocks that playbooks may include, sorted."""
        place = self.path / blocks.FOLDER
        found = (path.relative_to(place).as_posix() for path in place.rglob("*.md"))
        return sorted(n for name in found if blocks.NAME.fullmatch(n := name.removesuffix(".md")))

    def name_for(self, wanted: str, title: str, lang: str) -> str:
        """A name for a new playbook: the one wanted, put right where it must be, else one after its title.

        One made from the title is not taken yet.
        """
        if _NAME.fullmatch(wanted.strip()):
            return wanted.strip()
        if wanted.strip():
            return _named(wanted) or "vorlage"
        stem = _named(title) or "vorlage"
        ending = "" if lang in ("", "de") else f".{lang}"
        taken, number, name = set(self.names()), 1, stem + ending
        while name in taken:
            number += 1
            name = f"{stem}-{number}{ending}"
        return name

    def text(self, name: str) -> str:
        """The exact text of one file.

        Raises:
            NotFoundError: there is no such file in this folder.
            InvalidInputError: it is there but no text we take; says why.
        """
        if name not in self.names():
            raise NotFoundError(
                f"Die Vorlage „{name}“ gibt es nicht.",
                f'There is no playbook "{name}".',
            )
        text, problem = self.read(name)
        if text is None:
            if problem is None:
                raise NotFoundError(
                    f"Die Vorlage „{name}“ wurde gerade entfernt.",
                    f'The playbook "{name}" was removed just now.',
                )
            raise InvalidInputError(f"{name}.md: {problem.de}", f"{name}.md: {problem.en}")
        return text

    def whole(self, name: str, text: str) -> Whole:
        """``text``, the file of the playbook ``name``, with the blocks of this folder in place and
        tied to the bytes of its pictures."""
        return pinned(name, blocks.whole(name, text, self._block), self.pictures.look)

    def _block(self, name: str) -> str | None:
        """A block's text; None where there is none that can be read. ``name`` is a safe one."""
        return self.read(f"{blocks.FOLDER}/{name}")[0]

    def save(self, name: str, text: str, expected_sha256: str | None) -> str:
        """Write one file, whole or not at all, and return the SHA-256 of what was written.

        ``expected_sha256`` is that of the text the author began with, None for a new playbook.
        Line ends become those of Unix (browsers send others), and the text ends with one.

        Raises:
            InvalidInputError: the name cannot be a playbook's, or the text is too long.
            ConflictError: the file was changed, removed or made by somebody else meanwhile.
        """
        path = self._path_to_write(name)
        text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
        body = _encoded(text)
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(self.path):
            current = hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None
            if current != expected_sha256:
                raise ConflictError(
                    "Jemand anderes hat diese Vorlage inzwischen geändert. "
                    "Laden Sie sie neu und übernehmen Sie Ihre Änderung noch einmal.",
                    "Somebody else changed this playbook meanwhile. "
                    "Load it again and repeat your change.",
                )
            write_whole(path, body)
        return sha256(text)

    def read(self, name: str) -> tuple[str | None, Problem | None]:
        """The file's text, or why it has none. Neither: it vanished while we looked."""
        path = self.path / f"{name}.md"
        try:
            if not path.resolve().is_relative_to(self.path.resolve()):
                return None, _problem(name, "file-outside", *_OUTSIDE)
            if not stat.S_ISREG(path.stat().st_mode):
                return None, _problem(name, "file-kind", *_NO_FILE)
            with path.open("rb") as file:
                body = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            if path.is_symlink():
                return None, _problem(name, "file-outside", *_OUTSIDE)
            return None, None
        except (OSError, RuntimeError):  # RuntimeError: a link that leads to itself
            return None, _problem(name, "file-unreadable", *_UNREADABLE)
        if len(body) > MOST_BYTES:
            return None, _problem(name, "file-too-long", *_TOO_LONG)
        try:
            return body.decode("utf-8"), None
        except UnicodeDecodeError as error:
            line = body[: error.start].count(b"\n") + 1
            return None, _problem(name, "file-encoding", *_ENCODING, line=line)

    def _path_to_write(self, name: str) -> Path:
        first = name.split("/", 1)[0]
        last = name.rsplit("/", 1)[-1].split(".", 1)[0]
        if not _NAME.fullmatch(name) or first in _NO_PLAYBOOKS or last == "readme":
            raise InvalidInputError(
                "So kann eine Vorlage nicht heißen. Nehmen Sie kleine Buchstaben a–z, Ziffern und "
                "Bindestriche, für andere Sprachen mit Kürzel: trinkwasser oder trinkwasser.en",
                "A playbook cannot have this name. Use small letters a–z, digits and hyphens, "
                "with a code for other languages: trinkwasser or trinkwasser.en",
            )
        path = self.path / f"{name}.md"
        if path.is_symlink() or not path.parent.resolve().is_relative_to(self.path.resolve()):
            raise InvalidInputError(*_OUTSIDE)
        return path


def _named(words: str) -> str:
    """Words as a file's name: "Unser Bad!" is "unser-bad"; "" where nothing is left."""
    plain = normal(words).replace("ß", "ss")
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in plain)
    name = ""
    for part in kept.split("-"):
        longer = f"{name}-{part}" if name else part
        if part and len(longer) <= MOST_NAME:
            name = longer
    return name[:MOST_NAME]


def _encoded(text: str) -> bytes:
    try:
        body = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidInputError(*_ENCODING) from error
    if len(body) > MOST_BYTES:
        raise InvalidInputError(*_TOO_LONG)
    return body


def _problem(name: str, code: str, de: str, en: str, *, line: int = 1) -> Problem:
    return Problem(f"{name}.md", line, "error", code, de, en)


_OUTSIDE = (
    "Diese Datei ist eine Verknüpfung, die aus dem Ordner hinausführt. Sie wird nicht gelesen.",
    "This file is a link that leads out of the folder. It is not read.",
)
_NO_FILE = ("Das ist keine gewöhnliche Datei.", "This is no ordinary file.")
_UNREADABLE = (
    "Diese Datei lässt sich nicht lesen. Prüfen Sie die Zugriffsrechte.",
    "This file cannot be read. Check its permissions.",
)
_TOO_LONG = (
    f"Die Datei ist zu groß. Erlaubt sind {MOST_BYTES // 1000} Kilobyte.",
    f"The file is too large. {MOST_BYTES // 1000} kilobytes are allowed.",
)
_ENCODING = (
    "Hier steht ein Zeichen, das kein UTF-8 ist. Speichern Sie die Datei als UTF-8.",
    "There is a character here that is not UTF-8. Save the file as UTF-8.",
)
