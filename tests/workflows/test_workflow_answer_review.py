"""Between writing and releasing an answer: who is told, what comes back, what the second person mends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from people import TownHall

from crisis.errors import (
    ConflictError,
    FourEyesError,
    IllegalMoveError,
    InvalidInputError,
    NotAllowedError,
)
from crisis.types import AlertKind, Person, Response, ResponseState, ReviewState, Role
from crisis.workflows import answer_review, emergency, respond

VALUES = {"naechste_info": "heute um 18 Uhr"}


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(tmp_path, CRISIS_RELEASE_EMERGENCY="true")
    made.chloe_approves()
    yield made
    made.close()


def ana(hall: TownHall) -> Person:
    assert hall.ana.person is not None
    return hall.ana.person


def chloe(hall: TownHall) -> Person:
    assert hall.chloe.person is not None
    return hall.chloe.person


def filled(hall: TownHall, *, drill: bool = False) -> Response:
    made = hall.draft(hall.rumour_spreads(drill=drill))
    return respond.fill(
        hall.store,
        made.id,
        title=made.title,
        values=VALUES,
        by=ana(hall),
        now=hall.now,
        version=made.version,
    )


def handed_over(hall: TownHall, **more: object) -> Response:
    made = filled(hall)
    return answer_review.hand_over(hall.house, made.id, ana(hall), hall.now, **more)  # type: ignore[arg-type]


def mails(hall: TownHall) -> list[tuple[str, str]]:
    found = [m for m in hall.store.alerts.recent() if m.kind is AlertKind.REVIEW]
    return sorted((m.to.partition("@")[0], m.subject.partition(":")[0]) for m in found)


def states(hall: TownHall, made: Response) -> list[ReviewState]:
    return [review.state for review in hall.store.reviews.of_response(made.id)]


def release(hall: TownHall, made: Response) -> Response:
    return respond.release(hall.store, made.id, chloe(hall), hall.now, today=hall.now.date())


def test_whoever_may_release_is_told_at_once(hall: TownHall) -> None:
    made = handed_over(hall, note="Uhrzeit bitte gegenlesen", to=chloe(hall).id)
    assert mails(hall) == [("chloe", "Bitte prüfen")]
    (asked,) = hall.store.reviews.of_response(made.id)
    assert (asked.note, asked.to, asked.state) == (
        "Uhrzeit bitte gegenlesen",
        chloe(hall).id,
        ReviewState.OPEN,
    )
    release(hall, made)
    assert states(hall, made) == [ReviewState.APPROVED]


def test_nobody_is_asked_who_could_not_release_it(hall: TownHall) -> None:
    made = filled(hall)
    assert hall.ben.person is not None
    for person in (hall.ben.person, ana(hall)):
        with pytest.raises(InvalidInputError):
            answer_review.hand_over(hall.house, made.id, ana(hall), hall.now, to=person.id)
    assert hall.store.responses.get(made.id).state is ResponseState.DRAFT


def test_it_comes_back_with_a_comment(hall: TownHall) -> None:
    made = handed_over(hall)
    back = answer_review.give_back(
        hall.house, made.id, "Wer hat geprüft?", chloe(hall), hall.now, version=made.version
    )
    assert (back.state, back.written_by) == (ResponseState.DRAFT, ana(hall).id)
    assert ("ana", "Zurück mit Anmerkung") in mails(hall)
    (returned,) = hall.store.reviews.returned_to(ana(hall).id)
    assert returned.comment == "Wer hat geprüft?"
    actions = [e.action for e in hall.store.audit.of_object(f"response:{made.id}")]
    assert actions[-1] == "response.returned"
    respond.submit(hall.store, made.id, ana(hall), hall.now)
    assert hall.store.reviews.returned_to(ana(hall).id) == []
    assert states(hall, made) == [ReviewState.OPEN, ReviewState.RETURNED]


def test_a_return_needs_the_right_the_text_they_saw_and_a_word(hall: TownHall) -> None:
    made = handed_over(hall)
    house, now = hall.house, hall.now
    with pytest.raises(InvalidInputError):
        answer_review.give_back(house, made.id, " ", chloe(hall), now)
    with pytest.raises(NotAllowedError):
        answer_review.give_back(house, made.id, "Nein", ana(hall), now)
    with pytest.raises(ConflictError):
        answer_review.give_back(house, made.id, "Nein", chloe(hall), now, version=1)
    both = replace(ana(hall), roles=frozenset({Role.DUTY, Role.APPROVER}))
    with hall.store.transaction():
        hall.store.people.update(both)
    with pytest.raises(FourEyesError):
        answer_review.give_back(house, made.id, "Nein", both, now)
    release(hall, made)
    with pytest.raises(IllegalMoveError):
        answer_review.give_back(house, made.id, "Nein", chloe(hall), now)


def test_one_handed_over_before_there_were_reviews_can_come_back_too(hall: TownHall) -> None:
    made = handed_over(hall)
    with hall.store.transaction():
        hall.store._db.execute("delete from reviews")
    answer_review.give_back(hall.house, made.id, "Nein", chloe(hall), hall.now)
    assert states(hall, made) == [ReviewState.RETURNED]


def test_an_edit_takes_it_out_of_review(hall: TownHall) -> None:
    made = handed_over(hall)
    respond.fill(
        hall.store,
        made.id,
        title=made.title,
        values={"naechste_info": "morgen"},
        by=ana(hall),
        now=hall.now,
        version=made.version,
    )
    assert states(hall, made) == [ReviewState.CHANGED]
    with pytest.raises(IllegalMoveError):
        release(hall, made)


def test_taking_it_back_or_laying_it_away_ends_the_review(hall: TownHall) -> None:
    made = handed_over(hall)
    respond.take_back(hall.store, made.id, ana(hall), hall.now, version=made.version)
    respond.submit(hall.store, made.id, ana(hall), hall.now)
    respond.discard(hall.store, made.id, ana(hall), hall.now)
    assert states(hall, made) == [ReviewState.TAKEN_BACK, ReviewState.TAKEN_BACK]


def test_only_what_was_handed_over_is_released(hall: TownHall) -> None:
    made = handed_over(hall)
    with hall.store.transaction():  # whatever writes past the workflows
        hall.store.responses.update(replace(made, values={"naechste_info": "nie"}))
    with pytest.raises(ConflictError):
        release(hall, made)


@pytest.mark.parametrize("move", ["submit", "take_back", "discard", "correct", "withdraw"])
def test_no_move_is_made_on_a_version_that_nobody_saw(hall: TownHall, move: str) -> None:
    made = filled(hall)
    if move != "submit":
        made = respond.submit(hall.store, made.id, ana(hall), hall.now)
    if move in ("correct", "withdraw"):
        made = release(hall, made)
    reason = ("Neue Lage",) if move == "withdraw" else ()
    with pytest.raises(ConflictError):
        getattr(respond, move)(
            hall.store, made.id, *reason, chloe(hall), hall.now, version=made.version - 1
        )
    assert hall.store.responses.get(made.id) == made


# --- mended by the second person -------------------------------------------------------------


def mend(hall: TownHall, made: Response, **changes: str) -> Response:
    return answer_review.mend_and_release(
        hall.store,
        made.id,
        chloe(hall),
        hall.now,
        title=changes.get("title", made.title),
        values={"naechste_info": changes.get("naechste_info", "heute um 18 Uhr")},
        version=made.version,
        today=hall.now.date(),
    )


def test_the_second_person_mends_and_releases_at_once_and_both_names_are_kept(
    hall: TownHall,
) -> None:
    made = handed_over(hall)
    out = mend(hall, made, naechste_info="heute um 19 Uhr")
    assert out.state is ResponseState.RELEASED
    assert (out.written_by, out.released_by) == (ana(hall).id, chloe(hall).id)
    assert out.values == {"naechste_info": "heute um 19 Uhr"}
    assert states(hall, made) == [ReviewState.MENDED]
    entry = next(
        e
        for e in hall.store.audit.of_object(f"response:{made.id}")
        if e.action == "response.mended"
    )
    assert entry.before["values"] == VALUES
    assert entry.after["values"] == out.values
    assert mend(hall, made) == out, "pressed twice"


def test_mending_nothing_is_releasing(hall: TownHall) -> None:
    made = handed_over(hall)
    mend(hall, made)
    assert states(hall, made) == [ReviewState.APPROVED]


def test_whoever_wrote_it_mends_nothing_past_the_second_person(hall: TownHall) -> None:
    made = handed_over(hall)
    both = replace(ana(hall), roles=frozenset({Role.DUTY, Role.APPROVER}))
    with hall.store.transaction():
        hall.store.people.update(both)
    with pytest.raises(FourEyesError):
        answer_review.mend_and_release(
            hall.store,
            made.id,
            both,
            hall.now,
            title=made.title,
            values={},
            version=made.version,
            today=hall.now.date(),
        )
    with pytest.raises(InvalidInputError):
        mend(hall, made, naechste_info="")
    with pytest.raises(InvalidInputError):
        mend(hall, made, title=" ")
    with pytest.raises(ConflictError):
        mend(hall, replace(made, version=1), naechste_info="morgen")
    assert hall.store.responses.get(made.id) == made
    assert states(hall, made) == [ReviewState.OPEN]


# --- other words than those that were approved -------------------------------------------------


def reworded(hall: TownHall, made: Response) -> Response:
    texts = {"website": made.texts["website"], "short": "Alles gut. Mehr: {{ naechste_info }}"}
    return answer_review.reword(
        hall.store, made.id, texts, ana(hall), hall.now, version=made.version
    )


def test_other_words_are_a_draft_of_whoever_changed_them(hall: TownHall) -> None:
    made = handed_over(hall)
    after = reworded(hall, made)
    assert after.state is ResponseState.DRAFT
    assert after.values == VALUES
    assert states(hall, made) == [ReviewState.CHANGED]
    again = respond.submit(hall.store, made.id, ana(hall), hall.now)
    out = release(hall, again)
    assert out.texts["short"].startswith("Alles gut.")


def test_the_approved_words_come_back(hall: TownHall) -> None:
    made = filled(hall)
    after = answer_review.reword(hall.store, reworded(hall, made).id, None, ana(hall), hall.now)
    assert after.texts == made.texts
    same = answer_review.reword(hall.store, made.id, None, ana(hall), hall.now)
    assert same == after, "nothing to do"


def test_one_person_alone_releases_approved_words_only(hall: TownHall) -> None:
    made = reworded(hall, filled(hall))

    def alone(made: Response) -> Response:
        return emergency.release_alone(
            hall.house,
            made.id,
            "Niemand geht ans Telefon.",
            ana(hall),
            hall.now,
            today=hall.now.date(),
            version=made.version,
        )

    with pytest.raises(NotAllowedError):
        alone(made)
    made = answer_review.reword(hall.store, made.id, None, ana(hall), hall.now)
    assert alone(made).state is ResponseState.RELEASED


def test_strangers_to_answers_change_no_words(hall: TownHall) -> None:
    made = filled(hall)
    assert hall.vera.person is not None
    with pytest.raises(NotAllowedError):
        answer_review.reword(hall.store, made.id, {}, hall.vera.person, hall.now)
    with pytest.raises(InvalidInputError):
        answer_review.reword(hall.store, made.id, {"fax": "x"}, ana(hall), hall.now)


def test_an_exercise_mails_nobody(hall: TownHall) -> None:
    made = filled(hall, drill=True)
    answer_review.hand_over(hall.house, made.id, ana(hall), hall.now)
    answer_review.give_back(hall.house, made.id, "Nein", chloe(hall), hall.now)
    assert mails(hall) == []
