"""Reads tensors from a safetensors file: a length, a JSON header, then the numbers. Runs no code of a file.

Layout: github.com/huggingface/safetensors. Big tables stay on disk (``Tensors.table``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FORMS = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}


class Tensors:
    """The tensors of one file. ``ValueError`` or ``KeyError`` say what is wrong with it."""

    def __init__(self, path: Path) -> None:
        import numpy as np

        self._raw = np.memmap(path, dtype=np.uint8, mode="r")
        length = int.from_bytes(bytes(self._raw[:8]), "little")
        if not 2 <= length <= len(self._raw) - 8:
            raise ValueError("header")
        self._start = 8 + length
        self._header: dict[str, Any] = json.loads(bytes(self._raw[8 : self._start]))
        first = next((name for name in self._header if name.endswith("word_embeddings.weight")), "")
        # Some files put the model's name in front: "bert.embeddings..." for "embeddings...".
        self._before = first.removesuffix("embeddings.word_embeddings.weight")

    def array(self, name: str) -> NDArray[np.float32]:
        """Return a tensor as 32-bit numbers, a copy."""
        return as_float(self._view(name))

    def table(self, name: str) -> DiskTable:
        """Return a matrix whose rows are read as they are asked for."""
        return DiskTable(self._view(name))

    def _view(self, name: str) -> NDArray[Any]:
        about = self._header[self._before + name]
        start, end = about["data_offsets"]
        raw = self._raw[self._start + start : self._start + end]
        if about["dtype"] not in _FORMS:
            raise ValueError(about["dtype"])
        found: NDArray[Any] = raw.view(_FORMS[about["dtype"]]).reshape(about["shape"])
        return found


class DiskTable:
    """A table of words on disk."""

    def __init__(self, view: NDArray[Any]) -> None:
        self._view = view

    def rows(self, pieces: Sequence[int]) -> NDArray[np.float32]:
        """Return the vectors of ``pieces``."""
        return as_float(self._view[list(pieces)])


def as_float(array: NDArray[Any]) -> NDArray[np.float32]:
    """Return a copy in 32 bits; two-byte whole numbers are bfloat16, the upper half of 32 bits."""
    import numpy as np

    if array.dtype.kind == "u":
        wide = array.astype(np.uint32) << 16
        return wide.view(np.float32)
    return np.array(array, dtype=np.float32)
