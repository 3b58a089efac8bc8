"""Draws a card as PNG or SVG. Reads its template and the fonts it is given; posts nothing."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from crisis import press
from crisis.channels.card import Card, Shape

_TEMPLATE = Path(__file__).with_name("card.typ")


def draw(
    card: Card,
    shape: Shape,
    form: str,
    fonts: Path,
    *,
    colour: str = "",
    logo: tuple[str, bytes] | None = None,
) -> bytes:
    """The picture as ``form`` "png" or "svg", exactly of the pixels of ``shape``. Raises ReportError."""
    width, height = shape.value
    data = {**dataclasses.asdict(card), "alt": card.alt, "width": width, "height": height}
    return press.printed(
        _TEMPLATE,
        data,
        fonts,
        colour=colour,
        logo=logo,
        format=form,
        ppi=72,  # one point is one pixel
    )
