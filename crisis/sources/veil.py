"""Names of authors, veiled before they are kept: enough to see that two posts are one person's, no more.

Pure. A keyed hash (HMAC-SHA256, RFC 2104): without the installation's key nobody can try names against it.
Who must answer somebody follows the link to the post, where the name stands as its author wants it.
"""

from __future__ import annotations

import base64
import hmac
import unicodedata

LETTERS = 8  # of base32: 40 bits; two of 100,000 authors look the same once in 200 towns
_SHAPE = "@{}…"


def veiled(name: str, key: bytes) -> str:
    """What is kept in the place of ``name``; "" stays "". Spelling in capitals or not is one name."""
    plain = unicodedata.normalize("NFKC", " ".join(name.split())).casefold()
    if not plain:
        return ""
    mark = hmac.digest(key, b"author\n" + plain.encode("utf-8", "surrogatepass"), "sha256")
    return _SHAPE.format(base64.b32encode(mark).decode("ascii")[:LETTERS].lower())
