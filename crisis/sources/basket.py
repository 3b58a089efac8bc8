"""What streams have brought and nobody has written down yet. Bounded: whoever brings more must wait.

Filled by listeners, emptied by the monitor. What lies here is in nobody's database: the cursor that goes with
it is written in the same transaction as its posts, so that a crash only means hearing it again.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from threading import Condition

from crisis.types import Heard

ROOM = 5_000  # posts that wait, of all streams together


class Basket:
    """Holds at most ``room`` posts; a single bringing may go beyond, so that none is too large for it."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._changed = Condition()
        self._heard: list[Heard] = []
        self._count = 0
        self._closed = False

    def put(self, heard: Heard) -> bool:
        """Lay it in, waiting for room. False once nobody takes anything any more."""
        with self._changed:
            while self._count >= self._room and not self._closed:
                self._changed.wait()
            if self._closed:
                return False
            self._heard.append(heard)
            self._count += _weight(heard)
            return True

    def take(self, most: int) -> list[Heard]:
        """What waits, one a source and in order, about ``most`` posts of it; the rest stays."""
        with self._changed:
            taken: dict[int, list[Heard]] = {}
            weight = done = 0
            for heard in self._heard:
                if weight >= most:
                    break
                taken.setdefault(heard.source_id, []).append(heard)
                weight += _weight(heard)
                done += 1
            del self._heard[:done]
            self._count -= weight
            self._changed.notify_all()
        return [_joined(one) for one in taken.values()]

    def forget(self, source_ids: Collection[int]) -> None:
        """Throw away what these sources brought: they are followed no more."""
        with self._changed:
            self._heard = [one for one in self._heard if one.source_id not in source_ids]
            self._count = sum(map(_weight, self._heard))
            self._changed.notify_all()

    def waiting(self) -> bool:
        """Whether there is anything to take."""
        return bool(self._heard)

    def close(self) -> None:
        """Nobody takes any more: whoever waits for room goes away."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()


def _weight(heard: Heard) -> int:
    return len(heard.posts) + len(heard.gone)


def _joined(several: list[Heard]) -> Heard:
    if len(several) == 1:
        return several[0]
    last = several[-1]
    return replace(
        last,
        posts=tuple(post for one in several for post in one.posts),
        gone=tuple(key for one in several for key in one.gone),
        cursor=next((one.cursor for one in reversed(several) if one.cursor), ""),
        gap=any(one.gap for one in several),
    )
