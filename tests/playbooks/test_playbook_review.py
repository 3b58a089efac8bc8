"""How many people a text takes, where it stands on its way, and who may hand it in or return it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from builders import person
from hypothesis import given as for_all
from hypothesis import strategies as st

from crisis.errors import FourEyesError, IllegalMoveError, InvalidInputError, NotAllowedError
from crisis.playbooks.approval import Standing, given, standing, valid_approval
from crisis.playbooks.review import (
    LONGEST,
    Stage,
    may_hand_in,
    may_return,
    needed,
    said,
    stage,
)
from crisis.rights import Act
from crisis.types import Approval, Playbook, Review, ReviewState, Risk, Role

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)
WATER = Playbook(name="wasser", sha256="1", text="", title="", lang="de")
ONE = Approval(id=1, name="wasser", sha256="1", person_id=2, at=NOW, needed=2)
TWO = replace(ONE, id=2, person_id=3)
ASKED = Review(id=1, playbook="wasser", sha256="1", written_by=1, handed_by=1, handed_at=NOW)
BACK = replace(ASKED, state=ReviewState.RETURNED, comment="Quelle fehlt")


@pytest.mark.parametrize(
    ("risk", "former", "two_from", "people"),
    [
        (Risk.HIGH, None, Risk.HIGH, 2),
        (Risk.NORMAL, None, Risk.HIGH, 1),
        (Risk.NORMAL, None, Risk.NORMAL, 2),
        (Risk.LOW, None, Risk.NORMAL, 1),
        (Risk.LOW, None, Risk.LOW, 2),
        (Risk.HIGH, Risk.HIGH, None, 1),
        (Risk.LOW, Risk.HIGH, Risk.HIGH, 2),  # lowered: the second one must still read it
        (Risk.HIGH, Risk.LOW, Risk.HIGH, 2),
    ],
)
def test_risk_and_settings_say_how_many_people_it_takes(
    risk: Risk, former: Risk | None, two_from: Risk | None, people: int
) -> None:
    assert needed(risk, former, two_from) == people


@for_all(
    st.lists(
        st.builds(
            Approval,
            id=st.integers(1, 9),
            name=st.just("wasser"),
            sha256=st.sampled_from(["1", "2"]),
            person_id=st.integers(1, 3),
            at=st.just(NOW),
            drill=st.booleans(),
            revoked_at=st.sampled_from([None, NOW]),
            needed=st.just(2),
        ),
        max_size=6,
    )
)
def test_a_text_that_takes_two_is_approved_by_two_different_people_or_not_at_all(
    approvals: list[Approval],
) -> None:
    people = {a.person_id for a in given(WATER, approvals)}
    assert (valid_approval(WATER, approvals) is not None) == (len(people) >= 2)
    if valid_approval(WATER, approvals) is not None:
        assert standing(WATER, approvals, today=TODAY) is Standing.APPROVED


@pytest.mark.parametrize(
    ("approvals", "review", "found"),
    [
        ([], None, Stage.DRAFT),
        ([], ASKED, Stage.REVIEW),
        ([], BACK, Stage.RETURNED),
        ([], replace(BACK, sha256="2"), Stage.DRAFT),  # mended since
        ([], replace(ASKED, state=ReviewState.TAKEN_BACK), Stage.DRAFT),
        ([ONE], ASKED, Stage.HALF),
        ([ONE, TWO], ASKED, Stage.APPROVED),
        ([replace(ONE, revoked_at=NOW)], None, Stage.REVOKED),
        ([replace(ONE, revoked_at=NOW)], ASKED, Stage.REVIEW),
        ([replace(ONE, drill=True)], None, Stage.DRAFT),
    ],
)
def test_people_see_where_a_text_stands(
    approvals: list[Approval], review: Review | None, found: Stage
) -> None:
    stands = standing(WATER, approvals, today=TODAY)
    assert stage(WATER, stands, approvals, review) is found


def test_an_expired_text_stands_as_expired() -> None:
    old = replace(WATER, valid_until=date(2026, 1, 1))
    stands = standing(old, [replace(ONE, needed=1)], today=TODAY)
    assert stage(old, stands, [ONE], None) is Stage.EXPIRED


def test_authors_hand_in_what_is_sound_and_new() -> None:
    ben = person("Ben", Role.AUTHOR)
    may_hand_in(ben, Standing.DRAFT, errors=False)
    may_hand_in(ben, Standing.REVOKED, errors=False)
    for stands in (Standing.APPROVED, Standing.EXPIRED):
        with pytest.raises(IllegalMoveError):
            may_hand_in(ben, stands, errors=False)
    with pytest.raises(InvalidInputError):
        may_hand_in(ben, Standing.DRAFT, errors=True)
    with pytest.raises(NotAllowedError):
        may_hand_in(person("Ana", Role.DUTY), Standing.DRAFT, errors=False)


def test_who_may_approve_may_return_but_not_their_own() -> None:
    chloe = person("Chloe", Role.APPROVER, id=2)
    may_return(chloe, ASKED, act=Act.APPROVE)
    with pytest.raises(FourEyesError):
        may_return(chloe, replace(ASKED, written_by=2), act=Act.APPROVE)
    with pytest.raises(IllegalMoveError):
        may_return(chloe, BACK, act=Act.APPROVE)
    with pytest.raises(NotAllowedError):
        may_return(person("Ben", Role.AUTHOR), ASKED, act=Act.APPROVE)


def test_a_comment_says_something_and_ends_somewhere() -> None:
    assert said("  Quelle\r\nfehlt ") == "Quelle\nfehlt"
    assert said("") == ""
    with pytest.raises(InvalidInputError):
        said(" ", required=True)
    with pytest.raises(InvalidInputError):
        said("x" * (LONGEST + 1))
