"""People come and go, the catalogue changes, exercises are played: who may, what is kept, what is logged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import FEED_IN_SCOPE, NOON, RUMOUR_IN_SCOPE, person, rumour, source
from town import Town

from crisis import drills
from crisis.errors import (
    ConflictError,
    IllegalMoveError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from crisis.store import Store
from crisis.types import Person, Role, Shift
from crisis.workflows import admit, catalogue, drill, escalate, subscribe, watch
from crisis.workflows.deliver import deliver
from crisis.workflows.triage import triage


class TestFirstAdministrator:
    def sets_up(self, store: Store, token: str, **changes: str) -> Person:
        said = {"name": "Ada", "email": "ada@stadt.example", "password_hash": "$x"} | changes
        return admit.first_administrator(store, token, now=NOON, **said)

    def test_one_link_makes_one_administrator(self, store: Store) -> None:
        token = admit.setup_token(store, NOON)
        assert token is not None
        assert admit.awaits_setup(store, token, NOON)
        ada = self.sets_up(store, token)
        assert ada.roles == frozenset(Role)
        assert store.people.password_hash(ada.id) == "$x"
        assert admit.setup_token(store, NOON) is None
        with pytest.raises(NotAllowedError):
            self.sets_up(store, token, email="eve@stadt.example")

    def test_a_new_link_makes_the_old_one_worthless(self, store: Store) -> None:
        old = admit.setup_token(store, NOON)
        new = admit.setup_token(store, NOON)
        assert old is not None and new is not None
        with pytest.raises(NotAllowedError):
            self.sets_up(store, old)
        assert self.sets_up(store, new).id

    def test_a_link_expires_and_a_guess_does_not_work(self, store: Store) -> None:
        token = admit.setup_token(store, NOON - timedelta(days=2))
        assert token is not None
        for guess in (token, "geraten"):
            with pytest.raises(NotAllowedError):
                self.sets_up(store, guess)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"email": "keine"},
            {"email": "a@b"},
            {"email": "a b@c.de"},
            {"email": "a@b.de\nBcc: x@y.de"},
            {"name": " "},
            {"name": "x" * 101},
        ],
    )
    def test_bad_input_uses_nothing_up(self, store: Store, wrong: dict[str, str]) -> None:
        token = admit.setup_token(store, NOON)
        assert token is not None
        with pytest.raises(InvalidInputError):
            self.sets_up(store, token, **wrong)
        assert self.sets_up(store, token).name == "Ada"


class TestInvitations:
    @pytest.fixture
    def ada(self, town: Town) -> Person:
        with town.store.transaction():
            return town.store.people.add(person("Ada", Role.ADMIN), NOON)

    def test_an_invited_person_joins_once(self, town: Town, ada: Person) -> None:
        token = admit.invite(town.store, person("Eva", Role.DUTY), ada, NOON)
        found = admit.invited(town.store, token, NOON)
        assert found is not None
        eva = admit.redeem(town.store, token, name="Eva E.", password_hash="$y", now=NOON)
        assert (eva.id, eva.name) == (found.id, "Eva E.")
        with pytest.raises(NotAllowedError):
            admit.redeem(town.store, token, name="Mallory", password_hash="$z", now=NOON)
        again = admit.invite_again(town.store, eva.id, ada, NOON)
        admit.redeem(town.store, again, name="Eva E.", password_hash="$new", now=NOON)
        assert town.store.people.password_hash(eva.id) == "$new"

    def test_only_administrators_invite_and_an_address_is_taken_once(
        self, town: Town, ada: Person
    ) -> None:
        with pytest.raises(NotAllowedError):
            admit.invite(town.store, person("Eva"), town.chloe, NOON)
        with pytest.raises(ConflictError):
            admit.invite(town.store, person("Ana"), ada, NOON)

    def test_the_last_administrator_cannot_lock_everybody_out(
        self, town: Town, ada: Person
    ) -> None:
        for wrong in (replace(ada, active=False), replace(ada, roles=frozenset({Role.DUTY}))):
            with pytest.raises(IllegalMoveError):
                admit.change(town.store, wrong, ada, NOON)
        admit.change(town.store, replace(town.ben, roles=frozenset({Role.ADMIN})), ada, NOON)
        assert not admit.change(town.store, replace(ada, active=False), ada, NOON).active

    def test_shifts_have_an_end_and_a_person_who_is_there(self, town: Town, ada: Person) -> None:
        def shift(hours: float, who: int = town.ana.id) -> Shift:
            return Shift(person_id=who, start=NOON, end=NOON + timedelta(hours=hours))

        kept = admit.put_on_call(town.store, shift(8), ada, NOON)
        for hours in (0, -1, 24 * 40):
            with pytest.raises(InvalidInputError):
                admit.put_on_call(town.store, shift(hours), ada, NOON)
        with town.store.transaction():
            town.store.people.update(replace(town.ben, active=False))
        with pytest.raises(NotAllowedError):
            admit.put_on_call(town.store, shift(8, town.ben.id), ada, NOON)
        admit.take_off_call(town.store, kept.id, ada, NOON)
        assert town.store.people.shifts(NOON) == []
        assert town.store.audit.verify() is None


class TestCatalogue:
    def test_changes_are_logged_with_what_was_before(self, town: Town) -> None:
        catalogue.save(town.store, rumour(title="Anders"), town.ben, NOON)
        catalogue.save(town.store, rumour(title="Anders"), town.ben, NOON)  # nothing new
        [entry] = town.store.audit.of_object("rumour:wasser")
        assert (entry.before, entry.after) == (
            {"title": "Trinkwasser vergiftet"},
            {"title": "Anders"},
        )

    def test_retired_and_back(self, town: Town) -> None:
        catalogue.retire(town.store, "wasser", town.ben, NOON)
        catalogue.retire(town.store, "wasser", town.ben, NOON)
        assert town.store.rumours.all() == []
        catalogue.restore(town.store, "wasser", town.ben, NOON)
        actions = [e.action for e in town.store.audit.of_object("rumour:wasser")]
        assert actions == ["rumour.retired", "rumour.restored"]

    def test_an_import_is_all_or_nothing(self, town: Town) -> None:
        good, bad = rumour(id="neu"), rumour(id="Nicht gut!")
        with pytest.raises(InvalidInputError):
            catalogue.import_rows(town.store, [good, bad], None, NOON, confirmed=RUMOUR_IN_SCOPE)
        assert town.store.rumours.find("neu") is None
        report = catalogue.import_rows(
            town.store,
            [good, rumour(title="Anders"), rumour(title="Anders")],
            None,
            NOON,
            confirmed=RUMOUR_IN_SCOPE,
        )
        assert (report.added, report.changed, report.unchanged) == (
            ("neu",),
            ("wasser",),
            ("wasser",),
        )

    @pytest.mark.parametrize(
        "wrong",
        [
            {"id": ""},
            {"id": "-x"},
            {"text": "  "},
            {"variants": ("x",) * 1001},
            {"variants": ("x" * 2001,)},
        ],
    )
    def test_what_cannot_be_matched_is_not_taken(self, town: Town, wrong) -> None:
        with pytest.raises(InvalidInputError):
            catalogue.save(town.store, rumour(**wrong), None, NOON)

    def test_strangers_write_nothing(self, town: Town) -> None:
        with pytest.raises(NotAllowedError):
            catalogue.save(town.store, rumour(), town.dev, NOON)


class TestSources:
    def test_pausing_and_resuming(self, town: Town) -> None:
        kept = subscribe.add(town.store, source(), None, NOON, confirmed=FEED_IN_SCOPE)
        subscribe.pause(town.store, kept.id, None, NOON)
        subscribe.pause(town.store, kept.id, None, NOON)
        assert town.store.sources.due(NOON) == []
        subscribe.resume(town.store, kept.id, None, NOON)
        assert [s.id for s in town.store.sources.due(NOON)] == [kept.id]
        subscribe.remove(town.store, kept.id, None, NOON)
        assert town.store.sources.all() == []

    def test_who_may_not_and_what_is_impolite(self, town: Town) -> None:
        with pytest.raises(NotAllowedError):
            subscribe.add(town.store, source(), town.ana, NOON)
        with pytest.raises(InvalidInputError):
            subscribe.add(town.store, source(interval=1), None, NOON)
        subscribe.add(town.store, source(), None, NOON, confirmed=FEED_IN_SCOPE)
        with pytest.raises(ConflictError):
            subscribe.add(town.store, source(), None, NOON, confirmed=FEED_IN_SCOPE)

    def test_looking_keeps_nothing(self, town: Town) -> None:
        from fakes import feed

        town.fetch.pages["http://x.example"] = feed("Hallo")
        content = subscribe.look(town.house, source(url="http://x.example"))
        assert [p.text for p in content.posts] == ["Hallo"]
        assert town.store.sources.all() == []


SCENARIO = """---
titel: Übung
sprache: de
dauer_sekunden: 10
geruecht: wasser
playbook: trinkwasser
beitraege:
  - {nach: 0, von: Katja, text: "Schönes <Wetter> & Sonne"}
  - {nach: 5, von: Uwe, text: "#wasser ist vergiftet"}
