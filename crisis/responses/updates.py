"""When a promised update is due, who is asked how often, and what follows once it is given. Rules only.

Neither sends nor keeps anything: see ``workflows.updates``. ``now`` comes in; days are the authority's.

A clock may leap. What was missed meanwhile does not pile up: the newest that is due is asked for, once. A
clock that was set back does not make anybody wait longer than one interval.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from crisis.errors import IllegalMoveError, InvalidInputError
from crisis.types import UpdatePlan, UpdateState

SHORTEST, LONGEST = 5, 7 * 24 * 60  # minutes between two
FARTHEST = timedelta(days=31)  # nobody promises more
DAY = 24 * 60  # minutes
LATE = timedelta(minutes=10)  # after this long unconfirmed, the next person is asked
GRACE = timedelta(hours=2)  # the last one may be given so long after its time
MOST_MISSED = 3  # in a row; then the plan pauses by itself instead of sending mails for ever

_S = UpdateState


def checked(plan: UpdatePlan, now: datetime) -> UpdatePlan:
    """The plan with its first update due. Raises InvalidInputError for what nobody could mean."""
    if plan.first <= now:
        raise InvalidInputError(
            "Die erste Meldung liegt in der Vergangenheit. Bitte wählen Sie eine spätere Zeit.",
            "The first update lies in the past. Please choose a later time.",
        )
    if plan.every and not SHORTEST <= plan.every <= LONGEST:
        raise InvalidInputError(
            f"Zwischen zwei Meldungen müssen mindestens {SHORTEST} Minuten und höchstens 7 Tage liegen.",
            f"Between two updates there must be at least {SHORTEST} minutes and at most 7 days.",
        )
    if plan.every and plan.until is None:
        raise InvalidInputError(
            "Bitte sagen Sie, bis wann Sie sich wiederholt melden.",
            "Please say until when you will give updates.",
        )
    last = plan.until or plan.first
    if last < plan.first:
        raise InvalidInputError(
            "Das Ende liegt vor der ersten Meldung.", "The end lies before the first update."
        )
    if last > now + FARTHEST:
        raise InvalidInputError(
            "So weit im Voraus lässt sich das nicht versprechen: höchstens 31 Tage.",
            "This cannot be promised so far ahead: 31 days at most.",
        )
    return replace(plan, due=plan.first, until=plan.until if plan.every else None)


def following(plan: UpdatePlan, after: datetime, zone: tzinfo) -> datetime | None:
    """The first update that is due later than ``after``, and not before ``plan.first``; None: none."""
    if after < plan.first:
        found = plan.first
    elif not plan.every:
        return None
    else:
        found = _step(plan, after, zone)
    return found if plan.until is None or found <= plan.until else None


def _step(plan: UpdatePlan, after: datetime, zone: tzinfo) -> datetime:
    gone = int((after - plan.first) / timedelta(minutes=plan.every))
    number = max(gone - 1, 0)  # days of the calendar have 23 to 25 hours: begin one earlier
    while (found := _at(plan, number, zone)) <= after:
        number += 1
    return found


def _at(plan: UpdatePlan, number: int, zone: tzinfo) -> datetime:
    """The update of this number, from 0. Whole days keep their hour when the clocks change; of an hour that
    is leapt over, the one after it is taken."""
    if plan.every % DAY:
        return plan.first + number * timedelta(minutes=plan.every)
    wall = plan.first.astimezone(zone).replace(tzinfo=None)
    return (wall + number * timedelta(minutes=plan.every)).replace(tzinfo=zone).astimezone(UTC)


def lead(plan: UpdatePlan) -> timedelta:
    """How long before its time somebody is asked, so that it is out in time."""
    if not plan.every:
        return timedelta(minutes=10)
    return min(timedelta(minutes=10), timedelta(minutes=plan.every) / 4)


def asks(plan: UpdatePlan, now: datetime) -> bool:
    """Whether somebody should confirm it now."""
    return plan.state is _S.RUNNING and plan.due is not None and now >= plan.due - lead(plan)


def tells(plan: UpdatePlan, now: datetime) -> bool:
    """Whether a mail is due: the first when it is asked for, a second one where that did not help."""
    if not asks(plan, now) or plan.due is None:
        return False
    return plan.told == 0 or (plan.told == 1 and now >= plan.due + LATE)


def settled(plan: UpdatePlan, now: datetime, zone: tzinfo) -> UpdatePlan:
    """The plan as the clock says: what was missed is counted and passed over."""
    if plan.state is not _S.RUNNING or plan.due is None:
        return plan
    due, missed = plan.due, plan.missed
    if plan.every and due > plan.first and due - now > 2 * timedelta(minutes=plan.every):
        due = following(plan, now, zone) or due  # the clock was set back
    while (later := following(plan, due, zone)) is not None and later <= now:
        due, missed = later, missed + 1
    if later is None and now > due + GRACE:
        return replace(plan, state=_S.ENDED, due=None, missed=missed + 1, told=0)
    if due == plan.due:
        return plan
    state = _S.PAUSED if missed >= MOST_MISSED else _S.RUNNING
    return replace(plan, due=due, missed=missed, told=0, state=state)


def given(plan: UpdatePlan, now: datetime, zone: tzinfo) -> UpdatePlan:
    """After somebody confirmed what is due, or gave it before its time. Raises IllegalMoveError where there
    is nothing to give."""
    after = _on(plan, now, zone)
    return replace(after, turn=plan.turn + 1, last=now)


def left_out(plan: UpdatePlan, now: datetime, zone: tzinfo) -> UpdatePlan:
    """After somebody decided not to give this one. Raises IllegalMoveError where there is none."""
    return _on(plan, now, zone)


def _on(plan: UpdatePlan, now: datetime, zone: tzinfo) -> UpdatePlan:
    if plan.state is not _S.RUNNING or plan.due is None:
        raise _not_running()
    if plan.every and plan.due - now > timedelta(minutes=plan.every):
        raise IllegalMoveError(
            "Dafür ist es noch zu früh. Die nächste Meldung ist erst später angekündigt.",
            "It is too early for that. The next update is promised for later.",
        )
    due = following(plan, max(now, plan.due), zone)
    state = _S.RUNNING if due is not None else _S.ENDED
    return replace(plan, due=due, state=state, missed=0, told=0)


def paused(plan: UpdatePlan) -> UpdatePlan:
    """Nobody is reminded until ``resumed``. Twice is once. Raises IllegalMoveError once it has ended."""
    if plan.state is _S.ENDED:
        raise _not_running()
    return replace(plan, state=_S.PAUSED, told=0)


def resumed(plan: UpdatePlan, now: datetime, zone: tzinfo) -> UpdatePlan:
    """Go on with the next one. Raises IllegalMoveError where there is none any more."""
    if plan.state is not _S.PAUSED:
        raise _not_running()
    due = following(plan, now, zone)
    if due is None:
        raise IllegalMoveError(
            "Die letzte angekündigte Zeit ist vorbei. Bitte kündigen Sie neue Meldungen an.",
            "The last time promised is over. Please promise new updates.",
        )
    return replace(plan, state=_S.RUNNING, due=due, missed=0, told=0)


def stopped(plan: UpdatePlan) -> UpdatePlan:
    """No more of them. Twice is once."""
    return replace(plan, state=_S.ENDED, due=None, told=0)


def _not_running() -> IllegalMoveError:
    return IllegalMoveError(
        "Diese Ankündigung ist angehalten oder zu Ende. Bitte sehen Sie nach, wie sie steht.",
        "This promise is paused or has ended. Please look how it stands.",
    )
