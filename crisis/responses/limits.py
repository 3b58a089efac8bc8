"""How long an answer may be on each channel, as an answer needs it: filled and as readers get it.

The table of channels and the counting itself stand in ``playbooks.limits``, since a playbook is
checked against the same figures before anybody answers with it.
"""

from __future__ import annotations

from collections.abc import Mapping

from crisis.playbooks.blanks import fill
from crisis.playbooks.limits import (
    CHANNELS,
    Channel,
    Size,
    SmsSize,
    channel_code,
    check,
    graphemes,
    length,
    sizes,
    sms,
    x_weight,
)
from crisis.playbooks.render import to_text

__all__ = [
    "CHANNELS",
    "Channel",
    "Size",
    "SmsSize",
    "channel_code",
    "check",
    "check_filled",
    "graphemes",
    "length",
    "sizes",
    "sms",
    "x_weight",
]


def check_filled(
    texts: Mapping[str, str], values: Mapping[str, str]
) -> dict[str, list[tuple[str, str]]]:
    """For every channel whose text is too long once filled: why, as sentences (de, en).

    ``texts`` is Markdown with blanks, channel by channel, as ``Response.texts``.

    Raises:
        InvalidInputError: a blank has no value.
    """
    found = {
        channel: check(channel, to_text(fill(text, values))) for channel, text in texts.items()
    }
    return {channel: sentences for channel, sentences in found.items() if sentences}
