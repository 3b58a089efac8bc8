"""How the house itself does, for whoever asks: the desk, the guard, the metrics."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

from crisis.errors import StoreError
from crisis.settings import Settings
from crisis.store import Store
from crisis.vitals import Vitals
from crisis.wiring.settled import terms
from crisis.wiring.storage import open_store


def vitals(settings: Settings, now: datetime, store: Store | None = None) -> Vitals:
    """What there is to know; whatever cannot be read is itself a finding. Opens the store unless given."""
    from crisis.workflows import examine

    free = shutil.disk_usage(settings.instance).free
    try:
        opened = store or open_store(settings)
    except StoreError as error:
        return Vitals(now=now, database=str(error), free_bytes=free)
    try:
        return examine.look(
            opened,
            terms(settings),
            now,
            mail_server=bool(settings.mail.host),
            tested=bool(settings.watchdog.self_test_email),
            answer_within=timedelta(minutes=settings.watchdog.answer_minutes),
            free_bytes=free,
        )
    finally:
        if store is None:
            opened.close()
