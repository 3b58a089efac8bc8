"""A playbook's way to its approval: who hands it in, who returns it, who is told, and what two at once do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builders import PLAYBOOK, playbook
from town import Town

from crisis.errors import (
    ConflictError,
    CrisisError,
    FourEyesError,
    IllegalMoveError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from crisis.playbooks.approval import Standing, standing
from crisis.store import Store
from crisis.types import AlertKind, Person, Playbook, ReviewState, Risk, Role
from crisis.workflows import approve, hand_in

NOTE = "Bitte besonders auf die Quelle achten."
RISKY = playbook(PLAYBOOK.replace("sprache: de", "sprache: de\nrisiko: hoch"))
MENDED = playbook(PLAYBOOK.replace("Labor hat", "Prüflabor hat"))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Store(tmp_path / "crisis.db") as store:
        made = Town(store)
        made.eva = made._joins("Eva", Role.APPROVER)  # type: ignore[attr-defined]
        wrote(made, playbook())
        yield made


def wrote(town: Town, book: Playbook, by: Person | None = None) -> Playbook:
    latest = town.store.playbooks.latest("trinkwasser")
    town.later(minutes=1)
    return approve.write(
        town.store,
        town.shelf,
        "trinkwasser",
        book.text,
        by or town.ben,
        town.now,
        expected_sha256=latest.sha256 if latest else None,
    )


def eva(town: Town) -> Person:
    return town.eva  # type: ignore[attr-defined, no-any-return]


def hands_in(town: Town, book: Playbook | None = None, **more: object) -> None:
    hand_in.hand_in(town.house, book or playbook(), town.ben, town.now, **more)  # type: ignore[arg-type]


def mails(town: Town) -> list[tuple[str, str]]:
    found = [m for m in town.store.alerts.recent() if m.kind is AlertKind.REVIEW]
    return sorted((m.to.partition("@")[0], m.subject.partition(":")[0]) for m in found)


def stands(town: Town, book: Playbook) -> Standing:
    approvals = town.store.playbooks.approvals("trinkwasser")
    return standing(book, approvals, today=town.now.date())


def actions(town: Town) -> list[str]:
    return [entry.action for entry in town.store.audit.of_object("playbook:trinkwasser")]


def test_who_may_approve_is_asked_and_whoever_wrote_it_is_not(town: Town) -> None:
    hands_in(town, note=NOTE)
    (asked,) = town.store.reviews.of_playbook("trinkwasser")
    assert (asked.state, asked.note, asked.written_by) == (ReviewState.OPEN, NOTE, town.ben.id)
    assert mails(town) == [("chloe", "Bitte prüfen"), ("eva", "Bitte prüfen")]
    assert NOTE in " ".join(town.store.alerts.recent()[0].text.split())
    assert actions(town)[-1] == "playbook.handed_in"


def test_one_person_can_be_asked_and_handing_in_twice_is_once(town: Town) -> None:
    hands_in(town, to=eva(town).id)
    hands_in(town, to=eva(town).id)
    assert mails(town) == [("eva", "Bitte prüfen")]
    assert [r.playbook for r in town.store.reviews.asked(eva(town).id)] == ["trinkwasser"]
    assert town.store.reviews.asked(town.chloe.id) == []


def test_nobody_is_asked_who_could_not_approve_it(town: Town) -> None:
    both = replace(town.ben, roles=frozenset({Role.AUTHOR, Role.APPROVER}))
    with town.store.transaction():
        town.store.people.update(both)
    for person in (town.ana, both):
        with pytest.raises(InvalidInputError):
            hands_in(town, to=person.id)
    assert mails(town) == []


def test_only_authors_hand_in_and_only_what_needs_it(town: Town) -> None:
    with pytest.raises(NotAllowedError):
        hand_in.hand_in(town.house, playbook(), town.ana, town.now)
    with pytest.raises(InvalidInputError):
        hands_in(town, note="x" * 2000)
    approve.approve(town.store, playbook(), town.chloe, town.now)
    with pytest.raises(IllegalMoveError):
        hands_in(town)
    broken = playbook(PLAYBOOK.replace("{{ naechste_info }}", "{{ unbekannt }}"))
    with pytest.raises(InvalidInputError):
        hands_in(town, broken)


def test_it_comes_back_with_a_comment_and_its_author_is_told(town: Town) -> None:
    hands_in(town)
    hand_in.give_back(town.house, playbook(), "Bitte die Quelle nennen.", town.chloe, town.now)
    assert ("ben", "Zurück mit Anmerkung") in mails(town)
    (back,) = town.store.reviews.returned_to(town.ben.id)
    assert (back.comment, back.closed_by) == ("Bitte die Quelle nennen.", town.chloe.id)
    # Mended and handed in again, it is no longer with its author.
    wrote(town, MENDED)
    assert town.store.reviews.returned_to(town.ben.id) == [back]
    hands_in(town, MENDED)
    assert town.store.reviews.returned_to(town.ben.id) == []
    hand_in.approve(town.house, MENDED, eva(town), town.now)
    assert ("ben", "Freigegeben") in mails(town)
    assert stands(town, MENDED) is Standing.APPROVED


def test_a_return_needs_a_comment_and_somebody_who_may_and_who_read_this_text(town: Town) -> None:
    with pytest.raises(IllegalMoveError):
        hand_in.give_back(town.house, playbook(), "Warum?", town.chloe, town.now)
    hands_in(town)
    with pytest.raises(InvalidInputError):
        hand_in.give_back(town.house, playbook(), "  ", town.chloe, town.now)
    with pytest.raises(NotAllowedError):
        hand_in.give_back(town.house, playbook(), "Nein", town.ana, town.now)
    with pytest.raises(ConflictError):
        hand_in.give_back(town.house, MENDED, "Nein", town.chloe, town.now)
    (asked,) = town.store.reviews.of_playbook("trinkwasser")
    assert asked.state is ReviewState.OPEN


def test_an_edit_after_handing_in_takes_it_out_of_review_visibly(town: Town) -> None:
    hands_in(town)
    wrote(town, MENDED)
    (asked,) = town.store.reviews.of_playbook("trinkwasser")
    assert asked.state is ReviewState.CHANGED
    assert "playbook.changed_in_review" in actions(town)
    # A file edited outside does the same.
    hands_in(town, MENDED)
    town.later(minutes=1)
    approve.record(town.store, [playbook(PLAYBOOK.replace("9 Uhr", "10 Uhr"))], town.now)
    assert town.store.reviews.of_playbook("trinkwasser")[0].state is ReviewState.CHANGED


def test_the_author_takes_it_back(town: Town) -> None:
    hands_in(town)
    with pytest.raises(NotAllowedError):
        hand_in.take_back(town.store, "trinkwasser", town.ana, town.now)
    hand_in.take_back(town.store, "trinkwasser", town.ben, town.now)
    with pytest.raises(IllegalMoveError):
        hand_in.take_back(town.store, "trinkwasser", town.ben, town.now)
    assert actions(town)[-1] == "playbook.taken_from_review"


def test_a_risky_text_takes_two_people_and_neither_may_have_written_it(town: Town) -> None:
    wrote(town, RISKY)
    hands_in(town, RISKY)
    hand_in.approve(town.house, RISKY, town.chloe, town.now)
    assert stands(town, RISKY) is Standing.DRAFT
    hand_in.approve(town.house, RISKY, town.chloe, town.now)  # pressed twice: still one person
    assert stands(town, RISKY) is Standing.DRAFT
    assert ("eva", "Zweite Freigabe fehlt") in mails(town)
    writer = replace(town.ben, roles=frozenset({Role.AUTHOR, Role.APPROVER}))
    with town.store.transaction():
        town.store.people.update(writer)
    with pytest.raises(FourEyesError):
        hand_in.approve(town.house, RISKY, writer, town.now)
    hand_in.approve(town.house, RISKY, eva(town), town.now)
    assert stands(town, RISKY) is Standing.APPROVED
    assert town.store.reviews.of_playbook("trinkwasser")[0].state is ReviewState.APPROVED
    assert len(town.store.playbooks.approvals("trinkwasser")) == 2


def test_lowering_the_risk_does_not_save_the_second_approval(town: Town) -> None:
    wrote(town, RISKY)
    for person in (town.chloe, eva(town)):
        hand_in.approve(town.house, RISKY, person, town.now)
    lowered = playbook(PLAYBOOK.replace("sprache: de", "sprache: de\nrisiko: niedrig"))
    wrote(town, lowered)
    assert approve.needed_for(town.store, lowered, Risk.HIGH) == 2
    hand_in.approve(town.house, lowered, town.chloe, town.now)
    assert stands(town, lowered) is Standing.DRAFT


def test_withdrawing_takes_both_approvals_away(town: Town) -> None:
    wrote(town, RISKY)
    for person in (town.chloe, eva(town)):
        hand_in.approve(town.house, RISKY, person, town.now)
    first = town.store.playbooks.approvals("trinkwasser")[0]
    approve.revoke(town.store, first.id, town.chloe, town.now, reason="Neue Lage")
    assert all(a.revoked_at for a in town.store.playbooks.approvals("trinkwasser"))
    assert stands(town, RISKY) is Standing.REVOKED


def test_two_who_approve_at_once_both_count_once(town: Town, tmp_path: Path) -> None:
    wrote(town, RISKY)
    hands_in(town, RISKY)
    at_once(town, tmp_path, lambda t, who: hand_in.approve(t.house, RISKY, who, t.now))
    approvals = town.store.playbooks.approvals("trinkwasser")
    assert sorted(a.person_id for a in approvals) == sorted((town.chloe.id, eva(town).id))
    assert stands(town, RISKY) is Standing.APPROVED
    assert [to for to, what in mails(town) if what == "Freigegeben"] == ["ben"]


def test_of_two_who_decide_at_once_one_is_told_that_the_other_was_faster(
    town: Town, tmp_path: Path
) -> None:
    hands_in(town)

    def decides(t: Town, who: Person) -> object:
        if who.name == "Chloe":
            return hand_in.approve(t.house, playbook(), who, t.now)
        return hand_in.give_back(t.house, playbook(), "Nein", who, t.now)

    refused = at_once(town, tmp_path, decides)
    (asked,) = town.store.reviews.of_playbook("trinkwasser")
    assert asked.state in (ReviewState.APPROVED, ReviewState.RETURNED)
    assert [type(e) for e in refused] == [IllegalMoveError]
    assert (stands(town, playbook()) is Standing.APPROVED) == (asked.state is ReviewState.APPROVED)


def test_what_came_back_is_not_approved_behind_the_back_of_whoever_objected(town: Town) -> None:
    hands_in(town)
    hand_in.give_back(town.house, playbook(), "Die Quelle fehlt.", town.chloe, town.now)
    with pytest.raises(IllegalMoveError):
        hand_in.approve(town.house, playbook(), eva(town), town.now)
    hands_in(town)  # "it is in line three"
    hand_in.approve(town.house, playbook(), eva(town), town.now)
    assert stands(town, playbook()) is Standing.APPROVED


def at_once(town: Town, tmp_path: Path, act: Callable[[Town, Person], object]) -> list[CrisisError]:
    """Chloé and Eva act in two processes' stores at the same moment; what they were refused."""
    gate, refused = threading.Barrier(2), []

    def one(who: Person) -> None:
        with Store(tmp_path / "crisis.db") as store:
            mine = Town(store, shelf=town.shelf, now=town.now, joined=True)
            gate.wait()
            try:
                act(mine, who)
            except CrisisError as error:
                refused.append(error)

    threads = [threading.Thread(target=one, args=(who,)) for who in (town.chloe, eva(town))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.mark.parametrize("crash_at", ["reviews", "alerts", "audit"])
def test_dying_in_the_middle_leaves_all_or_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, crash_at: str
) -> None:
    rows = getattr(town.store, crash_at)
    method = {"reviews": "add", "alerts": "put", "audit": "append"}[crash_at]

    def dies(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(type(rows), method, dies)
        with pytest.raises(RuntimeError):
            hands_in(town)
    assert town.store.reviews.of_playbook("trinkwasser") == []
    assert mails(town) == []
    hands_in(town)
    assert len(mails(town)) == 2


def test_an_approval_is_withdrawn_once_with_a_reason(town: Town) -> None:
    approval = approve.approve(town.store, playbook(), town.chloe, town.now)
    for reason in ("", "  ", "x" * 2000):
        with pytest.raises(InvalidInputError):
            approve.revoke(town.store, approval.id, town.chloe, town.now, reason=reason)
    with pytest.raises(NotFoundError):
        approve.revoke(town.store, 99, town.chloe, town.now, reason="Neue Lage")
    with pytest.raises(NotAllowedError):
        approve.revoke(town.store, approval.id, town.ben, town.now, reason="Neue Lage")
    for _ in range(2):
        approve.revoke(town.store, approval.id, town.chloe, town.now, reason="Neue Lage")
    assert actions(town).count("playbook.approval_revoked") == 1


def test_the_last_approved_text_is_the_last_that_enough_people_stood_for(town: Town) -> None:
    approve.approve(town.store, playbook(), town.chloe, town.now)
    wrote(town, RISKY)
    hand_in.approve(town.house, RISKY, town.chloe, town.now)  # one of two
    wrote(town, MENDED)
    found = approve.last_approved(town.store, MENDED)
    assert found is not None
    assert found.sha256 == playbook().sha256
    hand_in.approve(town.house, RISKY, eva(town), town.now)
    found = approve.last_approved(town.store, MENDED)
    assert found is not None
    assert found.sha256 == RISKY.sha256
    assert approve.last_approved(town.store, playbook()) == RISKY


def test_what_was_decided_is_not_decided_again(town: Town) -> None:
    hands_in(town)
    asked = town.store.reviews.open_of("trinkwasser")
    assert asked is not None
    hand_in.take_back(town.store, "trinkwasser", town.ben, town.now)
    with town.store.transaction(), pytest.raises(ConflictError):
        town.store.reviews.close(asked)
