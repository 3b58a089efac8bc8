"""Keeps the vectors of the catalogue's phrasings on disk, so that they are computed once, not at each start.

Never keeps a post's. The file holds numbers only: a keyed row a phrasing (hash of the text, vector).
A file that cannot be read, or is another encoder's, is made anew.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crisis.matching import Encoder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KEY = 16  # bytes of a text's hash


class Remembered:
    """An encoder that looks a text up before it computes."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self._encoder = encoder
        self._path = path
        self._head = f"klarstellung vectors 1 {encoder.name} {encoder.dimension}\n".encode()
        self._load()

    @property
    def name(self) -> str:
        """The encoder's name."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """Numbers a vector has."""
        return self._encoder.dimension

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of ``texts``; remembered ones cost next to nothing."""
        import numpy as np

        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        new = []
        for row, text in enumerate(texts):
            at = self._rows.get(_key(text))
            if at is None:
                new.append(row)
            else:
                found[row] = self._vectors[at]
        if new:
            found[new] = self._encoder.encode([texts[row] for row in new])
        return found

    def remember(self, texts: Sequence[str]) -> None:
        """Keep the vectors of exactly these texts: new ones are computed, others forgotten."""
        wanted = {_key(text): text for text in texts}
        new = [key for key in wanted if key not in self._rows]
        if not new and len(wanted) == len(self._rows):
            return
        records = self._records(len(wanted))
        records["key"] = list(wanted)
        records["vector"] = self.encode(list(wanted.values()))
        self._hold(records)
        self._write(records)

    def _records(self, count: int) -> Any:
        import numpy as np

        return np.zeros(count, dtype=[("key", f"V{_KEY}"), ("vector", "<f4", (self.dimension,))])

    def _load(self) -> None:
        """Read what was kept, if it is this encoder's and whole."""
        import numpy as np

        records = self._records(0)
        try:
            with self._path.open("rb") as file:
                if file.read(len(self._head)) == self._head:
                    records = np.fromfile(file, dtype=records.dtype)
        except OSError:
            pass  # nothing kept yet, or not for us to read: computed anew
        self._hold(records)

    def _hold(self, records: Any) -> None:
        self._rows = {key.tobytes(): row for row, key in enumerate(records["key"])}
        self._vectors = records["vector"]

    def _write(self, records: Any) -> None:
        """Write the file whole or not at all; where that is not possible, go on without."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._path.parent, delete=False) as draft:
                draft.write(self._head)
                records.tofile(draft)
            os.replace(draft.name, self._path)
        except OSError:
            pass  # a full or read-only disk costs time at the next start, nothing else


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_KEY).digest()
