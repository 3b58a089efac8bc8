"""Figures for Prometheus, in its text format 0.0.4; from the database, so that all workers say the same.

Needs a token for metrics: there is none until somebody makes one, and the page is then closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response

from crisis import wiring
from crisis.desk import here
from crisis.desk.api import bearer
from crisis.types import AlertState, Scope
from crisis.vitals import State, examine

blueprint = Blueprint("metrics", __name__)

_STATES = {State.WELL: 0, State.WARNING: 1, State.BAD: 2}
Sample = tuple[dict[str, str], float]


@blueprint.get("/metrics")
def show() -> Response:
    """All figures; 401 without a token."""
    if bearer(Scope.METRICS) is None:
        return Response("token?\n", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    text = "".join(f"{line}\n" for line in _lines())
    return Response(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def _lines() -> Iterator[str]:
    store, now = here.store(), here.now()
    found = wiring.vitals(here.settings(), now, store)
    yield from _gauge(
        "check_state",
        "0 well, 1 warning, 2 bad",
        [({"check": one.code}, _STATES[one.state]) for one in examine(found)],
    )
    for name, what, moment in (
        ("monitor_heartbeat_timestamp_seconds", "The monitor's last step", found.heartbeat),
        ("mail_last_sent_timestamp_seconds", "Last mail taken by the server", found.last_sent),
        ("post_last_new_timestamp_seconds", "Last new post of any source", found.last_post),
        ("self_test_sent_timestamp_seconds", "Last self-test", found.test_sent),
        ("self_test_answered_timestamp_seconds", "Its answer", found.test_answered),
    ):
        yield from _gauge(name, what, [({}, moment.timestamp())] if moment else [])
    overdue = (now - found.oldest_mail).total_seconds() if found.oldest_mail else 0.0
    yield from _gauge("mail_overdue_seconds", "Age of the mail longest due", [({}, overdue)])
    yield from _gauge("posts_waiting", "Posts not compared yet", [({}, found.waiting_posts)])
    yield from _gauge(
        "mails",
        "Mails in the outbox by state",
        [({"state": state.value}, store.alerts.count(state)) for state in AlertState],
    )
    yield from _gauge("incidents_open", "Open incidents", _incidents())
    yield from _sources()


def _incidents() -> list[Sample]:
    counts: dict[str, int] = {}
    for one in here.store().incidents.all_open(drill=False):
        counts[one.state.value] = counts.get(one.state.value, 0) + 1
    return [({"state": state}, count) for state, count in sorted(counts.items())]


def _sources() -> Iterator[str]:
    sources = [one for one in here.store().sources.all() if one.active and not one.drill]
    yield from _gauge(
        "source_failures",
        "Failures in a row",
        [({"source": str(one.id)}, one.failures) for one in sources],
    )
    yield from _gauge(
        "source_last_success_timestamp_seconds",
        "Last answer",
        [
            ({"source": str(one.id)}, one.last_success.timestamp())
            for one in sources
            if one.last_success
        ],
    )


def _gauge(name: str, what: str, samples: Iterable[Sample]) -> Iterator[str]:
    """One family. Values of labels are codes and numbers of ours: nothing to escape."""
    yield f"# HELP klarstellung_{name} {what}"
    yield f"# TYPE klarstellung_{name} gauge"
    for labels, value in samples:
        inner = ",".join(f'{key}="{text}"' for key, text in labels.items())
        yield f"klarstellung_{name}{f'{{{inner}}}' if inner else ''} {float(value)!r}"
