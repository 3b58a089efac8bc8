"""One person alone at night: an answer goes out, everybody learns of it, and somebody looks."""

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
from crisis.types import AlertKind, Person, Response, ResponseState
from crisis.workflows import approve, emergency, respond

WHY = "Die Brücke ist gesperrt, und niemand mit Freigabe geht ans Telefon."
LIST = "/klarstellungen/"


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(tmp_path, CRISIS_RELEASE_EMERGENCY="true", CRISIS_RELEASE_REVIEW_HOURS="6")
    made.chloe_approves()
    made.everybody_signs_in()
    yield made
    made.close()


def who(visitor) -> Person:
    assert visitor.person is not None
    return visitor.person


def alone(hall: TownHall, *, by=None, because: str = WHY, **more: object) -> Response:
    """Ana lets a finished answer out by herself."""
    waiting = hall.submitted(hall.rumour_spreads())
    return emergency.release_alone(
        hall.house,
        waiting.id,
        because,
        who(by or hall.ana),
        hall.now,
        today=hall.now.date(),
        version=waiting.version,
        **more,  # type: ignore[arg-type]
    )


def told(hall: TownHall) -> list[str]:
    return sorted(m.to for m in hall.store.alerts.recent() if m.kind is AlertKind.ALONE)


def test_it_is_public_at_once_and_everybody_concerned_is_told(hall: TownHall) -> None:
    out = alone(hall)
    assert out.state is ResponseState.RELEASED
    assert (out.released_by, out.alone_because) == (who(hall.ana).id, WHY)
    assert out.title in hall.dev.opens(LIST).text
    assert told(hall) == ["chloe@musterstadt.example", "vera@musterstadt.example"]
    mail = next(m for m in hall.store.alerts.recent() if m.kind is AlertKind.ALONE)
    assert WHY in " ".join(mail.text.split())
    assert hall.store.incidents.get(out.incident_id).state.value == "corrected"


def test_a_draft_that_is_complete_goes_out_too(hall: TownHall) -> None:
    waiting = hall.submitted(hall.rumour_spreads())
    draft = respond.take_back(hall.store, waiting.id, who(hall.ana), hall.now)
    out = emergency.release_alone(
        hall.house,
        draft.id,
        WHY,
        who(hall.ana),
        hall.now,
        today=hall.now.date(),
        version=draft.version,
    )
    assert out.claim, "what search engines are told is kept as ever"
    again = emergency.release_alone(
        hall.house,
        draft.id,
        WHY,
        who(hall.ana),
        hall.now,
        today=hall.now.date(),
        version=draft.version,
    )
    assert again == out
    assert len(told(hall)) == 2


def test_what_was_changed_meanwhile_does_not_go_out(hall: TownHall) -> None:
    waiting = hall.submitted(hall.rumour_spreads())
    with pytest.raises(ConflictError):
        emergency.release_alone(
            hall.house,
            waiting.id,
            WHY,
            who(hall.ana),
            hall.now,
            today=hall.now.date(),
            version=waiting.version - 1,
        )
    assert hall.store.responses.get(waiting.id).state is ResponseState.SUBMITTED
    assert told(hall) == []


@pytest.mark.parametrize("because", ["", "  ", "eilig", "x" * 1001])
def test_without_a_reason_nothing_goes_out(hall: TownHall, because: str) -> None:
    with pytest.raises(InvalidInputError):
        alone(hall, because=because)
    assert told(hall) == []


def test_a_text_that_nobody_approved_never_goes_out(hall: TownHall) -> None:
    waiting = hall.submitted(hall.rumour_spreads())
    approval = hall.store.playbooks.approvals()[0]
    approve.revoke(hall.store, approval.id, who(hall.chloe), hall.now, reason="Stimmt nicht.")
    with pytest.raises(NotAllowedError):
        emergency.release_alone(
            hall.house,
            waiting.id,
            WHY,
            who(hall.ana),
            hall.now,
            today=hall.now.date(),
            version=waiting.version,
        )


def test_where_the_settings_do_not_allow_it_nobody_may(tmp_path: Path) -> None:
    strict = TownHall(tmp_path)
    strict.chloe_approves()
    strict.everybody_signs_in()
    waiting = strict.submitted(strict.rumour_spreads())
    assert "Im Notfall allein" not in strict.ana.opens(f"/antworten/{waiting.id}").text
    with pytest.raises(NotAllowedError):
        emergency.release_alone(
            strict.house,
            waiting.id,
            WHY,
            who(strict.ana),
            strict.now,
            today=strict.now.date(),
            version=waiting.version,
        )
    form = {"grund": WHY, "version": str(waiting.version)}
    assert strict.ana.presses(f"/antworten/{waiting.id}/allein", form).status_code == 403
    assert strict.store.responses.get(waiting.id).state is ResponseState.SUBMITTED
    strict.close()


