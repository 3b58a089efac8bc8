"""Whether the desk itself is well: is anybody watching, do mails go out, which model judges.

Reads only; says it to the board and to the wall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis.desk import here, maintenance, test_mail, words
from crisis.desk.health import findings
from crisis.types import AlertState, Maintenance, Source, SourceKind
from crisis.vitals import State

# A monitor's step takes seconds; after a minute without one somebody should look.
_SAID = frozenset({"monitor"})  # by a notice of the board's own
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
    maintenance: Maintenance | None  # holds now
    held: int  # incidents that wait for its end
    inbox: str  # why replies cannot be read; "" where they can
    bad: Sequence[str]  # what else would keep an alert from reaching anybody
    drill_due: bool  # the team's last drill is too long ago, and none is announced
    tested: str  # what is said of the daily self-test; "" where none is set up, or it is ``bad``
    tested_well: bool


def _brings_posts(source: Source) -> bool:
    """Whether a rumour could be seen there: warnings and fact checks alone watch nothing."""
    return not source.kind.warns and source.kind is not SourceKind.FACT_CHECKS


def _inbox(problem: str) -> str:
    de, _, en = problem.partition("\n")
    return de if words.language() == "de" else en


def health() -> Health:
    """How the desk itself is doing."""
    from crisis.workflows import (
        drill_reminder,
        learn,  # loads the matching, which few pages need
    )
    from crisis.workflows import maintenance as windows
    from crisis.workflows.triage import THRIFTY

    store, now = here.store(), here.now()
    found = findings()
    tests = [one for one in found if one.code == "selftest" and one.state is not State.BAD]
    text = store.facts.get("monitor.heartbeat")
    seen = datetime.fromisoformat(text) if text else None
    sources = [
        source
        for source in store.sources.all()
        if source.active and not source.drill and _brings_posts(source)
    ]
    model = learn.problem(store)
    window = windows.current(store, now)
    drill = drill_reminder.overdue(store, here.house().terms.drill_every, now)
    return Health(
        monitor_seen=seen,
        monitor_silent=seen is None or now - seen > MONITOR_SILENT,
        maintenance=window,
        held=maintenance.held(window),
        inbox=_inbox(store.facts.get("inbox.problem")),
        mail=bool(here.settings().mail.host),
        mail_proven=test_mail.proven(),
        failed_mails=store.alerts.count(AlertState.FAILED),
        sources=len(sources),
        failing=sum(source.failures > 0 for source in sources),
        model=model.say(words.language()) if model else "",
        thrifty=bool(store.facts.get(THRIFTY)),
        bad=[
            one.say(words.language())
            for one in found
            if one.state is State.BAD and one.code not in _SAID
        ],
        drill_due=drill is not None and drill.planned is None,
        tested=" ".join(one.say(words.language()) for one in tests),
        tested_well=all(one.state is State.WELL for one in tests),
    )
