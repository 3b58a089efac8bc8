"""That something may be followed at all: the checklist -> kept and logged, or refused and logged.

A refusal names no address and no words in the log: what must not be followed must not stand there either.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from crisis import audit, scope
from crisis.errors import ScopeError
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.scope import Statement
from crisis.types import Person

MOST_AT_ONCE = 500  # rumours vouched for in one go


def asked(
    store: Store,
    what: str,
    statements: Sequence[Statement],
    confirmed: Collection[str],
    by: Person | None,
    now: datetime,
) -> tuple[str, ...]:
    """The codes that were confirmed: all of them. Else it is logged and ScopeError raised.

    ``what``: "source" or "rumour". Call it outside a transaction, or the line in the log is lost with it.
    """
    try:
        return scope.check(statements, confirmed)
    except ScopeError as error:
        with store.transaction():
            after = {"missing": list(error.missing), "checklist": scope.VERSION}
            store.audit.append(audit.entry(now, by, f"{what}.refused", what, after=after))
        raise


def source(
    store: Store, source_id: int, confirmed: Collection[str], by: Person | None, now: datetime
) -> None:
    """Go through the checklist of a source that is there already. Raises ScopeError, NotAllowedError."""
    require(by, Act.MANAGE_SOURCES)
    kind = store.sources.get(source_id).kind
    codes = asked(store, "source", scope.of_source(kind), confirmed, by, now)
    with store.transaction():
        name = store.sources.get(source_id).name
        _vouch(store, f"source:{source_id}", codes, by, now, name=name)


def rumours(
    store: Store,
    rumour_ids: Sequence[str],
    confirmed: Collection[str],
    by: Person | None,
    now: datetime,
) -> int:
    """Go through the checklist for entries that are there already, once for all; says how many."""
    require(by, Act.WRITE_RUMOURS)
    codes = asked(store, "rumour", scope.RUMOUR, confirmed, by, now)
    with store.transaction():
        known = [one for i in rumour_ids[:MOST_AT_ONCE] if (one := store.rumours.find(i))]
        for one in known:
            _vouch(store, f"rumour:{one.id}", codes, by, now)
    return len(known)


def keep(store: Store, what: str, by: Person | None, now: datetime) -> None:
    """Remember that its checklist was gone through; the line in the log is the caller's."""
    store.vouched.put(what, by.id if by else None, now)


def _vouch(
    store: Store,
    what: str,
    codes: Sequence[str],
    by: Person | None,
    now: datetime,
    **more: object,
) -> None:
    keep(store, what, by, now)
    after = {"confirmed": list(codes), "checklist": scope.VERSION, **more}
    action = f"{what.partition(':')[0]}.vouched"
    store.audit.append(audit.entry(now, by, action, what, after=after))