def test_authors_and_administrators_may_not(hall: TownHall) -> None:
    for visitor in (hall.ben, hall.vera):
        with pytest.raises(NotAllowedError):
            alone(hall, by=visitor)


def test_a_second_person_looks_and_nobody_else(hall: TownHall) -> None:
    out = alone(hall, by=hall.chloe)
    with pytest.raises(FourEyesError):
        emergency.review(hall.store, out.id, who(hall.chloe), hall.now)
    with pytest.raises(NotAllowedError):
        emergency.review(hall.store, out.id, who(hall.ana), hall.now)
    other = alone(hall)
    looked = emergency.review(hall.store, other.id, who(hall.chloe), hall.later(hours=1))
    assert (looked.reviewed_by, looked.reviewed_at) == (who(hall.chloe).id, hall.now)
    assert emergency.review(hall.store, other.id, who(hall.chloe), hall.later(hours=1)) == looked
    usual = hall.released(hall.rumour_spreads())
    with pytest.raises(IllegalMoveError):
        emergency.review(hall.store, usual.id, who(hall.chloe), hall.now)


def test_who_misses_the_hour_is_reminded_once(hall: TownHall) -> None:
    out = alone(hall)
    hall.later(hours=5, minutes=59)
    assert emergency.remind(hall.house, hall.now) == 0
    hall.later(minutes=1)
    assert emergency.remind(hall.house, hall.now) == 1
    assert emergency.remind(hall.house, hall.now) == 0
    assert len(told(hall)) == 4
    emergency.review(hall.store, out.id, who(hall.chloe), hall.now)
    assert emergency.remind(hall.house, hall.later(days=1)) == 0


def test_a_correction_by_a_second_person_counts_as_looked(hall: TownHall) -> None:
    out = alone(hall)
    new = respond.correct(hall.store, out.id, who(hall.ana), hall.now)
    assert (new.alone_because, new.review_by) == ("", None)
    filled = respond.fill(
        hall.store,
        new.id,
        title=new.title,
        values=dict(new.values),
        change_note="Die Uhrzeit war falsch.",
        by=who(hall.ana),
        now=hall.now,
        version=new.version,
    )
    respond.submit(hall.store, filled.id, who(hall.ana), hall.now)
    respond.release(hall.store, new.id, who(hall.chloe), hall.now, today=hall.now.date())
    assert hall.store.responses.unreviewed() == []


def test_an_exercise_tells_nobody(hall: TownHall) -> None:
    waiting = hall.submitted(hall.rumour_spreads(drill=True))
    emergency.release_alone(
        hall.house,
        waiting.id,
        WHY,
        who(hall.ana),
        hall.now,
        today=hall.now.date(),
        version=waiting.version,
    )
    assert told(hall) == []
    assert emergency.remind(hall.house, hall.later(days=9)) == 0


# --- on the desk ----------------------------------------------------------------------------------


def test_by_hand_from_the_button_to_the_second_look(hall: TownHall) -> None:
    waiting = hall.submitted(hall.rumour_spreads())
    path = f"/antworten/{waiting.id}"
    assert "Im Notfall allein freigeben" in hall.ana.opens(path).text
    refused = hall.ana.presses(f"{path}/allein", {"grund": "", "version": str(waiting.version)})
    assert refused.status_code == 422
    assert "warum niemand sonst" in refused.text
    form = {"grund": WHY, "version": str(waiting.version)}
    assert hall.ana.presses(f"{path}/allein", form).status_code == 302
    assert "Eine zweite Person muss nachsehen" in hall.ana.opens(path).text
    assert "Stimmt so" not in hall.ana.opens(path).text
    assert "Nachsehen, allein freigegeben" in hall.chloe.opens("/").text
    assert "Nachsehen, allein freigegeben" not in hall.ana.opens("/").text
    assert "Stimmt so" in hall.chloe.opens(path).text
    assert hall.ben.presses(f"{path}/nachgesehen").status_code == 403
    assert hall.chloe.presses(f"{path}/nachgesehen").status_code == 302
    assert "inzwischen nachgesehen" in hall.ana.opens(path).text
    assert "Nachsehen, allein freigegeben" not in hall.chloe.opens("/").text
    assert hall.dev.presses(f"{path}/allein", form).status_code == 403


def test_a_fill_in_that_is_missing_stops_it(hall: TownHall) -> None:
    waiting = hall.submitted(hall.rumour_spreads())
    with hall.store.transaction():
        broken = hall.store.responses.update(replace(waiting, values={}))
    with pytest.raises(InvalidInputError):
        emergency.release_alone(
            hall.house,
            broken.id,
            WHY,
            who(hall.ana),
            hall.now,
            today=hall.now.date(),
            version=broken.version,
        )
