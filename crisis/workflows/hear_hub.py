"""Let a feed's hub push to us: hub found -> ask -> prove -> take what is pushed -> renew, or leave.

Asking goes on beside it, slowly while pushes arrive; the first post that asking finds and no push brought
ends that. ``ask`` talks to the hub and touches no database; all else is a transaction. What hubs say and
what is believed of it is ``sources.hub``; telling our own hub is ``tell_hub``.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from crisis.errors import CrisisError
from crisis.interfaces import House, Store
from crisis.sources import hub
from crisis.types import FeedContent, Fetched, HubLease, Source, SourceKind
from crisis.workflows.spool import spool

AGAIN = timedelta(hours=1)  # until a hub that did not prove itself is asked once more; doubles
MOST_GOODBYES = 3
LATEST = timedelta(days=1)
SLOWLY = timedelta(hours=1)  # between two questions while the hub pushes
TRUSTED = timedelta(days=7)  # since its last push


def beside(
    store: Store,
    source: Source,
    fetched: Fetched | None,
    content: FeedContent | None,
    new: int,
    now: datetime,
) -> Source:
    """The source after it was asked and so many posts were new: slower where its hub can be relied on."""
    if source.kind is not SourceKind.FEED or source.drill:
        return source
    lease = store.hubs.of_source(source.id)
    if fetched is not None and content is not None:
        lease = _found(store, source, lease, hub.discovered(fetched, content), now)
    if lease is None or lease.pushed is None:
        return source
    if new or lease.until is None or lease.until <= now or now - lease.pushed > TRUSTED:
        store.hubs.update(replace(lease, pushed=None))  # it missed something: not relied on
        return source
    return replace(source, next_due=max(source.next_due or now, now + SLOWLY))


def _found(
    store: Store, source: Source, lease: HubLease | None, at: tuple[str, str], now: datetime
) -> HubLease | None:
    """Take note of a feed's hub, or that it has another, or none any more."""
    address, topic = at
    if lease is not None and (lease.hub, lease.topic) == (address, topic):
        return lease
    leave(store, source.id, now)
    if not address:
        return None
    nonce = secrets.token_hex(16)
    return store.hubs.add(
        HubLease(source_id=source.id, hub=address, topic=topic, nonce=nonce, next_due=now)
    )


def leave(store: Store, source_id: int, now: datetime) -> None:
    """Tell the hub, as soon as may be, that nothing is wanted any more."""
    lease = store.hubs.of_source(source_id)
    if lease is None:
        return
    if lease.asked is None:
        store.hubs.remove(lease.id)
    else:
        store.hubs.update(replace(lease, leaving=True, next_due=now, failures=0))


def ask(house: House, lease: HubLease) -> CrisisError | None:
    """Ask the hub; what goes wrong is the answer."""
    if house.knock is None or house.callbacks is None:
        return None
    try:
        here = house.callbacks
        form = hub.asking(lease, here.address(lease), here.secret(lease))
        house.knock.post(lease.hub, form)
    except CrisisError as error:
        return error
    return None


def begin(store: Store, lease: HubLease, now: datetime) -> None:
    """Note that a hub is asked now, before it is: it may prove itself before it answers. Unless it proves
    itself, it is asked again, ever more seldom."""
    with store.transaction():
        wait = min(AGAIN * 2 ** min(lease.failures, 10), LATEST)
        store.hubs.update(
            replace(lease, asked=now, next_due=now + wait, failures=lease.failures + 1)
        )


def asked(store: Store, lease_id: int, error: CrisisError | None, now: datetime) -> None:
    """Write down what a hub answered. One that we leave is let go after a few tries: leases end."""
    with store.transaction():
        lease = store.hubs.find(lease_id)
        if lease is None:
            return
        if lease.leaving and lease.failures >= MOST_GOODBYES:
            store.hubs.remove(lease.id)
        elif error is not None:
            store.hubs.update(replace(lease, last_error=error.de, last_error_en=error.en))


def prove(
    store: Store, lease: HubLease, *, mode: str, topic: str, seconds: str, now: datetime
) -> bool:
    """Whether we meant what a hub says we asked for; then it holds."""
    with store.transaction():
        if topic != lease.topic:
            return False
        if mode == "unsubscribe" and lease.leaving:
            store.hubs.remove(lease.id)
            return True
        if mode == "denied":
            store.hubs.update(
                replace(
                    lease,
                    until=None,
                    next_due=now + LATEST,
                    last_error="Der Verteiler will nicht.",
                    last_error_en="The hub does not want to.",
                )
            )
            return True
        if mode != "subscribe" or lease.leaving:
            return False
        span = hub.lease_of(seconds)
        store.hubs.update(
            replace(
                lease,
                asked=lease.asked or now,
                until=now + span,
                next_due=now + span - min(span / 4, LATEST),
                failures=0,
                last_error="",
                last_error_en="",
            )
        )
        return True


def take(
    house: House, lease: HubLease, body: bytes, content_type: str, signature: str, now: datetime
) -> int:
    """Spool what a hub pushed, if it signed it; says how many posts were new.

    A push without content means: ask. What cannot be read is asked for as well.
    """
    store = house.store
    if house.callbacks is None or not hub.is_signed(body, signature, house.callbacks.secret(lease)):
        return 0
    source = store.sources.find(lease.source_id)
    if source is None or not source.active or lease.leaving:
        return 0
    fetched = Fetched(body=body, url=lease.topic, content_type=content_type)
    try:
        content = house.reader.read(fetched) if body.strip() else FeedContent()
    except CrisisError:
        content = FeedContent()
    with store.transaction():
        now_known = store.sources.find(source.id)
        if now_known is None:
            return 0
        new = len(spool(store, now_known, content, now).new)
        store.hubs.update(replace(store.hubs.get(lease.id), pushed=now))
        if not content.posts:
            store.sources.update(replace(now_known, next_due=now))
        elif new:
            store.sources.update(replace(now_known, last_new_post=now, last_success=now))
        return new
