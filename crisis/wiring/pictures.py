"""Reports and share pictures in the authority's colour, with its sign."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crisis.settings import Settings

if TYPE_CHECKING:
    from crisis.channels.card import Card, Shape
    from crisis.reports.document import Document
    from crisis.store import Store
    from crisis.types import Response


_FONTS = Path(__file__).parents[1] / "desk" / "static" / "vendor" / "fira-sans"


def typeset(document: Document, settings: Settings, moment: datetime) -> bytes:
    """A document as an accessible PDF in the authority's colour, with its sign. Raises ReportError."""
    from crisis.reports import typeset as press
    from crisis.settings import logo

    authority = settings.authority
    sign = logo.sign(settings.instance, authority.logo)
    return press.pdf(document, moment, _FONTS, colour=authority.colour, logo=sign)


def sources(answer: Response, store: Store) -> list[str]:
    """What the approved playbook names as its sources. The catalogue's are not approved by anybody."""
    from crisis.playbooks.parse import parse

    text = store.playbooks.text(answer.playbook, answer.playbook_sha256)
    return list(parse(answer.playbook, text).sources) if text else []


def card(answer: Response, settings: Settings, store: Store, *, date: str) -> Card:
    """What stands on the share picture of an answer. ``date`` in words, in the answer's language.

    Raises NotFoundError where it has no text for the website, InvalidInputError where a blank is open.
    """
    from crisis.channels.card import to_card

    named = [one for one in sources(answer, store) if not one.startswith("http")]
    return to_card(
        answer,
        authority=settings.authority.name,
        date=date,
        address=f"{settings.base_url}/klarstellungen/{answer.slug}",
        source="; ".join(named[:2]),
    )


def share_picture(card: Card, shape: Shape, form: str, settings: Settings) -> bytes:
    """A share picture ("png" or "svg") in the authority's colour, with its sign. Raises ReportError."""
    from crisis.channels import picture
    from crisis.settings import logo

    authority = settings.authority
    sign = logo.sign(settings.instance, authority.logo)
    return picture.draw(card, shape, form, _FONTS, colour=authority.colour, logo=sign)
