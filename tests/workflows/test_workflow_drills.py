"""Drills of the team, told as stories: exactly these mails and no other, whatever happens beside them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from drill_story import SCRIPT, Story
from post_office import Counter, open_office

from crisis.drills.expected import Action
from crisis.errors import IllegalMoveError, InvalidInputError, NotAllowedError, NotFoundError
from crisis.store import Store
from crisis.types import DrillKind, DrillState, IncidentState, Severity, SourceKind
from crisis.workflows import drill, drill_end, drill_plans, drill_reminder, drill_steps, handle


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[Counter, int]]:
    counter = Counter()
    with open_office(counter) as port:
        yield counter, port


@pytest.fixture
def story(tmp_path: Path, office: tuple[Counter, int]) -> Iterator[Story]:
    made = Story(tmp_path, *office)
    yield made
    made.close()


# --- planned, now, surprise ----------------------------------------------------------------------


def test_a_planned_drill_is_announced_runs_and_is_over(story: Story) -> None:
    story.plans(DrillKind.PLANNED, due=story.at(10))
    assert story.said == ["0 ana Ü angekündigt", "0 ben Ü angekündigt"]
    story.wait(13)
    story.takes(story.town.ana)
    story.wait(60)
    assert story.said[2:] == [
        "12 ana Ü neu",
        "43 ana Ü nichts",
        "70 ana Ü beendet",
        "70 chloe Ü beendet",
    ]
    assert story.plan().state is DrillState.DONE
    assert story.practised.state is IncidentState.CLOSED


def test_the_whole_chain_is_walked_and_nothing_is_published(story: Story) -> None:
    town = story.town
    story.plans()
    story.wait(4)
    story.takes(town.ana)
    story.wait(10)
    answer = story.answers(town.ana)
    story.wait(11)
    out = story.releases(answer)
    story.promises(out, town.ana)
    story.wait(40)
    assert story.said == [
        "2 ana Ü neu",
        "14 chloe Ü bitte prüfen",
        "60 ana Ü beendet",
        "60 chloe Ü beendet",
    ]
    result = drill_end.outcome(story.store, story.plan())
    assert [(one.expected.action, one.minute, one.late) for one in result.seen] == [
        (Action.TAKEN, 4.0, 0.0),
        (Action.SUBMITTED, 14.0, 0.0),
        (Action.CORRECTION, 25.0, 0.0),
        (Action.PROMISED, 25.0, 0.0),
    ]
    assert story.store.responses.public() == []
    assert story.store.publications.of_response(out.id) == []
    # All of it goes when it is cleared away, and what came of it stays.
    number = story.practised.id
    handle.note(story.store, number, "Das war gut.", town.ana, story.now)
    drill.remove(story.house, None, story.now)
    assert story.store.drill_plans.incident_ids() == []
    assert drill_end.outcome(story.store, story.plan()) == result


def test_a_surprise_is_known_to_who_leads_it_alone(story: Story) -> None:
    town = story.town
    plan = story.plans(DrillKind.SURPRISE, due=story.at(60), until=story.at(600), draw=0.5)
    assert plan.due == story.at(330)
    assert story.said == []
    assert drill_plans.seen_by(story.store, plan.id, town.chloe) == plan
    with pytest.raises(NotFoundError):
        drill_plans.seen_by(story.store, plan.id, town.ana)
    with pytest.raises(NotFoundError):
        drill_plans.call_off(story.house, plan.id, town.ana, story.now)
    assert not [e for e in story.store.audit.page() if e.what.startswith("drill-plan")]
    story.town.later(minutes=329)
    story.wait(3)
    assert story.said == ["332 ana Ü neu"]
    (entry,) = [e for e in story.store.audit.page() if e.action == "drill.started"]
    assert entry.after["leader"] == town.chloe.id


def test_a_surprise_called_off_stays_a_secret(story: Story) -> None:
    plan = story.plans(DrillKind.SURPRISE, due=story.at(60), until=story.at(90), draw=0.0)
    drill_plans.call_off(story.house, plan.id, story.town.chloe, story.now)
    story.wait(120)
    assert story.said == []
    assert drill_plans.is_secret(story.plan(), story.town.ana)


def test_a_planned_one_called_off_is_told_to_those_who_know_of_it(story: Story) -> None:
    plan = story.plans(DrillKind.PLANNED, due=story.at(60))
    drill_plans.call_off(story.house, plan.id, story.town.chloe, story.now, reason="Sturm")
    story.wait(70)
    assert story.said[2:] == ["1 ana Ü abgesagt", "1 ben Ü abgesagt"]
    assert "Sturm" in story.letters[2][1].as_string()


def test_where_nobody_answers_the_next_one_is_called_by_the_rules(story: Story) -> None:
    story.plans()
    story.wait(13)
    assert story.said == ["2 ana Ü neu", "12 ana Ü bitte"]  # nobody else is on duty or administers
    assert story.practised.state is IncidentState.NEW


# --- beside what is real -------------------------------------------------------------------------


def test_a_real_incident_beside_a_drill_stays_apart(story: Story) -> None:
    story.plans()
    story.wait(3)
    real = story.really()
    story.wait(3)
    story.takes(story.town.ana, real)
    story.takes(story.town.ana)
    story.wait(2)
    assert story.said == ["2 ana Ü neu", "3 ana neu"]
    assert not real.drill
    assert story.practised.posts == 2
    assert story.store.incidents.get(real.id).posts == 1
    assert story.plan().state is DrillState.RUNNING


def test_the_same_rumour_for_real_is_another_incident(story: Story) -> None:
    story.plans()
    story.wait(3)
    real = story.really("#wasser wirklich")
    assert real.id != story.practised.id
    assert story.said == ["2 ana Ü neu", "3 ana neu"]


def test_a_pressing_real_incident_ends_the_drill_by_itself(story: Story) -> None:
    story.plans()
    story.wait(3)
    real = story.really()
    with story.store.transaction():
        story.store.incidents.update(replace(real, severity=Severity.HIGH))
    story.wait(1)
    assert story.said == [
        "2 ana Ü neu",
        "3 ana neu",
        "4 ana Ü abgebrochen",
        "4 chloe Ü abgebrochen",
    ]
    plan = story.plan()
    assert (plan.state, plan.ended_by) == (DrillState.BROKEN_OFF, None)
    story.wait(9)
    assert story.said[4:] == ["13 ana bitte"]


def test_no_drill_begins_while_something_real_is_pressing(story: Story) -> None:
    real = story.really()
    with story.store.transaction():
        story.store.incidents.update(replace(real, severity=Severity.URGENT))
    with pytest.raises(IllegalMoveError):
        story.plans()
    assert story.store.drill_plans.waiting() == []
    with story.store.transaction():
        plan = drill_plans.plan(
            story.house,
            "wasser",
            SCRIPT,
            DrillKind.PLANNED,
            story.town.chloe,
            story.now,
            due=story.at(5),
        )
    story.wait(40)
    assert story.plan(plan.id).state is DrillState.MISSED
    assert [line for line in story.said if "Ü" in line] == [
        "1 ana Ü angekündigt",
        "1 ben Ü angekündigt",
        "36 ana Ü ausgefallen",
        "36 ben Ü ausgefallen",
        "36 chloe Ü ausgefallen",
    ]


def test_mails_of_a_drill_go_after_all_real_ones_and_never_hold_one_back(story: Story) -> None:
    story.terms["most_mails"] = 1
    story.plans()
    story.wait(2)
    assert story.said == ["2 ana Ü neu"]
    story.really()  # within ten minutes of the other one
    assert story.said[1:] == ["2 ana neu"]
    store = story.store
    with store.transaction():
        first, second = (store.alerts.get(n) for n in (1, 2))
        store.alerts.put(replace(first, id=0, priority=0, due=story.now, message_id="<a@x>"))
        store.alerts.put(replace(second, id=0, priority=2, due=story.now, message_id="<b@x>"))
        pending = "update alerts set state = 'pending', sent_at = null where id > 2"
        store._db.execute(pending)
        claimed = store.alerts.claim(10, "x", story.now)
    assert [one.drill for one in claimed] == [False, True]


# --- broken off ----------------------------------------------------------------------------------


def test_one_click_breaks_it_off_at_once(story: Story) -> None:
    story.plans()
    story.wait(3)
    story.stops(reason="Feuerwehr rückt aus")
    assert story.said[1:] == ["3 ana Ü abgebrochen", "3 chloe Ü abgebrochen"]
    story.wait(60)
    assert len(story.said) == 3
    plan = story.plan()
    assert (plan.state, plan.ended_by) == (DrillState.BROKEN_OFF, story.town.ana.id)
    assert plan.reason == "Feuerwehr rückt aus"
    assert story.practised.state is IncidentState.DISMISSED
    assert drill_plans.stop(story.house, None, story.now, plan_id=plan.id) == plan
    with pytest.raises(IllegalMoveError):
        drill_plans.stop(story.house, None, story.now)


def test_what_waits_when_it_is_broken_off_comes_to_nothing(story: Story) -> None:
    """A post in the spool and a mail in a worker's hand."""
    story.plans()
    story.town.later(minutes=2)
    assert drill_steps.step(story.house, story.now) == 1
    assert story.store.posts.waiting() == 1
    drill_plans.stop(story.house, story.town.ana, story.now)
    assert story.store.posts.waiting() == 0
    story.wait(5)
    assert story.store.drill_plans.incident_ids() == []
    assert story.said == ["3 chloe Ü abgebrochen"]


