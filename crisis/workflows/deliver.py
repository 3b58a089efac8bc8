"""From the outbox to the mail server: claim -> send -> write down what became of it.

Between the server's acceptance and our commit lies an instant in which a crash makes us send again: better
twice (with the same Message-ID, by which mail programs fold it) than not at all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.alerts.retry import next_attempt
from crisis.errors import MailError, PermanentMailError
from crisis.interfaces import House
from crisis.types import Alert, AlertState

BATCH = 5  # few enough that even a slow mail server takes them within the claim's 90 seconds


def deliver(house: House, claimant: str, now: datetime) -> int:
    """Hand over the mails that are due; says how many went out.

    When the mail server cannot be reached, the rest of the batch is not tried either: each would wait
    for the same time-out while new alerts are pending.
    """
    store = house.store
    with store.transaction():
        alerts = store.alerts.claim(BATCH, claimant, now)
    sent = 0
    for alert in alerts:
        try:
            house.mailer.send(alert)
        except MailError as error:
            _keep(house, _failed(alert, error, now), now)
            if not isinstance(error, PermanentMailError):
                break
        else:
            _keep(
                house,
                replace(
                    alert,
                    state=AlertState.SENT,
                    sent_at=now,
                    attempts=alert.attempts + 1,
                    last_error="",
                ),
                now,
            )
            sent += 1
    with store.transaction():
        store.alerts.give_back(claimant)
    return sent


def _failed(alert: Alert, error: MailError, now: datetime) -> Alert:
    attempts = alert.attempts + 1
    due = None if not error.retry else next_attempt(alert.created, attempts, now)
    return replace(
        alert,
        attempts=attempts,
        last_error=error.de,
        due=due or alert.due,
        state=AlertState.PENDING if due else AlertState.FAILED,
    )


def _keep(house: House, alert: Alert, now: datetime) -> None:
    store = house.store
    with store.transaction():
        kept = store.alerts.update(alert)
        if kept and alert.state is not AlertState.PENDING:
            store.audit.append(
                audit.entry(
                    now,
                    None,
                    f"alert.{alert.state}",
                    f"alert:{alert.id}",
                    incident_id=alert.incident_id,
                    after={"person": alert.person_id, "kind": alert.kind, "tries": alert.attempts},
                    drill=alert.drill,
                )
            )
