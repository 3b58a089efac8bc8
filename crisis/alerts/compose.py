"""What an alert mail says: subject, plain text and HTML from an incident and what is known of it.

Pure: everything comes in, nothing is looked up. Does not decide who is told or when (``escalation``), nor
pack the mail for the mail server (``message``). Whatever strangers wrote goes through ``quote``; the one
link of a mail is the one we are given. Authors of posts are not named: the desk shows them, a mailbox
keeps them for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from crisis.alerts import parts, wording
from crisis.alerts.draft import Draft, Sender, addressed, finished, message_id_of
from crisis.alerts.layout import Block, Paragraph, Title
from crisis.alerts.parts import EXAMPLES
from crisis.oncall.rota import Why
from crisis.types import AlertKind, Incident, IncidentState, Person, Rumour, Sighting, Spread

__all__ = ["EXAMPLES", "LETTERS", "Draft", "Sender", "addressed", "compose"]

# Written by ``letters``: they are no news of an incident.
LETTERS = frozenset(
    {
        AlertKind.INVITATION,
        AlertKind.TEST,
        AlertKind.HANDOVER,
        AlertKind.HELD,
        AlertKind.DRILL,
        AlertKind.ALONE,
        AlertKind.UNPUBLISHED,
        AlertKind.REVIEW,
        AlertKind.REMINDER,
        AlertKind.SOURCES,
        AlertKind.WATCHDOG,
        AlertKind.UPDATE,
        AlertKind.ROTA,
        AlertKind.BUNDLE,
        AlertKind.UNREACHABLE,
    }
)


def compose(
    *,
    kind: AlertKind,
    incident: Incident,
    rumour: Rumour,
    spread: Spread,
    sightings: Sequence[Sighting],
    sources: Mapping[int, str],
    suggestion: str | None,
    link: str,
    person: Person,
    why: Why | None = None,
    authority: str,
    zone: tzinfo,
    domain: str,
    now: datetime,
    first_message_id: str = "",
    answer_within: timedelta | None = None,
    followed: bool = True,
    taken_by: str = "",
    back_at: datetime | None = None,
    told: int = 0,
    replies: bool = False,
) -> Draft:
    """Write the mail of this ``kind`` about an incident to ``person``, in their language.

    ``sightings`` may be many; the first three are quoted. ``sources`` maps a source's id to its name.
    ``suggestion`` is the title of the best fitting approved answer. ``link`` is the mail's one link: the
    acknowledge page, or for TAKEN the incident on the desk. ``why`` is the rule that chose the person.
    After ``answer_within`` without an answer the next person is asked, or where nobody else is in line
    (``followed`` is False) this one again; None where nothing follows. ``taken_by`` names who took or ended
    it (TAKEN only), ``told`` is how many posts the last mail spoke of (WORSE only), ``back_at`` is when an
    incident in which nothing happens is handed back (STILL only). ``first_message_id`` is that of the
    incident's first mail, "" for the first itself. ``replies``: an answer to the mail becomes a note.

    Raises ValueError for ``LETTERS``, which are written elsewhere.
    """
    if kind in LETTERS:
        raise ValueError(f"{kind} is about no incident")
    lang = "de" if wording.german(person.lang) else "en"
    sender = Sender(authority=authority, zone=zone, domain=domain)
    subject = parts.subject(kind, incident, rumour, spread, taken_by, now, lang)
    opening = parts.opening(kind, incident, rumour, taken_by, lang)
    if kind is AlertKind.WORSE:
        subject += parts.before(told, spread, lang)
        opening = (opening[0], opening[1] + parts.grown(told, spread, lang))
    blocks: list[Block] = [
        *parts.banners(kind, incident, lang),
        Title(opening[0]),
        Paragraph(opening[1]),
    ]
    silent = (AlertKind.TAKEN, AlertKind.COPY)  # nothing is asked of these
    waits = incident.state is IncidentState.NEW and kind not in silent
    if kind is AlertKind.STILL:
        blocks += parts.handing_back(back_at, zone, lang)
    blocks += [Paragraph(parts.claim(rumour, lang)), parts.button(waits, link, lang)]
    if waits:
        blocks += parts.silence(answer_within, followed, lang)
    if kind is not AlertKind.TAKEN:
        blocks += [
            *parts.urgency(incident, spread, zone, lang),
            *parts.grounds(sightings, lang),
            *parts.examples(sightings, sources, zone, lang),
            *parts.answer(suggestion, lang),
        ]
    blocks += parts.why_you(parts.rule(kind, incident, person, why), lang)
    preview = f"{opening[1]} {wording.speed(spread, lang)}"
    return finished(
        kind,
        subject,
        blocks,
        sender,
        lang,
        message_id=message_id_of(
            f"{kind}.{incident.id}.{incident.wave}.{incident.severity:d}.{person.id}", domain, now
        ),
        in_reply_to=first_message_id,
        preview=preview,
        replies=replies,
    )
