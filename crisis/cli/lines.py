"""JSON lines from a file or a pipe, chunk by chunk, with every bad line named.

Flat in memory, and prompt: what a pipe has brought is handed on at once. Does not know what the
lines mean beyond the fields every one must have; prints nothing itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, NamedTuple

import orjson

from crisis.cli.words import t

LONGEST = 16 * 1024 * 1024
"""Bytes of one line; a longer one is reported and passed over."""

_CHUNK = 256 * 1024
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Complaints:
    """Where bad lines are reported, and how many there were."""

    tell: Callable[[str], None]
    errors: int = 0

    def error(self, file: str, line: int, problem: str) -> None:
        """Report a line that cannot be used."""
        self.errors += 1
        self.tell(f"{file}:{line}: {problem}")

    def warn(self, file: str, line: int, problem: str) -> None:
        """Report a line that is used although something about it is odd."""
        self.tell(f"{file}:{line}: {t('Warnung', 'warning')}: {problem}")


class Line(NamedTuple):
    """One good line: its number (from 1) and its fields. Made by the ten thousand: hence no dataclass."""

    number: int
    fields: dict[str, Any]
    id: str
    text: str
    lang: str


def read_lines(stream: IO[bytes], name: str, complaints: Complaints) -> Iterator[list[Line]]:
    """Yield the good lines of ``stream`` in the batches in which they arrive.

    A byte order mark and empty lines are passed over silently. A line that is no JSON object, not
    UTF-8, too long, or lacks a usable ``id`` or ``text`` is reported and passed over.
    """
    number = 0
    for raw in _raw_batches(stream):
        batch = []
        for piece in raw:
            number += 1
            if len(piece) > LONGEST:
                complaints.error(name, number, t("Zeile länger als 16 MB.", "line over 16 MB."))
            elif piece.strip():
                line = _line(piece.removeprefix(_BOM), number, name, complaints)
                if line is not None:
                    batch.append(line)
        yield batch


def _raw_batches(stream: IO[bytes]) -> Iterator[list[bytes]]:
    """Yield whole lines as they come; of an overlong one only so much that it is seen to be."""
    read = getattr(stream, "read1", stream.read)
    rest = b""
    while chunk := read(_CHUNK):
        head, newline, tail = chunk.rpartition(b"\n")
        if not newline:
            rest += chunk[: max(0, LONGEST + 1 - len(rest))]
            continue
        yield (rest + head).split(b"\n")
        rest = tail
    if rest:
        yield [rest]


def _line(raw: bytes, number: int, name: str, complaints: Complaints) -> Line | None:
    try:
        fields = orjson.loads(raw)
    except orjson.JSONDecodeError:
        fields = None
    if _problem(fields):
        # Read once more, slowly: Python's reader takes more (half characters, large numbers), and what
        # it does not take has always been told by what it says.
        return _doubtful(raw, number, name, complaints)
    return _good(fields, number)


def _doubtful(raw: bytes, number: int, name: str, complaints: Complaints) -> Line | None:
    try:
        fields = json.loads(raw)
    except UnicodeDecodeError:
        complaints.error(name, number, t("kein UTF-8.", "not UTF-8."))
        return None
    except (ValueError, RecursionError):
        complaints.error(name, number, t("kein gültiges JSON.", "not valid JSON."))
        return None
    problem = _problem(fields)
    if problem:
        complaints.error(name, number, problem)
        return None
    return _good(fields, number)


def _good(fields: dict[str, Any], number: int) -> Line:
    return Line(number, fields, str(fields["id"]), fields["text"], fields.get("lang") or "")


def _problem(fields: Any) -> str:
    if not isinstance(fields, dict):
        return t("kein JSON-Objekt.", "not a JSON object.")
    key = fields.get("id")
    if isinstance(key, bool) or not isinstance(key, (str, int)) or not str(key).strip():
        return t("„id“ fehlt oder ist leer.", "“id” is missing or empty.")
    text = fields.get("text")
    if not isinstance(text, str) or not text.strip():
        return t("„text“ fehlt oder ist leer.", "“text” is missing or empty.")
    if not isinstance(fields.get("lang") or "", str):
        return t("„lang“ ist kein Text.", "“lang” is not a text.")
    return ""
