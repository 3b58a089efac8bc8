"""Mails that are about no incident: the invitation, the handover of a shift, and the test of the way.

Pure, as ``compose``. Does not make the links they carry.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from crisis.alerts import quote, wording
from crisis.alerts.draft import NAME, Draft, Sender, finished, message_id_of, t
from crisis.alerts.layout import Banner, Block, Button, Heading, Paragraph, Points, Title
from crisis.types import AlertKind, Person


def invitation(*, person: Person, link: str, days: int, sender: Sender, now: datetime) -> Draft:
    """The mail that asks somebody to set a password; ``link`` works once, for ``days`` days."""
    lang = person.lang
    name, authority = quote.line(person.name, NAME), quote.line(sender.authority, NAME)
    valid = wording.duration(timedelta(days=days) if days > 1 else timedelta(hours=24), lang)
    blocks: list[Block] = [
        Title(t(lang, f"Willkommen, {name}", f"Welcome, {name}")),
        Paragraph(
            t(
                lang,
                f"{authority} hat für Sie einen Zugang zu Klarstellung eingerichtet: dort sehen Sie,"
                " welche Gerüchte umgehen, und beantworten sie.",
                f"{authority} has set up an account for you in Klarstellung: there you see which"
                " rumours go round, and answer them.",
            )
        ),
        Button(
            t(lang, "Kennwort festlegen", "Set your password"),
            link,
            t(
                lang,
                f"Der Link gilt {valid.replace('Tagen', 'Tage')} und nur einmal. Danach bitten Sie"
                " Ihre Verwaltung um einen neuen.",
                f"The link works once, for {valid}. After that, ask your administrator for a new one.",
            ),
        ),
        Paragraph(
            t(
                lang,
                "Sie haben nicht damit gerechnet? Dann tun Sie nichts; ohne Sie wird kein Kennwort"
                " gesetzt.",
                "You did not expect this? Then do nothing; no password is set without you.",
            ),
            small=True,
        ),
    ]
    subject = t(lang, f"Ihr Zugang bei {authority}", f"Your account at {authority}")
    message_id = message_id_of(f"invitation.{person.id}", sender.domain, now)
    return finished(AlertKind.INVITATION, subject, blocks, sender, lang, message_id=message_id)


def handover(
    *,
    person: Person,
    by: Person,
    parts: Sequence[tuple[str, Sequence[str]]],
    link: str,
    number: int,
    sender: Sender,
    now: datetime,
) -> Draft:
    """What the shift before has to tell, to whoever comes next: headings and points (``parts``)."""
    lang = person.lang
    name = quote.line(by.name, NAME)
    when = wording.clock(now, sender.zone, lang)
    blocks: list[Block] = [
        Title(t(lang, "Übergabe der Schicht", "Handover of the shift")),
        Paragraph(t(lang, f"Von {name}, {when}.", f"From {name}, {when}."), small=True),
    ]
    for title, points in parts:
        if title:
            blocks.append(Heading(title))
        if points:
            blocks.append(Points(tuple(points)))
    blocks.append(
        Button(
            t(lang, "Am Arbeitsplatz ansehen", "See it on the desk"),
            link,
            t(lang, "Dort stehen auch frühere Übergaben.", "Earlier handovers are there, too."),
        )
    )
    subject = t(lang, f"Übergabe der Schicht ({when})", f"Handover of the shift ({when})")
    message_id = message_id_of(f"handover.{number}", sender.domain, now)
    return finished(AlertKind.HANDOVER, subject, blocks, sender, lang, message_id=message_id)


def test_mail(*, person: Person, link: str, sender: Sender, now: datetime) -> Draft:
    """A mail that proves that alerts reach this person, once they press the button behind ``link``."""
    lang = person.lang
    when = wording.clock(now, sender.zone, lang)
    blocks: list[Block] = [
        Banner(t(lang, "Nur ein Test: Es ist nichts passiert.", "Only a test."), "calm"),
        Title(t(lang, "Diese Mail hat Sie erreicht", "This mail has reached you")),
        Paragraph(
            t(
                lang,
                f"Sie wurde am {when} abgeschickt, auf demselben Weg wie ein Alarm. Kam sie schnell"
                " und hat Ihr Telefon geklingelt? Dann ist alles gut. Lag sie im Spam-Ordner, nehmen"
                " Sie den Absender bitte in Ihre Kontakte auf.",
                f"It was sent at {when}, the same way as an alert. Did it come quickly, and did your"
                " phone ring? Then all is well. If it was in the spam folder, please add the sender"
                " to your contacts.",
            )
        ),
        Button(
            t(lang, "Die Mail ist angekommen", "The mail has arrived"),
            link,
            t(
                lang,
                "Bitte bestätigen Sie das: So lange steht auf dem Arbeitsplatz, dass der Mailweg"
                " nicht erprobt ist.",
                "Please confirm this: until then the desk says that the way of mails is untried.",
            ),
        ),
    ]
    subject = t(lang, f"Test: Alarm-Mails erreichen Sie ({when})", f"Test: alerts ({when})")
    message_id = message_id_of(f"test.{person.id}", sender.domain, now)
    return finished(AlertKind.TEST, subject, blocks, sender, lang, message_id=message_id)


test_mail.__test__ = False  # type: ignore[attr-defined]  # not a test of pytest's


def alone(
    *,
    person: Person,
    by: Person,
    title: str,
    because: str,
    until: datetime,
    late: bool,
    link: str,
    number: int,
    sender: Sender,
    now: datetime,
) -> Draft:
    """Somebody let an answer out without a second person; ``late``: nobody has looked by ``until``."""
    lang = person.lang
    name, when = quote.line(by.name, NAME), wording.clock(until, sender.zone, lang)
    head = (
        t(lang, "Noch hat niemand nachgesehen", "Nobody has looked yet")
        if late
        else t(lang, "Eine Antwort ging ohne zweite Person hinaus", "An answer went out alone")
    )
    blocks: list[Block] = [
        Title(head),
        Paragraph(quote.line(title, 200)),
        Paragraph(
            t(
                lang,
                f"{name} hat sie im Notfall allein freigegeben. Grund: {quote.line(because, 500)}",
                f"{name} released it alone in an emergency. Reason: {quote.line(because, 500)}",
            )
        ),
        Paragraph(
            t(
                lang,
                f"Der Text war vorab freigegeben; neu ist, was ausgefüllt wurde. Bitte sehen Sie bis {when}"
                " nach: bestätigen, berichtigen oder zurückziehen.",
                f"The text was approved beforehand; what was filled in is new. Please look until {when}:"
                " confirm it, correct it or withdraw it.",
            )
        ),
        Button(t(lang, "Antwort ansehen", "See the answer"), link, ""),
    ]
    subject = f"{head}: {quote.line(title, 80)}"
    mark = "late" if late else "alone"
    message_id = message_id_of(f"{mark}.{number}.{person.id}", sender.domain, now)
    return finished(AlertKind.ALONE, subject, blocks, sender, lang, message_id=message_id)


def unpublished(
    *,
    person: Person,
    title: str,
    channel: tuple[str, str],
    why: tuple[str, str],
    link: str,
    number: int,
    sender: Sender,
    now: datetime,
) -> Draft:
    """An answer did not get onto one of its channels, for good: what to do. ``channel`` and ``why`` are
    (de, en)."""
    lang = person.lang
    name, said = t(lang, *channel), t(lang, *why)
    blocks: list[Block] = [
        Title(t(lang, f"{name}: nicht veröffentlicht", f"{name}: not published")),
        Paragraph(quote.line(title, 200)),
        Paragraph(said),
        Paragraph(
            t(
                lang,
                "Auf der Website und auf den anderen Kanälen ändert das nichts.",
                "Nothing changes on the website and on the other channels.",
            )
        ),
        Button(
            t(lang, "Vorfall öffnen", "Open the incident"),
            link,
            t(
                lang,
                "Auf der Seite der Antwort steht „Noch einmal versuchen“. Sie können den Text dort auch"
                " kopieren und von Hand veröffentlichen.",
                "The answer's page has a button “Try again”. You can also copy the text there and post it"
                " by hand.",
            ),
        ),
    ]
    subject = t(lang, f"Nicht veröffentlicht: {name}", f"Not published: {name}")
    message_id = message_id_of(f"unpublished.{number}", sender.domain, now)
    return finished(AlertKind.UNPUBLISHED, subject, blocks, sender, lang, message_id=message_id)
