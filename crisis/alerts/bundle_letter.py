"""What a mail says that stands for several: "7 incidents, 2 urgent". Pure, as ``compose``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crisis.alerts import parts, quote, wording
from crisis.alerts.draft import Draft, Sender, finished, message_id_of, t
from crisis.alerts.layout import Block, Button, Entry, Heading, Paragraph, Title
from crisis.types import AlertKind, Incident, IncidentState, Person, Rumour, Severity, Spread

_ABOUT_ONES_OWN = frozenset({AlertKind.STILL, AlertKind.WORSE})
MOST_LISTED = 20  # of the waiting ones; a telephone shows no more in reasonable time


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One mail that travels in the bundle."""

    kind: AlertKind
    incident: Incident
    rumour: Rumour
    spread: Spread | None  # None where there are too many to count
    link: str  # to take it, or to see it
    taken_by: str = ""  # TAKEN: by whom, "" where it has ended


def bundle(
    *,
    pieces: Sequence[Piece],
    person: Person,
    desk: str,
    sender: Sender,
    now: datetime,
) -> Draft:
    """One mail for all of these, the most pressing first; ``desk`` is the list of incidents."""
    lang = "de" if wording.german(person.lang) else "en"
    waiting = sorted(
        (p for p in pieces if p.incident.state is IncidentState.NEW),
        key=lambda p: (-p.incident.severity, p.incident.opened, p.incident.id),
    )
    held = [p for p in pieces if p.incident.assignee == person.id and p.kind in _ABOUT_ONES_OWN]
    settled = [p for p in pieces if p.incident.state is not IncidentState.NEW and p not in held]
    drill = any(p.incident.drill for p in pieces)
    subject = _subject(waiting, [*held, *settled], drill, lang)
    blocks: list[Block] = [
        *(parts.exercise(lang) if drill else []),
        Title(_title(waiting, held, lang)),
    ]
    if waiting:
        blocks.append(Paragraph(_opening(waiting, lang)))
        blocks += [_entry(piece, now, lang) for piece in waiting[:MOST_LISTED]]
        if len(waiting) > MOST_LISTED:
            more = len(waiting) - MOST_LISTED
            blocks.append(
                Paragraph(
                    t(
                        lang,
                        f"Dazu {more} weitere, weniger dringende.",
                        f"And {more} less urgent ones.",
                    )
                )
            )
    if held:
        blocks.append(Heading(t(lang, "Ihre Vorfälle", "Your incidents")))
        blocks += [_held(piece, now, lang) for piece in held[:MOST_LISTED]]
    if settled:
        heading = t(lang, "Schon vergeben oder beendet", "Taken or ended already")
        blocks += [Heading(heading), *(_settled(piece, lang) for piece in settled[:MOST_LISTED])]
    blocks.append(
        Button(
            t(lang, "Alle Vorfälle am Arbeitsplatz", "All incidents on the desk"),
            desk,
            t(lang, "Dafür melden Sie sich an.", "You sign in for it."),
        )
    )
    blocks.append(
        Paragraph(
            t(
                lang,
                "Weil vieles zugleich kam, steht es in einer Mail. Was dringend ist, wird nie"
                " zurückgehalten.",
                "Much came at once, therefore it stands in one mail. What is urgent is never held back.",
            ),
            small=True,
        )
    )
    return finished(
        AlertKind.BUNDLE,
        subject,
        blocks,
        sender,
        lang,
        message_id=message_id_of(f"bundle.{person.id}", sender.domain, now),
        preview=" · ".join(parts.called(p.rumour, 60) for p in waiting[:3]),
    )


def _subject(waiting: Sequence[Piece], settled: Sequence[Piece], drill: bool, lang: str) -> str:
    mark = t(lang, "ÜBUNG ", "EXERCISE ") if drill else ""
    if not waiting:
        return mark + t(
            lang,
            f"Neues zu {len(settled)} Vorfällen",
            f"News of {len(settled)} incidents",
        )
    urgent = sum(p.incident.severity is Severity.URGENT for p in waiting)
    rank = t(lang, "[DRINGEND] ", "[URGENT] ") if urgent else ""
    names = ", ".join(quote.line(parts.called(p.rumour, 40), 40) for p in waiting[:2])
    return f"{mark}{rank}{_count(waiting, lang)}: {names}" + (" …" if len(waiting) > 2 else "")


def _count(waiting: Sequence[Piece], lang: str) -> str:
    urgent = sum(p.incident.severity is Severity.URGENT for p in waiting)
    number = len(waiting)
    counted = (
        t(lang, "1 Vorfall", "1 incident")
        if number == 1
        else t(lang, f"{number} Vorfälle", f"{number} incidents")
    )
    return counted + (t(lang, f", {urgent} dringend", f", {urgent} urgent") if urgent else "")


def _title(waiting: Sequence[Piece], held: Sequence[Piece], lang: str) -> str:
    if not waiting and held:
        return t(lang, "Neues zu Ihren Vorfällen", "News of your incidents")
    if not waiting:
        return t(lang, "Dafür müssen Sie nichts mehr tun", "Nothing left for you to do there")
    return _count(waiting, lang)


def _opening(waiting: Sequence[Piece], lang: str) -> str:
    levels = Counter(piece.incident.severity for piece in waiting)
    told = ", ".join(
        f"{levels[level]} {wording.severity(level, lang)}" for level in sorted(levels, reverse=True)
    )
    return t(
        lang,
        f"Hier fehlt noch jemand, nach Dringlichkeit: {told}. Jeden Vorfall übernehmen Sie einzeln.",
        f"Nobody has these yet, by severity: {told}. You take each by itself.",
    )


def _entry(piece: Piece, now: datetime, lang: str) -> Entry:
    incident = piece.incident
    level = wording.severity(incident.severity, lang)
    return Entry(
        title=quote.line(parts.called(piece.rumour, 90), 90),
        text=f"{level} · {_how_many(piece, now, lang)}",
        label=t(lang, "Ansehen und antworten", "See it and answer"),
        link=piece.link,
        tone="urgent" if incident.severity is Severity.URGENT else "calm",
    )


def _how_many(piece: Piece, now: datetime, lang: str) -> str:
    if piece.spread is None:
        return wording.posts(piece.incident.posts, lang)
    return wording.headline(piece.incident, piece.spread, now, lang)


def _held(piece: Piece, now: datetime, lang: str) -> Entry:
    if piece.kind is AlertKind.STILL:
        text = t(
            lang, "Seit Sie ihn haben, steht nichts Neues darin.", "Nothing new since you have it."
        )
    else:
        text = t(lang, "Es wird mehr: ", "Growing: ") + _how_many(piece, now, lang)
    return Entry(
        title=quote.line(parts.called(piece.rumour, 90), 90),
        text=text,
        label=t(lang, "Vorfall ansehen", "See the incident"),
        link=piece.link,
    )


def _settled(piece: Piece, lang: str) -> Entry:
    who = quote.line(piece.taken_by, 60)
    text = (
        t(lang, f"{who} kümmert sich.", f"{who} takes care of it.")
        if who
        else t(lang, "Beendet.", "Ended.")
    )
    return Entry(title=quote.line(parts.called(piece.rumour, 90), 90), text=text)
