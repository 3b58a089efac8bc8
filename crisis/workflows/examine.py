"""Look at the house itself: heartbeat, outbox, spool, people, sources, self-test -> ``vitals``.

Reads only; what it means is said there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crisis.errors import StoreError
from crisis.interfaces import Store, Terms
from crisis.oncall.rota import turns
from crisis.vitals import Vitals
from crisis.workflows import maintenance, self_test

HEARTBEAT = "monitor.heartbeat"
RECENT = timedelta(days=1)  # failures older than that have been seen


def look(
    store: Store,
    terms: Terms,
    now: datetime,
    *,
    mail_server: bool,
    tested: bool = False,
    answer_within: timedelta = timedelta(hours=1),
    free_bytes: int | None = None,
) -> Vitals:
    """What there is to know at ``now``; a database that cannot be read is a finding, not an error.

    ``tested``: whether a daily self-test is set up. ``free_bytes``: on the disk of the database.
    """
    try:
        return _look(store, terms, now, mail_server, tested, answer_within, free_bytes)
    except StoreError as error:
        return Vitals(now=now, database=str(error), free_bytes=free_bytes)


def _look(
    store: Store,
    terms: Terms,
    now: datetime,
    mail_server: bool,
    tested: bool,
    answer_within: timedelta,
    free_bytes: int | None,
) -> Vitals:
    window = maintenance.current(store, now)
    beat = store.facts.get(HEARTBEAT)
    people = store.people.all()
    line = turns(store.people.shifts(now), people, now, catch_all=None)
    sources = [one for one in store.sources.all() if one.active and not one.drill]
    return Vitals(
        now=now,
        heartbeat=datetime.fromisoformat(beat) if beat else None,
        mail_server=mail_server,
        oldest_mail=store.alerts.due_since(now),
        failed_mails=store.alerts.failed_since(now - RECENT),
        last_sent=store.alerts.last_sent(),
        reachable=len(line) + bool(terms.catch_all),
        waiting_posts=store.posts.waiting(),
        oldest_post=store.posts.waiting_since(),
        sources=len(sources),
        failing=sum(one.failures > 0 for one in sources),
        last_post=max((one.last_new_post for one in sources if one.last_new_post), default=None),
        self_test=tested,
        test_sent=self_test.sent(store),
        test_answered=self_test.answered(store),
        answer_within=answer_within,
        free_bytes=free_bytes,
        maintenance=window.end if window is not None else None,
    )
