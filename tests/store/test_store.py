"""The store: what it keeps it keeps whole, whoever else writes and whenever somebody dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOON, incident, match, person, post, rumour, sighting, source

from crisis import audit
from crisis.errors import BusyError, ConflictError, NotFoundError, StoreError
from crisis.store import Store
from crisis.store.schema import STEPS
from crisis.types import (
    Alert,
    AlertKind,
    AlertState,
    Band,
    Drill,
    IncidentState,
    Note,
    Person,
    PlaybookVersion,
    Response,
    ResponseState,
    Role,
    Severity,
    Shift,
    Stance,
    Verdict,
)

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def full(store: Store) -> Store:
    """A store with a source, a post, a rumour and a person."""
    with store.transaction():
        store.sources.add(source())
        store.rumours.put(rumour(), NOON)
        store.people.add(person("Ana", Role.DUTY), NOON)
        store.posts.put([(post(), "f1")], NOON)
    return store


def _opens(path: str, results) -> None:
    try:
        with Store(Path(path)) as store:
            results.put(len(store.people.all()))
    except Exception as error:
        results.put(repr(error))


def test_many_processes_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    results = SPAWN.Queue()
    processes = [
        SPAWN.Process(target=_opens, args=(str(tmp_path / "new.db"), results)) for _ in range(4)
    ]
    for process in processes:
        process.start()
    assert [results.get(timeout=60) for _ in processes] == [0] * 4
    for process in processes:
        process.join()


def _raises(path: str, results) -> None:
    with Store(Path(path)) as store:
        try:
            with store.transaction():
                found = store.incidents.latest("wasser", drill=False)
                if found is None:
                    time.sleep(0.2)  # the other one wants in
                    store.incidents.open(incident())
                    results.put("opened")
                else:
                    results.put("joined")
        except ConflictError:
            results.put("refused")


def test_two_processes_with_the_same_rumour_make_one_incident(full: Store) -> None:
    results = SPAWN.Queue()
    processes = [SPAWN.Process(target=_raises, args=(str(full.path), results)) for _ in range(3)]
    for process in processes:
        process.start()
    said = sorted(results.get(timeout=60) for _ in processes)
    for process in processes:
        process.join()
    assert said == ["joined", "joined", "opened"]
    assert len(full.incidents.all_open()) == 1


def test_even_without_looking_a_second_open_incident_is_refused(full: Store) -> None:
    with full.transaction():
        full.incidents.open(incident())
    with pytest.raises(ConflictError), full.transaction():
        full.incidents.open(incident())
    with full.transaction():
        full.incidents.open(incident(drill=True))  # an exercise beside it is no collision
    assert len(full.incidents.all_open(drill=False)) == 1


def _dies(path: str) -> None:
    store = Store(Path(path))
    with store.transaction():
        store.incidents.open(incident())
        store.audit.append(audit.entry(NOON, None, "incident.opened", "incident:1"))
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_crash_within_a_transaction_leaves_nothing(full: Store) -> None:
    process = SPAWN.Process(target=_dies, args=(str(full.path),))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    with Store(full.path) as again:
        assert again.incidents.all_open() == []
        assert again.audit.page() == []


def test_an_error_within_a_transaction_leaves_nothing_and_nesting_joins(full: Store) -> None:
    with pytest.raises(RuntimeError), full.transaction():
        full.incidents.open(incident())
        with full.transaction():
            full.facts.set("a", "b")
        raise RuntimeError
    assert full.incidents.all_open() == []
    assert full.facts.get("a") == ""


def test_a_database_held_by_another_says_so(full: Store, monkeypatch) -> None:
    with Store(full.path) as other:
        other._db.execute("pragma busy_timeout=50").fetchall()
        with full.transaction(), pytest.raises(BusyError) as told, other.transaction():
            pass
    assert told.value.retry


def test_a_file_that_is_no_database_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="not a usable database"):
        Store(tmp_path / "x.db")
    with pytest.raises(StoreError, match="cannot be used"):
        Store(tmp_path / "nowhere" / "x.db")


class TestSpool:
    def test_a_post_put_twice_is_taken_once(self, full: Store) -> None:
        with full.transaction():
            assert full.posts.put([(post(), "f1")], NOON) == 0
        assert full.posts.waiting() == 1
        assert full.posts.known(1, ["k1", "k2"]) == {"k1": "f1"}

    def test_what_one_has_claimed_no_other_gets_until_the_lease_is_over(self, full: Store) -> None:
        with full.transaction():
            [mine] = full.posts.claim(10, "a", NOON)
            assert full.posts.claim(10, "b", NOON) == []
            [theirs] = full.posts.claim(10, "b", NOON + timedelta(seconds=30))
            assert mine == theirs
            assert not full.posts.done(mine, "a", keep=True)
            assert full.posts.done(mine, "b", keep=False)
        assert full.posts.waiting() == 0

    def test_what_was_given_back_is_there_at_once(self, full: Store) -> None:
        with full.transaction():
            full.posts.claim(10, "monitor:1", NOON)
            full.posts.give_back("monitor:")
            assert len(full.posts.claim(10, "monitor:2", NOON)) == 1

    def test_an_edit_of_a_kept_post_goes_through_the_spool_again(self, full: Store) -> None:
        with full.transaction():
            [mine] = full.posts.claim(10, "a", NOON)
            full.posts.done(mine, "a", keep=True)
            assert full.posts.put([(post(text="Neu", edited=True), "f2")], NOON) == 0
            [again] = full.posts.claim(10, "a", NOON)
        assert (again.id, again.text, again.edited) == (mine.id, "Neu", True)

    def test_the_usual_is_counted_by_the_hour_a_post_was_written(self, full: Store) -> None:
        hours = [
            (post(key=f"h{n}", published=NOON - timedelta(hours=n)), str(n)) for n in range(1, 11)
        ]
        with full.transaction():
            full.posts.put(hours, NOON)
        assert full.sources.usual_per_hour([1], NOON) == pytest.approx(1.0, rel=0.05)
        assert full.sources.usual_per_hour([99], NOON) == 0

    def test_touched_hashes_are_kept_longer(self, full: Store) -> None:
        with full.transaction():
            full.posts.touch(1, ["k1"], NOON + timedelta(days=20))
            assert full.posts.forget_seen(NOON + timedelta(days=10)) == 0
            assert full.posts.forget_seen(NOON + timedelta(days=30)) == 1


class TestSightings:
    def kept(self, store: Store):
        with store.transaction():
            [found] = store.posts.claim(1, "a", NOON)
            store.posts.done(found, "a", keep=True)
            return store.sightings.put(sighting(post=found))

    def test_reasons_and_marks_come_back_as_they_went(self, full: Store) -> None:
        from crisis.types import Reason

        with full.transaction():
            [found] = full.posts.claim(1, "a", NOON)
            full.posts.done(found, "a", keep=True)
            said = match(marks=((0, 7), (9, 12)), reasons=(Reason(code="c", weight=0.5),))
            kept = full.sightings.put(sighting(post=found, match=said))
        assert kept.match == said

    def test_the_same_match_again_keeps_the_verdict(self, full: Store) -> None:
        kept = self.kept(full)
        with full.transaction():
            full.sightings.judge(kept.id, Verdict.FITS, 1, NOON)
            again = full.sightings.put(replace(kept, match=replace(kept.match, score=0.1)))
        assert (again.id, again.verdict, again.match.score) == (kept.id, Verdict.FITS, 0.1)

    def test_suggestions_are_those_nobody_has_judged(self, full: Store) -> None:
        with full.transaction():
            [found] = full.posts.claim(1, "a", NOON)
            full.posts.done(found, "a", keep=True)
            kept = full.sightings.put(sighting(post=found, match=match(band=Band.SUGGEST)))
        assert [s.id for s in full.sightings.suggestions()] == [kept.id]
        assert [s.id for s in full.sightings.suggestions(rumour_id="wasser")] == [kept.id]
        assert full.sightings.suggestions(rumour_id="anderes") == []
        assert full.sightings.count_suggestions() == 1
        with full.transaction():
            full.sightings.judge(kept.id, Verdict.DOES_NOT_FIT, 1, NOON)
        assert full.sightings.count_suggestions() == 0

    def test_corrections_do_not_count_as_spread(self, full: Store) -> None:
        kept = self.kept(full)
        with full.transaction():
            opened = full.incidents.open(incident())
            full.sightings.move(kept.id, opened.id)
        assert full.incidents.spread(opened.id, NOON).posts == 1
        assert sum(full.incidents.speed(opened.id, NOON)) == 1
        assert full.incidents.first_post_at(opened.id) == NOON
        assert full.incidents.langs(opened.id) == {"de": 1}
        with full.transaction():
            full.sightings.put(replace(kept, match=match(stance=Stance.CORRECTS)))
        assert full.incidents.spread(opened.id, NOON).posts == 0

    def test_what_is_not_there_is_said_so(self, full: Store) -> None:
        for look in (
            lambda: full.sightings.get(99),
            lambda: full.incidents.get(99),
            lambda: full.sources.get(99),
            lambda: full.people.get(99),
            lambda: full.alerts.get(99),
            lambda: full.responses.get(99),
            lambda: full.rumours.get("nichts"),
        ):
            with pytest.raises(NotFoundError):
                look()


class TestCatalogue:
    def test_search_finds_beginnings_of_words_topics_and_retired_ones_where_asked(
        self, full: Store
    ) -> None:
        with full.transaction():
            full.rumours.put(rumour(id="alt", title="Altes Wassergerücht", retired=True), NOON)
            full.rumours.put(rumour(id="strom", text="Strom fällt aus", title="", topics=()), NOON)
        assert [r.id for r in full.rumours.search("trink")] == ["wasser"]
        assert [r.id for r in full.rumours.search("trink", retired=True)] == ["alt", "wasser"]
        assert [r.id for r in full.rumours.search(topic="trinkwasser")] == ["wasser"]
        assert [r.id for r in full.rumours.search('"; drop table')] == []
        assert full.rumours.topics() == ["trinkwasser"]

    def test_a_search_may_be_cut_and_entries_read_by_name(self, full: Store) -> None:
        with full.transaction():
            full.rumours.put(rumour(id="alt", title="Alt", retired=True), NOON)
            full.rumours.put(rumour(id="strom", text="Strom fällt aus", title=""), NOON)
        assert [r.id for r in full.rumours.search(limit=1)] == ["strom"]
        assert set(full.rumours.several(["alt", "strom", "fehlt"])) == {"alt", "strom"}
        assert full.rumours.several([]) == {}

    def test_entries_that_share_words_are_found_without_matching(self, full: Store) -> None:
        bad = rumour(id="strom", title="", text='Strom"aus AND in NEAR( *Oberau', topics=())
        with full.transaction():
            full.rumours.put(bad, NOON)
            full.rumours.put(rumour(id="netz", title="", text="In Oberau ist kein Strom"), NOON)
            full.rumours.put(rumour(id="akte", text="Oberau, Strom", retired=True), NOON)
        assert [r.id for r in full.rumours.alike(bad, limit=5)] == ["netz"]
        assert full.rumours.alike(bad, limit=0) == []
        assert full.rumours.alike(rumour(id="neu", title="", text="Ob es so ist?"), limit=5) == []

    def test_the_stamp_changes_with_the_catalogue(self, full: Store) -> None:
        before = full.rumours.stamp()
        with full.transaction():
            full.rumours.put(rumour(title="Neu"), NOON + timedelta(seconds=1))
        assert full.rumours.stamp() != before
        assert full.rumours.get("wasser").created == NOON


class TestPeople:
    def test_an_address_belongs_to_one_person_however_it_is_written(self, full: Store) -> None:
        with pytest.raises(ConflictError), full.transaction():
            full.people.add(Person(name="Noch eine Ana", email="ANA@stadt.example"), NOON)
        assert full.people.by_email(" Ana@Stadt.example ") is not None

    def test_a_link_works_once_and_for_its_time(self, full: Store) -> None:
        with full.transaction():
            full.people.put_link("setup", None, "h", NOON + timedelta(hours=1), NOON)
            full.people.put_link("other", 1, "h", NOON + timedelta(hours=1), NOON)
        assert full.people.find_link("setup", "h", NOON) == 0
        assert full.people.find_link("other", "h", NOON) == 1
        assert full.people.find_link("setup", "h", NOON + timedelta(hours=2)) is None
        with full.transaction():
            assert full.people.use_link("setup", "h", NOON)
            assert not full.people.use_link("setup", "h", NOON)
            assert full.people.use_link("acknowledge", "signed elsewhere", NOON)
            assert not full.people.use_link("acknowledge", "signed elsewhere", NOON)
            full.people.drop_links("other")
        assert full.people.find_link("setup", "h", NOON) is None
        assert full.people.find_link("other", "h", NOON) is None

    def test_shifts_that_are_over_are_not_listed(self, full: Store) -> None:
        def shift(hours: int) -> Shift:
            start = NOON + timedelta(hours=hours)
            return Shift(person_id=1, start=start, end=start + timedelta(hours=8))

        with full.transaction():
            kept = [full.people.add_shift(shift(h)) for h in (-10, -4, 4, 40)]
        assert full.people.shifts(NOON) == kept[1:]
        assert full.people.shifts(NOON, until=NOON + timedelta(hours=24)) == kept[1:3]
        with full.transaction():
            full.people.remove_shift(kept[1].id)
        assert full.people.shifts(NOON) == kept[2:]

    def test_passwords_stay_out_of_the_noun(self, full: Store) -> None:
        with full.transaction():
            full.people.set_password(1, "$argon2id$x")
            full.people.update(replace(full.people.get(1), name="Anna"))
        assert full.people.password_hash(1) == "$argon2id$x"
        assert full.people.password_hash(99) == ""
        assert full.people.get(1).name == "Anna"


def alert(**changes) -> Alert:
    return replace(
        Alert(
            incident_id=None,
            person_id=1,
            kind=AlertKind.RAISED,
            to="ana@stadt.example",
            subject="s",
            text="t",
            html="h",
            message_id="<1@x>",
            created=NOON,
            due=NOON,
        ),
        **changes,
    )


class TestOutbox:
    def test_a_mail_is_claimed_by_one_and_rewritten_only_while_it_waits(self, full: Store) -> None:
        with full.transaction():
            kept = full.alerts.put(alert())
            assert full.alerts.rewrite(replace(kept, subject="neu"))
            [mine] = full.alerts.claim(5, "monitor:1", NOON)
            assert mine.subject == "neu"
            assert full.alerts.claim(5, "monitor:2", NOON) == []
            assert not full.alerts.rewrite(replace(kept, subject="zu spät"))
            full.alerts.give_back("monitor:")
            assert full.alerts.claim(5, "monitor:2", NOON) == [mine]
            full.alerts.update(replace(mine, state=AlertState.SENT, sent_at=NOON))
        assert full.alerts.count(AlertState.SENT) == 1
        assert full.alerts.count(AlertState.PENDING) == 0

    def test_what_is_not_due_waits_and_what_is_cancelled_never_goes(self, full: Store) -> None:
        with full.transaction():
            opened = full.incidents.open(incident())
            full.alerts.put(alert(incident_id=opened.id, due=NOON + timedelta(minutes=1)))
            full.alerts.put(alert(incident_id=opened.id, message_id="<2@x>", kind=AlertKind.TEST))
            assert [a.kind for a in full.alerts.claim(5, "m", NOON)] == [AlertKind.TEST]
            assert full.alerts.cancel(opened.id) == 1
            assert not full.alerts.still(1, "m", NOON)
            assert full.alerts.claim(5, "m", NOON + timedelta(minutes=2)) != []
        assert [a.state for a in full.alerts.of_incident(opened.id)] == [
            AlertState.CANCELLED,
            AlertState.PENDING,
        ]

    def test_the_same_message_id_is_never_kept_twice(self, full: Store) -> None:
        with full.transaction():
            full.alerts.put(alert())
        with pytest.raises(StoreError), full.transaction():
            full.alerts.put(alert())


class TestAnswers:
    def test_a_text_met_again_is_the_newest(self, full: Store) -> None:
        def seen(sha: str, minutes: int, by: int | None = None) -> PlaybookVersion:
            when = NOON + timedelta(minutes=minutes)
            return PlaybookVersion(name="p", sha256=sha, seen=when, written_by=by)

        with full.transaction():
            full.playbooks.record(seen("a", 0, by=1), "A")
            full.playbooks.record(seen("b", 1), "B")
            full.playbooks.record(seen("a", 2), "A")
        assert full.playbooks.latest("p") == seen("a", 2, by=1)
        assert full.playbooks.text("p", "b") == "B"
        assert full.playbooks.version("p", "c") is None
        assert full.playbooks.latest("q") is None

    def test_one_answer_stands_under_an_address_at_a_time(self, full: Store) -> None:
        from crisis.types import Approval

        with full.transaction():
            opened = full.incidents.open(incident())
            approved = full.playbooks.approve(Approval(name="p", sha256="a", person_id=1, at=NOON))
            answer = Response(
                incident_id=opened.id,
                playbook="p",
                playbook_sha256="a",
                approval_id=approved.id,
                lang="de",
                title="T",
                state=ResponseState.RELEASED,
                slug="t",
                written_by=1,
                written_at=NOON,
                released_at=NOON,
                values={"b": "2", "a": "1"},
            )
            kept = full.responses.add(answer)
        assert kept.values == {"a": "1", "b": "2"}
        with pytest.raises(StoreError), full.transaction():
            full.responses.add(answer)
        assert full.responses.slugs() == {"t"}
        assert full.responses.waiting() == []
        assert len(full.responses.all()) == 1
        with full.transaction():
            full.responses.update(replace(kept, title="U"))
        with pytest.raises(ConflictError), full.transaction():
            full.responses.update(replace(kept, title="V"))


class TestAudit:
    def test_every_change_to_a_kept_entry_is_found(self, full: Store) -> None:
        with full.transaction():
            for number in range(5):
                full.audit.append(
                    audit.entry(NOON, None, "x", f"y:{number}", after={"s": Severity.HIGH})
                )
        assert full.audit.verify() is None
        for change in (
            "update audit set actor = 'person:9' where id = 3",
            "delete from audit where id = 3",
            "update audit set at = '2020-01-01T00:00:00.000000+00:00' where id = 3",
        ):
            full._db.execute("begin")
            full._db.execute(change)
            assert full.audit.verify() in (3, 4)
            full._db.execute("rollback")
        assert full.audit.verify() is None

    def test_pages_go_backwards_and_can_be_narrowed(self, full: Store) -> None:
        ana = full.people.get(1)
        with full.transaction():
            for number in range(5):
                by = ana if number % 2 else None
                full.audit.append(audit.entry(NOON, by, "x", f"y:{number}"))
        assert [e.id for e in full.audit.page(limit=2)] == [5, 4]
        assert [e.id for e in full.audit.page(limit=2, before=4)] == [3, 2]
        assert [e.id for e in full.audit.page(actor="person:1")] == [4, 2]
        assert [e.id for e in full.audit.page(what="y:0")] == [1]
        assert [e.id for e in full.audit.of_object("y:0")] == [1]


def test_an_exercise_leaves_no_trace_but_that_it_took_place(full: Store) -> None:
    with full.transaction():
        played = full.sources.add(source(url="http://127.0.0.1/x", drill=True))
        full.posts.put([(post(source_id=played.id, drill=True), "f")], NOON)
        found = full.posts.claim(5, "a", NOON)[-1]
        full.posts.done(found, "a", keep=True)
        opened = full.incidents.open(incident(drill=True))
        full.sightings.put(sighting(post=found, incident_id=opened.id))
        full.alerts.put(alert(incident_id=opened.id, drill=True))
        full.incidents.add_note(Note(incident_id=opened.id, person_id=1, text="n", written=NOON))
        full.audit.append(audit.entry(NOON, None, "incident.opened", "incident:1", drill=True))
        full.audit.append(audit.entry(NOON, None, "drill.started", "drill:1"))
        drill = full.drills.add(
            Drill(scenario="s", source_id=played.id, started=NOON, seconds=60, token="t")
        )
        assert full.drills.by_token("t") == drill
        counts = full.drills.remove_everything()
    assert counts["incidents"] == counts["posts"] == counts["alerts"] == 1
    assert full.drills.by_token("t") is None
    latest = full.drills.latest()
    assert latest is not None
    assert latest.removed
    assert [e.action for e in full.audit.page()] == ["drill.started"]
    assert full.audit.verify() is None
    assert full.posts.waiting() == 1  # what was real stays
    assert len(full.sources.all()) == 1


def test_a_source_goes_but_its_posts_in_incidents_stay(full: Store) -> None:
    with full.transaction():
        [found] = full.posts.claim(1, "a", NOON)
        full.posts.done(found, "a", keep=True)
        opened = full.incidents.open(incident())
        full.sightings.put(sighting(post=found, incident_id=opened.id))
        other = full.sources.add(source(url="http://b.example"))
        full.sources.remove(other.id)
        full.sources.remove(1)
    [left] = full.sources.all()
    assert not left.active
    assert full.sources.by_url("http://feed.example/rss") is None
    assert full.sightings.count_of_incident(opened.id) == 1


def test_ended_incidents_lose_their_posts_and_keep_their_story(full: Store) -> None:
    with full.transaction():
        [found] = full.posts.claim(1, "a", NOON)
        full.posts.done(found, "a", keep=True)
        opened = full.incidents.open(incident())
        full.sightings.put(sighting(post=found, incident_id=opened.id))
        full.incidents.update(replace(opened, state=IncidentState.CLOSED, ended_at=NOON, posts=1))
        assert full.incidents.forget(NOON) == 0
        assert full.incidents.forget(NOON + timedelta(days=1)) == 1
    assert full.incidents.get(opened.id).posts == 1
    assert full.incidents.board() == []
    assert [i.id for i in full.incidents.board(include_ended=True)] == [opened.id]
    assert [i.id for i in full.incidents.of_rumour("wasser")] == [opened.id]
    assert full.incidents.count_open() == 0


def test_the_board_shows_the_most_urgent_first(full: Store) -> None:
    with full.transaction():
        for number, (level, state) in enumerate(
            [
                (Severity.LOW, IncidentState.NEW),
                (Severity.URGENT, IncidentState.CORRECTED),
                (Severity.HIGH, IncidentState.ACKNOWLEDGED),
                (Severity.HIGH, IncidentState.NEW),
            ]
        ):
            full.rumours.put(rumour(id=f"r{number}"), NOON)
            full.incidents.open(incident(rumour_id=f"r{number}", severity=level, state=state))
    assert [i.rumour_id for i in full.incidents.board()] == ["r3", "r2", "r0", "r1"]


def test_a_time_without_a_zone_is_refused(full: Store) -> None:
    with pytest.raises(ValueError, match="time zone"), full.transaction():
        full.rumours.put(rumour(), NOON.replace(tzinfo=None))


def test_the_steps_of_databases_in_use_keep_their_names_and_their_order() -> None:
    """A database remembers steps by name: a renamed one would be done twice, a moved one too early."""
    begun = [
        "people",
        "posts",
        "rumours",
        "incidents",
        "alerts",
        "answers",
        "memory",
        "score_counts",
        "models",
        "thresholds",
        "stream",
        "rumour_hints",
        "counts",
        "live",
        "confirmed_mails",
        "suggestions",
        "search",
        "lists",
        "handovers",
        "many_at_once",
        "forgotten_judgements",
        "public_answers",
        "counts_by_steps",
        "handling",
        "reviewed_claims",
        "publications",
        "walls",
        "answers_let_out_alone",
        "subscribers",
        "reviews",
        "acts_by_hour",
        "first_statements",
        "answers_that_follow",
        "updates",
        "mails_by_day",
        "reminders",
        "regions",
    ]
    assert [name for name, _ in STEPS][: len(begun)] == begun
