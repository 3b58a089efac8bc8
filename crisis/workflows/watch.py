"""From sources to the spool: due -> ask -> read -> what is new -> keep.

``ask`` may take long and touches no database, so that many may run side by side; ``keep`` writes what one
of them brought, in one transaction: new posts, the source's health, and when it is asked again. What
becomes of a source by itself (it moved, it ended) leaves a line in the audit log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crisis import audit
from crisis.errors import CrisisError
from crisis.interfaces import Fetch, House, Reader, Store
from crisis.sources import moving
from crisis.sources.lanes import host_of
from crisis.sources.timetable import LONGEST_WAIT, next_due, next_pace
from crisis.types import FeedContent, Fetched, Source, SourceKind
from crisis.workflows import hear_hub, heed
from crisis.workflows.converse import converse
from crisis.workflows.spool import spool

GONE = 410  # HTTP: for good


@dataclass(frozen=True, slots=True)
class Outcome:
    """What asking a source brought: exactly one of ``fetched`` and ``error``."""

    source: Source
    fetched: Fetched | None = None
    content: FeedContent | None = None  # None where nothing changed
    error: CrisisError | None = None


def ask(fetch: Fetch, reader: Reader, source: Source) -> Outcome:
    """Fetch and read; what goes wrong is part of the outcome."""
    try:
        fetched, content = converse(fetch, reader, source)
    except CrisisError as error:
        return Outcome(source, error=error)
    return Outcome(source, fetched=fetched, content=content)


def keep(store: Store, outcome: Outcome, now: datetime) -> int:
    """Spool what is new and write down how the source does; says how many posts were new."""
    with store.transaction():
        source = store.sources.find(outcome.source.id)  # as it is now: perhaps paused meanwhile
        if source is None:  # removed while we asked, as exercises are
            return 0
        if outcome.error is not None:
            _fail(store, source, outcome.error, now)
            return 0
        new = _kept(store, source, outcome.content, now) if outcome.content else 0
        if (part := heed.incomplete(outcome.content)) is not None:
            read = replace(source, cursor=outcome.content.cursor) if outcome.content else source
            _fail(store, read, part, now)
            return new
        well = _at_home(store, _well(source, outcome, new, now), now)
        store.sources.update(
            hear_hub.beside(store, well, outcome.fetched, outcome.content, new, now)
        )
        return new


def watch(house: House, now: datetime) -> int:
    """Ask every source that is due, one after the other; says how many posts were new."""
    return sum(
        keep(house.store, ask(house.fetch, house.reader, source), now)
        for source in house.store.sources.due(now)
    )


def _kept(store: Store, source: Source, content: FeedContent, now: datetime) -> int:
    """Knowledge is offered to the catalogue, posts go to the spool; says how much was new."""
    if content.bulletin is not None:
        return store.warnings.put(content.bulletin, source.id, now)
    if source.kind is SourceKind.FACT_CHECKS:
        return store.fact_checks.put(content.checks, source.id, now)
    return len(spool(store, source, content, now).new)


def _well(source: Source, outcome: Outcome, new: int, now: datetime) -> Source:
    fetched, content = outcome.fetched, outcome.content
    paced = replace(source, pace=next_pace(source, new))
    wishes = (fetched.fresh_for if fetched else None, content.ask_every if content else None)
    well = replace(
        paced,
        # A 304 may come without them: what we know stays.
        etag=(fetched.etag if fetched else "") or (source.etag if content is None else ""),
        last_modified=(fetched.last_modified if fetched else "")
        or (source.last_modified if content is None else ""),
        cursor=(content.cursor if content else "") or source.cursor,
        failures=0,
        failing_since=None,
        last_error="",
        last_error_en="",
        last_success=now,
        last_new_post=now if new else source.last_new_post,
        next_due=next_due(
            paced, now, failed=False, wish=max((w for w in wishes if w is not None), default=None)
        ),
    )
    if content is not None and content.full:
        return replace(well, next_due=now)  # there is more where this came from
    # Only a feed's address is where it is asked; the others' are pages that people know.
    moved = fetched.moved_to if fetched and source.kind is SourceKind.FEED else ""
    return moving.heard(well, moved, now)


def _at_home(store: Store, source: Source, now: datetime) -> Source:
    """At its new address, once that is sure and no other source is asked there."""
    if not moving.is_sure(source, now) or store.sources.by_url(source.moved_to) is not None:
        return source
    there = moving.moved(source)
    _log(store, "source.moved", there, now, before={"url": source.url}, after={"url": there.url})
    return there


def _fail(store: Store, source: Source, error: CrisisError, now: datetime) -> None:
    failing = _failing(source, error, now)
    if getattr(error, "status", None) == GONE and source.active:
        failing = replace(failing, active=False, ended=now)
        _log(store, "source.ended", failing, now, after={"url": source.url})
    store.sources.update(failing)
    wait = getattr(error, "retry_after", None)
    if wait is not None:
        _let_rest(store, failing, now + timedelta(seconds=min(wait, LONGEST_WAIT)))


def _let_rest(store: Store, source: Source, until: datetime) -> None:
    """A server that asks to be left alone means all that is asked there, not this source only."""
    host = host_of(source.url)
    for other in store.sources.all():
        beside = other.active and other.kind.asked and other.id != source.id
        if (
            beside
            and host_of(other.url) == host
            and (other.next_due is None or other.next_due < until)
        ):
            store.sources.update(replace(other, next_due=until))


def _failing(source: Source, error: CrisisError, now: datetime) -> Source:
    retry_after = getattr(error, "retry_after", None)
    return replace(
        source,
        failures=source.failures + 1,
        failing_since=source.failing_since or now,
        last_error=error.de,
        last_error_en=error.en,
        next_due=next_due(source, now, failed=True, retry_after=retry_after),
    )


def _log(
    store: Store,
    action: str,
    source: Source,
    now: datetime,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    store.audit.append(
        audit.entry(
            now,
            None,
            action,
            f"source:{source.id}",
            before=before,
            after={"name": source.name, **(after or {})},
            drill=source.drill,
        )
    )
