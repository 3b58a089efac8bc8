"""The one place that names the SQLite driver, and turns its errors into ours.

``pysqlite3`` bundles a newer SQLite than the system's; it and ``sqlite3`` must never meet in one process.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pysqlite3 as sqlite

from crisis.errors import BusyError, ConflictError, StoreError

BUSY_SECONDS = 20.0  # how long a writer waits for another before it gives up
PRAGMAS = {  # said to every connection
    "journal_mode": "wal",
    "foreign_keys": "on",
    "synchronous": "full",  # an acknowledged alert survives a power cut
    "secure_delete": "on",  # what is forgotten is gone from the file, too
    "busy_timeout": str(int(BUSY_SECONDS * 1000)),
}


def connect(path: Path, *, shared: bool = False) -> Any:
    """A connection in autocommit mode; transactions are begun by hand.

    ``shared``: threads may use it, one after the other.
    """
    return sqlite.connect(
        str(path), timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=not shared
    )


@contextmanager
def unique(de: str, en: str) -> Iterator[None]:
    """What a unique index refuses becomes a ConflictError with these words."""
    try:
        yield
    except sqlite.IntegrityError as error:
        if "UNIQUE" not in str(error):
            raise
        raise ConflictError(de, en) from error


@contextmanager
def wrapped() -> Iterator[None]:
    """The driver's errors become StoreError or BusyError, with what to do about them."""
    try:
        yield
    except sqlite.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise BusyError(
                "Die Datenbank ist gerade belegt. Es ging nichts verloren; bitte gleich noch einmal.",
                "The database is busy. Nothing was lost; please try again in a moment.",
            ) from error
        raise StoreError(
            f"Die Datenbank lässt sich nicht benutzen ({text}). Bitte Platz und Rechte des Ordners"
            " instance/ prüfen.",
            f"The database cannot be used ({text}). Please check space and permissions of the"
            " instance/ folder.",
        ) from error
    except sqlite.DatabaseError as error:
        raise StoreError(
            f"Die Datei ist keine brauchbare Datenbank ({error}). Bitte eine Sicherung einspielen.",
            f"The file is not a usable database ({error}). Please restore a backup.",
        ) from error
