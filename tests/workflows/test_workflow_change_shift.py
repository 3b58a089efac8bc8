"""At a change of shift: who comes gets a mail, who goes a copy, once; and a page that keeps what was open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from mail_story import Night, post_office
from post_office import Counter

from crisis.interfaces import House
from crisis.store import Store
from crisis.types import (
    Absence,
    AlertState,
    Handover,
    Layer,
    Person,
    Response,
    ResponseState,
    Rhythm,
    Shift,
    Swap,
    UpdatePlan,
)
from crisis.workflows import change_shift, swap, tidy

HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[Counter, int]]:
    with post_office() as found:
        yield found


class Watchful(Night):
    """A night with a rota: Ana until ten past, Eve from then on, unless the story says otherwise."""

    mails = "always"

    @property
    def house(self) -> House:
        made = super().house
        return replace(made, terms=replace(made.terms, handover_mails=self.mails))

    def _shift(self, who: Person, start: str, end: str) -> None:
        begins, ends = (self.start + timedelta(minutes=int(at)) for at in (start, end))
        with self.store.transaction():
            self.store.people.add_shift(Shift(person_id=who.id, start=begins, end=ends))

    def _is_ill(self, who: Person, start: str, end: str) -> None:
        begins, ends = (self.start + timedelta(minutes=int(at)) for at in (start, end))
        with self.store.transaction():
            self.store.oncall.add_absence(Absence(person_id=who.id, start=begins, end=ends))

    def _writes(self, who: Person, *words: str) -> None:
        with self.store.transaction():
            self.store.handovers.add(
                Handover(
                    written_by=who.id, written=self.now, begun=self.start, text=" ".join(words)
                )
            )

    def only(self, which: str) -> None:
        self.mails = which

    def look(self) -> None:
        """The monitor works, though nothing has happened."""
        self.step()


@pytest.fixture
def night(store: Store, office: tuple[Counter, int]) -> Watchful:
    return Watchful(store, *office)


ROTA = "ana shift -60 10; eve shift 10 490; look; "
STORIES = {
    "eve follows ana: one mail to her, and a copy to ana": (
        ROTA + "wait 30",
        "10 eve handover, 10 ana handover",
    ),
    "nobody hears of it a second time": (
        ROTA + "wait 10; look; restart; look; wait 60",
        "10 eve handover, 10 ana handover",
    ),
    "the same person stays: nobody is told": (
        "ana shift -60 10; ana shift 10 60; look; wait 40",
        "",
    ),
    "the first look at a rota is no change": ("ana shift -60 60; look; wait 5", ""),
    "nothing is open and the setting wants quiet": (ROTA + "only open; wait 30", ""),
    "something is open: told though the setting wants quiet": (
        ROTA + "only open; rumour; ana takes; wait 20",
        "0 ana raised, 10 eve handover, 10 ana handover",
    ),
    "never means never": (ROTA + "only never; rumour; ana takes; wait 20", "0 ana raised"),
    "a gap lies between: eve hears when she begins": (
        "ana shift -60 10; eve shift 40 490; look; wait 60",
        "40 eve handover, 40 ana handover",
    ),
    "ana comes back after a gap: no news for her": (
        "ana shift -60 10; ana shift 40 90; look; wait 60",
        "",
    ),
    "eve falls ill before: whoever stands in is told": (
        ROTA + "eve is_ill 5 600; ben shift 10 490; wait 20",
        "10 ben handover, 10 ana handover",
    ),
    "the rota is changed while it runs: told from now on": (
        "ana shift -60 60; look; wait 5; ana is_ill 0 60; eve shift -30 60; wait 5",
        "6 eve handover, 6 ana handover",
    ),
    "the monitor stood still: told late, once, to who is on call now": (
        "ana shift -60 10; ben shift 10 70; eve shift 70 490; look; clock 90; wait 5",
        "90 eve handover, 90 ana handover",
    ),
    "ana has left meanwhile: only eve is told": (
        ROTA + "ana leaves; wait 20",
        "10 eve handover",
    ),
    "two on call, one of them goes: nobody is told": (
        "ana shift -60 10; eve shift -60 490; look; wait 30",
        "",
    ),
    "two on call, a third one comes": (
        "ana shift -60 90; eve shift 10 490; look; wait 30",
        "10 eve handover",
    ),
    "the mail server is down at the change": (
        ROTA + "wait 5; smtp down; wait 10; smtp up; wait 10",
        "16 eve handover, 16 ana handover",
    ),
    "a rumour at the moment of the change: who comes is called, and told": (
        ROTA + "wait 9; clock 1; rumour; eve takes; wait 3",
        "10 eve handover, 10 ana handover, 10 eve raised",
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_these_mails_and_no_other(night: Watchful, story: str) -> None:
    told, expected = STORIES[story]
    assert night.tells(told) == [m for m in expected.split(", ") if m]


def test_two_monitors_at_the_same_time_hand_over_once(night: Watchful) -> None:
    night.tells(ROTA)
    night.town.later(minutes=10)
    with Store(night.store.path) as second:
        house = replace(night.house, store=second)
        assert change_shift.look(house, night.now) is not None
        assert change_shift.look(night.house, night.now) is None
        assert change_shift.look(house, night.now) is None
    night.step()
    assert night.said == ["10 eve handover", "10 ana handover"]


def test_a_monitor_that_dies_before_it_kept_anything_is_followed_by_one_that_does(
    night: Watchful, monkeypatch: pytest.MonkeyPatch
) -> None:
    night.tells(ROTA)
    night.town.later(minutes=10)

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(change_shift, "_mail", dies)
        with pytest.raises(KeyboardInterrupt):
            change_shift.look(night.house, night.now)
    assert night.store.handovers.changes() == []
    night.step()
    assert night.said == ["10 eve handover", "10 ana handover"]


def test_a_swap_counts_as_any_other_change(night: Watchful) -> None:
    night.tells(ROTA)
    offered = swap.offer(
        night.house,
        Swap(
            from_id=night.eve.id,
            to_id=night.person("chloe").id,
            start=night.start + timedelta(minutes=10),
            end=night.start + timedelta(minutes=490),
            offered=night.now,
        ),
        night.eve,
        night.now,
    )
    swap.answer(night.house, offered.id, True, night.person("chloe"), night.now)
    night.wait(12)
    assert [m for m in night.said if "handover" in m] == ["10 chloe handover", "10 ana handover"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (
            date(2026, 10, 25),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),  # 02:30 twice: at the first
        (date(2027, 3, 28), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # 02:30 never: at 03:30
    ],
)
def test_a_change_at_half_past_two_happens_once_when_the_clocks_change(
    night: Watchful, day: date, expected: datetime
) -> None:
    with night.store.transaction():
        night.store.oncall.put_layer(
            Layer(
                name="Nacht",
                people=(night.town.ana.id, night.eve.id),
                rhythm=Rhythm.DAILY,
                begins=day - timedelta(days=1),
                handover=time(2, 30),
            )
        )
    night.town.now = datetime(day.year, day.month, day.day, tzinfo=UTC) - 2 * HOUR
    told = []
    for _ in range(6 * 12):
        night.town.later(minutes=5)
        if (made := change_shift.look(night.house, night.now)) is not None:
            told.append(made)
    assert [(one.at, one.incoming) for one in told] == [(expected, (night.eve.id,))]


# --- what it says ----------------------------------------------------------------------------


def _answer(night: Night, state: ResponseState, title: str) -> Response:
    with night.store.transaction():
        return night.store.responses.add(
            Response(
                incident_id=night.incident.id,
                playbook="trinkwasser",
                playbook_sha256="0",
                approval_id=1,
                lang="de",
                title=title,
                state=state,
                written_by=night.town.ana.id,
                written_at=night.now,
                slug=title.lower().replace(" ", "-"),
                released_at=night.now if state is ResponseState.RELEASED else None,
            )
        )


def test_all_that_matters_stands_in_it(night: Watchful) -> None:
    """Open and whose, promised and when, waiting, failed and late, and the notes of who goes."""
    night.tells(ROTA + "rumour urgent; ana takes; rumour high")
    night.town.chloe_approves()
    out = _answer(night, ResponseState.RELEASED, "Das Wasser ist gut")
    _answer(night, ResponseState.SUBMITTED, "Der Damm haelt")
    with night.store.transaction():
        night.store.updates.add(
            UpdatePlan(
                response_id=out.id,
                incident_id=out.incident_id,
                channels=(),
                first=night.now + HOUR,
                every=60,
                due=night.now + HOUR,
                made_by=night.town.ana.id,
                made=night.now,
            )
        )
        late = night.store.alerts.of_incident(night.incident.id)[0]
        night.store.alerts.update(
            replace(
                late, state=AlertState.SENT, attempts=3, sent_at=late.created + timedelta(minutes=9)
            )
        )
    night.tells("ana writes Das Labor ruft um 15 Uhr an")
    night.said.clear()
    night.wait(10)
    (change,) = night.store.handovers.changes()
    assert [part["title"] for part in change.parts["de"]] == [
        "Offen",
        "Der Öffentlichkeit versprochen",
        "Wartet auf jemanden",
        "Gescheitert oder zu spät",
        "Notizen der Schicht davor",
    ]
    points = [point["text"] for part in change.parts["de"] for point in part["points"]]
    assert (
        points[0].startswith("Trinkwasser vergiftet: dringend, übernommen;")
        and "hat Ana" in points[0]
    )
    assert (
        points[1].startswith("Trinkwasser vergiftet: hoch, neu") and "hat noch niemand" in points[1]
    )
    assert points[2].startswith("Das Wasser ist gut: nächste Meldung 14:00 Uhr; dann alle 60 Min.")
    assert points[3] == "Wartet auf Freigabe: Der Damm haelt"
    assert points[4].startswith("Mail an Ana erst um ")
    assert points[5].endswith("Das Labor ruft um 15 Uhr an")
    assert change.parts["en"][1]["title"] == "Promised to the public"
    mail = next(m for m in night.letters if str(m["Message-ID"]).startswith("<handover"))
    assert "2 offen, 1 dringend, nächste Meldung 14:00 Uhr" in str(mail["Subject"])
    body = mail.get_body(("plain",))
    assert body is not None
    text = " ".join(body.get_content().split())
    assert "vor Ihnen: Ana" in text and "Das Labor ruft um 15 Uhr an" in text
    assert f"/uebergabe/wechsel/{change.id}" in text


def test_the_time_without_anybody_and_a_dead_mail_server_are_named(night: Watchful) -> None:
    night.tells("ana shift -60 10; eve shift 40 490; look; wait 45")
    (change,) = night.store.handovers.changes()
    texts = [point["text"] for part in change.parts["de"] for point in part["points"]]
    assert texts == ["Niemand hatte Bereitschaft: 13:10 Uhr – 13:40 Uhr"]


def test_exercises_are_not_handed_over(night: Watchful) -> None:
    night.tells(ROTA + "only open; rumour")
    with night.store.transaction():
        night.store.incidents.update(replace(night.incident, drill=True))
    night.wait(15)
    assert [m for m in night.said if "handover" in m] == []


def test_the_calm_mail_says_that_nothing_is_open(night: Watchful) -> None:
    night.tells(ROTA + "wait 15")
    assert [str(m["Subject"]) for m in night.letters] == [
        "Übergabe: nichts offen",
        "Kopie Ihrer Übergabe: nichts offen",
    ]


def test_it_is_in_the_log_and_forgotten_with_the_posts(night: Watchful) -> None:
    night.tells(ROTA + "wait 15")
    (change,) = night.store.handovers.changes()
    assert change.mailed == (night.eve.id, night.town.ana.id)
    (entry,) = night.store.audit.of_object(f"handover:{change.id}")
    assert entry.action == "shift.changed"
    night.town.later(days=100)
    tidy.tidy(night.house, night.now)
    assert night.store.handovers.changes() == []
