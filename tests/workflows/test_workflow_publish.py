"""From a released answer to its channels: once, and never what was withdrawn."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from builders import NOON, drawn, incident, person, pictured, playbook
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from outlets import Asked, BlueskyServer, Drop, HookServer, MastodonServer, serving
from town import Town

from crisis.channels.bluesky import Bluesky
from crisis.channels.mastodon import Mastodon
from crisis.channels.networks import NETWORKS
from crisis.channels.plan import Going, Outlet
from crisis.channels.webhook import Webhook
from crisis.channels.wire import Wire
from crisis.errors import CrisisError, InvalidInputError
from crisis.store import Store
from crisis.types import AlertKind, Image, Publication, PublicationState, Response, Role, Shift
from crisis.workflows import ask_channels, publish, respond

ME = "monitor:1"
_S = PublicationState
PAGE = "https://musterstadt.example/klarstellungen/{slug}"


def shown_from(store: Store) -> Callable[[Publication], list[Image]]:
    """An answer's own pictures, as ``wiring`` finds them."""

    def shown(what: Publication) -> list[Image]:
        named = what.more.get("pictures", ())
        found = (store.pictures.find(one["sha256"], one["alt"]) for one in named)
        return [one for one in found if one is not None]

    return shown


class World:
    """A town with three channels, each a real server on this machine."""

    def __init__(self, store: Store, *, joined: bool = False, pictures: bool = False) -> None:
        self.town = Town(store, joined=joined)
        self.playbook = pictured(drawn()) if pictures else playbook()
        self.town.shelf.files["trinkwasser"] = self.playbook
        self.town.shelf.pictures["bilder/turm.png"] = drawn()
        self.masto, self.sky, self.hook = MastodonServer(), BlueskyServer(), HookServer()
        self.open = ExitStack()
        self.open.enter_context(serving(self.masto, self.sky, self.hook))
        self.connect()
        if not joined:
            self.town.chloe_approves()
            with store.transaction():
                self.incident = store.incidents.open(incident())

    def connect(self) -> None:
        wire = Wire(allowed_hosts=[s.host for s in (self.masto, self.sky, self.hook)], timeout=5)
        shown = shown_from(self.store)
        self.town.channels = {
            "mastodon": Mastodon(wire, self.masto.url, "geheim", pictures=shown),
            "bluesky": Bluesky(wire, self.sky.url, "stadt.example", "geheim", pictures=shown),
            "webhook": Webhook(wire, self.hook.url, "geheim", lambda: NOON),
        }

    @property
    def store(self) -> Store:
        return self.town.store

    def going(self, *codes: str, **more: Any) -> Going:
        return Going(
            outlets=tuple(
                Outlet(code=code, **(more if NETWORKS[code].thread else {})) for code in codes
            ),
            page=PAGE,
            zone=ZoneInfo("Europe/Berlin"),
            authority="Musterstadt",
        )

    def submitted(self, next_info: str = "um 18 Uhr") -> Response:
        town = self.town
        made = respond.draft(
            self.store, self.incident.id, self.playbook, town.ana, town.now, today=town.now.date()
        )
        return self.hand_in(made, next_info)

    def hand_in(self, made: Response, next_info: str, note: str = "") -> Response:
        town = self.town
        made = respond.fill(
            self.store,
            made.id,
            title=made.title,
            values={"naechste_info": next_info},
            change_note=note,
            by=town.ana,
            now=town.now,
            version=made.version,
        )
        return respond.submit(self.store, made.id, town.ana, town.now)

    def released(self, *codes: str, next_info: str = "um 18 Uhr", **more: Any) -> Response:
        return self.release(self.submitted(next_info), *codes, **more)

    def release(self, made: Response, *codes: str, **more: Any) -> Response:
        town = self.town
        return respond.release(
            self.store,
            made.id,
            town.chloe,
            town.now,
            today=town.now.date(),
            going=self.going(*codes, **more),
        )

    def corrected(self, made: Response, next_info: str, *codes: str, **more: Any) -> Response:
        new = respond.correct(self.store, made.id, self.town.ana, self.town.now)
        return self.release(self.hand_in(new, next_info, "Die Uhrzeit war falsch."), *codes, **more)

    def withdraw(self, made: Response) -> None:
        respond.withdraw(
            self.store,
            made.id,
            "Das Labor misst neu.",
            self.town.chloe,
            self.town.now,
            going=self.going(),
        )

    def sends(self, rounds: int = 6, claimant: str = ME) -> int:
        return sum(publish.publish(self.town.house, claimant, self.town.now) for _ in range(rounds))

    def states(self, made: Response, channel: str = "") -> list[str]:
        return [
            f"{row.act} {row.state}"
            for row in self.store.publications.of_response(made.id)
            if channel in ("", row.channel)
        ]

    def actions(self) -> list[str]:
        return [entry.action for entry in self.store.audit.of_incident(self.incident.id)]


