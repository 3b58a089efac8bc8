"""Open databases kept from one request to the next: opening one reads its whole schema, some milliseconds.

A store is in one pair of hands at a time. Kept are only those that were left in order, and only while the
file behind them is still the one at that place (a restored backup is another).
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from crisis.store import Store

MOST = 8  # kept open by one process; more are made when needed and closed afterwards


class Pool:
    """Stores of one process. Safe between threads."""

    def __init__(self, most: int = MOST) -> None:
        self._free: list[tuple[Store, tuple[int, int]]] = []
        self._lock = threading.Lock()
        self._most = most
        self._process = os.getpid()

    def take(self, path: Path) -> Store:
        """A store of the database at ``path``. Raises what ``Store`` raises."""
        now = _identity(path)
        while True:
            with self._lock:
                if self._process != os.getpid():  # a fork must not use its parent's connections
                    self._free, self._process = [], os.getpid()
                if not self._free:
                    break
                store, was = self._free.pop()
            if store.path == path and now is not None and was == now:
                return store
            store.close()
        return Store(path, shared=True)

    def give(self, store: Store) -> None:
        """Back when nobody reads or writes with it any more."""
        identity = _identity(store.path)
        if identity is not None and store.at_rest:
            with self._lock:
                if len(self._free) < self._most and self._process == os.getpid():
                    self._free.append((store, identity))
                    return
        store.close()

    def close(self) -> None:
        """Let go of all."""
        with self._lock:
            free, self._free = self._free, []
        for store, _identity_then in free:
            store.close()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
