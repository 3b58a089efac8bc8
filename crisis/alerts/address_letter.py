"""Mails about mail addresses: one refuses our mails. Pure, as ``letters``."""

from __future__ import annotations

from datetime import datetime

from crisis.alerts import quote
from crisis.alerts.draft import NAME, Draft, Sender, finished, message_id_of, t
from crisis.alerts.layout import Block, Button, Paragraph, Title
from crisis.types import AlertKind, Person


def unreachable(
    *, person: Person, whose: Person, said: str, link: str, sender: Sender, now: datetime
) -> Draft:
    """To whoever keeps the people: this colleague gets no mail any more, and what to do."""
    lang = person.lang
    name = quote.line(whose.name, NAME)
    blocks: list[Block] = [
        Title(t(lang, f"{name} bekommt keine Alarme", f"{name} gets no alerts")),
        Paragraph(
            t(
                lang,
                f"Ein Mailserver lehnt die Adresse von {name} ab. Wir fragen bis auf Weiteres zuerst die"
                " anderen; was wartete, ging an die nächste Person.",
                f"A mail server refuses the address of {name}. Until further notice we ask the others"
                " first; what was waiting went to the next person.",
            )
        ),
        Paragraph(t(lang, "Der Grund: ", "The reason: ") + quote.line(said, 300), small=True),
        Paragraph(
            t(
                lang,
                "Verbessern Sie die Adresse, oder schicken Sie eine neue Probemail. Sobald sie bestätigt ist,"
                " gilt die Adresse wieder.",
                "Correct the address, or send a new test mail. Once that is confirmed, the address counts"
                " again.",
            )
        ),
        Button(t(lang, "Adressen ansehen", "See the addresses"), link),
    ]
    subject = t(lang, f"Nicht erreichbar: {name}", f"Cannot be reached: {name}")
    message_id = message_id_of(f"unreachable.{whose.id}.{person.id}", sender.domain, now)
    return finished(AlertKind.UNREACHABLE, subject, blocks, sender, lang, message_id=message_id)
