"""Mails that tell of a drill of the team: announced, called off, missed, over, broken off, overdue.

Pure, as ``letters``. Each says ÜBUNG first: who reads only the subject must not think of anything real. Mails
*of* a drill look like real ones and are marked in ``exercise``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from crisis.alerts import quote, wording
from crisis.alerts.draft import Draft, Sender, finished, message_id_of, t
from crisis.alerts.layout import Banner, Block, Button, Paragraph, Points, Title
from crisis.types import AlertKind, DrillPlan, Person

_TITLE = 80


def announced(*, plan: DrillPlan, to: Person, link: str, sender: Sender, now: datetime) -> Draft:
    """A planned drill: when, what about, and what everybody should do."""
    lang = to.lang
    begins, ends = _when(plan, sender, lang)
    points = (
        t(lang, f"Beginn: {begins}", f"Begins: {begins}"),
        t(lang, f"Ende: spätestens {ends}", f"Ends: {ends} at the latest"),
        t(
            lang,
            "Handeln Sie, wie Sie im Ernstfall handeln würden: übernehmen, prüfen, antworten, freigeben.",
            "Do as you would if it were real: take it, verify, answer, approve.",
        ),
        t(
            lang,
            "Jede Mail und jede Seite der Übung sagt ÜBUNG. Nichts davon wird veröffentlicht.",
            "Every mail and every page of it says EXERCISE. None of it is published.",
        ),
        t(
            lang,
            "Geschieht etwas Echtes, geht es vor: Die Übung wird mit einem Klick abgebrochen.",
            "If something real happens, that goes first: one click breaks the exercise off.",
        ),
    )
    hint = t(
        lang,
        "Dort gibt es den Termin auch für Ihren Kalender.",
        "There you also get the date for your calendar.",
    )
    return _letter(
        "announced",
        plan,
        to,
        t(lang, f"angekündigt für {begins}", f"announced for {begins}"),
        t(lang, "Eine Übung ist geplant", "A drill is planned"),
        [Points(points)],
        Button(t(lang, "Zur Übung", "To the exercise"), link, hint),
        sender,
        now,
    )


def called_off(*, plan: DrillPlan, to: Person, link: str, sender: Sender, now: datetime) -> Draft:
    """It does not take place."""
    lang = to.lang
    begins, _ = _when(plan, sender, lang)
    said = t(
        lang,
        f"Die Übung am {begins} findet nicht statt. Sie müssen nichts tun.",
        f"The exercise on {begins} does not take place. There is nothing for you to do.",
    )
    return _letter(
        "called-off",
        plan,
        to,
        t(lang, "abgesagt", "called off"),
        t(lang, "Die Übung ist abgesagt", "The exercise is called off"),
        [Paragraph(said), *_because(plan, lang)],
        Button(t(lang, "Zu den Übungen", "To the exercises"), link),
        sender,
        now,
    )


def missed(*, plan: DrillPlan, to: Person, link: str, sender: Sender, now: datetime) -> Draft:
    """It could not begin in its time."""
    lang = to.lang
    begins, _ = _when(plan, sender, lang)
    said = t(
        lang,
        f"Sie sollte am {begins} beginnen und konnte es nicht: Etwas Echtes ging vor, oder der Beobachter"
        " lief nicht. Von selbst wird sie nicht nachgeholt.",
        f"It should have begun on {begins} and could not: something real went first, or the monitor was"
        " not running. It is not made up for by itself.",
    )
    return _letter(
        "missed",
        plan,
        to,
        t(lang, "ausgefallen", "did not take place"),
        t(lang, "Die Übung ist ausgefallen", "The exercise did not take place"),
        [Paragraph(said)],
        Button(t(lang, "Neu planen", "Plan it anew"), link),
        sender,
        now,
    )


def over(*, plan: DrillPlan, to: Person, link: str, sender: Sender, now: datetime) -> Draft:
    """It ran to its end."""
    lang = to.lang
    said = t(
        lang,
        "Danke, dass Sie mitgemacht haben. Was jetzt noch kommt, ist echt. Der Bericht sagt, wer wann was"
        " getan hat und was fehlte, neben der letzten Übung.",
        "Thank you for taking part. Whatever comes from now on is real. The report says who did what when"
        " and what was missed, beside the last exercise.",
    )
    return _letter(
        "over",
        plan,
        to,
        t(lang, "beendet", "over"),
        t(lang, "Die Übung ist vorbei", "The exercise is over"),
        [Paragraph(said)],
        Button(t(lang, "Bericht ansehen", "See the report"), link),
        sender,
        now,
    )


def broken_off(*, plan: DrillPlan, to: Person, link: str, sender: Sender, now: datetime) -> Draft:
    """It was broken off; perhaps because of something real."""
    lang = to.lang
    said = t(
        lang,
        "Bitte tun Sie nichts mehr für sie. Was jetzt noch kommt, ist echt.",
        "Please do nothing more for it. Whatever comes from now on is real.",
    )
    return _letter(
        "broken-off",
        plan,
        to,
        t(lang, "abgebrochen", "broken off"),
        t(lang, "Die Übung ist abgebrochen", "The exercise is broken off"),
        [Paragraph(said), *_because(plan, lang)],
        Button(t(lang, "Zur Lage", "To the exercise"), link),
        sender,
        now,
    )


def overdue(
    *, to: Person, last: date | None, days: int, link: str, sender: Sender, now: datetime
) -> Draft:
    """No drill for longer than the authority wants. ``last``: the day of the last one, None for never."""
    lang = to.lang
    since = (
        t(lang, "Hier wurde noch nie geübt.", "There has never been a drill here.")
        if last is None
        else t(
            lang,
            f"Die letzte Übung war am {last:%d.%m.%Y}.",
            f"The last drill was on {last.day} {last:%B %Y}.",
        )
    )
    every = wording.duration(timedelta(days=days), lang)
    blocks: list[Block] = [
        Banner(t(lang, "Nur eine Erinnerung: Es ist nichts passiert.", "Only a reminder."), "calm"),
        Title(t(lang, "Es ist Zeit für eine Übung", "It is time for a drill")),
        Paragraph(
            t(
                lang,
                f"{since} Vorgenommen haben Sie sich spätestens eine alle {days} Tage. Wer nie übt, merkt"
                " erst im Ernstfall, welche Mail nicht ankommt.",
                f"{since} You wanted one at least every {every}. Whoever never practises learns in an"
                " emergency which mail does not arrive.",
            )
        ),
        Button(
            t(lang, "Übung planen", "Plan a drill"),
            link,
            t(
                lang,
                "Diese Mail kommt einmal. Am Arbeitsplatz steht der Hinweis, bis geübt ist.",
                "This mail comes once. The desk says so until there has been a drill.",
            ),
        ),
    ]
    subject = t(lang, "ÜBUNG fällig: Zeit für die nächste", "EXERCISE due: time for the next one")
    return finished(
        AlertKind.DRILL,
        subject,
        blocks,
        sender,
        lang,
        message_id=message_id_of(f"drill.due.{to.id}", sender.domain, now),
    )


# --- parts -----------------------------------------------------------------------------------


def _letter(
    what: str,
    plan: DrillPlan,
    to: Person,
    state: str,
    head: str,
    body: Sequence[Block],
    button: Button,
    sender: Sender,
    now: datetime,
) -> Draft:
    lang = to.lang
    title = quote.line(plan.called(lang), _TITLE)
    mark = t(lang, "ÜBUNG", "EXERCISE")
    blocks: list[Block] = [
        Banner(
            t(
                lang,
                "ÜBUNG: In dieser Mail geht es um nichts Echtes.",
                "EXERCISE: this mail is about nothing real.",
            ),
            "drill",
        ),
        Title(head),
        Paragraph(title),
        *body,
        button,
    ]
    number = message_id_of(f"drill.{what}.{plan.id}.{to.id}", sender.domain, now)
    return finished(
        AlertKind.DRILL,
        f"{mark} {state}: {title}",
        blocks,
        sender,
        lang,
        message_id=number,
    )


def _because(plan: DrillPlan, lang: str) -> list[Block]:
    """Why, where somebody said so: German and English stand in one line each."""
    de, _, en = plan.reason.partition("\n")
    said = t(lang, de, en or de)
    return [Paragraph(t(lang, f"Grund: {said}", f"Reason: {said}"))] if said else []


def _when(plan: DrillPlan, sender: Sender, lang: str) -> tuple[str, str]:
    """Beginning and end on the reader's clock."""
    end = plan.due + timedelta(minutes=plan.minutes)
    return wording.clock(plan.due, sender.zone, lang), wording.clock(end, sender.zone, lang)
