"""Mails about the rota: a swap that is offered or answered, and a time in which nobody would be on call.

Pure, as ``letters``. Does not know the rota; everything comes in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crisis.alerts import quote, wording
from crisis.alerts.draft import NAME, Draft, Sender, finished, message_id_of, t
from crisis.alerts.layout import Block, Button, Paragraph, Points, Title
from crisis.types import AlertKind, Person, Swap, SwapState

_NOTE = 200


def swap_letter(
    *,
    swap: Swap,
    giver: Person,
    taker: Person,
    to: Person,
    link: str,
    sender: Sender,
    now: datetime,
) -> Draft:
    """What became of a swap, to one of the two."""
    lang = to.lang
    gives, takes = quote.line(giver.name, NAME), quote.line(taker.name, NAME)
    title, sentence = {
        SwapState.OFFERED: (
            ("Tausch angefragt", "Swap offered"),
            (
                f"{gives} bittet Sie um einen Tausch. Erst mit Ihrer Zusage ändert sich etwas.",
                f"{gives} asks you to take over a time on call. Nothing changes unless you accept.",
            ),
        ),
        SwapState.ACCEPTED: (
            ("Tausch vereinbart", "Swap agreed"),
            (
                f"{gives} und {takes} haben getauscht. Es gilt ab sofort.",
                f"{gives} and {takes} have swapped. It holds from now on.",
            ),
        ),
        SwapState.DECLINED: (
            ("Tausch abgelehnt", "Swap declined"),
            (
                f"{takes} kann nicht übernehmen. Die Bereitschaft bleibt, wie sie war.",
                f"{takes} cannot take over. The rota stays as it was.",
            ),
        ),
        SwapState.WITHDRAWN: (
            ("Anfrage zurückgezogen", "Offer withdrawn"),
            (
                f"{gives} hat die Anfrage zurückgezogen. Sie müssen nichts tun.",
                f"{gives} has withdrawn the offer. There is nothing for you to do.",
            ),
        ),
    }[swap.state]
    points = [
        t(lang, f"{takes} übernimmt: ", f"{takes} takes: ")
        + _span(swap.start, swap.end, sender, lang)
    ]
    if swap.back_start is not None and swap.back_end is not None:
        points.append(
            t(lang, f"{gives} übernimmt dafür: ", f"{gives} takes in return: ")
            + _span(swap.back_start, swap.back_end, sender, lang)
        )
    if swap.note.strip():
        points.append(t(lang, "Bemerkung: ", "Remark: ") + quote.line(swap.note, _NOTE))
    blocks: list[Block] = [
        Title(t(lang, *title)),
        Paragraph(t(lang, *sentence)),
        Points(tuple(points)),
        Button(t(lang, "Zum Dienstplan", "To the rota"), link),
    ]
    when = _span(swap.start, swap.end, sender, lang)
    subject = f"{t(lang, *title)}: {when}"
    name = f"swap.{swap.id}.{swap.state}.{to.id}"
    message_id = message_id_of(name, sender.domain, now)
    return finished(AlertKind.ROTA, subject, blocks, sender, lang, message_id=message_id)


def gap_letter(
    *,
    gaps: Sequence[tuple[int, datetime, datetime]],
    to: Person,
    told_instead: str,
    link: str,
    sender: Sender,
    now: datetime,
) -> Draft:
    """Times (level, from, until) in which nobody will be on call, to somebody who plans.

    ``told_instead`` names who would be alerted then, in the reader's language; "" for nobody.
    """
    lang = to.lang
    first = min(gaps, key=lambda gap: gap[1])
    points = tuple(
        t(lang, f"Ebene {level}: ", f"Level {level}: ") + _span(start, end, sender, lang)
        for level, start, end in gaps
    )
    blocks: list[Block] = [
        Title(t(lang, "Bald hat niemand Bereitschaft", "Soon nobody is on call")),
        Paragraph(
            t(
                lang,
                "Für diese Zeiten steht niemand im Dienstplan, den ein Alarm erreichen könnte:",
                "For these times the rota has nobody whom an alert could reach:",
            )
        ),
        Points(points),
    ]
    if told_instead:
        blocks.append(
            Paragraph(
                t(
                    lang,
                    f"Alarme gehen dann zuerst an: {told_instead}.",
                    f"Alerts then go to {told_instead} first.",
                )
            )
        )
    blocks.append(
        Button(
            t(lang, "Lücke schließen", "Close the gap"),
            link,
            t(
                lang,
                "Tragen Sie dort jemanden für diese Zeit ein. Von dieser Lücke hören Sie nur einmal.",
                "Enter somebody for this time there. You hear of this gap only once.",
            ),
        )
    )
    when = wording.clock(first[1], sender.zone, lang)
    subject = t(lang, f"Niemand hat Bereitschaft ab {when}", f"Nobody is on call from {when}")
    message_id = message_id_of(
        f"gap.{first[0]}.{int(first[1].timestamp())}.{to.id}", sender.domain, now
    )
    return finished(AlertKind.ROTA, subject, blocks, sender, lang, message_id=message_id)


def _span(start: datetime, end: datetime, sender: Sender, lang: str) -> str:
    begins, ends = (wording.clock(at, sender.zone, lang) for at in (start, end))
    return t(lang, f"{begins} bis {ends}", f"{begins} to {ends}")
