"""The policy's steps as they stand at a moment: who would be told at each, by which rule. Pure.

A step that is for more severe incidents, for other hours, or that nobody stands in is no rung: the next
one is told at once. After the last step comes the last resort: the catch-all address, and where none is
entered, everybody who administers the system. There is always one, because the last administrator
cannot be removed.

Does not know what was sent already, nor when the next rung is due (``alerts.escalation``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from crisis.oncall import duty as planned
from crisis.oncall.duty import Duty
from crisis.oncall.rota import (
    CATCH_ALL,
    LAST_ADMINISTRATOR,
    Turn,
    Why,
    on_level,
    turns,
)
from crisis.oncall.rotation import instant
from crisis.types import Hours, Person, Policy, PolicyStep, Role, Severity, Target, TargetKind

AHEAD = timedelta(days=28)  # so far ahead the next turn of somebody counts as coming
LAST_RESORT = 0  # its number as a step


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """People who are told at once, and how long they have to answer."""

    step: int  # 1 for the policy's first; LAST_RESORT for the catch-all
    turns: tuple[Turn, ...]
    wait: timedelta
    times: int = 1  # told so often before the next one comes

    @property
    def people(self) -> tuple[int, ...]:
        return tuple(turn.person.id for turn in self.turns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A step that is passed over, and why."""

    step: int
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The rungs for one incident, lowest first. Empty only where nobody at all can be told."""

    rungs: tuple[Rung, ...]
    rounds: int
    zone: tzinfo
    left: tuple[Left, ...] = ()
    quiet: tuple[time, time] | None = None  # hours in which this incident is not told of
    policy: int = 0
    hooks: tuple[tuple[int, ...], ...] = ()  # of each step of the policy, the gateways told as well

    def gateways(self, step: int) -> tuple[int, ...]:
        """The gateways that are told with this step; none with the last resort."""
        return self.hooks[step - 1] if 0 < step <= len(self.hooks) else ()

    def held(self, at: datetime) -> datetime:
        """``at``, or the end of the quiet hours it lies in."""
        if self.quiet is None:
            return at
        return _after_quiet(at, *self.quiet, self.zone)


NOBODY_THERE = Why("niemand darin steht", "nobody stands in it")
OTHER_HOURS = Why("er zu anderen Zeiten gilt", "it holds at other times")
MORE_SEVERE = Why("er für dringendere Vorfälle ist", "it is for more urgent incidents")
ALL_TOLD_BEFORE = Why(
    "alle davon schon vorher an der Reihe sind", "all of them come before already"
)


def ladder(
    duty: Duty,
    policy: Policy,
    now: datetime,
    severity: Severity,
    *,
    wait: timedelta,
    catch_all: Person | None,
    drill: bool = False,
) -> Ladder:
    """Who would be told at ``now`` of an incident of this severity, rung by rung.

    ``wait`` is how long a step waits that names no time of its own. In an exercise the simple line holds,
    with the exercise's own people, and the last resort is left in peace.
    """
    shifts = planned.shifts(duty, now, now + AHEAD)
    away = [p.id for p in duty.people if duty.away(p.id, now)]
    line = turns(shifts, duty.people, now, catch_all=None, drill=drill, away=away)
    rungs: list[Rung] = []
    left: list[Left] = []
    if drill:
        rungs = [Rung(step=1, turns=(turn,), wait=wait) for turn in line]
        return Ladder(rungs=tuple(rungs), rounds=policy.rounds, zone=duty.zone, policy=policy.id)
    for number, step in enumerate(policy.steps, 1):
        more = _passed_over(duty, policy, step, now, severity) or _rungs(
            duty, policy, number, line, rungs, now, wait
        )
        if isinstance(more, Why):
            left.append(Left(step=number, why=more))
        else:
            rungs += more
    rungs += _last_resort(duty, rungs, line, wait, catch_all)
    return Ladder(
        rungs=tuple(rungs),
        rounds=policy.rounds,
        zone=duty.zone,
        left=tuple(left),
        quiet=_quiet(policy, severity),
        policy=policy.id,
        hooks=tuple(step.gateways for step in policy.steps),
    )


def in_office_hours(duty: Duty, policy: Policy, at: datetime) -> bool:
    """Whether ``at`` lies on a working day within the policy's office hours."""
    local = at.astimezone(duty.zone)
    working = local.weekday() < 5 and not duty.holiday(local.date())
    return working and policy.office_from <= local.time() < policy.office_until


def _passed_over(
    duty: Duty, policy: Policy, step: PolicyStep, now: datetime, severity: Severity
) -> Why | None:
    if severity < step.severity:
        return MORE_SEVERE
    office = in_office_hours(duty, policy, now)
    if step.hours is not Hours.ALWAYS and office != (step.hours is Hours.OFFICE):
        return OTHER_HOURS
    return None


