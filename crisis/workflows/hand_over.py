"""End a shift: check -> keep the text -> write it down in the audit log -> mail it to whoever comes next.

One transaction. What belongs into a handover is said by ``reports.handover``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crisis import audit
from crisis.alerts.draft import addressed
from crisis.alerts.letters import handover as letter
from crisis.errors import InvalidInputError
from crisis.interfaces import House
from crisis.reports.handover import LONGEST, blocks
from crisis.rights import Act, require
from crisis.types import Handover, Person
from crisis.workflows import letterhead

TWICE = timedelta(minutes=10)  # the same text again within this is the same handover


def hand_over(
    house: House, text: str, begun: datetime, to: int | None, by: Person, now: datetime, link: str
) -> Handover:
    """Keep the text, and mail it to the person ``to``. Pressed twice, it is kept and mailed once.

    ``link`` is where handovers are read, with ``{id}`` for the number. Raises InvalidInputError for an
    empty or overlong text and for somebody who cannot be told.
    """
    require(by, Act.HANDLE)
    text = text.strip().replace("\r\n", "\n")
    if not text or len(text) > LONGEST:
        raise InvalidInputError(
            f"Bitte schreiben Sie etwas in die Übergabe, höchstens {LONGEST} Zeichen.",
            f"Please write something into the handover, at most {LONGEST} characters.",
        )
    store = house.store
    with store.transaction():
        for former in store.handovers.latest(limit=1):
            same = (former.written_by, former.text, former.told) == (by.id, text, to)
            if same and now - former.written < TWICE:
                return former
        person = store.people.get(to) if to is not None else None
        if person is not None and (not person.active or person.drill):
            raise InvalidInputError(
                "Diese Person kann keine Mail bekommen. Bitte wählen Sie eine andere.",
                "This person cannot get a mail. Please choose another.",
            )
        made = store.handovers.add(
            Handover(written_by=by.id, written=now, begun=begun, text=text, told=to)
        )
        store.audit.append(
            audit.entry(now, by, "handover.written", f"handover:{made.id}", after={"told": to})
        )
        if person is not None:
            mail = letter(
                person=person,
                by=by,
                parts=blocks(text),
                link=link.format(id=made.id),
                number=made.id,
                sender=letterhead.sender(house.terms),
                now=now,
            )
            store.alerts.put(addressed(mail, person, now))
        return made
