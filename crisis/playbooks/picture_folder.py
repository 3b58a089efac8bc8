"""Edge: the pictures beside the playbooks, in ``bilder/``: read, looked at, added. Never overwritten.

What a picture is and whether it can be shown is said by ``picture_file``.
"""

from __future__ import annotations

import os
import stat
from functools import lru_cache
from pathlib import Path

from crisis.errors import InvalidInputError, NotFoundError
from crisis.playbooks.declared import PICTURE
from crisis.playbooks.header import normal
from crisis.playbooks.on_disk import locked, write_whole
from crisis.playbooks.picture_file import (
    MOST_BYTES,
    PictureFile,
    examined,
    redrawn,
)

FOLDER = "bilder"
_LONGEST_NAME = 60
_Seen = tuple[str, int, int, int]  # path, inode, size, time of the last change


class PictureFolder:
    """The pictures below a folder of playbooks, by their path in it: "bilder/karte.png"."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> list[str]:
        """All that could be named in a playbook, sorted."""
        found = []
        for place, _folders, names in os.walk(self.path / FOLDER):
            for name in names:
                file = Path(place, name).relative_to(self.path).as_posix()
                if PICTURE.fullmatch(file):
                    found.append(file)
        return sorted(found)

    def look(self, file: str) -> PictureFile:
        """What this picture is. Raises NotFoundError, InvalidInputError."""
        path = self._path(file)
        state = path.stat()
        return _looked_at((str(path), state.st_ino, state.st_size, state.st_mtime_ns))

    def content(self, file: str) -> bytes:
        """Its bytes. Raises NotFoundError, InvalidInputError."""
        return _bytes(self._path(file))

    def add(self, name: str, content: bytes) -> str:
        """Keep an uploaded picture, drawn anew, and say how it is called here.

        One that is there already keeps its name; another of the same name gets a number, so that no
        approved picture changes. Raises InvalidInputError for what is no picture.
        """
        made = redrawn(content)
        kind = examined(made)
        stem = _stem(name)
        (self.path / FOLDER).mkdir(parents=True, exist_ok=True)
        with locked(self.path):
            number = 1
            while True:
                tail = f"-{number}" if number > 1 else ""
                file = f"{FOLDER}/{stem}{tail}.{kind.ending}"
                path = self.path / file
                if not path.exists() and not path.is_symlink():
                    write_whole(path, made)
                    return file
                if path.is_file() and path.read_bytes() == made:
                    return file
                number += 1

    def _path(self, file: str) -> Path:
        path = self.path / file
        if not PICTURE.fullmatch(file) or not path.exists():
            raise NotFoundError(
                "Dieses Bild gibt es nicht. Es muss neben den Vorlagen liegen; laden Sie es beim Schreiben"
                " hoch.",
                "There is no such picture. It must lie beside the playbooks; upload it while writing.",
            )
        inside = path.resolve().is_relative_to(self.path.resolve())
        if not inside or not stat.S_ISREG(path.stat().st_mode):
            raise InvalidInputError(
                "Das ist keine gewöhnliche Datei in diesem Ordner. Sie wird nicht gelesen.",
                "This is no ordinary file in this folder. It is not read.",
            )
        return path


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InvalidInputError(
            "Dieses Bild lässt sich nicht lesen. Prüfen Sie die Zugriffsrechte.",
            "This picture cannot be read. Check its permissions.",
        ) from error


@lru_cache(maxsize=256)  # every page that shows a playbook asks, and few pictures change
def _looked_at(seen: _Seen) -> PictureFile:
    return examined(_bytes(Path(seen[0])))


def _stem(name: str) -> str:
    """A file's name as we write it: "Karte (neu).PNG" is "karte-neu"."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem = normal(last.rpartition(".")[0] or last)
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in stem.replace("ß", "ss"))
    kept = "-".join(part for part in kept.split("-") if part)[:_LONGEST_NAME].strip("-")
    return kept or "bild"