def test_ended_early_it_counts(story: Story) -> None:
    story.plans()
    story.wait(20)
    story.stops(done=True)
    assert story.plan().state is DrillState.DONE
    assert story.store.drill_plans.last_done() == story.plan()


# --- restarts, clocks ----------------------------------------------------------------------------


def test_a_restart_at_every_minute_changes_nothing(
    tmp_path: Path, office: tuple[Counter, int]
) -> None:
    told = []
    for number, restarts in enumerate((False, True)):
        folder = tmp_path / str(number)
        folder.mkdir()
        made = Story(folder, *office, restarts=restarts)
        made.plans(DrillKind.PLANNED, due=made.at(3))
        made.wait(8)
        made.takes(made.town.ana)
        made.wait(70)
        told.append((made.said, made.practised.posts, made.plan().outcome))
        made.close()
    assert told[0] == told[1]
    assert told[0][1] == 3


def test_while_the_monitor_was_down_the_posts_wait_and_come_once(story: Story) -> None:
    story.plans()
    story.town.later(minutes=20)  # nobody watches
    story.wait(3)
    assert story.practised.posts == 2
    assert story.said == ["21 ana Ü neu"]


def test_two_monitors_bring_each_post_once(story: Story, tmp_path: Path) -> None:
    story.plans()
    story.town.later(minutes=6)
    house, plan = story.house, story.plan()
    other = Store(tmp_path / "crisis.db")
    assert drill_steps.play(house, plan, story.now) == 2
    assert drill_steps.play(replace(house, store=other), plan, story.now) == 0
    other.close()
    assert story.store.posts.waiting() == 2


