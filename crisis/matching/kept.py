"""Where an index is kept between two starts (edge): one file, written whole or not at all.

A file that is missing, damaged or of another version costs the time to read the texts, no more; one that
cannot be written costs nothing. Several processes may use it at once. What is in it: see ``stored``.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from crisis.matching.index import Index

LARGEST = 1024**3
"""Bytes of a file that is looked at; a larger one is none of ours."""


def left_behind(path: Path) -> bytes:
    """Return what an earlier process left in the file, b"" if that cannot be read."""
    try:
        return path.read_bytes() if path.stat().st_size <= LARGEST else b""
    except OSError:
        return b""


def keep(index: Index, path: Path) -> bool:
    """Write what ``index`` has read, for the next start; say whether it could be written."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError:
        return False
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(index.dump())
        os.replace(name, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(name)
        return False
    return True
