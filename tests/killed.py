"""A process that dies at a given moment, right before or right after one of its commits. No tests here."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from crisis.store import Store


def dying(die_at: int) -> Callable[[], None]:
    """Count moments in this process from now on, and kill it at the one of that number.

    Every outer transaction has two. What is returned counts one more where a test calls it.
    """
    moments = 0

    def moment() -> None:
        nonlocal moments
        moments += 1
        if moments == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    execute = Store.transaction

    @contextmanager
    def transaction(store: Store) -> Iterator[None]:
        with execute(store):
            yield
            if store._depth == 1:
                moment()  # everything done, not yet durable
        if store._depth == 0:
            moment()  # durable, and nobody knows it yet

    Store.transaction = transaction  # type: ignore[method-assign]
    return moment
