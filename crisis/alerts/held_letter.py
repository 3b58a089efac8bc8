"""The mail after maintenance: what it held back. Pure, as ``letters``; counts nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crisis.alerts import quote, wording
from crisis.alerts.draft import Draft, Sender, finished, message_id_of, t
from crisis.alerts.layout import Block, Button, Paragraph, Points, Title
from crisis.types import OPEN_STATES, AlertKind, Incident, Maintenance, Person, Rumour

LISTED = 20


def held_back(
    *,
    person: Person,
    window: Maintenance,
    held: Sequence[tuple[Incident, Rumour]],
    link: str,
    sender: Sender,
    now: datetime,
) -> Draft:
    """To who is on call and who planned it: these incidents came in and are told only now."""
    lang, count = person.lang, len(held)
    begun, over = (wording.clock(at, sender.zone, lang) for at in (window.start, window.over))
    many = t(
        lang,
        f"{count} Vorfälle wurden zurückgehalten"
        if count > 1
        else "Ein Vorfall wurde zurückgehalten",
        f"{count} incidents were held back" if count > 1 else "One incident was held back",
    )
    blocks: list[Block] = [
        Title(t(lang, f"Wartung vorbei: {many}", f"Maintenance is over: {many}")),
        Paragraph(
            t(
                lang,
                f"Von {begun} bis {over} wurde gesammelt statt gemeldet. Was noch offen ist, wird jetzt"
                " gemeldet; dafür kommen eigene Mails.",
                f"From {begun} to {over} incidents were kept instead of told. What is still open is told"
                " now, by mails of their own.",
            )
        ),
        Paragraph(t(lang, "Grund: ", "Reason: ") + quote.line(window.reason, 300), small=True),
        Points(tuple(_line(incident, rumour, sender, lang) for incident, rumour in held[:LISTED])),
    ]
    if count > LISTED:
        more = count - LISTED
        blocks.append(Paragraph(t(lang, f"… und {more} weitere.", f"… and {more} more.")))
    blocks.append(Button(t(lang, "Vorfälle ansehen", "See the incidents"), link))
    message_id = message_id_of(f"held.{window.id}.{person.id}", sender.domain, now)
    subject = t(lang, f"Wartung vorbei: {many}", f"Maintenance is over: {many}")
    return finished(AlertKind.HELD, subject, blocks, sender, lang, message_id=message_id)


def _line(incident: Incident, rumour: Rumour, sender: Sender, lang: str) -> str:
    name = quote.line(rumour.title or rumour.text, 120)
    at = wording.clock(incident.opened, sender.zone, lang)
    level = wording.severity(incident.severity, lang)
    end = (
        ""
        if incident.state in OPEN_STATES
        else t(lang, "; inzwischen beendet", "; ended meanwhile")
    )
    return f"{at}: {name} ({level}{end})"
