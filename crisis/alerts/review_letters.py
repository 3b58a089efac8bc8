"""Mails about a text in review: it was handed in, it came back, one of two has approved it, it may be used.

Pure, as ``compose``. Does not say who gets them: see ``workflows.hand_in``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from crisis.alerts import quote
from crisis.alerts.draft import NAME, Draft, Sender, finished, message_id_of, t
from crisis.alerts.layout import Block, Button, Paragraph, Title
from crisis.types import AlertKind, Person, Review

TITLE, SAID = 200, 1000  # characters of each that a mail shows


class Letter(Protocol):
    """Any of the mails below. ``answer``: it is about an answer, not a playbook."""

    def __call__(
        self,
        *,
        person: Person,
        by: Person,
        title: str,
        answer: bool,
        review: Review,
        link: str,
        sender: Sender,
        now: datetime,
    ) -> Draft: ...


def handed_in(
    *,
    person: Person,
    by: Person,
    title: str,
    answer: bool,
    review: Review,
    link: str,
    sender: Sender,
    now: datetime,
) -> Draft:
    """Please read this and decide."""
    lang, name = person.lang, quote.line(by.name, NAME)
    thing = _thing(lang, answer)
    mine = review.to == person.id
    asks = (
        t(lang, f"{name} bittet Sie um Prüfung.", f"{name} asks you to review it.")
        if mine
        else t(lang, f"{name} bittet um Prüfung.", f"{name} asks for a review.")
    )
    blocks: list[Block] = [
        Title(t(lang, f"{thing} wartet auf Ihre Prüfung", f"{thing} waits for your review")),
        Paragraph(quote.line(title, TITLE)),
        Paragraph(f"{asks} {_quoted(review.note)}".strip()),
        Button(
            t(lang, "Lesen und entscheiden", "Read and decide"),
            link,
            t(
                lang,
                "Sie können freigeben oder mit einer Anmerkung zurückgeben.",
                "You can approve it, or return it with a comment.",
            ),
        ),
    ]
    subject = t(lang, f"Bitte prüfen: {_short(title)}", f"Please review: {_short(title)}")
    return _mail("in", blocks, subject, person, review, sender, now)


def returned(
    *,
    person: Person,
    by: Person,
    title: str,
    answer: bool,
    review: Review,
    link: str,
    sender: Sender,
    now: datetime,
) -> Draft:
    """It came back: what to change."""
    lang, name = person.lang, quote.line(by.name, NAME)
    thing = _thing(lang, answer)
    blocks: list[Block] = [
        Title(t(lang, f"{thing} kam mit einer Anmerkung zurück", f"{thing} came back to you")),
        Paragraph(quote.line(title, TITLE)),
        Paragraph(t(lang, f"{name} schreibt: ", f"{name} writes: ") + _quoted(review.comment)),
        Button(
            t(lang, "Überarbeiten", "Mend it"),
            link,
            t(
                lang,
                "Ändern Sie den Text und reichen Sie ihn noch einmal ein.",
                "Change the text and hand it in again.",
            ),
        ),
    ]
    subject = t(lang, f"Zurück mit Anmerkung: {_short(title)}", f"Returned: {_short(title)}")
    return _mail("back", blocks, subject, person, review, sender, now)


def half(
    *,
    person: Person,
    by: Person,
    title: str,
    answer: bool,
    review: Review,
    link: str,
    sender: Sender,
    now: datetime,
) -> Draft:
    """One has approved it; it takes another one."""
    lang, name = person.lang, quote.line(by.name, NAME)
    blocks: list[Block] = [
        Title(t(lang, "Eine zweite Freigabe fehlt noch", "A second approval is missing")),
        Paragraph(quote.line(title, TITLE)),
        Paragraph(
            t(
                lang,
                f"{name} hat sie freigegeben. Wegen ihres Risikos muss noch jemand anderes sie lesen.",
                f"{name} has approved it. Because of its risk somebody else must read it, too.",
            )
        ),
        Button(t(lang, "Lesen und entscheiden", "Read and decide"), link, ""),
    ]
    subject = t(
        lang, f"Zweite Freigabe fehlt: {_short(title)}", f"Second approval missing: {_short(title)}"
    )
    return _mail("half", blocks, subject, person, review, sender, now)


def approved(
    *,
    person: Person,
    by: Person,
    title: str,
    answer: bool,
    review: Review,
    link: str,
    sender: Sender,
    now: datetime,
) -> Draft:
    """It may be used."""
    lang, name = person.lang, quote.line(by.name, NAME)
    thing = _thing(lang, answer)
    blocks: list[Block] = [
        Title(t(lang, f"{thing} ist freigegeben", f"{thing} is approved")),
        Paragraph(quote.line(title, TITLE)),
        Paragraph(
            t(
                lang,
                f"{name} hat sie freigegeben. Ab jetzt wird sie im Ernstfall vorgeschlagen.",
                f"{name} has approved it. From now on it is offered in an incident.",
            )
        ),
        Button(t(lang, "Ansehen", "See it"), link, ""),
    ]
    subject = t(lang, f"Freigegeben: {_short(title)}", f"Approved: {_short(title)}")
    return _mail("done", blocks, subject, person, review, sender, now)


def _mail(
    what: str,
    blocks: list[Block],
    subject: str,
    person: Person,
    review: Review,
    sender: Sender,
    now: datetime,
) -> Draft:
    number = message_id_of(f"review-{what}.{review.id}.{person.id}", sender.domain, now)
    return finished(AlertKind.REVIEW, subject, blocks, sender, person.lang, message_id=number)


def _thing(lang: str, answer: bool) -> str:
    if answer:
        return t(lang, "Eine Antwort", "An answer")
    return t(lang, "Eine Vorlage", "A playbook")


def _quoted(text: str) -> str:
    return f"„{quote.line(text, SAID)}“" if text else ""


def _short(title: str) -> str:
    return quote.line(title, 80)
