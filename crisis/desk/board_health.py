"""Whether the desk itself is well: is anybody watching, do mails go out, which model judges.

Reads only; says it to the board and to the wall.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis.desk import here, test_mail, words
from crisis.types import AlertState

# A monitor's step takes seconds; after a minute without one somebody should look.
MONITOR_SILENT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the desk itself works."""

    monitor_seen: datetime | None
    monitor_silent: bool
    mail: bool
    mail_proven: bool  # somebody has confirmed a test mail that went as mails go today
    failed_mails: int
    sources: int
    failing: int
    model: str  # why another model judges than was chosen; "" for all is well
    thrifty: bool  # so many posts wait that few are compared in meaning


def health() -> Health:
    """How the desk itself is doing."""
    from crisis.workflows import learn  # loads the matching, which few pages need
    from crisis.workflows.triage import THRIFTY

    store, now = here.store(), here.now()
    text = store.facts.get("monitor.heartbeat")
    seen = datetime.fromisoformat(text) if text else None
    sources = [source for source in store.sources.all() if source.active and not source.drill]
    model = learn.problem(store)
    return Health(
        monitor_seen=seen,
        monitor_silent=seen is None or now - seen > MONITOR_SILENT,
        mail=bool(here.settings().mail.host),
        mail_proven=test_mail.proven(),
        failed_mails=store.alerts.count(AlertState.FAILED),
        sources=len(sources),
        failing=sum(source.failures > 0 for source in sources),
        model=model.say(words.language()) if model else "",
        thrifty=bool(store.facts.get(THRIFTY)),
    )
