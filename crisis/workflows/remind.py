"""Playbooks that end soon or should be read again: what is near -> note it -> mail owner and approvers.

In the morning of the authority's own day. One mail a person, with all that is new; what was mailed is
noted in the same transaction, so that a process that dies mails neither twice nor never.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crisis import audit
from crisis.alerts.draft import addressed
from crisis.alerts.reminder_letter import reminder
from crisis.interfaces import House, Store
from crisis.playbooks.approval import standing
from crisis.playbooks.deadlines import deadlines, step_of
from crisis.rights import Act, may
from crisis.types import Deadline, Person, Playbook
from crisis.workflows import letterhead

MORNING = 8  # o'clock, before which nobody is mailed about something that has days
KEEP = timedelta(days=400)


def remind(house: House, now: datetime) -> int:
    """Write the mails that are due; says how many."""
    terms, store = house.terms, house.store
    if not terms.remind_days or now.astimezone(terms.timezone).hour < MORNING:
        return 0
    near = _near(house, now)
    if not near:
        return 0
    today = terms.today(now)
    with store.transaction():
        new = [
            (book, deadline)
            for book, deadline, step in near
            if store.reminders.put(deadline.name, deadline.why, deadline.on, step, now)
        ]
        store.reminders.forget(today - KEEP)
        for _book, deadline in new:
            said = {"why": deadline.why, "on": deadline.on.isoformat()}
            what = f"playbook:{deadline.name}"
            store.audit.append(audit.entry(now, None, "playbook.reminded", what, after=said))
        sender = letterhead.sender(terms)
        count = 0
        for person in store.people.all():
            mine = _concerned(store, person, new)
            if not mine:
                continue
            mail = reminder(
                person=person,
                near=mine,
                today=today,
                link=house.links.reviews(),
                sender=sender,
                now=now,
            )
            store.alerts.put(addressed(mail, person, now))
            count += 1
        return count


def _near(house: House, now: datetime) -> list[tuple[Playbook, Deadline, int]]:
    """What is due at some step, the most pressing first."""
    terms, today = house.terms, house.terms.today(now)
    approvals = house.store.playbooks.approvals()
    found = []
    for playbook in house.shelf.playbooks():
        for deadline in deadlines(playbook, standing(playbook, approvals, today=today)):
            step = step_of(deadline, today, terms.remind_days)
            if step is not None:
                found.append((playbook, deadline, step))
    return sorted(found, key=lambda one: (one[1].on, one[1].name))


def _concerned(
    store: Store, person: Person, near: Sequence[tuple[Playbook, Deadline]]
) -> list[Deadline]:
    """Those that this person owns, wrote, or may approve."""
    if not person.active or person.drill:
        return []
    if may(person, Act.APPROVE):
        return [deadline for _book, deadline in near]
    return [
        deadline
        for book, deadline in near
        if deadline.owner.casefold() in (person.email.casefold(), person.name.casefold())
        or _wrote(store, book, person)
    ]


def _wrote(store: Store, playbook: Playbook, person: Person) -> bool:
    version = store.playbooks.version(playbook.name, playbook.sha256)
    return version is not None and version.written_by == person.id
