"""Nobody approves their own text, and an approval holds for exactly one text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from crisis.errors import FourEyesError, InvalidInputError, NotAllowedError
from crisis.playbooks.approval import Standing, may_approve, standing, valid_approval
from crisis.playbooks.problem import Problem
from crisis.types import Approval, Person, Playbook, PlaybookVersion, Role

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = date(2026, 11, 23)
BEN = Person(id=1, name="Ben", email="b@x", roles=frozenset({Role.AUTHOR, Role.APPROVER}))
CHLOE = Person(id=2, name="Chloé", email="c@x", roles=frozenset({Role.APPROVER}))
DEV = Person(id=3, name="Dev", email="d@x", roles=frozenset({Role.DUTY, Role.ADMIN, Role.AUTHOR}))
ACTOR = replace(CHLOE, id=4, drill=True)
BENS = PlaybookVersion(name="wasser", sha256="1", seen=NOW, written_by=1)
WATER = Playbook(
    name="wasser", sha256="1", text="", title="", lang="de", valid_until=date(2026, 11, 23)
)
APPROVED = Approval(id=1, name="wasser", sha256="1", person_id=2, at=NOW)


def test_a_second_approver_may_approve() -> None:
    may_approve(CHLOE, BENS)
    may_approve(BEN, replace(BENS, written_by=None))
    may_approve(BEN, replace(BENS, written_by=2))


def test_nobody_approves_what_they_wrote_last() -> None:
    with pytest.raises(FourEyesError):
        may_approve(BEN, BENS)
    with pytest.raises(FourEyesError):
        may_approve(BEN, BENS, drill=True)


@pytest.mark.parametrize("person", [DEV, replace(CHLOE, active=False), ACTOR])
def test_others_may_not_approve(person: Person) -> None:
    with pytest.raises(NotAllowedError):
        may_approve(person, BENS)


def test_a_text_with_errors_is_not_approved() -> None:
    hint = Problem("wasser.md", 1, "hint", "x", "x", "x")
    may_approve(CHLOE, BENS, problems=[hint])
    with pytest.raises(InvalidInputError):
        may_approve(CHLOE, BENS, problems=[hint, replace(hint, severity="error")])


def test_people_of_an_exercise_approve_in_the_exercise() -> None:
    may_approve(ACTOR, BENS, drill=True)


REVOKED = replace(APPROVED, id=2, revoked_at=NOW)
PLAYED = replace(APPROVED, id=3, drill=True, at=NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("approvals", "day", "real", "in_drill"),
    [
        ([], 0, Standing.DRAFT, Standing.DRAFT),
        ([APPROVED], 0, Standing.APPROVED, Standing.APPROVED),
        ([APPROVED], 1, Standing.EXPIRED, Standing.EXPIRED),
        ([REVOKED], 0, Standing.REVOKED, Standing.REVOKED),
        ([REVOKED], 1, Standing.REVOKED, Standing.REVOKED),
        ([REVOKED, APPROVED], 0, Standing.APPROVED, Standing.APPROVED),
        ([PLAYED], 0, Standing.DRAFT, Standing.APPROVED),
        ([PLAYED, REVOKED], 0, Standing.REVOKED, Standing.APPROVED),
        ([replace(APPROVED, sha256="2")], 0, Standing.DRAFT, Standing.DRAFT),
        ([replace(APPROVED, name="damm")], 0, Standing.DRAFT, Standing.DRAFT),
    ],
)
def test_a_playbook_stands_as_its_approvals_say(
    approvals: list[Approval], day: int, real: Standing, in_drill: Standing
) -> None:
    today = TODAY + timedelta(days=day)
    assert standing(WATER, iter(approvals), today=today) is real
    assert standing(WATER, iter(approvals), today=today, drill=True) is in_drill


def test_a_playbook_without_last_day_does_not_expire() -> None:
    assert standing(replace(WATER, valid_until=None), [APPROVED], today=date(2999, 1, 1)) is (
        Standing.APPROVED
    )


def test_the_newest_real_approval_counts() -> None:
    newer = replace(APPROVED, id=9, at=NOW + timedelta(hours=1))
    assert valid_approval(WATER, [newer, APPROVED, PLAYED]) == newer
    assert valid_approval(WATER, [newer, APPROVED, PLAYED], drill=True) == newer
    assert valid_approval(WATER, [PLAYED]) is None
    assert valid_approval(WATER, [PLAYED], drill=True) == PLAYED