def test_a_drill_whose_time_was_slept_through_does_not_begin_late(story: Story) -> None:
    story.plans(DrillKind.PLANNED, due=story.at(60))
    story.town.later(hours=8)
    story.step()
    assert story.plan().state is DrillState.MISSED
    assert "480 chloe Ü ausgefallen" in story.said


def test_a_clock_set_back_brings_no_post_twice_and_ends_it_later(story: Story) -> None:
    story.plans()
    story.wait(6)
    assert story.practised.posts == 2
    story.town.now -= timedelta(minutes=30)
    story.wait(35)
    assert story.practised.posts == 2
    assert story.plan().state is DrillState.RUNNING
    story.wait(60)
    assert story.plan().state is DrillState.DONE
    assert story.practised.posts == 3


def test_the_night_the_clocks_change_has_as_many_minutes_as_any_other(story: Story) -> None:
    story.town.now = story.start = datetime(2027, 3, 27, 23, 50, tzinfo=UTC)  # 00:50 in Berlin
    story.plans(DrillKind.PLANNED, due=story.at(30))
    story.wait(33)
    assert story.said[-1] == "32 ana Ü neu"
    story.wait(57)
    assert story.plan().state is DrillState.DONE
    assert story.said[-1] == "90 chloe Ü beendet"


# --- the reminder --------------------------------------------------------------------------------


def test_the_reminder_comes_once_and_again_only_after_the_next_drill(story: Story) -> None:
    story.terms |= {"drill_every": timedelta(days=100), "drill_responsible": "ben@example.org"}
    story.terms["drill_responsible"] = story.town.ben.email
    story.step()
    story.town.later(days=99)
    story.step()
    assert story.said == []
    story.town.later(days=2)
    story.wait(3)
    assert [line.partition(" ")[2] for line in story.said] == ["ben Ü fällig"]
    assert drill_reminder.overdue(story.store, timedelta(days=100), story.now) is not None
    story.plans()
    story.wait(61)
    assert drill_reminder.overdue(story.store, timedelta(days=100), story.now) is None
    before = len(story.said)
    story.town.later(days=101)
    story.wait(2)
    assert [line.partition(" ")[2] for line in story.said[before:]] == ["ben Ü fällig"]