def _rungs(
    duty: Duty,
    policy: Policy,
    number: int,
    line: Sequence[Turn],
    before: Sequence[Rung],
    now: datetime,
    usual: timedelta,
) -> list[Rung] | Why:
    """The rungs of one step: one for all of its people, or one each for those of the line."""
    step = policy.steps[number - 1]
    wait = timedelta(minutes=step.wait) if step.wait else usual
    found: list[Rung] = []
    at_once = _once(t for target in step.targets for t in _named(duty, target, line, now))
    if at_once:
        told = tuple(_numbered(turn, number, len(policy.steps)) for turn in at_once)
        found.append(Rung(step=number, turns=told, wait=wait, times=step.times))
    if any(target.kind is TargetKind.LINE for target in step.targets):
        earlier = {one for rung in (*before, *found) for one in rung.people}
        rest = [turn for turn in line if turn.person.id not in earlier]
        found += [Rung(step=number, turns=(t,), wait=wait, times=step.times) for t in rest]
        if not found:
            return ALL_TOLD_BEFORE if line else NOBODY_THERE
    return found or NOBODY_THERE


def _named(duty: Duty, target: Target, line: Sequence[Turn], now: datetime) -> list[Turn]:
    """Whom the target means now; those who are away are left out."""
    if target.kind is TargetKind.LEVEL:
        on = planned.on_call(duty, now, target.level)
        return [Turn(duty.known[p.person_id], on_level(target.level)) for p in on]
    if target.kind is TargetKind.PEOPLE:
        why = Why("Sie in der Alarmierungsregel genannt sind", "the alert rules name you")
        return _able(duty, target.people, why, now)
    if target.kind is TargetKind.ROTA:
        layers = [x for x in duty.layers if x.level == target.level and x.active]
        in_layers = [one for layer in layers for one in layer.people]
        by_hand = [s.person_id for s in duty.shifts if s.level == target.level and not s.drill]
        why = Why(
            f"die ganze Bereitschaft der Ebene {target.level} alarmiert wird und Sie dazugehören",
            f"everybody of level {target.level} on call is alerted and you are one of them",
        )
        return _able(duty, [*in_layers, *by_hand], why, now)
    if target.kind is TargetKind.ROLE:
        names = _ROLES[target.role]
        why = Why(
            f"alle mit der Rolle {names[0]} alarmiert werden",
            f"everybody with the role {names[1]} is alerted",
        )
        return _able(duty, [p.id for p in duty.people if target.role in p.roles], why, now)
    return []


_ROLES = {
    Role.DUTY: ("Bereitschaft", "duty officer"),
    Role.AUTHOR: ("Redaktion", "author"),
    Role.DRAFTER: ("Entwürfe", "drafter"),
    Role.APPROVER: ("Freigabe", "approver"),
    Role.ADMIN: ("Verwaltung", "administrator"),
}


def _able(duty: Duty, ids: Iterable[int], why: Why, now: datetime) -> list[Turn]:
    return [Turn(duty.known[one], why) for one in dict.fromkeys(ids) if duty.able(one, now)]


def _numbered(turn: Turn, number: int, of: int) -> Turn:
    """With the step in the sentence, where there are several."""
    if of < 2:
        return turn
    why = turn.why
    return Turn(
        turn.person,
        Why(f"{why.de} (Schritt {number} von {of})", f"{why.en} (step {number} of {of})"),
    )


def _last_resort(
    duty: Duty,
    before: Sequence[Rung],
    line: Sequence[Turn],
    wait: timedelta,
    catch_all: Person | None,
) -> list[Rung]:
    told = {turn.person.email.casefold() for rung in before for turn in rung.turns}
    if catch_all is not None:
        if catch_all.email.casefold() in told:
            return []
        last: tuple[Turn, ...] = (Turn(catch_all, CATCH_ALL),)
    else:
        last = tuple(
            Turn(p, LAST_ADMINISTRATOR)
            for p in sorted(duty.people, key=lambda p: p.id)
            if p.active and not p.drill and Role.ADMIN in p.roles and p.email.casefold() not in told
        )
        if not last and not before:
            last = tuple(line)  # nobody administers it yet: better anybody than nobody
    return [Rung(step=LAST_RESORT, turns=last, wait=wait)] if last else []


def _once(found: Iterable[Turn]) -> list[Turn]:
    """Everybody at their first place; two people of one address get one mail."""
    first: dict[str, Turn] = {}
    for turn in found:
        first.setdefault(turn.person.email.casefold() or str(turn.person.id), turn)
    return list(first.values())


def _quiet(policy: Policy, severity: Severity) -> tuple[time, time] | None:
    """The quiet hours, if they hold for this severity. They never hold for an urgent incident."""
    begins, ends = policy.quiet_from, policy.quiet_until
    below = min(policy.quiet_below, Severity.URGENT)
    if begins is None or ends is None or begins == ends or severity >= below:
        return None
    return begins, ends


def _after_quiet(at: datetime, begins: time, ends: time, zone: tzinfo) -> datetime:
    """``at`` if it lies outside the quiet hours, otherwise their end."""
    wall = at.astimezone(zone).replace(tzinfo=None)
    of_day = wall.time()
    over_midnight = ends < begins
    quiet = (of_day >= begins or of_day < ends) if over_midnight else begins <= of_day < ends
    if not quiet:
        return at
    day = wall.date() + timedelta(days=1 if over_midnight and of_day >= begins else 0)
    return max(instant(datetime.combine(day, ends), zone), at)
