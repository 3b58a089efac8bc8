"""The mail that asks somebody to confirm a promised update. Pure, as ``compose``."""

from __future__ import annotations

from datetime import datetime

from crisis.alerts import quote, wording
from crisis.alerts.draft import Draft, Sender, finished, message_id_of, t
from crisis.alerts.layout import Block, Button, Paragraph, Title
from crisis.types import AlertKind, Person, UpdatePlan


def due(
    *,
    person: Person,
    title: str,
    plan: UpdatePlan,
    at: datetime,
    late: bool,
    link: str,
    sender: Sender,
    now: datetime,
) -> Draft:
    """``at``: when people were promised to hear again; ``late``: a mail before this one did not help."""
    lang = person.lang
    when = wording.clock(at, sender.zone, lang)
    head = (
        t(
            lang,
            f"Noch nicht bestätigt: Meldung, fällig {when}",
            f"Not confirmed yet: update due {when}",
        )
        if late
        else t(
            lang, f"Bitte bestätigen: Meldung, fällig {when}", f"Please confirm: update due {when}"
        )
    )
    blocks: list[Block] = [
        Title(head),
        Paragraph(quote.line(title, 200)),
        Paragraph(
            t(
                lang,
                "Sie haben angekündigt, sich dann wieder zu melden. Nichts geht von selbst hinaus: Sehen"
                " Sie nach, ob die Auskunft noch stimmt.",
                "You promised an update at that time. Nothing goes out by itself: look whether the"
                " answer still holds.",
            )
        ),
        Button(
            t(lang, "Ansehen und bestätigen", "See and confirm"),
            link,
            t(
                lang,
                "Stimmt sie noch, genügt ein Klick. Gibt es Neues, berichtigen Sie die Antwort. Auslassen"
                " und anhalten geht dort auch.",
                "If it does, one click is enough. If there is news, correct the answer. You can also"
                " leave this one out, or pause.",
            ),
        ),
    ]
    mark = f"update.{plan.id}.{int(at.timestamp())}.{plan.told}.{person.id}"
    number = message_id_of(mark, sender.domain, now)
    return finished(AlertKind.UPDATE, head, blocks, sender, lang, message_id=number)