def test_a_planned_drill_is_reminder_enough_and_a_broken_one_does_not_count(story: Story) -> None:
    story.terms |= {"drill_every": timedelta(days=10), "drill_responsible": story.town.ben.email}
    story.step()
    story.plans()
    story.wait(5)
    story.stops()
    story.town.later(days=11)
    plan = story.plans(DrillKind.PLANNED, due=story.now + timedelta(days=2))
    assert not [line for line in story.said if "fällig" in line]
    drill_plans.call_off(story.house, plan.id, story.town.chloe, story.now)
    story.wait(1)
    assert len([line for line in story.said if "fällig" in line]) == 1


# --- rules ---------------------------------------------------------------------------------------


def test_every_mail_of_a_drill_says_so_in_subject_text_and_html(story: Story) -> None:
    story.plans()
    story.wait(3)
    story.takes(story.town.ana)
    story.answers(story.town.ana)
    story.stops()
    assert len(story.letters) >= 4
    for _line, mail in story.letters:
        assert str(mail["Subject"]).startswith("ÜBUNG")
        for part in ("plain", "html"):
            body = mail.get_body((part,))
            assert body is not None
            assert "ÜBUNG" in body.get_content()[:4000]


def test_a_mail_to_people_of_an_exercise_stays_in_the_folder(story: Story) -> None:
    with story.store.transaction():
        story.store.people.add(drill.DUTY, story.now)
        story.store.people.update(replace(story.town.ana, active=False))
    story.plans()
    story.wait(25)
    assert not [line for line in story.said if "uebung" in line]


def test_getting_to_know_the_desk_waits_for_the_team(story: Story) -> None:
    story.plans()
    from crisis.drills import parse

    with pytest.raises(IllegalMoveError):
        drill.start(story.house, parse("x", SCRIPT), None, story.now, base_url="http://x")
    with pytest.raises(IllegalMoveError):
        drill.remove(story.house, None, story.now)
    with pytest.raises(IllegalMoveError):
        story.plans()


def test_the_next_drill_clears_away_the_last_and_keeps_what_came_of_it(story: Story) -> None:
    story.plans()
    story.wait(4)
    story.takes(story.town.ana)
    story.wait(60)
    first = story.plan()
    story.plans()
    assert story.store.drill_plans.incident_ids() == []
    assert story.plan(1).outcome == first.outcome
    assert story.store.drill_plans.last_done(before=story.plan(2)) == first
    sources = [s for s in story.store.sources.all() if s.drill]
    assert [s.kind for s in sources] == [SourceKind.PUSH]


def test_a_stranger_may_not_plan_or_stop_it(story: Story) -> None:
    dev, now = story.town.dev, story.now
    with pytest.raises(NotAllowedError):
        drill_plans.plan(story.house, "wasser", SCRIPT, DrillKind.NOW, dev, now)
    story.plans()
    with pytest.raises(NotAllowedError):
        drill_plans.stop(story.house, dev, now)
    with pytest.raises(NotAllowedError):
        drill_plans.call_off(story.house, 1, dev, now)


@pytest.mark.parametrize(
    ("kind", "due", "until"),
    [
        (DrillKind.PLANNED, None, None),
        (DrillKind.PLANNED, -5, None),
        (DrillKind.PLANNED, 400 * 1440, None),
        (DrillKind.SURPRISE, 10, None),
        (DrillKind.SURPRISE, 20, 10),
        (DrillKind.SURPRISE, -20, -10),
        (DrillKind.SURPRISE, 10, 40 * 1440),
    ],
)
def test_a_time_nobody_could_mean_is_refused(
    story: Story, kind: DrillKind, due: int | None, until: int | None
) -> None:
    times = {
        name: story.at(value)
        for name, value in (("due", due), ("until", until))
        if value is not None
    }
    with pytest.raises(InvalidInputError):
        drill_plans.plan(story.house, "wasser", SCRIPT, kind, story.town.chloe, story.now, **times)


def test_a_scenario_whose_rumour_is_missing_is_refused_before_it_is_planned(story: Story) -> None:
    script = SCRIPT.replace("geruecht: wasser", "geruecht: gibtsnicht")
    with pytest.raises(NotFoundError, match="gibtsnicht"):
        drill_plans.plan(story.house, "x", script, DrillKind.NOW, story.town.chloe, story.now)


def test_what_would_keep_the_team_from_the_end_is_said_beforehand(story: Story) -> None:
    from crisis.drills import parse

    scenario = parse("wasser", SCRIPT)
    assert drill_plans.findings(story.house, scenario, story.now) == []
    later = story.now + timedelta(days=4000)
    with story.store.transaction():
        story.store.people.update(replace(story.town.ana, roles=frozenset()))
        story.store.people.update(replace(story.town.chloe, active=False))
    said = drill_plans.findings(story.house, scenario, later)
    assert len(said) == 3
