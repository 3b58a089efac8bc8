"""The mail at a change of shift: to whoever comes on call, and the same as a copy to whoever goes.

Pure, as ``letters``. What is handed over comes in as parts with points; this only lays them out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crisis.alerts import quote, wording
from crisis.alerts.draft import NAME, Draft, Sender, finished, message_id_of, t
from crisis.alerts.layout import Block, Button, Heading, Paragraph, Points, Title
from crisis.types import AlertKind, Person

_POINT = 1_200  # characters


def shift_change(
    *,
    to: Person,
    coming: Sequence[Person],
    going: Sequence[Person],
    at: datetime,
    late: bool,
    summary: str,
    parts: Sequence[tuple[str, Sequence[str]]],
    link: str,
    number: int,
    sender: Sender,
    now: datetime,
) -> Draft:
    """``coming`` follow ``going`` (perhaps nobody) from ``at`` on; ``to`` is one of them.

    ``summary`` stands in the subject; ``late``: told some time after it happened.
    """
    lang, mine = to.lang, any(person.id == to.id for person in coming)
    when = wording.clock(at, sender.zone, lang)
    before, after = _names(going, lang), _names(coming, lang)
    head, told = _opening(mine, when, before, after, lang)
    blocks: list[Block] = [Title(head), Paragraph(told)]
    if late:
        blocks.append(
            Paragraph(
                t(
                    lang,
                    "Diese Mail kommt verspätet: Der Wechsel ist erst jetzt aufgefallen. Was unten steht,"
                    " gilt für jetzt.",
                    "This mail is late: the change was noticed only now. What stands below is as of now.",
                )
            )
        )
    for title, points in parts:
        blocks += [Heading(title), Points(tuple(quote.line(point, _POINT) for point in points))]
    if not parts:
        blocks.append(
            Paragraph(
                t(
                    lang,
                    "Es ist nichts offen, nichts versprochen und nichts liegen geblieben.",
                    "Nothing is open, nothing was promised and nothing was left undone.",
                )
            )
        )
    hint = (
        t(
            lang,
            "Dort stehen auch Notizen, die später dazukommen.",
            "Notes that come later are there, too.",
        )
        if mine
        else t(
            lang,
            "Fehlt etwas? Dort können Sie eine Notiz ergänzen.",
            "Is something missing? You can add a note there.",
        )
    )
    blocks.append(Button(t(lang, "Übergabe ansehen", "See the handover"), link, hint))
    subject = (
        t(lang, "Übergabe", "Handover")
        if mine
        else t(lang, "Kopie Ihrer Übergabe", "Copy of your handover")
    )
    message_id = message_id_of(f"handover.change.{number}.{to.id}", sender.domain, now)
    return finished(
        AlertKind.HANDOVER, f"{subject}: {summary}", blocks, sender, lang, message_id=message_id
    )


def _opening(mine: bool, when: str, before: str, after: str, lang: str) -> tuple[str, str]:
    if not mine:
        return t(lang, "Sie haben übergeben", "You have handed over"), t(
            lang,
            f"Seit {when} hat {after} Bereitschaft und hat das hier bekommen.",
            f"Since {when} {after} is on call and got what follows.",
        )
    head = t(lang, "Sie haben jetzt Bereitschaft", "You are on call now")
    if before:
        return head, t(
            lang, f"Seit {when}; vor Ihnen: {before}.", f"Since {when}; before you: {before}."
        )
    return head, t(
        lang,
        f"Seit {when}. Vor Ihnen stand niemand im Dienstplan.",
        f"Since {when}. Nobody stood in the rota before you.",
    )


def _names(people: Sequence[Person], lang: str) -> str:
    names = [quote.line(person.name, NAME) for person in people]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {t(lang, 'und', 'and')} {names[-1]}"