@pytest.fixture
def world(store: Store) -> Iterator[World]:
    made = World(store)
    with made.open:
        yield made


def test_a_released_answer_goes_out_on_every_channel_chosen_once(world: World) -> None:
    made = world.released("mastodon", "bluesky", "webhook")
    assert world.sends() == 3
    assert world.sends() == 0
    (text,) = world.masto.texts
    assert text == (
        "Das Wasser ist in Ordnung. Nächste Meldung: um 18 Uhr.\n\n"
        f"https://musterstadt.example/klarstellungen/{made.slug}"
    )
    assert world.sky.texts == ["Das Wasser ist in Ordnung. Nächste Meldung: um 18 Uhr."]
    ((_, said),) = world.hook.events
    assert said["event"] == "answer.published"
    assert said["answer"]["texts"]["short"].endswith("um 18 Uhr.")
    rows = world.store.publications.of_response(made.id)
    assert [row.state for row in rows] == [_S.SENT] * 3
    assert rows[0].url.startswith(world.masto.url) and rows[0].sent_at == NOON
    assert world.actions().count("publication.sent") == 3
    assert world.store.audit.verify() is None


def test_a_release_without_channels_goes_to_the_website_only(world: World) -> None:
    made = world.released()
    assert world.states(made) == [] and world.sends() == 0
    assert "publication.queued" not in world.actions()


def test_an_exercise_never_leaves_the_house(world: World) -> None:
    made = world.released("mastodon")
    with world.store.transaction():
        response = world.store.responses.get(made.id)
        world.store.responses.update(replace(response, drill=True))
    assert world.sends() == 0
    assert world.masto.asked == [] and world.states(made) == ["publish cancelled"]


def test_a_text_longer_than_a_post_becomes_a_thread(world: World) -> None:
    made = world.released("mastodon", next_info="am Abend, " * 20, most=120)
    assert world.sends() == len(world.masto.statuses) > 1
    numbers = list(world.masto.statuses)
    replies = [world.masto.statuses[number]["in_reply_to_id"] for number in numbers]
    assert replies == [None, *numbers[:-1]]
    assert all(len(text) <= 120 or "https" in text for text in world.masto.texts)
    assert set(world.states(made)) == {"publish sent"}


def test_what_was_withdrawn_before_it_went_out_never_goes_out(world: World) -> None:
    made = world.released("mastodon", "bluesky", "webhook")
    world.withdraw(made)
    assert world.sends() == 0
    assert world.masto.texts == world.sky.texts == world.hook.events == []
    assert set(world.states(made)) == {"publish cancelled"}


