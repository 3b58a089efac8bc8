"""How long a text may be, place by place: the one table of figures, each with its source. Counts nothing.

``limits`` binds the texts of playbooks to it, ``channels.networks`` what goes out. What a Mastodon server
says of itself goes before the figure here (``max_characters`` of ``/api/v2/instance``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Length:
    """The most a place takes. ``unit``: in what it is counted."""

    most: int
    unit: str
    source: str


LENGTHS: Mapping[str, Length] = MappingProxyType(
    {
        # Code points of most alphabets weigh one, others two, every address 23, emoji two.
        "x": Length(
            280, "weighted characters", "https://docs.x.com/fundamentals/counting-characters"
        ),
        # maxGraphemes of the lexicon app.bsky.feed.post; and 3,000 bytes, maxLength.
        "bluesky": Length(300, "graphemes", "https://docs.bsky.app/docs/advanced-guides/posts"),
        # Every address counts 23 (characters_reserved_per_url).
        "mastodon": Length(500, "characters", "https://docs.joinmastodon.org/entities/Instance/"),
        # Of the GSM alphabet, 70 of UCS-2; in messages of several parts 153 and 67 a part. { } [ ] ~ \\ ^ |
        # and the euro sign take two.
        "sms": Length(160, "GSM characters", "3GPP TS 23.038 (6.2.1), TS 23.040 (9.2.3.24.1)"),
        "instagram": Length(
            2_200,
            "characters",
            "https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media",
        ),
        "telegram": Length(4_096, "characters", "https://core.telegram.org/bots/api#sendmessage"),
        "facebook": Length(
            63_206, "characters", "said by Facebook in 2011 and still so in its apps"
        ),
        # WhatsApp channels and Nextdoor publish no figure; none is checked.
    }
)
