"""The mail to the address outside the house: what is broken here, or that all is well again. Pure.

Sent past the outbox, for what is broken may be what empties it: see ``cli/check``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crisis.alerts import quote, wording
from crisis.alerts.draft import NAME, Sender, finished, message_id_of, t
from crisis.alerts.layout import Banner, Block, Paragraph, Points, Title
from crisis.types import Alert, AlertKind


def outside(
    *,
    to: str,
    lang: str,
    bad: Sequence[str],
    since: datetime | None,
    desk: str,
    sender: Sender,
    now: datetime,
) -> Alert:
    """The whole mail, never to be stored. ``bad``: what is broken, a sentence each; none: all is well."""
    authority = quote.line(sender.authority, NAME)
    when = wording.clock(since or now, sender.zone, lang)
    if bad:
        subject = t(
            lang,
            f"Klarstellung bei {authority} braucht Hilfe",
            f"Klarstellung at {authority} needs help",
        )
        blocks: list[Block] = [
            Banner(
                t(lang, "Alarme erreichen vielleicht niemanden", "Alerts may reach nobody"),
                "urgent",
            ),
            Title(subject),
            Paragraph(t(lang, f"Seit {when}:", f"Since {when}:")),
            Points(tuple(bad)),
            Paragraph(
                t(
                    lang,
                    "Bitte rufen Sie dort jemanden an: Auf dem Rechner zeigt „crisis check“, was fehlt,"
                    f" und {desk} ist der Arbeitsplatz. Sie bekommen eine Mail, sobald alles wieder"
                    " läuft.",
                    'Please call somebody there: on that machine "crisis check" says what is missing,'
                    f" and {desk} is the desk. You get a mail once all works again.",
                )
            ),
        ]
    else:
        subject = t(
            lang,
            f"Klarstellung bei {authority} läuft wieder",
            f"Klarstellung at {authority} works again",
        )
        blocks = [
            Title(subject),
            Paragraph(
                t(lang, "Sie brauchen nichts mehr zu tun.", "Nothing is left for you to do.")
            ),
        ]
    number = message_id_of("watchdog", sender.domain, now)
    draft = finished(AlertKind.WATCHDOG, subject, blocks, sender, lang, message_id=number)
    return Alert(
        incident_id=None,
        person_id=0,
        kind=draft.kind,
        to=to,
        subject=draft.subject,
        text=draft.text,
        html=draft.html,
        message_id=draft.message_id,
        created=now,
        due=now,
    )