@pytest.mark.parametrize("channel", ["mastodon", "bluesky", "webhook"])
def test_a_withdrawal_in_the_middle_of_a_send_stops_it_before_the_wire(
    world: World, channel: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = world.released(channel)
    held = world.town.channels[channel]
    really = held.publish

    def meanwhile(what: Any, before: Any, go: Any) -> Any:
        world.withdraw(made)  # somebody presses the button while we sign in and upload
        return really(what, before, go)

    monkeypatch.setattr(held, "publish", meanwhile)
    assert world.sends() == 0
    assert world.masto.texts == world.sky.texts == world.hook.events == []
    assert world.states(made) == ["publish cancelled"]


def test_a_withdrawal_while_the_request_is_under_way_takes_it_back_at_once(world: World) -> None:
    made = world.released("mastodon")
    pressed: list[int] = []

    def press(asked: Asked) -> None:
        if asked["method"] == "POST" and not pressed:
            pressed.append(1)
            with Store(world.store.path) as other:
                respond.withdraw(other, made.id, "Falsch.", world.town.chloe, world.town.now)

    world.masto.trouble = press
    world.sends()
    assert world.states(made) == ["publish removed", "retract sent"]
    (text,) = world.masto.texts
    assert text.startswith("Zurückgezogen am 23.11.2026, 12:00 Uhr: „Das Trinkwasser")


def test_a_withdrawal_reaches_every_channel_in_its_own_way(world: World) -> None:
    made = world.released(
        "mastodon", "bluesky", "webhook", "facebook", next_info="x " * 90, most=180
    )
    world.sends()
    assert len(world.sky.records) == 2
    facebook = world.store.publications.of_response(made.id)[-1]
    with world.store.transaction():
        world.store.publications.change(replace(facebook, state=_S.SENT))
    world.town.later(hours=2)
    world.withdraw(made)
    world.sends()
    (text,) = world.masto.texts
    assert text.startswith("Zurückgezogen am 23.11.2026, 15:00 Uhr: „Das Trinkwasser ist in")
    assert "Das Labor misst neu." in text and f"klarstellungen/{made.slug}" in text
    assert world.sky.texts == []
    assert [said["event"] for _, said in world.hook.events] == [
        "answer.published",
        "answer.withdrawn",
    ]
    assert world.states(made, "facebook") == ["publish sent", "remove todo"]


def test_a_correction_changes_what_can_be_changed_visibly_dated(world: World) -> None:
    made = world.released("mastodon", "bluesky", "webhook")
    world.sends()
    (number,) = world.masto.statuses
    world.town.later(hours=1)
    new = world.corrected(made, "um 20 Uhr", "mastodon", "bluesky", "webhook")
    world.sends()
    assert list(world.masto.statuses) == [number]
    (text,) = world.masto.texts
    assert "um 20 Uhr" in text
    assert "Berichtigt am 23.11.2026, 14:00 Uhr: Die Uhrzeit war falsch." in text
    (sky,) = world.sky.texts
    assert "um 20 Uhr" in sky and "Berichtigt am" in sky
    assert world.hook.events[1][1]["answer"]["revision"] == 2
    assert world.states(new, "mastodon") == ["edit sent"]
    assert world.states(made) == [
        "publish replaced",
        "publish removed",
        "publish sent",
        "remove sent",
    ]


def test_a_correction_follows_the_old_text_even_where_nobody_ticked(world: World) -> None:
    made = world.released("mastodon", next_info="lang " * 40, most=120)
    world.sends()
    before = len(world.masto.statuses)
    assert before > 2
    new = world.corrected(made, "um 20 Uhr", most=None)
    world.sends()
    assert "um 20 Uhr" in world.masto.texts[0]
    assert len(world.masto.statuses) < before  # what is left of the old thread is taken away
    shorter = world.corrected(new, "lang " * 40, "mastodon", most=120)
    world.sends(12)
    assert len(world.masto.texts) > 1 and "lang" in world.masto.texts[0]
    assert set(world.states(shorter)) == {"edit sent", "publish sent"}


def test_a_correction_overtakes_what_has_not_gone_out(world: World) -> None:
    made = world.released("mastodon", "bluesky", "facebook")
    new = world.corrected(made, "um 20 Uhr", "mastodon", "bluesky", "facebook")
    world.sends()
    assert set(world.states(made)) == {"publish cancelled"}
    assert world.states(new) == ["publish sent", "publish sent", "publish todo"]
    assert len(world.masto.texts) == len(world.sky.texts) == 1


def test_what_was_still_to_go_out_goes_with_the_new_words_even_where_nobody_ticked(
    world: World,
) -> None:
    made = world.released("mastodon", "bluesky", "facebook")
    new = world.corrected(made, "um 20 Uhr")
    world.sends()
    assert set(world.states(made)) == {"publish cancelled"}
    assert sorted(world.states(new)) == ["publish sent", "publish sent", "publish todo"]
    assert "um 20 Uhr" in world.masto.texts[0] and "um 20 Uhr" in world.sky.texts[0]


def test_a_correction_of_what_is_on_its_way_waits_until_that_is_known(world: World) -> None:
    made = world.released("mastodon")
    world.masto.trouble = _dropping(done=False)
    world.sends(1)
    assert world.states(made) == ["publish sending"]
    new = world.corrected(made, "um 20 Uhr", "mastodon")
    world.sends()
    world.masto.trouble = lambda asked: None
    world.town.later(minutes=1)
    world.sends()
    assert world.states(made) == ["publish cancelled"]  # looked for, not there, not any more
    assert world.states(new) == ["edit sent"]
    assert len(world.masto.texts) == 1 and "um 20 Uhr" in world.masto.texts[0]


def test_a_second_correction_before_the_first_went_out_changes_the_first_post(world: World) -> None:
    made = world.released("mastodon")
    world.sends()
    second = world.corrected(made, "um 20 Uhr", "mastodon")
    third = world.corrected(second, "um 22 Uhr", "mastodon")
    world.sends()
    assert world.states(second) == ["edit cancelled"]
    assert world.states(third) == ["edit sent"]
    assert "um 22 Uhr" in world.masto.texts[0] and len(world.masto.texts) == 1
    world.withdraw(third)
    world.sends()
    assert world.masto.texts[0].startswith("Zurückgezogen")


# --- what goes wrong ----------------------------------------------------------------------------


def _dropping(*, done: bool, times: int = 1) -> Any:
    left = [times]

    def trouble(asked: Asked) -> None:
        posts = asked["path"] in ("/api/v1/statuses", "/xrpc/com.atproto.repo.putRecord", "/")
        if asked["method"] == "POST" and posts and left[0]:
            left[0] -= 1
            raise Drop(done=done)

    return trouble


@pytest.mark.parametrize("done", [True, False])
@pytest.mark.parametrize("channel", ["mastodon", "bluesky", "webhook"])
def test_an_answer_that_got_lost_is_not_sent_twice(world: World, channel: str, done: bool) -> None:
    made = world.released(channel)
    server: Any = {"mastodon": world.masto, "bluesky": world.sky, "webhook": world.hook}[channel]
    server.trouble = _dropping(done=done)
    assert world.sends() == 0
    assert world.states(made) == ["publish sending"]
    world.town.later(hours=1, minutes=1)  # longer than Mastodon remembers keys
    world.masto.keys.clear()
    assert world.sends() == 1
    assert world.states(made) == ["publish sent"]
    if channel == "webhook":  # the other program knows the repeat by its id
        assert len({number for number, _ in world.hook.events}) == 1
    else:
        assert len(server.texts) == 1


def test_a_call_that_may_have_arrived_is_followed_by_its_withdrawal(world: World) -> None:
    made = world.released("webhook")
    world.hook.trouble = _dropping(done=True)
    world.sends()
    world.withdraw(made)
    world.town.later(minutes=1)
    world.sends()
    assert [said["event"] for _, said in world.hook.events] == [
        "answer.published",
        "answer.withdrawn",
    ]


def test_a_busy_channel_is_left_alone_as_long_as_it_asks(world: World) -> None:
    made = world.released("mastodon", "webhook")
    world.masto.trouble = lambda asked: (429, {"Retry-After": "600"}, {"error": "slow down"})
    assert world.sends() == 1  # the other channel does not wait for it
    (row, _) = world.store.publications.of_response(made.id)
    assert (row.state, row.due) == (_S.WAITING, NOON + timedelta(minutes=10))
    assert "langsamer" in row.problem_de
    world.masto.trouble = lambda asked: None
    world.town.later(minutes=9)
    assert world.sends() == 0
    world.town.later(minutes=2)
    assert world.sends() == 1


def test_a_refusal_is_told_to_the_person_on_call_once(world: World) -> None:
    town = world.town
    with world.store.transaction():
        world.store.people.add_shift(
            Shift(person_id=town.ana.id, start=NOON, end=NOON + timedelta(days=1))
        )
    made = world.released("mastodon", "bluesky")
    world.masto.trouble = lambda asked: (403, {}, {"error": "This action is outside the scopes"})
    world.sends()
    assert world.states(made) == ["publish failed", "publish sent"]
    (row, _) = world.store.publications.of_response(made.id)
    assert "Zugangsschlüssel" in row.problem_de and "outside the scopes" in row.problem_en
    mails = [a for a in world.store.alerts.recent() if a.kind is AlertKind.UNPUBLISHED]
    assert [mail.to for mail in mails] == [town.ana.email]
    assert mails[0].subject == "Nicht veröffentlicht: Mastodon"
    assert "Zugangsschlüssel" in mails[0].text and "http://desk.example" in mails[0].text


def test_a_channel_that_stays_away_is_given_up_after_hours_not_days(world: World) -> None:
    made = world.released("mastodon")
    world.masto.trouble = lambda asked: (500, {}, {})
    for _ in range(40):
        world.town.later(minutes=15)
        world.sends(1)
    (row,) = world.store.publications.of_response(made.id)
    assert row.state is _S.FAILED and row.attempts < 20


def test_a_channel_taken_out_of_the_settings_says_so(world: World) -> None:
    made = world.released("mastodon")
    del world.town.channels["mastodon"]
    world.sends()
    (row,) = world.store.publications.of_response(made.id)
    assert row.state is _S.FAILED and "nicht (mehr) eingerichtet" in row.problem_de


def test_a_thread_waits_for_its_first_part(world: World) -> None:
    made = world.released("bluesky", next_info="lang " * 40, most=180)
    world.sky.trouble = lambda asked: (400, {}, {"error": "InvalidRequest", "message": "no"})
    world.sends()
    assert world.states(made) == ["publish failed", "publish waiting"]
    world.withdraw(made)
    assert world.states(made) == ["publish failed", "publish cancelled"]


def test_an_answer_without_a_text_for_a_channel_is_not_released_to_it(world: World) -> None:
    made = world.submitted()
    made = respond.take_back(world.store, made.id, world.town.ana, world.town.now)
    with world.store.transaction():
        world.store.responses.update(replace(made, texts={"sms": "Nur SMS"}))
    respond.submit(world.store, made.id, world.town.ana, world.town.now)
    with pytest.raises(InvalidInputError, match="no text for X"):
        world.release(world.store.responses.get(made.id), "x")
    assert world.store.responses.get(made.id).released_at is None


def test_what_another_monitor_holds_is_not_touched(world: World) -> None:
    world.released("mastodon")
    with world.store.transaction():
        assert len(world.store.publications.claim(5, "monitor:2", NOON)) == 1
    assert world.sends() == 0
    world.town.later(minutes=6)
    assert world.sends() == 1


def test_channels_say_who_they_are_and_that_is_remembered(world: World) -> None:
    house, now = world.town.house, world.town.now
    assert ask_channels.due(house, now)
    world.masto.most = 1000
    ask_channels.ask(house, now)
    assert not ask_channels.due(house, now)
    said = ask_channels.word(world.store, "mastodon")
    assert said is not None and (said.most, said.problem_de) == (1000, "")
    world.masto.trouble = lambda asked: (500, {}, {})
    ask_channels.ask(house, now)
    said = ask_channels.word(world.store, "mastodon")
    assert said is not None and said.most == 1000 and "Störung" in said.problem_de


# --- killed at any moment ------------------------------------------------------------------------


def _live(path: str, urls: tuple[str, str, str], die_at: int, now: Any) -> None:
    """One life of the monitor until the given moment: right before or after a commit or a request."""
    moments = 0

    def moment() -> None:
        nonlocal moments
        moments += 1
        if moments == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    ask, transaction = Wire.ask, Store.transaction
    from contextlib import contextmanager

    @contextmanager
    def watched(store: Store) -> Iterator[None]:
        with transaction(store):
            yield
            moment()
        moment()

    def asking(wire: Wire, *args: Any, go: Any = None, **more: Any) -> Any:
        def gone() -> None:
            moment()
            if go is not None:
                go()
            moment()

        reply = ask(wire, *args, go=gone, **more)
        moment()
        return reply

    Store.transaction, Wire.ask = watched, asking  # type: ignore[method-assign, assignment]
    with Store(Path(path)) as store:
        town = Town(store, joined=True)
        wire = Wire(allowed_hosts=["127.0.0.1"], timeout=5)
        town.channels = {
            "mastodon": Mastodon(wire, urls[0], "geheim", pictures=shown_from(store)),
            "bluesky": Bluesky(
                wire, urls[1], "stadt.example", "geheim", pictures=shown_from(store)
            ),
            "webhook": Webhook(wire, urls[2], "geheim", lambda: NOON),
        }
        with store.transaction():
            store.publications.give_back("monitor:")
        publish.publish(town.house, ME, now)
    os._exit(0)


@pytest.mark.parametrize("withdrawn", [False, True])
def test_killed_at_any_moment_every_text_is_out_once_or_never_if_withdrawn(
    tmp_path: Path, withdrawn: bool
) -> None:
    fork = multiprocessing.get_context("fork")
    died, number = True, 0
    while died:
        number += 1
        with Store(tmp_path / f"{number}.db") as store:
            world = World(store, pictures=True)
            with world.open:
                made = world.released("mastodon", "bluesky", "webhook")
                urls = (world.masto.url, world.sky.url, world.hook.url)
                life = fork.Process(
                    target=_live, args=(str(store.path), urls, number, world.town.now)
                )
                life.start()
                life.join(30)
                died = life.exitcode == -signal.SIGKILL
                assert died or life.exitcode == 0
                if withdrawn:
                    world.withdraw(made)
                with store.transaction():
                    store.publications.give_back("monitor:")
                world.town.later(minutes=1)
                world.sends()
                _check(world, made, withdrawn)
    assert number > 20


def _check(world: World, made: Response, withdrawn: bool) -> None:
    events = {number: said["event"] for number, said in world.hook.events}
    rows = world.store.publications.of_response(made.id)
    assert not {row.state for row in rows} & {_S.WAITING, _S.SENDING, _S.FAILED}
    if not withdrawn:
        assert len(world.masto.texts) == len(world.sky.texts) == len(events) == 1
        return
    assert world.sky.texts == []
    assert all(text.startswith("Zurückgezogen") for text in world.masto.texts)
    # Killed right before the call, nobody knows whether it arrived: the withdrawal goes out in any case.
    assert list(events.values()) in (
        [],
        ["answer.withdrawn"],
        ["answer.published", "answer.withdrawn"],
    )


# --- whatever people do --------------------------------------------------------------------------

MOVES = st.lists(
    st.sampled_from(
        [
            "submit",
            "release",
            "correct",
            "withdraw",
            "send",
            "send",
            "drop",
            "lose",
            "busy",
            "later",
        ]
    ),
    max_size=14,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_no_sequence_of_moves_publishes_an_unapproved_or_withdrawn_text(
    tmp_path_factory: pytest.TempPathFactory, moves: list[str]
) -> None:
    with Store(tmp_path_factory.mktemp("world") / "crisis.db") as store:
        world = World(store)
        with world.open:
            Moves(world).make(moves)


class Moves:
    """Plays moves and looks after each whether only released words are seen."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now: Response | None = None
        self.step = 0

    def make(self, moves: list[str]) -> None:
        for move in moves:
            self.step += 1
            with suppress(CrisisError):  # not a legal move now
                getattr(self, move)()
            self.look()

    def submit(self) -> None:
        self.now = self.world.submitted(f"Schritt {self.step}")

    def release(self) -> None:
        if self.now is not None:
            self.now = self.world.release(self.now, "mastodon", "bluesky")

    def correct(self) -> None:
        if self.now is not None:
            new = respond.correct(
                self.world.store, self.now.id, self.world.town.ana, self.world.town.now
            )
            self.now = self.world.hand_in(new, f"Schritt {self.step}", "Neu.")

    def withdraw(self) -> None:
        if self.now is not None:
            released = [
                one
                for one in self.world.store.responses.of_incident(self.world.incident.id)
                if one.state == "released"
            ]
            for one in released:
                self.world.withdraw(one)

    def send(self) -> None:
        self.allowed = self._released()
        before = set(self.world.masto.texts) | set(self.world.sky.texts)
        self.world.sends(3)
        after = set(self.world.masto.texts) | set(self.world.sky.texts)
        for text in after - before:
            assert text.startswith("Zurückgezogen") or any(
                f"{mark}." in text for mark in self.allowed
            ), text

    def drop(self) -> None:
        self._troubled(_dropping(done=True))

    def lose(self) -> None:
        self._troubled(_dropping(done=False))

    def busy(self) -> None:
        self._troubled(lambda asked: (503, {}, {}))

    def _troubled(self, trouble: Any) -> None:
        for server in (self.world.masto, self.world.sky):
            server.trouble = trouble
        self.world.sends(2)
        for server in (self.world.masto, self.world.sky):
            server.trouble = lambda asked: None

    def later(self) -> None:
        self.world.town.later(minutes=20)

    def _released(self) -> set[str]:
        return {
            one.values["naechste_info"]
            for one in self.world.store.responses.of_incident(self.world.incident.id)
            if one.state == "released"
        }

    def look(self) -> None:
        """Everything seen was released once, and stands at most once on each network."""
        once = {
            one.values.get("naechste_info", "-")
            for one in self.world.store.responses.of_incident(self.world.incident.id)
            if one.released_at is not None
        }
        for texts in (self.world.masto.texts, self.world.sky.texts):
            assert len(texts) == len(set(texts))
            for text in texts:
                assert text.startswith("Zurückgezogen") or any(f"{m}." in text for m in once)


def test_people_of_an_exercise_are_never_told(world: World) -> None:
    with world.store.transaction():
        world.store.people.add(person("Ute", Role.DUTY, drill=True), NOON)
    world.released("mastodon")
    world.masto.trouble = lambda asked: (403, {}, {})
    world.sends()
    told = [a.to for a in world.store.alerts.recent() if a.kind is AlertKind.UNPUBLISHED]
    assert told == [world.town.ana.email]
