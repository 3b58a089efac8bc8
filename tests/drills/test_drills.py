"""Scenario files, what is ticked off by what, and the comparison with the last drill."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOON
from drill_story import SCRIPT
from hypothesis import given
from hypothesis import strategies as st

from crisis.alerts.exercise import marked as marked_mail
from crisis.alerts.layout import Paragraph, as_html, as_text
from crisis.drills import bare, marked, parse
from crisis.drills.expected import ACTIONS, Action, Expected, Happened, meant, tick
from crisis.drills.outcome import Called, Outcome, beside, read, written
from crisis.errors import InvalidInputError
from crisis.types import Alert, AlertKind


def head(old: str, new: str) -> str:
    assert old in SCRIPT
    return SCRIPT.replace(old, new, 1)


# --- files ---


def test_a_scenario_for_the_team_says_when_and_what_is_expected() -> None:
    scenario = parse("wasser", SCRIPT)
    assert scenario.team
    assert (scenario.minutes, scenario.seconds) == (60, 3600)
    assert [line.after for line in scenario.lines] == [0, 120, 300, 1800]
    assert [(one.action, one.minute) for one in scenario.expected] == [
        (Action.TAKEN, 10),
        (Action.SUBMITTED, 20),
        (Action.CORRECTION, 30),
        (Action.PROMISED, 40),
    ]
    assert scenario.called("en") == "Exercise: drinking water"
    assert scenario.called("de") == "Übung: Trinkwasser"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("dauer_minuten: 60", "dauer_minuten: 0", "dauer_minuten geht von 1 bis 480"),
        ("dauer_minuten: 60", "dauer_minuten: ja", "dauer_minuten geht von 1 bis 480"),
        ("bis: 10", "bis: 61", "Minute der Übung"),
        ("bis: 10", "bis: bald", "Minute der Übung"),
        ("was: uebernommen", "was: geschlafen", "muss eines von"),
        ("minute: 2", "minute: spaet", "muss eine Zahl sein"),
        ("minute: 2", "minute: -1", "muss eine Zahl sein"),
        ("sprache: de", "sprachen: de", "„sprachen“ gibt es nicht"),
        ("erwartet:", "erwartet: []\nbeitraege2:", "„beitraege2“ gibt es nicht"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(old: str, new: str, says: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse("wasser", head(old, new))
    assert says in caught.value.de


def test_minutes_without_anything_expected_are_refused() -> None:
    text = SCRIPT[: SCRIPT.index("erwartet:")] + "---\nText\n"
    with pytest.raises(InvalidInputError, match="erwartet"):
        parse("wasser", text)


def test_the_example_of_the_reference_can_be_used_and_names_every_action() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reference" / "drills.md").read_text("utf-8")
    example = page.partition("```markdown\n")[2].partition("```")[0]
    scenario = parse("bruecke", example)
    assert scenario.team and len(scenario.lines) == 3
    assert set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE)) >= {a.value for a in Action}


def test_a_title_is_marked_once() -> None:
    assert marked("Übung: Damm") == "ÜBUNG: Damm"
    assert marked(marked("Damm")) == "ÜBUNG: Damm"
    assert marked("Übung: Damm", "en") == "EXERCISE: Damm"
    assert bare("ÜBUNG: Damm") == "Damm"


# --- ticking off ---


def happened(action: str, minute: float, **more: object) -> Happened:
    return Happened(action=action, at=NOON + timedelta(minutes=minute), **more)  # type: ignore[arg-type]


def test_every_action_has_words_and_something_that_ticks_it_off() -> None:
    assert set(ACTIONS) == set(Action)
    lines = {
        *("incident.opened", "alert.sent", "incident.acknowledged", "incident.checked"),
        *("incident.assessed", "incident.noted", "response.submitted", "response.released"),
        *("update.promised", "update.confirmed", "incident.handed_over"),
        *("incident.handover_accepted", "incident.closed"),
    }
    known = {meant(happened(name, 0)) for name in lines}
    known.add(meant(happened("response.released", 0, holding=True)))
    assert known == set(Action)
    assert meant(happened("incident.merged", 0)) is None


def test_the_first_time_counts_and_the_same_twice_takes_two() -> None:
    wanted = [Expected(action=Action.NOTED, minute=5), Expected(action=Action.NOTED, minute=20)]
    log = [happened("incident.noted", 9, person_id=1), happened("incident.noted", 12, person_id=2)]
    first, second = tick(wanted, log, NOON)
    assert (first.minute, first.late, first.person_id) == (9, 4, 1)
    assert (second.minute, second.late, second.person_id) == (12, 0, 2)
    (alone, missing) = tick(wanted, log[:1], NOON)
    assert alone.done and not missing.done
    assert missing.overdue(21) and not missing.overdue(19)


def test_a_first_statement_is_no_correction() -> None:
    wanted = [
        Expected(action=Action.FIRST_STATEMENT, minute=20),
        Expected(action=Action.CORRECTION, minute=40),
    ]
    log = [happened("response.released", 15, holding=True), happened("response.released", 30)]
    assert [one.minute for one in tick(wanted, log, NOON)] == [15, 30]
    assert [one.minute for one in tick(wanted, log[1:], NOON)] == [None, 30]


ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["incident.noted", "incident.acknowledged", "response.released", "x"]),
        st.floats(-60, 500),
        st.booleans(),
    ),
    max_size=12,
)
WANTED = st.lists(st.tuples(st.sampled_from(list(Action)), st.integers(0, 480)), max_size=8)


@given(ENTRIES, WANTED)
def test_ticking_off_loses_nothing_and_survives_being_written_down(
    entries: list[tuple[str, float, bool]], wanted: list[tuple[Action, int]]
) -> None:
    expected = [Expected(action=action, minute=minute) for action, minute in wanted]
    log = [happened(name, minute, holding=holding) for name, minute, holding in entries]
    seen = tick(expected, log, NOON)
    assert [one.expected for one in seen] == expected
    assert all(one.minute is None or one.minute >= 0 for one in seen)
    for action in Action:
        most = sum(meant(one) is action for one in log)
        asked = sum(one.action is action for one in expected)
        assert sum(s.done for s in seen if s.expected.action is action) == min(most, asked)
    outcome = Outcome(
        seen=tuple(seen), called=(Called(person_id=1, mails=2, told=3.5),), posts=len(log)
    )
    assert read(written(outcome)) == outcome
    assert [pair.now for pair in beside(outcome, outcome)] == seen
    assert all(pair.then == pair.now for pair in beside(outcome, outcome))


def test_what_was_not_expected_the_last_time_stands_alone() -> None:
    now = Outcome(seen=tuple(tick([Expected(action=Action.NOTED, minute=5)], [], NOON)))
    then = Outcome(seen=tuple(tick([Expected(action=Action.CLOSED, minute=5)], [], NOON)))
    assert [pair.then for pair in beside(now, then)] == [None]
    assert [pair.then for pair in beside(now, None)] == [None]
    assert read({}) == Outcome()


# --- the mark on a mail ---


@pytest.mark.parametrize(("lang", "mark"), [("de", "ÜBUNG"), ("en", "EXERCISE")])
def test_any_mail_can_be_marked_and_is_marked_once(lang: str, mark: str) -> None:
    blocks = [Paragraph("Bitte prüfen.")]
    mail = Alert(
        incident_id=None,
        person_id=1,
        kind=AlertKind.REVIEW,
        to="ana@musterstadt.example",
        subject="Bitte prüfen: Wasser",
        text=as_text(blocks, "Fuß"),
        html=as_html(blocks, lang=lang, subject="Wasser", preview="", footer="Fuß"),
        message_id="<a@b>",
        created=NOON,
        due=NOON,
        drill=True,
    )
    once = marked_mail(mail, lang)
    assert once.subject == f"{mark}: Bitte prüfen: Wasser"
    assert once.text.startswith(f"*** {mark} – {mark} – {mark}")
    assert once.html.index(mark) < once.html.index("<p style")
    assert once.html.endswith("</html>\n")
    assert marked_mail(once, lang) == once
    assert marked_mail(replace(mail, html="<p>nackt</p>"), lang).html.count(mark) == 3
