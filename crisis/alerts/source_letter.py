"""The mail about sources that fail, fell silent, ended or are well again. Pure, as ``compose``.

One mail for all that has changed: when the house's own network is down, nobody wants a mail a feed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crisis.alerts import quote, wording
from crisis.alerts.draft import NAME, Draft, Sender, finished, message_id_of, t
from crisis.alerts.layout import Block, Button, Heading, Paragraph, Points, Title
from crisis.types import AlertKind, Person, Source

What = Literal["failing", "silent", "ended", "well"]
_ORDER: tuple[What, ...] = ("ended", "failing", "silent", "well")
_SHOWN = 20  # of one kind; the desk has them all


@dataclass(frozen=True, slots=True)
class News:
    """What has happened to a source, and since when."""

    source: Source
    what: What
    since: datetime


def about_sources(
    *, person: Person, news: Sequence[News], link: str, sender: Sender, now: datetime
) -> Draft:
    """What people responsible for sources should know, the worst first."""
    lang = person.lang
    subject = _subject(news, lang)
    blocks: list[Block] = [Title(subject)]
    for what in _ORDER:
        found = [one for one in news if one.what == what]
        if found:
            blocks.append(Heading(_head(what, lang)))
            blocks.append(Points(tuple(_line(one, sender, lang) for one in found[:_SHOWN])))
        if len(found) > _SHOWN:
            more = len(found) - _SHOWN
            blocks.append(
                Paragraph(t(lang, f"Und {more} weitere.", f"And {more} more."), small=True)
            )
    if any(one.what != "well" for one in news):
        blocks.append(
            Paragraph(
                t(
                    lang,
                    "Klarstellung fragt weiter, immer seltener, und gibt nicht auf; nur eingestellte"
                    " Quellen ruhen. Ist eine wieder in Ordnung, kommt dazu eine Mail.",
                    "Klarstellung goes on asking, ever more seldom, and does not give up; only sources"
                    " that ended rest. Once one is well again, there is a mail about it.",
                )
            )
        )
    blocks.append(
        Button(
            t(lang, "Quellen ansehen", "See the sources"),
            link,
            t(lang, "Dort steht bei jeder, was zu tun ist.", "There each says what to do."),
        )
    )
    number = message_id_of(f"sources.{person.id}", sender.domain, now)
    return finished(AlertKind.SOURCES, subject, blocks, sender, lang, message_id=number)


def _subject(news: Sequence[News], lang: str) -> str:
    bad = [one for one in news if one.what != "well"]
    if len(bad) == 1:
        name = quote.line(bad[0].source.name, NAME)
        words = {
            "failing": t(lang, "antwortet nicht", "does not answer"),
            "silent": t(lang, "ist ungewöhnlich still", "is unusually silent"),
            "ended": t(lang, "wurde eingestellt", "has ended"),
        }
        return t(lang, f"Quelle „{name}“ ", f'Source "{name}" ') + words[bad[0].what]
    if bad:
        count = len(bad)
        return t(lang, f"{count} Quellen machen Sorgen", f"{count} sources are in trouble")
    if len(news) == 1:
        name = quote.line(news[0].source.name, NAME)
        return t(lang, f"Quelle „{name}“ ist wieder in Ordnung", f'Source "{name}" is well again')
    return t(lang, "Quellen sind wieder in Ordnung", "Sources are well again")


def _head(what: What, lang: str) -> str:
    heads = {
        "failing": t(lang, "Antworten nicht", "Do not answer"),
        "silent": t(lang, "Ungewöhnlich still", "Unusually silent"),
        "ended": t(lang, "Vom Betreiber eingestellt", "Ended by whoever ran them"),
        "well": t(lang, "Wieder in Ordnung", "Well again"),
    }
    return heads[what]


def _line(one: News, sender: Sender, lang: str) -> str:
    name = quote.line(one.source.name, NAME)
    when = wording.clock(one.since, sender.zone, lang)
    if one.what == "failing":
        why = quote.line(one.source.error(lang), 200)
        return t(lang, f"{name}, seit {when}: {why}", f"{name}, since {when}: {why}")
    if one.what == "silent":
        return t(lang, f"{name}, letzter Beitrag {when}", f"{name}, the last post was at {when}")
    return f"{name}, {when}"
