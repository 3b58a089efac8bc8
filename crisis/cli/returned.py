"""Reading the mailbox beside the monitor's loop: one thread waits for mail, the loop writes down what came.

What a mail means is said by ``workflows.collect``. A mailbox that cannot be reached is tried again after
half a minute, one that refuses us after a quarter of an hour: each attempt with a wrong password may lock it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime, timedelta

from crisis.errors import InboxError
from crisis.interfaces import House, Inbox
from crisis.types import InboxMark, Mailbag
from crisis.workflows import collect

PATIENCE = 25.0  # seconds one thread waits before it looks again by itself
AGAIN = timedelta(seconds=30)
REFUSED = timedelta(minutes=15)
BACK = timedelta(days=14)  # how far a mailbox is read that was never read, or is numbered anew
PROBLEM = "inbox.problem"
"""Fact: why the mailbox cannot be read, German and English on a line each; empty while it can."""

log = logging.getLogger("crisis.monitor")


class Returned:
    """The mailbox of one installation, and what the thread that waits for it has brought."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="inbox")
        self._waiting: Future[Mailbag] | None = None
        self._not_before: datetime | None = None
        self._seen: list[int] = []

    def look(self, house: House, now: datetime) -> int:
        """Write down what has come, and wait for more; says how many mails came to something."""
        done = 0
        if self._waiting is not None and self._waiting.done():
            answer, self._waiting = self._waiting, None
            done = self._came(house, answer, now)
        if self._waiting is None and (self._not_before is None or now >= self._not_before):
            seen, self._seen = self._seen, []
            self._waiting = self._pool.submit(
                self._wait, collect.mark(house), house.terms.today(now - BACK), seen
            )
        return done

    def close(self) -> None:
        """Stop waiting."""
        self._inbox.close()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _came(self, house: House, answer: Future[Mailbag], now: datetime) -> int:
        try:
            bag = answer.result()
        except InboxError as error:
            self._not_before = now + (AGAIN if error.retry else REFUSED)
            self._say(house, f"{error.de}\n{error.en}")
            return 0
        self._not_before = None
        self._say(house, "")
        done = collect.collect(house, bag, now)
        self._seen = [mail.uid for mail in bag.mails]
        return done

    def _say(self, house: House, problem: str) -> None:
        if house.store.facts.get(PROBLEM) != problem:
            with house.store.transaction():
                house.store.facts.set(PROBLEM, problem)
            if problem:
                log.warning("%s", problem.partition("\n")[0])

    def _wait(self, after: InboxMark | None, since: date, seen: Sequence[int]) -> Mailbag:
        """In the thread: mark what was dealt with, look, wait, look again."""
        self._inbox.seen(seen)
        bag = self._inbox.fetch(after, since=since)
        if bag.mails:
            return bag
        self._inbox.wait(PATIENCE)
        return self._inbox.fetch(bag.mark)
