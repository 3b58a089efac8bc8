"""The chain from a feed to a public answer, with the real store and people who act in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import FEED_IN_SCOPE, PLAYBOOK, person, playbook, source
from fakes import feed
from town import Town

from crisis.errors import (
    ConflictError,
    FetchError,
    FourEyesError,
    IllegalMoveError,
    InvalidInputError,
    MailError,
    NotAllowedError,
    PermanentMailError,
)
from crisis.matching.histogram import NOTHING, bin_of
from crisis.types import (
    AlertKind,
    AlertState,
    IncidentState,
    ResponseState,
    Role,
    Severity,
    Verdict,
)
from crisis.workflows import approve, escalate, handle, respond, subscribe, tidy, watch
from crisis.workflows.deliver import deliver
from crisis.workflows.triage import triage

URL = "http://feed.example/rss"


def arrives(town: Town, *texts: str) -> None:
    """These posts are in the feed; the monitor asks it and triages."""
    if town.store.sources.by_url(URL) is None:
        subscribe.add(town.store, source(url=URL), None, town.now, confirmed=FEED_IN_SCOPE)
    town.fetch.pages[URL] = feed(*texts)
    watch.watch(town.house, town.now)
    while triage(town.house, "m", town.now):
        pass
    town.later(minutes=10)


def incident(town: Town):
    found = town.store.incidents.all_open()
    assert len(found) == 1
    return found[0]


class TestTriage:
    def test_a_rumour_in_a_feed_opens_an_incident_and_queues_one_mail(self, town: Town) -> None:
        arrives(town, "Schönes Wetter heute", "#wasser ist vergiftet")
        assert incident(town).posts == 1
        assert [a.kind for a in town.store.alerts.recent()] == [AlertKind.RAISED]
        assert town.store.alerts.recent()[0].to == town.ana.email

    def test_what_matches_nothing_leaves_only_a_hash(self, town: Town) -> None:
        arrives(town, "Schönes Wetter heute")
        assert town.store.posts.waiting() == 0
        assert "Wetter" not in (town.store.path.read_bytes().decode("latin-1"))

    def test_the_same_feed_again_changes_nothing(self, town: Town) -> None:
        arrives(town, "#wasser ist vergiftet")
        arrives(town, "#wasser ist vergiftet")
        assert incident(town).posts == 1
        assert len(town.store.alerts.recent()) == 1

    def test_more_posts_join_and_make_it_more_severe(self, town: Town) -> None:
        arrives(town, *[f"{n} #wasser" for n in range(12)])
        assert incident(town).posts == 12
        assert incident(town).severity >= Severity.HIGH
        [mail] = town.store.alerts.recent()  # growth before the first mail has left is told in it
        assert mail.kind is AlertKind.RAISED
        assert "10" in mail.subject

    def test_a_post_that_names_no_place_is_about_that_of_its_source(self, town: Town) -> None:
        kept = subscribe.add(
            town.store,
            replace(source(url=URL), region="Nordstadt"),
            None,
            town.now,
            confirmed=FEED_IN_SCOPE,
        )
        arrives(town, "#wasser ist vergiftet")
        [sighting] = town.store.sightings.of_incident(incident(town).id)
        assert sighting.post.place == "Nordstadt"
        assert town.store.sources.get(kept.id).region == "Nordstadt"  # the monitor leaves it alone

    def test_a_doubtful_post_waits_for_a_person(self, town: Town) -> None:
        arrives(town, "?wasser stimmt das")
        assert town.store.incidents.all_open() == []
        [suggestion] = town.store.sightings.suggestions()
        opened = handle.take_up(town.house, suggestion.id, town.ana, town.now)
        assert opened.posts == 1
        assert town.store.sightings.suggestions() == []

    def test_a_correction_raises_nothing_but_shows_in_an_open_incident(self, town: Town) -> None:
        arrives(town, "!wasser ist in Ordnung")
        assert town.store.incidents.all_open() == []
        arrives(town, "!wasser ist in Ordnung", "#wasser vergiftet")
        arrives(town, "!wasser ist in Ordnung", "#wasser vergiftet", "!wasser doch nicht")
        assert incident(town).posts == 1
        assert town.store.sightings.count_of_incident(incident(town).id) == 2

    def test_a_poisoned_post_does_not_stop_the_others(self, town: Town, monkeypatch) -> None:
        from crisis.workflows import place

        real = place.place

        def explodes(house, sighting, *rest, **more):
            if "boom" in sighting.post.text:
                raise RuntimeError("boom")
            return real(house, sighting, *rest, **more)

        monkeypatch.setattr(place, "place", explodes)
        arrives(town, "#wasser boom", "#wasser eins")
        assert incident(town).posts == 1
        assert [e.action for e in town.store.audit.page()].count("post.set_aside") == 1

    def test_an_edited_post_is_compared_again_and_not_counted_twice(self, town: Town) -> None:
        arrives(town, "#wasser ist vergiftet")
        arrives(town, "#wasser ist wirklich vergiftet")
        assert incident(town).posts == 1
        [sighting] = town.store.sightings.of_incident(incident(town).id)
        assert sighting.post.edited
        assert "wirklich" in sighting.post.text
        arrives(town, "Ich habe mich geirrt")
        assert town.store.sightings.count_of_incident(incident(town).id) == 1

    def test_every_real_post_is_counted_once_by_how_high_it_scored(self, town: Town) -> None:
        arrives(town, "Schönes Wetter", "Noch eins", "?wasser stimmt das")
        arrives(town, "Schönes Wetter!", "Noch eins", "?wasser stimmt das", "!wasser ist gut")
        day = town.house.terms.today(town.now)
        assert town.store.scores.since(day, "fake") == {day: {NOTHING: 2, 0: 1, bin_of(0.9): 1}}
        assert town.store.scores.since(day, "fake", may_raise=True) == {day: {0: 1}}

    def test_a_source_that_fails_says_so_and_is_asked_again(self, town: Town) -> None:
        subscribe.add(town.store, source(url=URL), None, town.now, confirmed=FEED_IN_SCOPE)
        town.fetch.pages[URL] = FetchError("Kaputt.", "Broken.")
        watch.watch(town.house, town.now)
        [found] = town.store.sources.all()
        assert (found.failures, found.last_error) == (1, "Kaputt.")
        town.fetch.pages[URL] = feed("Hallo")
        watch.watch(town.house, town.later(days=1))
        [found] = town.store.sources.all()
        assert (found.failures, found.last_error) == (0, "")
        watch.watch(town.house, town.later(days=1))  # nothing has changed: 304
        assert town.store.sources.get(found.id).etag == found.etag


class TestAlerts:
    def test_the_next_in_line_is_asked_when_nobody_answers(self, town: Town) -> None:
        arrives(town, "#wasser")
        deliver(town.house, "m", town.now)
        town.store.people.add(
            person("Eva", Role.DUTY),
            town.now,
        )
        assert escalate.escalate(town.house, town.later(minutes=5)) == 0
        assert escalate.escalate(town.house, town.later(minutes=6)) == 1
        assert town.store.alerts.recent()[0].kind is AlertKind.ESCALATED
        assert town.store.alerts.recent()[0].to == "eva@stadt.example"

    def test_acknowledging_stops_the_paging(self, town: Town) -> None:
        arrives(town, "#wasser")
        taken = handle.acknowledge(town.store, incident(town).id, town.ana, town.now, via="mail")
        assert (taken.state, taken.assignee) == (IncidentState.ACKNOWLEDGED, town.ana.id)
        assert deliver(town.house, "m", town.later(hours=1)) == 0
        assert escalate.escalate(town.house, town.later(hours=1)) == 0
        # The second press of the same button is no error and no second entry.
        handle.acknowledge(town.store, taken.id, town.ana, town.now)
        actions = [e.action for e in town.store.audit.of_incident(taken.id)]
        assert actions.count("incident.acknowledged") == 1

    def test_a_mail_goes_out_once(self, town: Town) -> None:
        arrives(town, "#wasser")
        assert deliver(town.house, "m", town.now) == 1
        assert deliver(town.house, "m", town.later(hours=1)) == 0
        assert len(town.mailer.sent) == 1

    def test_a_mail_server_that_is_down_is_tried_again(self, town: Town) -> None:
        arrives(town, "#wasser")

        def down(alert):
            raise MailError("Server weg.", "Server gone.")

        town.mailer.fail = down
        assert deliver(town.house, "m", town.now) == 0
        assert town.store.alerts.recent()[0].attempts == 1
        town.mailer.fail = lambda alert: None
        assert deliver(town.house, "m", town.now) == 0  # not yet due
        assert deliver(town.house, "m", town.later(minutes=1)) == 1

    def test_an_address_that_is_refused_for_good_is_not_tried_again(self, town: Town) -> None:
        arrives(town, "#wasser")

        def refused(alert):
            raise PermanentMailError("Gibt es nicht.", "No such address.")

        town.mailer.fail = refused
        deliver(town.house, "m", town.now)
        assert town.store.alerts.recent()[0].state is AlertState.FAILED
        assert "Gibt es nicht" in town.store.alerts.recent()[0].last_error

    def test_where_nobody_can_be_told_the_log_says_so(self, town: Town) -> None:
        for somebody in town.store.people.all():
            with town.store.transaction():
                town.store.people.update(replace(somebody, active=False))
        arrives(town, "#wasser")
        actions = [e.action for e in town.store.audit.of_incident(incident(town).id)]
        assert "alert.nobody" in actions

    def test_urgent_growth_is_told_to_whoever_has_it(self, town: Town) -> None:
        arrives(town, "#wasser")
        handle.acknowledge(town.store, incident(town).id, town.chloe, town.now)
        arrives(town, "#wasser", *[f"{n} #wasser" for n in range(40)])
        assert town.store.alerts.recent()[0].kind is AlertKind.WORSE
        assert town.store.alerts.recent()[0].to == town.chloe.email


class TestWaves:
    def test_a_closed_rumour_that_comes_back_is_worked_on_again(self, town: Town) -> None:
        arrives(town, "#wasser")
        number = incident(town).id
        handle.acknowledge(town.store, number, town.ana, town.now)
        handle.close(town.store, number, "Erledigt", town.ana, town.now)
        arrives(town, "#wasser", "#wasser schon wieder")
        assert incident(town).id == number
        assert incident(town).wave == 2
        assert town.store.alerts.recent()[0].kind is AlertKind.REOPENED
        assert (
            town.store.alerts.recent()[0].in_reply_to == town.store.alerts.recent()[-1].message_id
        )

    def test_a_dismissed_one_stays_quiet_until_there_is_a_wave(self, town: Town) -> None:
        arrives(town, "#wasser")
        number = incident(town).id
        handle.dismiss(town.store, number, "Satire", town.ana, town.now)
        arrives(town, "#wasser", "#wasser a")
        assert town.store.incidents.all_open() == []
        arrives(town, "#wasser", "#wasser a", *[f"#wasser {n}" for n in range(5)])
        assert incident(town).wave == 2

    def test_a_person_may_reopen_and_must_say_why(self, town: Town) -> None:
        arrives(town, "#wasser")
        number = incident(town).id
        handle.dismiss(town.store, number, "Satire", town.ana, town.now)
        with pytest.raises(InvalidInputError):
            handle.reopen(town.store, number, " ", town.ana, town.now)
        assert (
            handle.reopen(town.store, number, "Doch ernst", town.ana, town.now).state
            is IncidentState.NEW
        )
        with pytest.raises(IllegalMoveError):
            handle.close(town.store, number, "zu früh", town.ana, town.now)


class TestPeople:
    def test_a_stranger_may_do_nothing(self, town: Town) -> None:
        arrives(town, "#wasser")
        number = incident(town).id
        [sighting] = town.store.sightings.of_incident(number)
        for act in (
            lambda: handle.acknowledge(town.store, number, town.dev, town.now),
            lambda: handle.assign(town.store, number, town.dev.id, town.dev, town.now),
            lambda: handle.note(town.store, number, "Hallo", town.dev, town.now),
            lambda: handle.rate(town.store, number, Severity.LOW, town.dev, town.now),
            lambda: handle.judge(town.store, sighting.id, Verdict.FITS, town.dev, town.now),
            lambda: handle.dismiss(town.store, number, "weg", town.dev, town.now),
            lambda: respond.draft(
                town.store, number, playbook(), town.dev, town.now, today=town.now.date()
            ),
            lambda: approve.approve(town.store, playbook(), town.dev, town.now),
        ):
            with pytest.raises(NotAllowedError):
                act()

    def test_notes_assignment_and_rating_leave_lines_in_the_log(self, town: Town) -> None:
        arrives(town, "#wasser")
        number = incident(town).id
        handle.note(town.store, number, " Labor angerufen ", town.ana, town.now)
        handle.assign(town.store, number, town.chloe.id, town.ana, town.now)
        handle.rate(town.store, number, Severity.URGENT, town.ana, town.now)
        with pytest.raises(InvalidInputError):
            handle.note(town.store, number, "  ", town.ana, town.now)
        [note] = town.store.incidents.notes(number)
        assert note.text == "Labor angerufen"
        actions = [e.action for e in town.store.audit.of_incident(number)]
        assert {"incident.noted", "incident.assigned", "incident.rated"} <= set(actions)
        assert "Labor" not in str(town.store.audit.page())
        assert town.store.audit.verify() is None

    def test_a_post_that_does_not_fit_no_longer_counts(self, town: Town) -> None:
        arrives(town, "#wasser a", "#wasser b")
        number = incident(town).id
        sighting = town.store.sightings.of_incident(number)[0]
        handle.judge(town.store, sighting.id, Verdict.DOES_NOT_FIT, town.ana, town.now)
        assert town.store.incidents.spread(number, town.now).posts == 1
        handle.judge(town.store, sighting.id, None, town.ana, town.now)
        assert town.store.incidents.spread(number, town.now).posts == 2

    def test_two_people_who_change_the_same_thing_are_told(self, town: Town) -> None:
        arrives(town, "#wasser")
        old = incident(town)
        handle.assign(town.store, old.id, town.chloe.id, town.ana, town.now)
        with pytest.raises(ConflictError), town.store.transaction():
            town.store.incidents.update(old)


class TestAnswers:
    @pytest.fixture
    def number(self, town: Town) -> int:
        town.chloe_approves()
        arrives(town, "#wasser")
        return incident(town).id

    def drafted(self, town: Town, number: int):
        return respond.draft(
            town.store,
            number,
            town.shelf.files["trinkwasser"],
            town.ana,
            town.now,
            today=town.now.date(),
        )

    def filled(self, town: Town, number: int):
        drafted = self.drafted(town, number)
        return respond.fill(
            town.store,
            drafted.id,
            title="Das Trinkwasser ist in Ordnung",
            values={"naechste_info": "heute um 18 Uhr"},
            by=town.ana,
            now=town.now,
            version=drafted.version,
        )

    def released(self, town: Town, number: int):
        filled = self.filled(town, number)
        respond.submit(town.store, filled.id, town.ana, town.now)
        return respond.release(town.store, filled.id, town.chloe, town.now, today=town.now.date())

    def test_an_answer_goes_out_with_four_eyes(self, town: Town, number: int) -> None:
        released = self.released(town, number)
        assert released.state is ResponseState.RELEASED
        assert released.slug.startswith("das-trinkwasser-ist-in-ordnung")
        assert [r.id for r in town.store.responses.public()] == [released.id]
        assert incident(town).state is IncidentState.CORRECTED
        assert town.store.audit.verify() is None

    def test_who_wrote_it_may_not_release_it(self, town: Town, number: int) -> None:
        drafted = self.drafted(town, number)
        filled = respond.fill(
            town.store,
            drafted.id,
            title=drafted.title,
            values={"naechste_info": "bald"},
            by=town.chloe,
            now=town.now,
            version=drafted.version,
        )
        respond.submit(town.store, filled.id, town.chloe, town.now)
        with pytest.raises(FourEyesError):
            respond.release(town.store, filled.id, town.chloe, town.now, today=town.now.date())

    def test_a_blank_left_open_is_not_released(self, town: Town, number: int) -> None:
        drafted = self.drafted(town, number)
        with pytest.raises(InvalidInputError, match="naechste_info"):
            respond.submit(town.store, drafted.id, town.ana, town.now)

    def test_a_change_after_submission_needs_a_new_submission(
        self, town: Town, number: int
    ) -> None:
        filled = self.filled(town, number)
        submitted = respond.submit(town.store, filled.id, town.ana, town.now)
        changed = respond.fill(
            town.store,
            filled.id,
            title="Anders",
            values={"naechste_info": "bald"},
            by=town.ana,
            now=town.now,
            version=submitted.version,
        )
        assert changed.state is ResponseState.DRAFT
        with pytest.raises(IllegalMoveError):
            respond.release(town.store, filled.id, town.chloe, town.now, today=town.now.date())

    def test_typing_over_a_colleagues_change_is_noticed(self, town: Town, number: int) -> None:
        drafted = self.drafted(town, number)
        self.changes(town, drafted)
        with pytest.raises(ConflictError):
            self.changes(town, drafted)

    def changes(self, town: Town, drafted) -> None:
        respond.fill(
            town.store,
            drafted.id,
            title="Neu",
            values={},
            by=town.ana,
            now=town.now,
            version=drafted.version,
        )

    def test_until_release_everything_can_be_undone(self, town: Town, number: int) -> None:
        filled = self.filled(town, number)
        respond.submit(town.store, filled.id, town.ana, town.now)
        assert (
            respond.take_back(town.store, filled.id, town.ana, town.now).state
            is ResponseState.DRAFT
        )
        assert (
            respond.discard(town.store, filled.id, town.ana, town.now).state
            is ResponseState.DISCARDED
        )
        with pytest.raises(IllegalMoveError):
            respond.submit(town.store, filled.id, town.ana, town.now)

    def test_a_correction_takes_the_place_of_the_old_answer_and_shows(
        self, town: Town, number: int
    ) -> None:
        old = self.released(town, number)
        new = respond.correct(town.store, old.id, town.ana, town.now)
        with pytest.raises(IllegalMoveError):
            respond.correct(town.store, old.id, town.ana, town.now)
        new = respond.fill(
            town.store,
            new.id,
            title="Das Wasser ist wieder in Ordnung",
            values={"naechste_info": "morgen"},
            change_note="Uhrzeit berichtigt",
            by=town.ana,
            now=town.now,
            version=new.version,
        )
        respond.submit(town.store, new.id, town.ana, town.now)
        new = respond.release(town.store, new.id, town.chloe, town.now, today=town.now.date())
        assert (new.slug, new.revision) == (old.slug, 2)
        assert [r.state for r in town.store.responses.revisions(old.slug)] == [
            ResponseState.RELEASED,
            ResponseState.SUPERSEDED,
        ]

    def test_a_withdrawn_answer_stays_visible_with_its_reason(
        self, town: Town, number: int
    ) -> None:
        old = self.released(town, number)
        with pytest.raises(InvalidInputError):
            respond.withdraw(town.store, old.id, " ", town.chloe, town.now)
        respond.withdraw(town.store, old.id, "Falsche Straße", town.chloe, town.now)
        [shown] = town.store.responses.public()
        assert (shown.state, shown.change_note) == (ResponseState.WITHDRAWN, "Falsche Straße")
        assert incident(town).state is IncidentState.ANSWERING

    def test_a_playbook_changed_by_one_letter_needs_a_new_approval(
        self, town: Town, number: int
    ) -> None:
        town.shelf.files["trinkwasser"] = playbook(PLAYBOOK.replace("geprüft", "geprueft"))
        with pytest.raises(NotAllowedError):
            self.drafted(town, number)

    def test_an_approval_taken_back_stops_the_release(self, town: Town, number: int) -> None:
        filled = self.filled(town, number)
        respond.submit(town.store, filled.id, town.ana, town.now)
        [approval] = town.store.playbooks.approvals("trinkwasser")
        approve.revoke(town.store, approval.id, town.chloe, town.now, reason="Veraltet")
        with pytest.raises(NotAllowedError):
            respond.release(town.store, filled.id, town.chloe, town.now, today=town.now.date())


class TestPlaybooks:
    def test_nobody_approves_what_they_wrote_last(self, town: Town) -> None:
        both = replace(town.ben, roles=frozenset({Role.AUTHOR, Role.APPROVER}))
        with town.store.transaction():
            town.store.people.update(both)
        written = approve.write(
            town.store,
            town.shelf,
            "trinkwasser",
            PLAYBOOK.replace("Labor", "Prüflabor"),
            both,
            town.now,
            expected_sha256=None,
        )
        with pytest.raises(FourEyesError):
            approve.approve(town.store, written, both, town.now)
        assert approve.approve(town.store, written, town.chloe, town.now).sha256 == written.sha256
        # Pressing twice approves once.
        again = approve.approve(town.store, written, town.chloe, town.now)
        assert len(town.store.playbooks.approvals()) == 1
        assert again.id == town.store.playbooks.approvals()[0].id

    def test_an_edit_on_disk_is_noticed_and_logged_once(self, town: Town) -> None:
        books = town.shelf.playbooks()
        assert len(approve.record(town.store, books, town.now)) == 1
        assert approve.record(town.store, books, town.now) == []

    def test_a_text_begun_from_an_older_one_is_refused(self, town: Town) -> None:
        approve.record(town.store, town.shelf.playbooks(), town.now)
        with pytest.raises(ConflictError):
            approve.write(
                town.store,
                town.shelf,
                "trinkwasser",
                PLAYBOOK + "\n",
                town.ben,
                town.now,
                expected_sha256="0" * 64,
            )


def test_what_is_kept_goes_when_its_time_is_over(town: Town) -> None:
    arrives(town, "#wasser", "Schönes Wetter")
    number = incident(town).id
    handle.dismiss(town.store, number, "Satire", town.ana, town.now)
    deliver(town.house, "m", town.now)
    assert not any(tidy.tidy(town.house, town.now).values())
    counts = tidy.tidy(town.house, town.later(days=365))
    assert counts["seen"] == 2
    assert counts["posts"] == 1
    assert counts["mails"] == 1
    assert town.store.incidents.get(number).end_reason == "Satire"
    assert town.store.audit.verify() is None


class TestPlaces:
    def test_a_post_is_put_where_it_says_it_is(self, town: Town) -> None:
        import dataclasses

        terms = dataclasses.replace(town.house.terms, places=("Nordstadt",))
        subscribe.add(town.store, source(url=URL), None, town.now, confirmed=FEED_IN_SCOPE)
        town.fetch.pages[URL] = feed("#wasser in nordstadt", "#wasser hier")
        watch.watch(town.house, town.now)
        triage(dataclasses.replace(town.house, terms=terms), "m", town.now)
        found = town.store.sightings.of_incident(incident(town).id)
        assert {one.post.place for one in found} == {"Nordstadt", ""}
