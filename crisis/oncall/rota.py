"""Who is told first, who next, and why; and when nobody would be on call.

Pure: shifts and people come in, a line of people comes out. Shifts are instants in UTC, so a night on
which the clock is turned is as long as it is; nothing here reads a wall clock. Layers come in as the
shifts they make (``duty``). Does not know what was sent to whom (``alerts.escalation``) nor the steps
of the policy (``ladder``), of which this line is the simplest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from crisis.types import Person, Role, Shift


@dataclass(frozen=True, slots=True)
class Why:
    """The rule by which somebody was chosen, as the end of a sentence that begins "because"."""

    de: str
    en: str

    def say(self, lang: str) -> str:
        """German where ``lang`` is "de", otherwise English."""
        return self.de if lang.startswith("de") else self.en

    def written(self) -> str:
        """Both languages on two lines, to be kept with the mail."""
        return f"{self.de}\n{self.en}"

    @classmethod
    def read(cls, written: str) -> Why | None:
        """What ``written`` wrote; None for nothing."""
        de, _, en = written.partition("\n")
        return cls(de, en or de) if de else None


ON_CALL = Why("Sie gerade Bereitschaft haben", "you are on call now")
NEXT_SHIFT = Why(
    "Sie als Nächste oder Nächster Bereitschaft haben", "your shift on call comes next"
)
ON_DUTY = Why("Sie zur Bereitschaft gehören", "you belong to the people on duty")
APPROVER = Why(
    "niemand im Dienst eingetragen ist und Sie Antworten freigeben",
    "nobody is entered for duty and you release answers",
)
ADMINISTRATOR = Why(
    "niemand sonst eingetragen ist und Sie dieses System verwalten",
    "nobody else is entered and you administer this system",
)
EXERCISE = Why("Sie in der Übung mitspielen", "you play a part in the exercise")
CATCH_ALL = Why(
    "diese Adresse als letzte Stelle eingetragen ist", "this address is entered as the last resort"
)
LAST_ADMINISTRATOR = Why(
    "niemand vor Ihnen geantwortet hat, keine Auffangadresse eingetragen ist und Sie dieses System"
    " verwalten",
    "nobody before you answered, no catch-all address is entered and you administer this system",
)
TAKEN_ON = Why("Sie diesen Vorfall übernommen haben", "you have taken this incident")
TOLD_BEFORE = Why(
    "Sie zu diesem Vorfall schon eine Mail bekommen haben", "you were told of this incident before"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One place in the line, and the rule that put the person there."""

    person: Person
    why: Why


def on_level(level: int) -> Why:
    """The rule that told whoever is on call at this level."""
    if level == 1:
        return ON_CALL
    return Why(
        f"Sie gerade Bereitschaft auf Ebene {level} haben", f"you are on call at level {level} now"
    )


def turns(
    shifts: Iterable[Shift],
    people: Iterable[Person],
    now: datetime,
    *,
    catch_all: Person | None,
    drill: bool = False,
    away: Collection[int] = (),
) -> list[Turn]:
    """The line of people for an incident, first to be told first, nobody twice.

    1. Whoever has a shift now: the first level first; of several, the one whose shift began first.
    2. Everybody else with the role ``DUTY``: by the beginning of their next shift, then by id.
    3. Only if that is nobody: those who release answers, else the administrators.
    4. The catch-all, if there is one.

    People who are not active are left out, and so are people and shifts of an exercise; but with
    ``drill`` they count as well: the people who are really on call practise, the exercise's own people
    stand in where there is nobody, and the catch-all is left in peace.

    Those who are ``away`` are told last, in front of the catch-all: better than nobody.

    Empty only if nobody active has one of these roles or a shift and there is no catch-all.
    """
    known = {p.id: p for p in people if p.active and (drill or not p.drill)}
    good = sorted(
        (s for s in shifts if s.person_id in known and (drill or not s.drill)),
        key=lambda s: (s.start, s.id),
    )
    running = sorted((s for s in good if s.start <= now < s.end), key=lambda s: s.level)
    line = [Turn(known[s.person_id], on_level(s.level)) for s in running]
    line += [Turn(known[s.person_id], NEXT_SHIFT) for s in good if s.start > now and
             _has(known[s.person_id], Role.DUTY)]  # fmt: skip
    line += _with_role(known.values(), Role.DUTY, ON_DUTY)
    line = (
        line
        or _with_role(known.values(), Role.APPROVER, APPROVER)
        or _with_role(known.values(), Role.ADMIN, ADMINISTRATOR)
    )
    if drill and not line:
        line = [Turn(p, EXERCISE) for p in sorted(known.values(), key=_by_id) if p.drill]
    line.sort(key=lambda turn: turn.person.id in away)
    if catch_all is not None and not drill:
        line.append(Turn(catch_all, CATCH_ALL))
    return _once(line)


def line(
    shifts: Iterable[Shift],
    people: Iterable[Person],
    now: datetime,
    *,
    catch_all: Person | None,
    drill: bool = False,
) -> list[Person]:
    """The people of ``turns``, without the reasons."""
    return [t.person for t in turns(shifts, people, now, catch_all=catch_all, drill=drill)]


def gaps(
    shifts: Iterable[Shift],
    start: datetime,
    end: datetime,
    *,
    people: Iterable[Person] | None = None,
) -> list[tuple[datetime, datetime]]:
    """When nobody is on call from ``start`` until just before ``end``: [from, until), in order, disjoint.

    Shifts of an exercise fill no gap; given ``people``, neither do shifts of those who are not active
    or not among them.
    """
    able = None if people is None else {p.id for p in people if p.active and not p.drill}
    found = []
    covered = start
    for shift in sorted(shifts, key=lambda s: s.start):
        if shift.drill or (able is not None and shift.person_id not in able):
            continue
        if shift.start >= end:
            break
        if shift.start > covered:
            found.append((covered, shift.start))
        covered = max(covered, shift.end)
    if covered < end:
        found.append((covered, end))
    return found


def _with_role(people: Iterable[Person], role: Role, why: Why) -> list[Turn]:
    """People of the authority with this role, by id. Exercise people never stand in for them."""
    return [Turn(p, why) for p in sorted(people, key=_by_id) if _has(p, role)]


def _has(person: Person, role: Role) -> bool:
    return role in person.roles and not person.drill


def _by_id(person: Person) -> int:
    return person.id


def _once(line: Sequence[Turn]) -> list[Turn]:
    """Everybody at their first place. Two people of one address get one mail, so they are one."""
    first: dict[str, Turn] = {}
    for turn in line:
        first.setdefault(turn.person.email.casefold() or str(turn.person.id), turn)
    return list(first.values())
