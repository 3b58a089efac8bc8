"""What an index has read of a catalogue, as bytes to be kept, and read back without trust.

A line that says what it is, a line of JSON, then plain arrays; no pickle. What comes back is None unless
it is whole and was made by the very code, word lists and stemmers that would read the texts now: then the
texts are read anew. Rumours may have changed meanwhile; only those are read again (see ``counts``).
Nothing of it depends on a model. Touches no file: see ``kept``.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from crisis.matching.counts import KEY, Counts

FORMAT = 1
"""Version of the layout."""

_FIRST = b"crisis index\n"
_READERS = ("text.py", "lexicon.py", "counts.py", "thesaurus.txt")  # what decides on the terms
_LIBRARIES = ("snowballstemmer", "PyStemmer", "wordfreq")


def dumped(counts: Counts) -> bytes:
    """Return ``counts`` as bytes; terms that no longer occur are left out."""
    import numpy as np

    matrix = counts.matrix
    used, columns = np.unique(matrix.indices, return_inverse=True)
    names = list(counts.columns)
    body = b"".join(
        (
            matrix.indptr.astype("<i8").tobytes(),
            columns.astype("<i4").tobytes(),
            matrix.data.astype("<i4").tobytes(),
            b"".join(counts.keys),
            "\n".join(names[column] for column in used.tolist()).encode("utf-8", "surrogatepass"),
        )
    )
    head = {
        "format": FORMAT,
        "reader": reader(),
        "rows": len(counts.keys),
        "entries": len(matrix.data),
        "sum": _sum(body),
    }
    return _FIRST + json.dumps(head).encode() + b"\n" + body


def loaded(data: bytes) -> Counts | None:
    """Return what ``dumped`` made the bytes from, or None if they are not to be relied on."""
    if not data.startswith(_FIRST):
        return None
    head, _, body = data[len(_FIRST) :].partition(b"\n")
    try:
        said = json.loads(head)
        if said["format"] != FORMAT or said["reader"] != reader() or said["sum"] != _sum(body):
            return None
        return _counts(body, int(said["rows"]), int(said["entries"]))
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


@lru_cache(maxsize=1)
def reader() -> str:
    """Return what changes whenever a text may be read otherwise: code, word lists, stemmers, Unicode."""
    digest = blake2b(digest_size=16)
    room = files("crisis.matching")
    for name in _READERS:
        digest.update(room.joinpath(name).read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    digest.update(f"{unicodedata.unidata_version} {sys.version_info[:2]}".encode())
    return digest.hexdigest()


def _counts(body: bytes, rows: int, entries: int) -> Counts:
    import numpy as np
    from scipy.sparse import csr_matrix

    at = 0

    def taken(kind: str, count: int) -> Any:
        nonlocal at
        found = np.frombuffer(body, kind, count, at)
        at += found.nbytes
        return found

    starts, columns, times = (
        taken("<i8", rows + 1),
        taken("<i4", entries).astype(np.int32),
        taken("<i4", entries).astype(np.int32),
    )
    keys = tuple(body[at + i * KEY : at + (i + 1) * KEY] for i in range(rows))
    text = body[at + rows * KEY :].decode("utf-8", "surrogatepass")
    names = {name: column for column, name in enumerate(text.split("\n") if text else ())}
    fits = starts[0] == 0 and starts[-1] == entries and bool((np.diff(starts) >= 0).all())
    if not fits or (entries and not 0 <= columns.min() <= columns.max() < len(names)):
        raise ValueError("the arrays do not fit each other")
    return Counts(names, keys, csr_matrix((times, columns, starts), (rows, len(names))))


def _sum(body: bytes) -> str:
    return blake2b(body, digest_size=16).hexdigest()
