"""What the tests of this room share."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator

import pytest
from webserver import Server


@pytest.fixture
def server() -> Iterator[Server]:
    """A plain server."""
    server = Server()
    yield server
    server.close()


@pytest.fixture
def packed() -> dict[str, bytes]:
    """The words "Wasser" a thousand times, packed in every way met."""
    text = b"Wasser" * 1000
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return {
        "gzip": gzip.compress(text),
        "x-gzip": gzip.compress(text[:3000]) + gzip.compress(text[3000:]) + b"\0\0",
        "deflate": zlib.compress(text),
        "Deflate": bare.compress(text) + bare.flush(),
        "identity": text,
        "gzip, identity": gzip.compress(text),
    }
