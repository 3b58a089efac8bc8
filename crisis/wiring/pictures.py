"""Reports and share pictures in the authority's colour, with its sign."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crisis.settings import Settings

if TYPE_CHECKING:
    from crisis.channels.card import Card, Shape
    from crisis.reports.document import Document


_FONTS = Path(__file__).parents[1] / "desk" / "static" / "vendor" / "fira-sans"


def typeset(document: Document, settings: Settings, moment: datetime) -> bytes:
    """A document as an accessible PDF in the authority's colour, with its sign. Raises ReportError."""
    from crisis.reports import typeset as press
    from crisis.settings import logo

    authority = settings.authority
    sign = logo.sign(settings.instance, authority.logo)
    return press.pdf(document, moment, _FONTS, colour=authority.colour, logo=sign)


def share_picture(card: Card, shape: Shape, form: str, settings: Settings) -> bytes:
    """A share picture ("png" or "svg") in the authority's colour, with its sign. Raises ReportError."""
    from crisis.channels import picture
    from crisis.settings import logo

    authority = settings.authority
    sign = logo.sign(settings.instance, authority.logo)
    return picture.draw(card, shape, form, _FONTS, colour=authority.colour, logo=sign)
