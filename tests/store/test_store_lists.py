"""The lists in the store: every row once, by any order and filter, also while others write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOON, incident, person, rumour

from crisis.incidents.due import Targets, due
from crisis.lists import Cursor, Wish
from crisis.store import Store
from crisis.store.lists import AUDIT, INCIDENTS
from crisis.store.rows import stamp
from crisis.store.sheet import full_text
from crisis.types import (
    Advice,
    Assessment,
    AuditEntry,
    Incident,
    IncidentState,
    Note,
    Person,
    Severity,
    UpdatePlan,
    View,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "crisis.db") as made:
        yield made


def filled(store: Store, count: int = 23) -> Person:
    """So many incidents of all kinds; Ana has every third."""
    states, levels = list(IncidentState), list(Severity)
    with store.transaction():
        ana = store.people.add(person("Ana"), NOON)
        for n in range(count):
            store.rumours.put(
                replace(rumour(), id=f"r{n:02}", title="", text=f"Gerücht über Straße {n}"), NOON
            )
            state = states[n % len(states)]
            ended = NOON if state in (IncidentState.CLOSED, IncidentState.DISMISSED) else None
            store.incidents.open(
                incident(
                    rumour_id=f"r{n:02}",
                    state=state,
                    severity=levels[n % 4],
                    posts=n % 5,
                    opened=NOON + timedelta(hours=n),
                    updated=NOON + timedelta(hours=n),
                    assignee=ana.id if n % 3 == 0 else None,
                    ended_at=ended,
                    end_reason="Das Labor hat geprüft." if ended else "",
                )
            )
    return ana


def through(store: Store, wish: Wish) -> list[int]:
    """All ids, page by page."""
    found: list[int] = []
    while True:
        piece = store.lists.incidents(wish)
        found += [line.incident.id for line in piece.rows]
        if piece.after is None:
            return found
        wish = replace(wish, cursor=piece.after)


@pytest.mark.parametrize("sort", INCIDENTS.sorts)
@pytest.mark.parametrize("down", [False, True])
def test_pages_hold_every_incident_once_and_lead_back(store: Store, sort: str, down: bool) -> None:
    filled(store)
    wish = Wish(sort=sort, down=down, limit=5)
    found = through(store, wish)
    assert sorted(found) == list(range(1, 24))
    assert found == [line.incident.id for line in store.lists.every_incident(wish)]
    first = store.lists.incidents(wish)
    assert first.before is None
    second = store.lists.incidents(replace(wish, cursor=first.after))
    back = store.lists.incidents(replace(wish, cursor=second.before))
    assert back.rows == first.rows
    assert (back.before, back.total) == (None, 23)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"stand": "offen"}, {n + 1 for n in range(23) if n % 6 < 4}),
        ({"stand": "beendet"}, {n + 1 for n in range(23) if n % 6 >= 4}),
        ({"stand": "new"}, {n + 1 for n in range(23) if n % 6 == 0}),
        ({"dringlichkeit": "4"}, {n + 1 for n in range(23) if n % 4 == 3}),
        ({"wer": "1"}, {n + 1 for n in range(23) if n % 3 == 0}),
        ({"wer": "0"}, {n + 1 for n in range(23) if n % 3}),
        ({"von": stamp(NOON + timedelta(hours=20))}, {21, 22, 23}),
        ({"bis": stamp(NOON + timedelta(hours=2))}, {1, 2}),
        ({"geruecht": "r07"}, {8}),
        ({"stand": "' or 1 --"}, set()),
    ],
)
def test_filters_narrow_the_list(store: Store, filters: dict[str, str], expected: set[int]) -> None:
    filled(store)
    piece = store.lists.incidents(Wish(sort="eroeffnet", filters=filters))
    assert {line.incident.id for line in piece.rows} == expected
    assert piece.total == len(expected)


def test_urgent_and_open_stands_first(store: Store) -> None:
    filled(store)
    lines = store.lists.incidents(Wish(sort="dringend", down=True)).rows
    ended = [line.incident.ended_at is not None for line in lines]
    assert ended == sorted(ended)
    assert lines[0].incident.severity is Severity.URGENT


def test_incidents_are_found_by_rumour_note_reason_and_number(store: Store) -> None:
    ana = filled(store)
    with store.transaction():
        store.incidents.add_note(
            Note(incident_id=4, person_id=ana.id, text="Rückruf der Stadtwerke", written=NOON)
        )

    def found(words: str) -> set[int]:
        wish = Wish(sort="eroeffnet", words=words)
        return {line.incident.id for line in store.lists.incidents(wish).rows}

    assert found("strasse 7") == {8}
    assert found("7") == {7, 8}  # the incident of that number, and the one whose rumour says so
    assert found("stadtwerk rueckruf") == set()
    assert found("stadtwerk rückruf") == found("STADTWERK ruckruf") == {4}
    assert found("labor") == {n + 1 for n in range(23) if n % 6 >= 4}
    assert found("4") >= {4}
    assert len(found('"*" -- ()')) == 23  # no word in it


def test_an_address_made_up_by_hand_breaks_nothing(store: Store) -> None:
    filled(store)
    for cursor in (Cursor("x", "y"), Cursor(1.5, -1, True), Cursor(2**63 - 1, 2**63 - 1)):
        store.lists.incidents(Wish(sort="beitraege", cursor=cursor))


def test_the_log_is_narrowed_by_action_and_its_actions_are_known(store: Store) -> None:
    with store.transaction():
        for n in range(7):
            store.audit.append(
                AuditEntry(
                    at=NOON + timedelta(days=n),
                    actor="person:1" if n % 2 else "monitor",
                    action=f"thing.{n % 3}",
                    what="thing:1",
                )
            )
    assert store.lists.actions() == ["thing.0", "thing.1", "thing.2"]
    wish = Wish(sort="zeit", down=True, filters={"handlung": "thing.1"})
    assert [e.id for e in store.lists.audit(wish).rows] == [5, 2]
    assert [e.id for e in store.lists.every_entry(wish)] == [5, 2]
    assert set(AUDIT.filters) == {"was", "wer", "handlung", "von", "bis"}


def test_an_export_is_read_in_chunks(store: Store) -> None:
    with store.transaction():
        for n in range(2050):
            store.audit.append(AuditEntry(at=NOON, actor="cli", action="a", what=str(n)))
    found = [entry.what for entry in store.lists.every_entry(Wish(sort="zeit", down=True))]
    assert found == [str(n) for n in reversed(range(2050))]
    piece = store.lists.audit(Wish(sort="zeit"))
    assert (piece.total, piece.more) == (1000, True)


def test_views_belong_to_their_person(store: Store) -> None:
    with store.transaction():
        ana = store.people.add(person("Ana"), NOON)
        ben = store.people.add(person("Ben", email="ben@musterstadt.example"), NOON)
        view = View(
            person_id=ana.id, list="incidents.ended", name="Meine", query="wer=1", kept=NOON
        )
        store.lists.keep_view(view)
        store.lists.keep_view(replace(view, query="wer=2"))
    (kept,) = store.lists.views(ana.id, "incidents.ended")
    assert (kept.query, kept.kept) == ("wer=2", NOON)
    assert store.lists.views(ben.id, "incidents.ended") == []
    assert store.lists.views(ana.id, "audit.index") == []
    with store.transaction():
        assert not store.lists.drop_view(kept.id, ben.id)
        assert store.lists.drop_view(kept.id, ana.id)
    assert store.lists.views(ana.id, "incidents.ended") == []


def test_the_citizens_list_is_read_a_page_at_a_time_and_by_its_index(store: Store) -> None:
    plan = store._db.execute(
        "explain query plan select * from responses where state in ('released', 'withdrawn')"
        " and drill = ? order by released_at desc, id desc limit ? offset ?",
        [0, 20, 0],
    ).fetchall()
    assert "public_answers" in str(plan)
    assert "TEMP B-TREE" not in str(plan)
    assert store.responses.public(limit=3, offset=2) == []


def test_typed_words_become_a_full_text_expression_that_cannot_break() -> None:
    assert full_text('Straße "AND" x*') == '"strasse"* "and"* "x"*'
    assert full_text("- () *") == ""


def test_what_is_due_is_sorted_as_the_rule_says(store: Store) -> None:
    ana = filled(store, 30)
    store._db.execute("pragma foreign_keys = off")  # promises without the answers they belong to
    with store.transaction():
        for line in store.lists.every_incident(Wish(sort="eroeffnet")):
            one = line.incident
            if one.id % 5 == 0:
                store.updates.add(promise(one, ana))
            if one.id % 4 == 0:
                again = replace(one, wave=2, acknowledged_at=one.opened + timedelta(days=one.id))
                store.incidents.update(again)
                one = again
            if one.state is IncidentState.ACKNOWLEDGED:
                for decided in (Advice.ANSWER, list(Advice)[one.id % 4]):
                    store.handling.assess(assessed(one, ana, decided))
    for targets in (
        Targets(timedelta(minutes=10), timedelta(hours=5)),
        Targets(answer=timedelta(minutes=30)),
        Targets(),
    ):
        lines = list(store.lists.every_incident(Wish(sort="faellig"), targets))
        found = [due(line.incident, targets, line.decided, line.promised) for line in lines]
        known = [moment for moment in found if moment is not None]
        assert known == sorted(known)
        assert found == known + [None] * (30 - len(known))
        assert len(known) > 2


def promise(one: Incident, by: Person) -> UpdatePlan:
    at = NOON + timedelta(hours=one.id, minutes=30)
    return UpdatePlan(
        response_id=one.id,
        incident_id=one.id,
        channels=(),
        first=at,
        due=at,
        made_by=by.id,
        made=NOON,
    )


def assessed(one: Incident, by: Person, decided: Advice) -> Assessment:
    return Assessment(
        incident_id=one.id,
        wave=one.wave,
        person_id=by.id,
        at=NOON,
        harm=1,
        people=1,
        speed=1,
        credible=1,
        suggested=decided,
        decided=decided,
        severity=one.severity,
    )
