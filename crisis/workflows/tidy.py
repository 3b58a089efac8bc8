"""Forget what need not be kept, when its time is over: see ``docs/operate/privacy.md``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from crisis import audit
from crisis.interfaces import House


def tidy(house: House, now: datetime) -> Mapping[str, int]:
    """Forget hashes, posts and mails whose time is over; says how many of each."""
    store, terms = house.store, house.terms
    with store.transaction():
        counts = {
            "seen": store.posts.forget_seen(now - terms.keep_seen),
            "posts": store.incidents.forget(now - terms.keep_posts),
            "mails": store.alerts.forget(now - terms.keep_mails),
        }
        if any(counts.values()):
            store.audit.append(audit.entry(now, None, "data.forgotten", "retention", after=counts))
        return counts