---
Was Sie sehen.
"""


class TestDrill:
    def starts(self, town: Town):
        scenario = drills.parse("t", SCENARIO)
        return scenario, drill.start(
            town.house, scenario, town.ana, town.now, base_url="http://127.0.0.1:1"
        )

    def test_it_goes_through_the_real_chain_and_leaves_no_trace(self, town: Town) -> None:
        scenario, started = self.starts(town)
        url = f"http://127.0.0.1:1/uebung/feed/{started.token}.xml"
        for _ in range(3):
            town.fetch.pages[url] = drills.feed(scenario, started, town.now)
            watch.watch(town.house, town.now)
            triage(town.house, "m", town.now)
            town.later(seconds=4)
        [incident] = town.store.incidents.all_open()
        assert incident.drill
        assert deliver(town.house, "m", town.now) == 1
        assert town.mailer.sent[0].drill
        assert "ÜBUNG" in town.mailer.sent[0].subject
        drill.remove(town.house, town.ana, town.now)
        assert town.store.incidents.all_open() == []
        assert town.store.alerts.recent() == []
        assert town.store.sources.all() == []
        assert [e.action for e in town.store.audit.page()] == [
            "drill.removed",
            "drill.started",
            "playbook.changed",
        ]

    def test_removing_it_while_the_monitor_is_at_work_upsets_nothing(self, town: Town) -> None:
        scenario, started = self.starts(town)
        url = f"http://127.0.0.1:1/uebung/feed/{started.token}.xml"
        town.fetch.pages[url] = drills.feed(scenario, started, town.later(seconds=8))
        watch.watch(town.house, town.now)
        triage(town.house, "m", town.now)
        [source] = town.store.sources.all()
        answer = watch.ask(town.fetch, town.house.reader, source)  # under way when it is removed

        def removes(alert) -> None:
            town.mailer.fail = lambda alert: None
            drill.remove(town.house, town.ana, town.now)

        town.mailer.fail = removes
        assert deliver(town.house, "m", town.now) == 1
        assert watch.keep(town.store, answer, town.now) == 0
        assert town.store.alerts.recent() == []
        assert escalate.escalate(town.house, town.later(hours=1)) == 0
        assert town.store.audit.verify() is None

    def test_one_at_a_time_and_the_next_removes_the_last(self, town: Town) -> None:
        self.starts(town)
        with pytest.raises(IllegalMoveError):
            self.starts(town)
        town.later(minutes=1)
        _, second = self.starts(town)
        assert [s.url for s in town.store.sources.all()] == [
            f"http://127.0.0.1:1/uebung/feed/{second.token}.xml"
        ]

    def test_what_it_needs_must_be_there(self, town: Town) -> None:
        town.shelf.files.clear()
        with pytest.raises(NotFoundError):
            self.starts(town)
        with pytest.raises(NotAllowedError):
            drill.remove(town.house, town.dev, town.now)

    @pytest.mark.parametrize(
        ("cut", "put", "said"),
        [
            ("---\ntitel", "titel", "drei Strichen"),
            ("titel: Übung", "titel: [", "YAML"),
            ("titel: Übung\n", "", "titel"),
            ("dauer_sekunden: 10", "dauer_sekunden: 0", "dauer_sekunden"),
            ("nach: 5", "nach: bald", "Beitrag 2"),
            ('text: "#wasser ist vergiftet"', "nichts: 1", "Beitrag 2"),
        ],
    )
    def test_a_broken_scenario_says_what_is_wrong(self, cut: str, put: str, said: str) -> None:
        with pytest.raises(InvalidInputError) as told:
            drills.parse("t", SCENARIO.replace(cut, put))
        assert said in told.value.de

    def test_a_scenario_without_posts_or_header_is_refused(self) -> None:
        head, _, _ = SCENARIO.partition("beitraege:")
        with pytest.raises(InvalidInputError, match="beitraege"):
            drills.parse("t", head + "---\n")
        with pytest.raises(InvalidInputError, match="empty"):
            drills.parse("t", "---\n---\n")
