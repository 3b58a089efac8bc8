"""What people do with sources: try -> keep, pause, resume, remove -> write down who did it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from crisis import audit, scope
from crisis.errors import FetchError, InvalidInputError
from crisis.interfaces import House, Store
from crisis.rights import Act, require
from crisis.sources import kinds
from crisis.sources.opml import Listed
from crisis.types import FeedContent, Person, Source, SourceKind
from crisis.workflows import hear_hub, vouch
from crisis.workflows.converse import converse

LONGEST_REGION = 80  # characters
LONGEST_INTERVAL = 86_400  # seconds
LONGEST_QUIET = 366 * 24  # hours
SHORTEST_INTERVAL = 10  # seconds; exercises on this machine may ask more often


def look(house: House, source: Source) -> FeedContent:
    """What such a source brings now. Keeps nothing; raises FetchError or FeedError."""
    if source.kind.heard and house.streams is not None:
        return house.streams.sample(source)
    _, content = converse(house.fetch, house.reader, source)
    if content is None:
        raise FetchError("Die Quelle schickt nichts.", "The source sends nothing.")
    return content


def add(
    store: Store,
    source: Source,
    by: Person | None,
    now: datetime,
    *,
    confirmed: Collection[str] = (),
) -> Source:
    """Ask this source from now on.

    ``confirmed``: what of its checklist (``scope.of_source``) somebody has confirmed. Raises ScopeError where
    that is not all; an exercise invents everybody, so it has none.
    """
    require(by, Act.MANAGE_SOURCES, drill=source.drill)
    if source.interval < SHORTEST_INTERVAL and not source.drill:
        raise InvalidInputError(
            f"Bitte fragen Sie eine Quelle höchstens alle {SHORTEST_INTERVAL} Sekunden.",
            f"Please ask a source at most every {SHORTEST_INTERVAL} seconds.",
        )
    codes: tuple[str, ...] = ()
    if not source.drill:
        codes = vouch.asked(store, "source", scope.of_source(source.kind), confirmed, by, now)
    with store.transaction():
        return _keep(store, source, codes, by, now)


def _keep(
    store: Store, source: Source, codes: Sequence[str], by: Person | None, now: datetime
) -> Source:
    kept = store.sources.add(replace(source, added=now))
    vouched = {"confirmed": list(codes), "checklist": scope.VERSION} if codes else {}
    if codes:
        vouch.keep(store, f"source:{kept.id}", by, now)
    _log(store, "source.added", kept, by, now, url=kept.url, name=kept.name, **vouched)
    return kept


def add_all(
    store: Store,
    listed: Sequence[Listed],
    interval: int,
    by: Person | None,
    now: datetime,
    *,
    confirmed: Collection[str] = (),
) -> int:
    """Ask all feeds of a list from now on, but for those that are asked already; says how many were new.

    The checklist is confirmed once for all of them; raises ScopeError where it is not.

    All of them or, if one address is none, none (InvalidInputError). Their first requests are spread over
    the interval, so that a long list does not come as a burst.
    """
    require(by, Act.MANAGE_SOURCES)
    fresh = []
    for one in {one.url: one for one in listed}.values():
        kind, url = kinds.recognise(one.url, SourceKind.FEED)
        if store.sources.by_url(url) is None:
            fresh.append(
                Source(url=url, kind=kind, name=one.name, lang=one.lang, interval=interval)
            )
    if not fresh:
        return 0
    codes = vouch.asked(store, "source", scope.of_source(SourceKind.FEED), confirmed, by, now)
    with store.transaction():
        for number, source in enumerate(fresh):
            later = timedelta(seconds=interval * number / len(fresh))
            _keep(store, replace(source, next_due=now + later), codes, by, now)
    return len(fresh)


def pause(store: Store, source_id: int, by: Person | None, now: datetime) -> Source:
    """Ask it no longer, and keep what is known of it."""
    return _set_active(store, source_id, False, by, now)


def resume(store: Store, source_id: int, by: Person | None, now: datetime) -> Source:
    """Ask it again, at once."""
    return _set_active(store, source_id, True, by, now)


def locate(store: Store, source_id: int, region: str, by: Person | None, now: datetime) -> Source:
    """Say where its posts are about, unless one names another place; "" takes that back."""
    require(by, Act.MANAGE_SOURCES)
    region = " ".join(region.split())
    if len(region) > LONGEST_REGION:
        raise InvalidInputError(
            f"Bitte kürzen Sie den Ort auf höchstens {LONGEST_REGION} Zeichen.",
            f"Please shorten the place to at most {LONGEST_REGION} characters.",
        )
    with store.transaction():
        before = store.sources.get(source_id)
        after = replace(before, region=region)
        if after == before:
            return before
        store.sources.update(after)
        _log(store, "source.located", after, by, now, region=region)
        return after


@dataclass(frozen=True, slots=True)
class Bounds:
    """Within which bounds a source is asked (seconds), and after how many hours it counts as silent."""

    interval: int
    slowest: int  # 0: an hour
    quiet_hours: int  # 0: by its own rhythm


def time(store: Store, source_id: int, bounds: Bounds, by: Person | None, now: datetime) -> Source:
    """Give the source other bounds; they hold at once. Raises NotAllowedError, InvalidInputError."""
    require(by, Act.MANAGE_SOURCES)
    if not SHORTEST_INTERVAL <= bounds.interval <= LONGEST_INTERVAL:
        raise InvalidInputError(
            f"Bitte fragen Sie eine Quelle höchstens alle {SHORTEST_INTERVAL} Sekunden und mindestens"
            " einmal am Tag.",
            f"Please ask a source at most every {SHORTEST_INTERVAL} seconds and at least once a day.",
        )
    if bounds.slowest and not bounds.interval <= bounds.slowest <= LONGEST_INTERVAL:
        raise InvalidInputError(
            "„Am seltensten“ muss seltener sein als „Am häufigsten“, höchstens einmal am Tag.",
            "“Least often” must be less often than “Most often”, at least once a day.",
        )
    if not 0 <= bounds.quiet_hours <= LONGEST_QUIET:
        raise InvalidInputError(
            "Bitte wählen Sie, nach wie vielen Stunden Stille eine Mail kommt (höchstens ein Jahr).",
            "Please choose after how many hours of silence a mail comes (at most a year).",
        )
    with store.transaction():
        before = store.sources.get(source_id)
        after = replace(before, **asdict(bounds))
        if after == before:
            return before
        store.sources.update(replace(after, next_due=None))
        _log(store, "source.timed", after, by, now, **asdict(bounds))
        return after


def remove(store: Store, source_id: int, by: Person | None, now: datetime) -> None:
    """Forget the source; posts that belong to incidents stay."""
    require(by, Act.MANAGE_SOURCES)
    with store.transaction():
        source = store.sources.get(source_id)
        hear_hub.leave(store, source_id, now)
        store.sources.remove(source_id)
        _log(store, "source.removed", source, by, now, url=source.url, name=source.name)


def _set_active(
    store: Store, source_id: int, active: bool, by: Person | None, now: datetime
) -> Source:
    require(by, Act.MANAGE_SOURCES)
    with store.transaction():
        before = store.sources.get(source_id)
        after = replace(
            before,
            active=active,
            next_due=None,
            failures=0,
            failing_since=None,
            ended=None,
            told="",
            last_error="",
            last_error_en="",
        )
        if before.active == active:
            return before
        store.sources.update(after)
        _log(store, "source.resumed" if active else "source.paused", after, by, now)
        return after


def _log(
    store: Store, action: str, source: Source, by: Person | None, now: datetime, **after: object
) -> None:
    store.audit.append(
        audit.entry(now, by, action, f"source:{source.id}", after=after, drill=source.drill)
    )
