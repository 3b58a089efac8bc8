"""Before nobody is on call: coming gaps -> those not told of yet -> mail to everybody who plans.

Each gap once. The mail says who would be told then, so that nobody has to guess.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crisis import audit
from crisis.alerts.draft import addressed
from crisis.alerts.rota_letters import gap_letter
from crisis.interfaces import House
from crisis.oncall.duty import BACK, Duty, holes
from crisis.oncall.quality import planned_levels
from crisis.rights import Act, may
from crisis.types import Severity
from crisis.workflows import letterhead, roster

SHORTEST = timedelta(minutes=5)  # a minute between two shifts is no hole


def warn_of_gaps(house: House, now: datetime) -> int:
    """Write the mails about gaps that begin soon; says how many.

    Where nobody ever planned a rota there is nothing to warn of: everybody on duty is told, as ever.
    """
    ahead = house.terms.warn_of_gaps
    if ahead <= timedelta():
        return 0
    planned = roster.of_house(house, now)
    if not any(layer.active for layer in planned.layers) and not any(
        shift.end > now for shift in planned.shifts if not shift.drill
    ):
        return 0
    near = _near(planned, now, ahead)
    store = house.store
    if not near:
        return 0
    with store.transaction():
        new = [gap for gap in near if store.oncall.warn(gap[0], _known_by(gap, now), now)]
        if not new:
            return 0
        for level, start, end in new:
            said = {"level": level, "start": start, "end": end}
            store.audit.append(audit.entry(now, None, "rota.gap", "rota:gap", after=said))
        terms, count = house.terms, 0
        sender = letterhead.sender(terms)
        for person in planned.people:
            if person.active and not person.drill and may(person, Act.PLAN_DUTY):
                mail = gap_letter(
                    gaps=new,
                    to=person,
                    told_instead=_told(house, planned, new[0][1]),
                    link=house.links.rota(),
                    sender=sender,
                    now=now,
                )
                store.alerts.put(addressed(mail, person, now))
                count += 1
        return count


def _near(planned: Duty, now: datetime, ahead: timedelta) -> list[tuple[int, datetime, datetime]]:
    """Gaps that begin within the time of warning, or run already."""
    begin, end = now - BACK, now + max(2 * ahead, timedelta(days=7))
    return [
        (level, start, until)
        for level in sorted(planned_levels(planned))
        for start, until in holes(planned, begin, end, level)
        if until > now and start < now + ahead and until - start >= SHORTEST
    ]


def _known_by(gap: tuple[int, datetime, datetime], now: datetime) -> datetime:
    """What tells this gap from others: its beginning; of one that began longer ago than is looked, its
    end, and where that is out of sight as well, the month."""
    _level, start, end = gap
    if start > now - BACK:
        return start
    out_of_sight = end - now >= timedelta(days=7)
    return now.replace(day=1, hour=0, minute=0, second=0, microsecond=0) if out_of_sight else end


def _told(house: House, planned: Duty, at: datetime) -> str:
    catch_all = roster.last_resort(house, planned.people, at)
    rungs = roster.climb(house, planned, Severity.URGENT, at, catch_all).rungs
    return ", ".join(turn.person.name for turn in rungs[0].turns) if rungs else ""
