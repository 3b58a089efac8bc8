"""Compressed bodies, unpacked piece by piece and never beyond a bound. Knows no network."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

ACCEPTED = "gzip, deflate"
_PIECE = 64 * 1024  # bytes unpacked at a time


class PackedWronglyError(Exception):
    """The bytes are not what their Content-Encoding says, or stop in the middle."""


class UnknownPackingError(Exception):
    """A Content-Encoding we did not ask for."""


def unpack(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The unpacked bytes of ``chunks``, in pieces of at most 64 KiB where they were packed.

    The caller counts and stops; no more than one piece is ever unpacked ahead of it.
    """
    names = [name for part in encoding.lower().split(",") if (name := part.strip()) != "identity"]
    names = [name for name in names if name]
    if not names:
        yield from chunks
    elif len(names) == 1 and names[0] in ("gzip", "x-gzip", "deflate"):
        yield from _inflate(chunks)
    else:
        raise UnknownPackingError(encoding[:40])


def _inflate(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """gzip (of several members too), zlib, or bare deflate, told by the first bytes."""
    unpacker = None
    for chunk in chunks:
        rest = chunk
        while rest:
            unpacker = unpacker or zlib.decompressobj(_window(rest))
            try:
                piece = unpacker.decompress(rest, _PIECE)
            except zlib.error as error:
                raise PackedWronglyError(str(error)) from error
            if piece:
                yield piece
            if unpacker.eof:
                rest = unpacker.unused_data.lstrip(b"\0")  # padding between members
                unpacker = None
            else:
                rest = unpacker.unconsumed_tail
    if unpacker is not None:
        yield unpacker.flush(_PIECE)
        if not unpacker.eof:
            raise PackedWronglyError("stops in the middle")


def _window(start: bytes) -> int:
    """zlib's ``wbits`` for a stream that begins so."""
    if start[0] == 0x1F:
        return 16 + zlib.MAX_WBITS  # gzip, RFC 1952
    if start[0] & 0x0F == 8 and (len(start) < 2 or (start[0] * 256 + start[1]) % 31 == 0):
        return zlib.MAX_WBITS  # zlib, RFC 1950
    return -zlib.MAX_WBITS  # what some servers call deflate
