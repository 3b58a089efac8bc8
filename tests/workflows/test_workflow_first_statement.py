"""The first statement, and the answer that takes its place: one page, one post, both dated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, PLAYBOOK, incident, playbook
from hypothesis import given
from hypothesis import strategies as st
from outlets import MastodonServer, serving
from town import Town

from crisis.channels.card import to_card
from crisis.channels.mastodon import Mastodon
from crisis.channels.plan import Going, Outlet
from crisis.channels.wire import Wire
from crisis.errors import IllegalMoveError
from crisis.responses.holding import followed_note, placed, to_follow
from crisis.store import Store
from crisis.types import Incident, IncidentState, Response, ResponseState
from crisis.workflows import approve, pin, publish, respond

_S = ResponseState
FULL = PLAYBOOK.replace(
    "## Lage",
    "## Erste Meldung\n\n### Wir prüfen das Trinkwasser\n\nWir fragen das Labor.\n\n"
    "## Erste Meldung: kurz\n\nWir prüfen das.\n\n## Lage",
)


class Hall:
    """A town whose playbook has a first statement."""

    def __init__(self, store: Store) -> None:
        self.store, self.town = store, Town(store)
        self.book = playbook(FULL)
        approve.approve(store, self.book, self.town.chloe, self.town.now)
        with store.transaction():
            self.incident: Incident = store.incidents.open(incident())

    def begin(self, *, holding: bool = False) -> Response:
        town = self.town
        return respond.draft(
            self.store,
            self.incident.id,
            self.book,
            town.ana,
            town.now,
            today=town.now.date(),
            holding=holding,
        )

    def out(self, made: Response, *channels: str) -> Response:
        town = self.town
        made = respond.fill(
            self.store,
            made.id,
            title=made.title,
            values={"naechste_info": "um 18 Uhr"},
            change_note=made.change_note,
            by=town.ana,
            now=town.now,
            version=made.version,
        )
        respond.submit(self.store, made.id, town.ana, town.now)
        going = Going(
            outlets=tuple(Outlet(code=code) for code in channels),
            page="https://musterstadt.example/klarstellungen/{slug}",
            zone=ZoneInfo("Europe/Berlin"),
            authority="Musterstadt",
        )
        return respond.release(
            self.store, made.id, town.chloe, town.now, today=town.now.date(), going=going
        )

    def state(self, made: Response) -> ResponseState:
        return self.store.responses.get(made.id).state


@pytest.fixture
def hall(store: Store) -> Hall:
    return Hall(store)


@contextmanager
def mastodon(hall: Hall) -> Iterator[MastodonServer]:
    server = MastodonServer()
    with serving(server):
        wire = Wire(allowed_hosts=[server.host], timeout=5)
        hall.town.channels = {"mastodon": Mastodon(wire, server.url, "geheim")}
        yield server


def test_an_answer_takes_the_place_of_the_first_statement_on_its_page(hall: Hall) -> None:
    first = hall.out(hall.begin(holding=True))
    assert hall.store.incidents.get(hall.incident.id).state is IncidentState.ANSWERING
    hall.town.later(minutes=20)
    answer = hall.out(hall.begin())
    assert answer.slug == first.slug == "wir-pruefen-das-trinkwasser-2026-11-23"
    assert (answer.follows, answer.revision, answer.replaces) == (True, 2, first.id)
    assert answer.change_note == followed_note("de")
    assert hall.state(first) is _S.SUPERSEDED
    assert [one.holding for one in hall.store.responses.revisions(first.slug)] == [False, True]
    assert hall.store.incidents.get(hall.incident.id).state is IncidentState.CORRECTED
    assert hall.store.audit.verify() is None


def test_a_first_statement_stands_above_all_pages_until_the_answer_is_there(hall: Hall) -> None:
    store, town = hall.store, hall.town
    first = hall.out(hall.begin(holding=True))
    assert [one.id for one in store.responses.pinned(town.now)] == [first.id]
    assert "response.pinned" in [line.action for line in store.audit.of_incident(hall.incident.id)]
    town.later(minutes=20)
    answer = hall.out(hall.begin())
    assert [one.id for one in store.responses.pinned(town.now)] == [answer.id]
    assert store.responses.pinned(town.now + timedelta(hours=24)) == []


def test_a_first_statement_that_was_taken_down_stays_down(hall: Hall) -> None:
    store, town = hall.store, hall.town
    first = hall.out(hall.begin(holding=True))
    pin.take_down(store, first.id, town.chloe, town.now)
    corrected = respond.correct(store, first.id, town.ana, town.now)
    hall.out(replace(corrected, change_note="Die Uhrzeit war falsch."))
    assert store.responses.pinned(town.now) == []


def test_no_share_picture_of_a_first_statement_calls_it_a_correction(hall: Hall) -> None:
    first = hall.out(hall.begin(holding=True))
    said = {"authority": "Musterstadt", "date": "", "address": "", "source": "Labor"}
    card = to_card(first, **said)
    assert (card.label, card.source) == ("Erste Meldung", "Quelle: Labor")
    assert to_card(replace(first, lang="en"), **said).label == "First statement"
    assert to_card(hall.out(hall.begin()), **said).label == "Richtigstellung"


def test_an_answer_begun_before_the_statement_was_out_follows_it_all_the_same(hall: Hall) -> None:
    first, answer = hall.begin(holding=True), hall.begin()
    assert not answer.follows
    first = hall.out(first)
    released = hall.out(answer)
    assert (released.slug, released.replaces) == (first.slug, first.id)
    assert released.follows


def test_what_was_posted_is_changed_and_says_updated_not_corrected(hall: Hall) -> None:
    with mastodon(hall) as server:
        hall.out(hall.begin(holding=True), "mastodon")
        publish.publish(hall.town.house, "monitor:1", hall.town.now)
        (number,) = server.statuses
        assert server.texts[0].startswith("Wir prüfen das.")
        hall.town.later(minutes=20)
        hall.out(hall.begin(), "mastodon")
        publish.publish(hall.town.house, "monitor:1", hall.town.now)
        assert list(server.statuses) == [number]
        (text,) = server.texts
        assert text.startswith("Das Wasser ist in Ordnung.")
        assert "Aktualisiert am 23.11.2026, 13:20 Uhr: Auf unsere erste Meldung" in text
        assert "Berichtigt" not in text


def test_a_statement_that_was_corrected_meanwhile_is_still_followed(hall: Hall) -> None:
    first = hall.out(hall.begin(holding=True))
    answer = hall.begin()
    again = respond.correct(hall.store, first.id, hall.town.ana, hall.town.now)
    assert again.holding
    again = hall.out(replace(again, change_note="Die Uhrzeit war falsch."))
    released = hall.out(answer)
    assert (released.replaces, released.revision, released.slug) == (again.id, 3, first.slug)


def test_after_a_withdrawn_statement_an_answer_gets_a_page_of_its_own(hall: Hall) -> None:
    first = hall.out(hall.begin(holding=True))
    answer = hall.begin()
    respond.withdraw(hall.store, first.id, "Falsch.", hall.town.chloe, hall.town.now)
    released = hall.out(answer)
    assert released.slug != first.slug
    assert (released.follows, released.replaces, released.revision) == (False, None, 1)
    assert released.change_note == ""


def test_of_two_answers_the_second_gets_a_page_of_its_own(hall: Hall) -> None:
    first = hall.out(hall.begin(holding=True))
    one, other = hall.begin(), hall.begin()
    assert hall.out(one).slug == first.slug
    assert hall.out(other).slug != first.slug


def test_the_correction_of_an_answer_that_followed_is_a_correction(hall: Hall) -> None:
    hall.out(hall.begin(holding=True))
    answer = hall.out(hall.begin())
    new = respond.correct(hall.store, answer.id, hall.town.ana, hall.town.now)
    assert (new.follows, new.replaces) == (False, answer.id)
    respond.withdraw(hall.store, answer.id, "Falsch.", hall.town.chloe, hall.town.now)
    with pytest.raises(IllegalMoveError):
        hall.out(replace(new, change_note="Die Uhrzeit war falsch."))


def test_what_stood_above_all_pages_still_does(hall: Hall) -> None:
    until = hall.town.now.replace(hour=23)
    first = hall.out(hall.begin(holding=True))
    with hall.store.transaction():
        hall.store.responses.update(replace(hall.store.responses.get(first.id), pinned_until=until))
    assert hall.out(hall.begin()).pinned_until == until


def _answer(number: int, state: ResponseState, lang: str, *, holding: bool) -> Response:
    made = Response(
        id=number,
        incident_id=1,
        playbook="trinkwasser",
        playbook_sha256="0" * 64,
        approval_id=1,
        lang=lang,
        title="Titel",
        written_by=1,
        written_at=NOON,
    )
    return replace(made, holding=holding, state=state)


@given(
    st.lists(st.tuples(st.sampled_from(_S), st.sampled_from(["de", "en"]), st.booleans())),
    st.booleans(),
)
def test_an_answer_only_ever_follows_a_public_statement_in_its_language(
    others: list[tuple[ResponseState, str, bool]], began_as_one: bool
) -> None:
    answers = [
        _answer(number, state, lang, holding=holding)
        for number, (state, lang, holding) in enumerate(others, 1)
    ]
    mine = replace(
        _answer(99, _S.SUBMITTED, "de", holding=False),
        follows=began_as_one,
        replaces=1 if began_as_one else None,
    )
    out, old = placed(mine, answers)
    assert old == to_follow(answers, "de")
    assert out.follows == (old is not None) == bool(out.replaces)
    assert bool(out.change_note) == (old is not None)
    if old is not None:
        assert (old.holding, old.state, old.lang) == (True, _S.RELEASED, "de")
