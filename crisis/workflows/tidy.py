"""Forget what need not be kept, when its time is over: see ``docs/operate/privacy.md``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from crisis import audit
from crisis.interfaces import House
from crisis.workflows.push import KEEP_REPLIES

# Counts of scores, plain numbers: a year to look back on, and the season of the year before.
KEEP_SCORES = timedelta(days=400)
KEEP_WARNINGS = timedelta(days=7)  # official ones that hold no more
KEEP_DRAFTS = timedelta(days=90)  # of playbooks, that nobody went on with


def tidy(house: House, now: datetime) -> Mapping[str, int]:
    """Forget hashes, posts, mails and handovers whose time is over; says how many of each."""
    store, terms = house.store, house.terms
    with store.transaction():
        counts = {
            "seen": store.posts.forget_seen(now - terms.keep_seen),
            "posts": store.incidents.forget(now - terms.keep_posts)
            + store.posts.forget_apart(now - terms.keep_posts),
            "files": store.attachments.forget(now - terms.keep_posts),
            "mails": store.alerts.forget(now - terms.keep_mails)
            + store.ways.forget(now - terms.keep_mails),
            "handovers": store.handovers.forget(now - terms.keep_posts),
        }
        store.warnings.forget(now - KEEP_WARNINGS)
        store.oncall.forget(now - terms.keep_posts)
        store.drafts.forget(now - KEEP_DRAFTS)
        store.posts.veil_names()
        store.tokens.forget_replies(now - KEEP_REPLIES)
        store.scores.forget(terms.today(now - KEEP_SCORES))
        if any(counts.values()):
            store.audit.append(audit.entry(now, None, "data.forgotten", "retention", after=counts))
        return counts
