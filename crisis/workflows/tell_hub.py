"""Tell the WebSub hub once whenever the citizens' feeds have changed: look -> tell -> note.

A release never waits for it: the monitor looks after every step. What was told is a fact beside the answers,
so that after a crash it is told again rather than never; a hub takes that as one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from crisis.channels.backoff import LONGEST_WAIT, STEPS
from crisis.errors import ChannelError
from crisis.interfaces import House, Store

_FACT = "websub"


def tell_hub(house: House, now: datetime) -> bool:
    """True if the hub was told. What fails is tried again, ever more seldom but without end."""
    if house.hub is None:
        return False
    store = house.store
    changed, said = store.responses.public_changes(), _said(store)
    if not changed or said.get("told") == changed or _later(said, now):
        return False
    try:
        house.hub.tell()
    except ChannelError as error:
        tries = int(said.get("tries", 0)) + 1
        wait = STEPS[min(tries, len(STEPS)) - 1] if error.retry else LONGEST_WAIT
        if error.retry_after is not None:
            wait = max(wait, min(timedelta(seconds=error.retry_after), LONGEST_WAIT))
        again = {"tries": tries, "next": (now + wait).isoformat(), "de": error.de, "en": error.en}
        _note(store, {"told": said.get("told", ""), **again})
        return False
    _note(store, {"told": changed})
    return True


def problem(store: Store) -> tuple[str, str] | None:
    """Why the hub could not be told last time, in German and English; None if it was."""
    said = _said(store)
    return (str(said["de"]), str(said["en"])) if "de" in said else None


def _later(said: Mapping[str, object], now: datetime) -> bool:
    """Whether the next try is still to come. One further off than we ever wait was noted by a clock
    that had jumped."""
    if "next" not in said:
        return False
    return now < datetime.fromisoformat(str(said["next"])) <= now + LONGEST_WAIT


def _said(store: Store) -> dict[str, str | int]:
    return dict(json.loads(store.facts.get(_FACT) or "{}"))


def _note(store: Store, said: dict[str, object]) -> None:
    with store.transaction():
        store.facts.set(_FACT, json.dumps(said, ensure_ascii=False))
