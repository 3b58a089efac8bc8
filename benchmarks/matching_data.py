"""Public data for the matching benchmarks: reading it.

The folder is laid out as the benchmarks' README says. Nothing of it is part of the project.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from crisis.types import Rumour

Row = dict[str, str]
Truth = dict[str, set[str]]


def folder(arguments: Sequence[str]) -> Path:
    """Return the data folder named on the command line, or end with a word on what to do."""
    if not arguments or not (Path(arguments[0]) / "matching").is_dir():
        sys.exit(
            "Please name the folder that holds matching/ and background/ "
            "(benchmarks/README.md says how it is laid out)."
        )
    return Path(arguments[0])


def rows(path: Path) -> list[Row]:
    """Read a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def truth(path: Path) -> Truth:
    """Read post<TAB>claim lines: post -> claims that belong to it."""
    found: Truth = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        post, claim = line.split("\t")
        found.setdefault(post, set()).add(claim)
    return found


def half(background: Iterable[Row], which: int) -> list[Row]:
    """Return one fixed half of the everyday posts: 0 is trained on, 1 is measured on."""
    return [row for row in background if zlib.crc32(row["id"].encode()) % 2 == which]


def rumours(claims: Iterable[Row]) -> tuple[Rumour, ...]:
    """Turn claims into rumours of a catalogue."""
    return tuple(
        Rumour(id=c["id"], text=c["text"], title=c.get("title", ""), lang=c.get("lang", ""))
        for c in claims
    )
