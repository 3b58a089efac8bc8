"""Who is told when, and by exactly which mails: stories with one clock and a real mail server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from pathlib import Path

import pytest
from nights import Night, Story, begin, play
from post_office import Counter, open_office

from crisis.alerts.smtp import SmtpMailer
from crisis.types import (
    Hours,
    OnHolidays,
    Policy,
    PolicyStep,
    Rhythm,
    Role,
    Severity,
    Target,
    TargetKind,
)

URGENT, HIGH, LOW = Severity.URGENT, Severity.HIGH, Severity.LOW
LAST = "leitstelle"


def level(number: int, **more: object) -> PolicyStep:
    return PolicyStep(targets=(Target(kind=TargetKind.LEVEL, level=number),), **more)  # type: ignore[arg-type]


def role(which: Role, **more: object) -> PolicyStep:
    return PolicyStep(targets=(Target(kind=TargetKind.ROLE, role=which),), **more)  # type: ignore[arg-type]


def nothing(_night: Night) -> None:
    pass


TWO_STEPS = Policy(steps=(level(1, wait=5), level(2, wait=15)), rounds=1)
QUIET = Policy(
    steps=(level(1), role(Role.DUTY)), rounds=1, quiet_from=time(22), quiet_until=time(6)
)
OCTOBER, MARCH = date(2026, 10, 24), date(2026, 3, 28)  # the nights before the clocks change


def two_levels(night: Night) -> None:
    night.rota("Ana", "Ben")
    night.rota("Eva", level=2)
    night.rule(TWO_STEPS)


STORIES = [
    Story(
        "nobody planned anything: one after the other as ever, and the last resort at the end",
        nothing,
        [("12:00", lambda n: n.opens())],
        "12:45",
        ["12:00 ana neu", "12:10 ben bitte", "12:20 eva bitte", f"12:30 {LAST} bitte",
         "12:40 ana bitte"],
    ),
    Story(
        "who takes it ends the paging at once",
        nothing,
        [("12:00", lambda n: n.opens()), ("12:12", lambda n: n.takes("Ben"))],
        "14:00",
        ["12:00 ana neu", "12:10 ben bitte"],
    ),
    Story(
        "the rota decides who is first, and a shift by hand goes before it",
        lambda n: (n.rota("Eva", "Ana"), n.shift("Ben", "11:00", "12:05")),
        [("12:00", lambda n: n.opens()), ("12:35", lambda n: n.takes("Eva"))],
        "13:00",
        # Ben's override ends in the middle: Eva, whose turn it is again, comes next.
        ["12:00 ben neu", "12:10 eva bitte", "12:20 ana bitte", f"12:30 {LAST} bitte"],
    ),
    Story(
        "steps tell level after level, each with its own wait, and end at the last resort",
        two_levels,
        [("12:00", lambda n: n.opens())],
        "15:00",
        # One round was asked for; a high one is then left to the desk.
        ["12:00 ana neu", "12:05 eva bitte", f"12:20 {LAST} bitte"],
    ),
    Story(
        "an urgent one goes on every hour after the last round",
        two_levels,
        [("12:00", lambda n: n.opens(URGENT))],
        "15:30",
        ["12:00 ana neu", "12:05 eva bitte", f"12:20 {LAST} bitte",
         "13:20 ana bitte", "14:20 eva bitte", f"15:20 {LAST} bitte"],
    ),
    Story(
        "an empty step is passed over at once",
        lambda n: (n.rota("Ana", level=2), n.rule(TWO_STEPS)),
        [("12:00", lambda n: n.opens())],
        "12:30",
        ["12:00 ana neu", f"12:15 {LAST} bitte"],
    ),
    Story(
        "where every step is empty the last resort is told at once",
        lambda n: n.rule(TWO_STEPS),
        [("12:00", lambda n: n.opens())],
        "12:30",
        [f"12:00 {LAST} neu"],
    ),
    Story(
        "without a catch-all address the administrator is the last resort",
        lambda n: n.rule(TWO_STEPS),
        [("12:00", lambda n: n.opens(URGENT))],
        "13:30",
        ["12:00 greta neu", "13:00 greta bitte"],
        catch_all="",
    ),
    Story(
        "several are told at once, and all of them are waited for together",
        lambda n: n.rule(Policy(steps=(role(Role.DUTY, wait=20), role(Role.APPROVER)), rounds=1)),
        [("12:00", lambda n: n.opens())],
        "12:45",
        ["12:00 ana neu", "12:00 ben neu", "12:00 eva neu", "12:20 chloe bitte",
         f"12:30 {LAST} bitte"],
    ),
    Story(
        "a step that is repeated is told twice before the next",
        lambda n: (n.rota("Ana"), n.rule(Policy(steps=(level(1, times=2, wait=5),), rounds=1))),
        [("12:00", lambda n: n.opens())],
        "12:30",
        ["12:00 ana neu", "12:05 ana bitte", f"12:10 {LAST} bitte"],
    ),
    Story(
        "a step for urgent ones is left out for others",
        lambda n: (
            n.rota("Ana"),
            n.rule(Policy(steps=(role(Role.APPROVER, severity=URGENT), level(1)), rounds=1)),
        ),
        [("12:00", lambda n: n.opens(HIGH))],
        "12:15",
        ["12:00 ana neu", f"12:10 {LAST} bitte"],
    ),
    Story(
        "what becomes urgent reaches the step for urgent ones",
        lambda n: (
            n.rota("Ana"),
            n.rule(Policy(steps=(level(1), role(Role.APPROVER, severity=URGENT)), rounds=1)),
        ),
        [("12:00", lambda n: n.opens(HIGH)), ("12:04", lambda n: n.worsens(URGENT))],
        "12:15",
        ["12:00 ana neu", "12:04 ana mehr", "12:10 chloe bitte"],
    ),
    Story(
        "a step for office hours holds at noon",
        lambda n: n.rule(Policy(steps=(role(Role.APPROVER, hours=Hours.OFFICE),
                                       role(Role.DUTY, hours=Hours.OUTSIDE)), rounds=1)),
        [("12:00", lambda n: n.opens())],
        "12:05",
        ["12:00 chloe neu"],
    ),
    Story(
        "and on a Sunday at three in the morning the other one does",
        lambda n: n.rule(Policy(steps=(role(Role.APPROVER, hours=Hours.OFFICE),
                                       role(Role.DUTY, hours=Hours.OUTSIDE)), rounds=1)),
        [("03:00", lambda n: n.opens())],
        "03:05",
        ["03:00 ana neu", "03:00 ben neu", "03:00 eva neu"],
        day=date(2026, 11, 29), starts="02:59",
    ),
    Story(
        "quiet hours keep what can wait until the morning",
        lambda n: (n.rota("Ana"), n.rule(QUIET)),
        [("23:00", lambda n: n.opens(HIGH))],
        "+1 06:15",
        ["06:00 ana neu", "06:10 ana bitte", "06:10 ben bitte", "06:10 eva bitte"],
        starts="22:59",
    ),
    Story(
        "quiet hours do not keep what is urgent",
        lambda n: (n.rota("Ana"), n.rule(QUIET)),
        [("23:00", lambda n: n.opens(URGENT))],
        "23:05",
        ["23:00 ana neu"],
        starts="22:59",
    ),
    Story(
        "what becomes urgent in quiet hours is told at once, as the new thing it is for everybody",
        lambda n: (n.rota("Ana"), n.rule(QUIET)),
        [("23:00", lambda n: n.opens(HIGH)), ("23:30", lambda n: n.worsens(URGENT))],
        "23:35",
        ["23:30 ana neu"],
        starts="22:59",
    ),
    Story(
        "what began before the quiet hours goes on after them",
        lambda n: (n.rota("Ana"), n.rule(QUIET)),
        [("21:55", lambda n: n.opens(HIGH)), ("+1 06:01", lambda n: n.takes("Eva"))],
        "+1 06:30",
        ["21:55 ana neu", "06:00 ana bitte", "06:00 ben bitte", "06:00 eva bitte"],
        starts="21:54",
    ),
    Story(
        "a swap in the middle of an alert: who has the shift now comes before a second round",
        lambda n: (n.rota("Ana"), n.rule(Policy(steps=(level(1),), rounds=2))),
        [("12:00", lambda n: n.opens()), ("12:03", lambda n: n.shift("Ben", "12:00", "18:00"))],
        "12:25",
        ["12:00 ana neu", "12:10 ben bitte", f"12:20 {LAST} bitte"],
    ),
    Story(
        "an override ends in the middle of an alert",
        lambda n: (
            n.rota("Ana"),
            n.shift("Ben", "11:00", "12:08"),
            n.rule(Policy(steps=(level(1),), rounds=1)),
        ),
        [("12:00", lambda n: n.opens())],
        "12:25",
        ["12:00 ben neu", "12:10 ana bitte", f"12:20 {LAST} bitte"],
    ),
    Story(
        "the hand-over of the rota falls into an alert",
        lambda n: (n.rota("Ben", "Ana"), n.rule(Policy(steps=(level(1),), rounds=1))),
        [("17:55", lambda n: n.opens())],
        "18:20",
        ["17:55 ben neu", "18:05 ana bitte", f"18:15 {LAST} bitte"],
        starts="17:54",
    ),
    Story(
        "who is away is stood in for",
        lambda n: (n.rota("Ana", "Ben"), n.away("Ana", "00:00", "23:00"), n.rule(TWO_STEPS)),
        [("12:00", lambda n: n.opens())],
        "12:10",
        ["12:00 ben neu", f"12:05 {LAST} bitte"],
    ),
    Story(
        "who falls ill while being waited for is followed by the stand-in",
        lambda n: (n.rota("Ana", "Ben"), n.rule(Policy(steps=(level(1),), rounds=1))),
        [("12:00", lambda n: n.opens()), ("12:02", lambda n: n.away("Ana", "12:02", "23:00"))],
        "12:25",
        ["12:00 ana neu", "12:10 ben bitte", f"12:20 {LAST} bitte"],
    ),
    Story(
        "somebody who leaves while being told holds nobody up",
        nothing,
        [("12:00", lambda n: n.opens()), ("12:01", lambda n: n.leaves("Ana"))],
        "12:25",
        ["12:00 ana neu", "12:10 ben bitte", "12:20 eva bitte"],
    ),
    Story(
        "on a holiday the layer for holidays holds",
        lambda n: (
            n.rota("Ana", holidays=OnHolidays.NOT, begins=date(2026, 12, 1)),
            n.rota("Eva", holidays=OnHolidays.ONLY, begins=date(2026, 12, 1)),
            n.rule(Policy(steps=(level(1),), rounds=1)),
        ),
        [("23:55", lambda n: n.opens())],
        "+1 00:20",
        ["23:55 ana neu", "00:05 eva bitte", f"00:15 {LAST} bitte"],
        day=date(2026, 12, 24), starts="23:54",
    ),
    Story(
        "the night on which 02:30 comes twice: one hand-over, and nobody twice",
        lambda n: (
            n.rota("Ana", "Ben", handover=time(2, 30), begins=date(2026, 10, 24)),
            n.rule(Policy(steps=(level(1, wait=30),), rounds=3)),
        ),
        [("02:25", lambda n: n.opens(URGENT))],
        "04:00",
        # By the clock on the wall; between 02:55 and 02:25 lies an hour put back.
        ["02:25 ana neu", "02:55 ben bitte", f"02:25 {LAST} bitte", "02:35 ben bitte",
         f"03:05 {LAST} bitte", "03:15 ben bitte", f"03:45 {LAST} bitte"],
        day=date(2026, 10, 25), starts="02:24",
    ),
    Story(
        "the night on which 02:30 never comes: the hand-over is at 03:30",
        lambda n: (
            n.rota("Ana", "Ben", handover=time(2, 30), begins=date(2026, 3, 28)),
            n.rule(Policy(steps=(level(1, wait=20),), rounds=1)),
        ),
        [("01:50", lambda n: n.opens())],
        "04:00",
        # Twenty minutes by the clock are eighty; Ben is told the moment his turn begins.
        ["01:50 ana neu", f"03:10 {LAST} bitte", "03:30 ben bitte"],
        day=date(2026, 3, 29), starts="01:49",
    ),
    Story(
        "the same night, told after the leap",
        lambda n: (
            n.rota("Ana", "Ben", handover=time(2, 30), begins=date(2026, 3, 28)),
            n.rule(Policy(steps=(level(1, wait=20),), rounds=1)),
        ),
        [("03:25", lambda n: n.opens())],
        "04:10",
        ["03:25 ana neu", "03:45 ben bitte", f"04:05 {LAST} bitte"],
        day=date(2026, 3, 29), starts="01:49",
    ),
    Story(
        "an address that is refused for good is not waited for",
        lambda n: n.refuses(),
        [("12:00", lambda n: n.opens())],
        "12:15",
        ["12:01 ben bitte", "12:01 greta adresse", "12:11 eva bitte"],
    ),
    Story(
        "every address is refused: no stream of mails, and the last resort is among them",
        lambda n: (n.rule(Policy(steps=(role(Role.DUTY),), rounds=1)), n.refuses(3)),
        [("12:00", lambda n: n.opens(URGENT))],
        "12:30",
        [*["12:01 greta adresse"] * 3, f"12:01 {LAST} bitte"],
    ),
    Story(
        "the mail server is away for a while: the next is asked by the clock, both come when it is back",
        lambda n: n.down(5),
        [("12:00", lambda n: n.opens())],
        "12:12",
        ["12:10 ana neu", "12:10 ben bitte"],
    ),
    Story(
        "a learner gets a copy of what the mentor is told, and is never asked",
        lambda n: (n.rota("Ana"), n.learns("Finn", "Ana"), n.rule(TWO_STEPS)),
        [("12:00", lambda n: n.opens())],
        "12:15",
        ["12:00 ana neu", "12:00 finn kopie", f"12:05 {LAST} bitte"],
    ),
    Story(
        "a learner alone is nobody: the last resort is told",
        lambda n: (n.rota("Ana"), n.learns("Finn", "Ana"), n.leaves("Ana"), n.rule(TWO_STEPS)),
        [("12:00", lambda n: n.opens())],
        "12:15",
        [f"12:00 {LAST} neu"],
    ),
    Story(
        "it comes back: the first step begins again",
        two_levels,
        [("12:00", lambda n: n.opens()), ("12:02", lambda n: n.takes("Ana")),
         ("13:00", lambda n: n.comes_back())],
        "13:30",
        ["12:00 ana neu", "13:00 ana wieder", "13:05 eva bitte", f"13:20 {LAST} bitte"],
    ),
    Story(
        "other rules in the middle of an alert hold from the next step on",
        two_levels,
        [("12:00", lambda n: n.opens()),
         ("12:02", lambda n: n.rule(Policy(steps=(level(1, wait=5), role(Role.APPROVER)), rounds=1)))],
        "12:20",
        ["12:00 ana neu", "12:05 chloe bitte", f"12:15 {LAST} bitte"],
    ),
    Story(
        "taken by the last resort's neighbour just before the next mail",
        two_levels,
        [("12:00", lambda n: n.opens(URGENT)), ("12:05", lambda n: n.takes("Chloe"))],
        "14:00",
        ["12:00 ana neu"],
    ),
    Story(
        "the program is started anew at every minute",
        two_levels,
        [("12:00", lambda n: n.opens(URGENT)), ("13:25", lambda n: n.takes("Eva"))],
        "15:00",
        ["12:00 ana neu", "12:05 eva bitte", f"12:20 {LAST} bitte", "13:20 ana bitte"],
        restarts=True,
    ),
    Story(
        "two monitors work side by side",
        two_levels,
        [("12:00", lambda n: n.opens(URGENT))],
        "13:25",
        ["12:00 ana neu", "12:05 eva bitte", f"12:20 {LAST} bitte", "13:20 ana bitte"],
        workers=2,
    ),
    Story(
        "hours of a working day by weekday, and the layer behind for the night",
        lambda n: (
            n.rota("Chloe", rhythm=Rhythm.WORKDAYS, opens=time(8), closes=time(16), rank=1),
            n.rota("Ana", rank=2),
            n.rule(Policy(steps=(level(1),), rounds=1)),
        ),
        [("15:55", lambda n: n.opens())],
        "16:20",
        ["15:55 chloe neu", "16:05 ana bitte", f"16:15 {LAST} bitte"],
        starts="15:54",
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def counter() -> Counter:
    return Counter()


@pytest.fixture(scope="module")
def mailer(counter: Counter) -> Iterator[SmtpMailer]:
    with open_office(counter) as port:
        yield SmtpMailer(
            host="127.0.0.1",
            port=port,
            security="none",
            user="",
            password="",
            sender="alarm@stadt.example",
            authority="Musterstadt",
        )


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begin(tmp_path_factory.mktemp("nights"))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_exactly_these_mails_and_no_other(
    story: Story, template: Path, tmp_path: Path, mailer: SmtpMailer, counter: Counter
) -> None:
    assert play(story, template, tmp_path, mailer, counter) == list(story.mails)
