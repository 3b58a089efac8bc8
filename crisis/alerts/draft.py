"""A mail, written but not addressed: its three faces and its place in a thread.

Pure. Knows no incident's story (``compose``, ``letters``), only what every mail of ours has in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from crisis.alerts import quote, wording
from crisis.alerts.layout import Block, as_html, as_text
from crisis.types import Alert, AlertKind, Incident, Person

NAME = 60  # characters of a source's, a person's or the authority's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A mail, written but not addressed: see ``addressed``."""

    kind: AlertKind
    subject: str
    text: str
    html: str
    message_id: str  # with angle brackets
    in_reply_to: str = ""  # the first mail of the incident, "" if this is it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who writes, as mails of one authority have it in common."""

    authority: str
    zone: tzinfo
    domain: str  # right-hand side of Message-IDs


def addressed(
    draft: Draft, person: Person, now: datetime, *, incident: Incident | None = None
) -> Alert:
    """The draft as a row of the outbox, due at once."""
    return Alert(
        incident_id=incident.id if incident is not None else None,
        person_id=person.id,
        kind=draft.kind,
        to=person.email,
        subject=draft.subject,
        text=draft.text,
        html=draft.html,
        message_id=draft.message_id,
        in_reply_to=draft.in_reply_to,
        created=now,
        due=now,
        drill=incident.drill if incident is not None else person.drill,
    )


def finished(
    kind: AlertKind,
    subject: str,
    blocks: Sequence[Block],
    sender: Sender,
    lang: str,
    *,
    message_id: str,
    in_reply_to: str = "",
    preview: str = "",
    replies: bool = False,
) -> Draft:
    """Lay the blocks out as text and as HTML, with the footer that every mail has.

    ``replies``: an answer to this mail becomes a note of its incident.
    """
    lang = "de" if wording.german(lang) else "en"
    authority = quote.line(sender.authority, NAME)
    footer = t(
        lang,
        f"{authority} · automatisch verschickt von Klarstellung. ",
        f"{authority} · sent automatically by Klarstellung. ",
    )
    footer += (
        t(
            lang,
            "Eine Antwort auf diese Mail wird Notiz des Vorfalls; übernehmen können Sie ihn nur mit dem"
            " Knopf.",
            "A reply to this mail becomes a note of the incident; only the button takes it.",
        )
        if replies
        else t(
            lang, "Antworten auf diese Mail liest niemand.", "Nobody reads replies to this mail."
        )
    )
    return Draft(
        kind=kind,
        subject=subject,
        text=as_text(blocks, footer),
        html=as_html(blocks, lang=lang, subject=subject, preview=preview, footer=footer),
        message_id=message_id,
        in_reply_to=in_reply_to,
    )


def message_id_of(what: str, domain: str, now: datetime) -> str:
    """Unique by what the mail is about and when it was written: the same call makes the same mail."""
    host = "".join(c for c in domain if c.isascii() and (c.isalnum() or c in ".-"))[:150]
    return f"<{what}.{int(now.timestamp() * 1_000_000)}@{host or 'localhost'}>"


def t(lang: str, de: str, en: str) -> str:
    """The one of two sentences that this person reads."""
    return de if wording.german(lang) else en
