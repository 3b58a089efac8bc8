"""Nobody releases their own answer, and nothing unfinished goes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import FourEyesError, IllegalMoveError, InvalidInputError, NotAllowedError
from crisis.playbooks.approval import Standing
from crisis.responses.release import (
    MOVES,
    check_move,
    may_release,
    may_submit,
    open_points,
    slug,
)
from crisis.types import Person, Response, ResponseState, Role

ANA = Person(id=1, name="Ana", email="a@x", roles=frozenset({Role.DUTY, Role.APPROVER}))
CHLOE = Person(id=2, name="Chloé", email="c@x", roles=frozenset({Role.APPROVER}))
DEV = Person(id=3, name="Dev", email="d@x", roles=frozenset({Role.ADMIN}))
READY = Response(
    id=1,
    incident_id=1,
    playbook="wasser",
    playbook_sha256="1",
    approval_id=1,
    lang="de",
    title="Wasser in {{ ort }} ist sicher",
    values={"ort": "Nordstadt"},
    texts={"website": "In {{ ort }} ist alles gut.", "short": "{{ ort }}: gut."},
    state=ResponseState.SUBMITTED,
    written_by=1,
    written_at=datetime(2026, 11, 23, tzinfo=UTC),
)
OK = Standing.APPROVED


def test_a_second_person_releases_a_finished_answer() -> None:
    may_release(CHLOE, READY, standing=OK)


def test_nobody_releases_what_they_wrote() -> None:
    with pytest.raises(FourEyesError):
        may_release(ANA, READY, standing=OK)


@pytest.mark.parametrize(
    "person",
    [
        DEV,
        replace(CHLOE, active=False),
        replace(CHLOE, drill=True),
        replace(CHLOE, roles=frozenset()),
    ],
)
def test_others_may_not_release(person: Person) -> None:
    with pytest.raises(NotAllowedError):
        may_release(person, READY, standing=OK)


def test_people_of_an_exercise_release_its_answers_and_no_others() -> None:
    actor = replace(CHLOE, drill=True)
    may_release(actor, replace(READY, drill=True), standing=OK)
    with pytest.raises(NotAllowedError, match="exercises only"):
        may_release(actor, READY, standing=OK)


@pytest.mark.parametrize("state", [s for s in ResponseState if s is not ResponseState.SUBMITTED])
def test_only_submitted_answers_are_released(state: ResponseState) -> None:
    with pytest.raises(IllegalMoveError):
        may_release(CHLOE, replace(READY, state=state), standing=OK)


@pytest.mark.parametrize("standing", [s for s in Standing if s is not Standing.APPROVED])
def test_the_playbook_must_still_stand(standing: Standing) -> None:
    with pytest.raises(NotAllowedError, match="playbook"):
        may_release(CHLOE, READY, standing=standing)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"values": {}}, "ort"),
        ({"values": {"ort": "…"}}, "ort"),
        ({"texts": {}}, "empty"),
        ({"texts": {"short": " "}}, "empty"),
        ({"texts": {"rauch": "x"}}, "rauch"),
        ({"texts": {"short": "a" * 301}}, "Short message: 21 characters too long for X"),
        ({"texts": {"short": "{{ ort }} " * 40}}, "too long"),
        ({"title": "Wasser in {{ stadt }}"}, "stadt"),
    ],
)
def test_an_unfinished_answer_is_neither_submitted_nor_released(
    change: dict[str, object], says: str
) -> None:
    unfinished = replace(READY, **change)  # type: ignore[arg-type]
    assert says in " ".join(en for _, en in open_points(unfinished))
    with pytest.raises(InvalidInputError, match=says):
        may_release(CHLOE, unfinished, standing=OK)
    with pytest.raises(InvalidInputError, match=says):
        may_submit(ANA, replace(unfinished, state=ResponseState.DRAFT))


def test_all_lengths_are_named_at_once() -> None:
    long = replace(READY, texts={"short": "a" * 301, "sms": "a" * 460})
    assert len(open_points(long)) == 3


def test_who_works_on_incidents_may_submit() -> None:
    draft = replace(READY, state=ResponseState.DRAFT)
    may_submit(ANA, draft)
    may_submit(CHLOE, draft)
    for person in (DEV, replace(ANA, active=False)):
        with pytest.raises(NotAllowedError):
            may_submit(person, draft)
    with pytest.raises(IllegalMoveError):
        may_submit(ANA, READY)


def test_a_correction_says_what_changed() -> None:
    correction = replace(READY, replaces=7)
    with pytest.raises(InvalidInputError, match="what changes from"):
        may_release(CHLOE, correction, standing=OK)
    may_release(CHLOE, replace(correction, change_note="Neue Messung."), standing=OK)


def test_what_was_public_never_becomes_a_draft_again() -> None:
    reachable, new = {ResponseState.RELEASED}, {ResponseState.RELEASED}
    while new:
        new = {to for state in new for to in MOVES[state]} - reachable
        reachable |= new
    assert reachable == {
        ResponseState.RELEASED,
        ResponseState.SUPERSEDED,
        ResponseState.WITHDRAWN,
    }


def test_every_state_is_in_the_table_and_every_other_move_is_refused() -> None:
    assert set(MOVES) == set(ResponseState)
    for state in ResponseState:
        for to in ResponseState:
            if to in MOVES[state]:
                check_move(state, to)
            else:
                with pytest.raises(IllegalMoveError):
                    check_move(state, to)


@pytest.mark.parametrize(
    ("title", "taken", "address"),
    [
        ("Gerücht: Trinkwasser vergiftet", set(), "geruecht-trinkwasser-vergiftet-2026-11-23"),
        ("Größe Ärger Øl Łódź", set(), "groesse-aerger-ol-lodz-2026-11-23"),
        ("A\u0308rger", set(), "aerger-2026-11-23"),
        ("Київ", set(), "klarstellung-2026-11-23"),
        ("?!", {"klarstellung-2026-11-23"}, "klarstellung-2026-11-23-2"),
        ("a", {"a-2026-11-23", "a-2026-11-23-2"}, "a-2026-11-23-3"),
        ("wort " * 30, set(), "wort-" * 10 + "2026-11-23"),
        ("x" * 100, set(), "x" * 49 + "-2026-11-23"),
    ],
)
def test_addresses_can_be_read_and_last(title: str, taken: set[str], address: str) -> None:
    assert slug(title, date(2026, 11, 23), taken) == address


@given(st.text(), st.integers(0, 120))
def test_any_title_has_a_short_address_of_its_own(title: str, count: int) -> None:
    taken: set[str] = set()
    for _ in range(count % 13):
        taken.add(slug(title, date(2026, 11, 23), taken))
    address = slug(title, date(2026, 11, 23), taken)
    assert address not in taken
    assert 0 < len(address) <= 60
    assert set(address) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in address


def test_there_is_an_end_to_numbers() -> None:
    class Everything:
        def __contains__(self, address: object) -> bool:
            return True

    with pytest.raises(InvalidInputError):
        slug("a", date(2026, 11, 23), Everything())
