"""The bytes of approved pictures, by their checksum. Kept in the database, so that what was once public
can be shown whatever becomes of the file, and one backup holds everything.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlite_utils import Database

from crisis.store.rows import stamp
from crisis.types import Image


class PictureRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def has(self, sha256: str) -> bool:
        rows = self._db.execute("select 1 from pictures where sha256 = ?", [sha256])
        return rows.fetchone() is not None

    def keep(self, image: Image, now: datetime) -> str:
        """Keep its bytes, once; says their SHA-256. Its words belong to whatever shows it."""
        sha256 = hashlib.sha256(image.content).hexdigest()
        self._db.execute(
            "insert into pictures (sha256, media_type, width, height, content, at)"
            " values (?, ?, ?, ?, ?, ?) on conflict (sha256) do nothing",
            [sha256, image.media_type, image.width, image.height, image.content, stamp(now)],
        )
        return sha256

    def find(self, sha256: str, alt: str = "") -> Image | None:
        """The picture with these bytes, and the words that go with it here."""
        rows = self._db.query(
            "select media_type, width, height, content from pictures where sha256 = ?", [sha256]
        )
        for row in rows:
            return Image(
                content=bytes(row["content"]),
                media_type=row["media_type"],
                alt=alt,
                width=row["width"],
                height=row["height"],
            )
        return None
