"""Whatever clocks, restarts and a second monitor do: each post of a drill comes once, and it ends once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from drill_story import SCRIPT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from quick import empty_database
from town import Town

from crisis.store import Store
from crisis.types import AlertKind, DrillKind, DrillState
from crisis.workflows import deliver, drill_plans, drill_steps, escalate, follow_up, triage

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("time"), st.integers(-40, 70)),  # minutes; a clock may be set back
        st.tuples(st.just("restart"), st.just(0)),
        st.tuples(st.just("second"), st.just(0)),  # another monitor takes a turn
        st.tuples(st.just("dies"), st.just(0)),  # after the posts came, before they are looked at
    ),
    max_size=14,
)


def turn(town: Town, who: str) -> None:
    house, now = town.house, town.now
    drill_steps.step(house, now)
    triage.triage(house, who, now)
    escalate.escalate(house, now)
    follow_up.follow_up(house, now)
    deliver.deliver(house, who, now)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(EVENTS, st.sampled_from([DrillKind.NOW, DrillKind.PLANNED]))
def test_each_post_comes_once_and_it_ends_once(
    events: list[tuple[str, int]], kind: DrillKind
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "crisis.db"
        empty_database(path)
        town = Town(Store(path))
        due = None if kind is DrillKind.NOW else town.now + timedelta(minutes=5)
        made = drill_plans.plan(
            town.house, "wasser", SCRIPT, kind, town.chloe, town.now, due=due, draw=0.0
        )
        for what, minutes in events:
            if what == "time":
                town.later(minutes=minutes)
                turn(town, "monitor:1")
            elif what == "restart":
                town.store.close()
                town.store = Store(path)
                with town.store.transaction():
                    town.store.posts.give_back("monitor:")
                    town.store.alerts.give_back("monitor:")
            elif what == "second":
                other = replace(town.house, store=Store(path))
                drill_steps.step(other, town.now)
                other.store.close()  # type: ignore[attr-defined]
            else:
                drill_steps.step(town.house, town.now)
        plan = town.store.drill_plans.get(made.id)
        town.now = max(town.now, plan.due + timedelta(minutes=plan.minutes, hours=1))
        for _ in range(3):
            turn(town, "monitor:1")
            town.later(minutes=10)
        plan = town.store.drill_plans.get(made.id)
        ended = [m for m in town.mailer.sent if m.kind is AlertKind.DRILL]
        told = Counter((mail.person_id, mail.subject) for mail in ended)
        assert plan.state in (DrillState.DONE, DrillState.MISSED)
        assert max(told.values(), default=0) == 1, told
        assert town.store.incidents.all_open(drill=True) == []
        assert town.store.posts.waiting() == 0
        calls = Counter(m.message_id for m in town.mailer.sent)
        assert max(calls.values()) == 1
        if plan.state is DrillState.DONE:
            assert plan.played <= 4
            for number in town.store.drill_plans.incident_ids():
                assert town.store.incidents.get(number).posts <= 3
        town.store.close()
