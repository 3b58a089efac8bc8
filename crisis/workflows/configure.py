"""Changing the authority's settings: may they -> write it down -> have it written.

Does not know the settings file: the door that asks hands in how it is written. The line in the log and the
file stand or fall together, but for a crash in the instant between them: then the log names a change that
did not come about, never the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from crisis import audit
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.types import Person


def change(
    store: Store,
    before: Mapping[str, object],
    after: Mapping[str, object],
    write: Callable[[], None],
    by: Person | None,
    now: datetime,
) -> None:
    """Log what changes (by "section.setting"), then ``write``; what that raises undoes the line."""
    require(by, Act.CHANGE_SETTINGS)
    if before == after:
        return
    with store.transaction():
        store.audit.append(
            audit.entry(now, by, "settings.changed", "settings", before=before, after=after)
        )
        write()


def inbox_tried(store: Store, by: Person | None, now: datetime, *, well: bool) -> None:
    """Somebody tried the mailbox; whether it could be read goes into the log."""
    require(by, Act.CHANGE_SETTINGS)
    with store.transaction():
        store.audit.append(audit.entry(now, by, "inbox.tested", "inbox", after={"well": well}))
