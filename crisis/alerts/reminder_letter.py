"""The mail that reminds of playbooks that end soon or should be read again: one a day, with all of them.

Pure, as ``compose``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from crisis.alerts import quote, wording
from crisis.alerts.draft import Draft, Sender, finished, message_id_of, t
from crisis.alerts.layout import Block, Button, Paragraph, Points, Title
from crisis.types import AlertKind, Deadline, Person, Why

_MOST = 40  # lines; the rest is in the list
_MONTHS = "January February March April May June July August September October November December"


def reminder(
    *,
    person: Person,
    near: Sequence[Deadline],
    today: date,
    link: str,
    sender: Sender,
    now: datetime,
) -> Draft:
    """``near``: the most pressing first, at least one."""
    lang, count = person.lang, len(near)
    head = (
        t(lang, "Eine Vorlage braucht Sie", "A playbook needs you")
        if count == 1
        else t(lang, f"{count} Vorlagen brauchen Sie", f"{count} playbooks need you")
    )
    lines = [_line(one, today, lang) for one in near[:_MOST]]
    if count > _MOST:
        lines.append(t(lang, f"und {count - _MOST} weitere", f"and {count - _MOST} more"))
    blocks: list[Block] = [
        Title(head),
        Points(tuple(lines)),
        Paragraph(
            t(
                lang,
                "Eine abgelaufene Vorlage wird im Ernstfall nicht vorgeschlagen. Lesen Sie den Text,"
                " setzen Sie ein neues Datum und reichen Sie ihn ein.",
                "An expired playbook is not offered in an incident. Read the text, set a new date and"
                " hand it in.",
            )
        ),
        Button(t(lang, "Was geprüft werden muss", "What needs review"), link, ""),
    ]
    first = quote.line(near[0].title, 60)
    subject = f"{head}: {first}" + (" …" if count > 1 else "")
    number = message_id_of(f"reminder.{person.id}", sender.domain, now)
    return finished(AlertKind.REMINDER, subject, blocks, sender, lang, message_id=number)


def _line(one: Deadline, today: date, lang: str) -> str:
    left, day = one.left(today), _day(one.on, lang)
    title = quote.line(one.title, 100)
    owner = f" ({quote.line(one.owner, 60)})" if one.owner else ""
    if one.why is Why.REVIEW:
        said = t(lang, f"noch einmal lesen bis {day}", f"to be read again by {day}")
    elif left < 0:
        said = t(lang, f"abgelaufen seit {day}", f"expired since {day}")
    elif left == 0:
        said = t(lang, f"läuft heute ab ({day})", f"expires today ({day})")
    else:
        said = t(
            lang,
            f"läuft am {day} ab, in {left} {'Tag' if left == 1 else 'Tagen'}",
            f"expires on {day}, in {left} day{'' if left == 1 else 's'}",
        )
    return f"{title}{owner}: {said}"


def _day(day: date, lang: str) -> str:
    if wording.german(lang):
        return f"{day.day}.{day.month}.{day.year}"
    return f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}"
