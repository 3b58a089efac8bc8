"""From the outbox to the mail server: gather -> claim -> ask once more -> send -> write down the outcome.

Right before a mail is handed over it is asked whether it should still go: whoever acknowledged a moment
ago is not called any more, though the mail was in hand already. Between the server's acceptance and our
commit lies an instant in which a crash makes us send again: better twice (with the same Message-ID, by which
mail programs fold it) than not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.alerts.retry import next_attempt
from crisis.alerts.wanted import wanted
from crisis.errors import AddressRefusedError, MailError, PermanentMailError, StoppedError
from crisis.interfaces import House
from crisis.types import Alert, AlertState
from crisis.workflows import drill_mails, gather, unreachable

BATCH = 10  # few enough that even a slow mail server takes them within the claim's 90 seconds
DOWN = "mail.down"
"""Fact: since when the mail server takes nothing; empty while it does."""
MOST = 200  # in one turn: then the monitor looks after the rest of its work


def deliver(
    house: House, claimant: str, now: datetime, *, clock: Callable[[], datetime] | None = None
) -> int:
    """Hand over the mails that are due; says how many went out. ``clock`` tells the time as it goes on.

    When the mail server cannot be reached, the rest is not tried either: each would wait for the same
    time-out while new alerts are pending.
    """
    store = house.store
    time = clock or (lambda: now)
    gather.gather(house, now)
    if not store.alerts.is_due(now):
        return 0
    sent, goes_on = 0, True
    with house.mailer.together():
        while goes_on and sent < MOST:
            with store.transaction():
                alerts = store.alerts.claim(BATCH, claimant, time())
            goes_on = len(alerts) == BATCH
            try:
                for alert in alerts:
                    sent += _hand_over(house, alert, claimant, time)
            except _Unreachable:
                _down(house, time())
                break
            if sent and store.facts.get(DOWN):
                _back(house, time())
                goes_on = True
    with store.transaction():
        store.alerts.give_back(claimant)
    return sent


def _down(house: House, now: datetime) -> None:
    store = house.store
    with store.transaction():
        if not store.facts.get(DOWN):
            store.facts.set(DOWN, now.isoformat())


def _back(house: House, now: datetime) -> None:
    """The mail server takes mails again: what waited for its next try goes now, gathered."""
    store = house.store
    with store.transaction():
        store.facts.set(DOWN, "")
        store.alerts.hurry(now)
    gather.gather(house, now)


class _Unreachable(Exception):  # noqa: N818 - no error, a reason to stop
    """The mail server does not take anything now."""


def _hand_over(house: House, alert: Alert, claimant: str, time: Callable[[], datetime]) -> int:
    def go() -> None:
        _ask_once_more(house, alert, claimant, time())

    try:
        alert = drill_mails.as_sent(house.store, alert)
        house.mailer.send(alert, go)
    except StoppedError:
        _stopped(house, alert, claimant, time())
        return 0
    except MailError as error:
        _keep(house, _failed(alert, error, time()), claimant, time())
        if isinstance(error, AddressRefusedError):
            unreachable.mark(house, alert.to, error.de, error.en, time())
        if not isinstance(error, PermanentMailError):
            raise _Unreachable from error
        return 0
    gone = replace(
        alert,
        state=AlertState.SENT,
        sent_at=time(),
        attempts=alert.attempts + 1,
        last_error="",
    )
    _keep(house, gone, claimant, time())
    return 1


def _ask_once_more(house: House, alert: Alert, claimant: str, now: datetime) -> None:
    """Raise StoppedError where the mail must not go out any more."""
    store = house.store
    with store.transaction():
        still = store.alerts.still(alert.id, claimant, now)
        number = alert.incident_id
        incident = None if number is None else store.incidents.find(number)
    if not still or not wanted(alert, incident):
        raise StoppedError(
            "Diese Mail wird nicht mehr gebraucht.", "This mail is no longer needed."
        )


def _stopped(house: House, alert: Alert, claimant: str, now: datetime) -> None:
    """Let it go, unless somebody else has it in hand by now."""
    store = house.store
    with store.transaction():
        if store.alerts.stop(alert.id, claimant):
            _log(house, replace(alert, state=AlertState.CANCELLED), now)


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


def _keep(house: House, alert: Alert, claimant: str, now: datetime) -> None:
    store = house.store
    with store.transaction():
        if store.alerts.update(alert, claimant) and alert.state is not AlertState.PENDING:
            _log(house, alert, now)


def _log(house: House, alert: Alert, now: datetime) -> None:
    house.store.audit.append(
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
