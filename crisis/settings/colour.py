"""Whether a town's own colour can be read: its contrast, and the nearest shade that would do. Pure.

Knows no page. Contrast and luminance: WCAG 2.2, definitions of "contrast ratio" and "relative luminance".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from crisis.settings.checks import Words

ENOUGH = 4.5  # WCAG 2.2, 1.4.3: text of normal size, level AA


class Colour(NamedTuple):
    """Red, green and blue, 0 to 255."""

    red: int
    green: int
    blue: int

    @property
    def text(self) -> str:
        """As CSS writes it: ``#1a3f8f``."""
        return "#{:02x}{:02x}{:02x}".format(*self)


# What the colour must stand out from: of the grounds of KERN's pages it is set on, the hardest of each mode.
LIGHT_GROUND = Colour(0xED, 0xF1, 0xFA)
DARK_GROUND = Colour(0x1F, 0x23, 0x26)


def parse(text: str) -> Colour | None:
    """The colour that ``#rrggbb`` names; None for anything else."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return None
    return Colour(*(int(text[at : at + 2], 16) for at in (1, 3, 5)))


def luminance(colour: Colour) -> float:
    """0 for black to 1 for white."""

    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (linear(part) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """1 (the same) to 21 (black and white)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: Colour, *, dark: bool) -> Colour:
    """The colour itself where it can be read on our pages, else the nearest shade that can."""
    ground, end = (DARK_GROUND, 255) if dark else (LIGHT_GROUND, 0)
    for step in range(101):
        shade = Colour(*(round(part + (end - part) * step / 100) for part in colour))
        if contrast(shade, ground) >= ENOUGH:
            return shade
    raise AssertionError("black and white can always be read")  # pragma: no cover


def own_colour(dark: bool, value: str) -> Words | None:
    """Say so where a non-empty ``value`` is no colour, or cannot be read on our pages."""
    if not value:
        return None
    colour = parse(value)
    if colour is None:
        return Words(
            f'"{value}" ist keine Farbe; geschrieben wird sie so: "#1a3f8f".',
            f'"{value}" is no colour; it is written like this: "#1a3f8f".',
        )
    shade = readable(colour, dark=dark)
    if shade == colour:
        return None
    ground_de, ground_en = ("dunklem", "a dark") if dark else ("hellem", "a light")
    return Words(
        f'"{value}" ist auf {ground_de} Grund zu schwach zu lesen; "{shade.text}" ginge.',
        f'"{value}" cannot be read well on {ground_en} ground; "{shade.text}" would do.',
    )
