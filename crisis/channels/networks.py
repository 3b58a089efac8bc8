"""The networks answers go out on: how long a post may be there, and what can be done to it afterwards.

One table with its sources; posts nothing. ``playbooks.limits`` counts the texts authors write, this says
which of them goes where. Sources of the figures:

* Mastodon: 500 characters and 23 for every address, unless the instance says otherwise
  (``/api/v2/instance``: max_characters, characters_reserved_per_url);
  https://docs.joinmastodon.org/entities/Instance/. Posts can be edited and deleted.
* Bluesky: 300 graphemes and 3,000 bytes (lexicon ``app.bsky.feed.post``: maxGraphemes, maxLength);
  https://docs.bsky.app/docs/advanced-guides/posts. Posts can be deleted; changed ones are not shown anew.
* X: 280, weighted; https://docs.x.com/fundamentals/counting-characters.
* Telegram: 4,096 characters a message; https://core.telegram.org/bots/api#sendmessage.
* Instagram: 2,200 characters a caption;
  https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media.
* Facebook: 63,206 characters a post, said by Facebook in 2011 and still so in its apps.
* WhatsApp channels and Nextdoor publish no figure; none is checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import quote

from crisis.playbooks.limits import graphemes, x_weight

ADDRESS = re.compile(r"https?://[^\s<>\"„“”»«]*[^\s<>\"„“”»«.,:;!?'()\[\]]")
_MASTODON_ADDRESS = 23


class Way(StrEnum):
    """What can be done to a post that is out."""

    EDITS = "edits"  # its words can be changed
    REMOVES = "removes"  # it can only be taken away
    TELLS = "tells"  # it cannot be called back: a second message says what is new
    HAND = "hand"  # a person does everything there


@dataclass(frozen=True, slots=True)
class Network:
    """One place where answers go."""

    code: str
    de: str
    en: str
    way: Way
    texts: tuple[str, ...]  # which of the answer's texts it takes, the best first
    measure: Callable[[str], int] = graphemes
    most: int | None = None
    thread: bool = False  # a longer text becomes several posts
    link: bool = True  # the address of the public page goes into the text
    mail: bool = False  # goes to a list of readers, a mail each
    shape: str = "wide"  # of the share picture that suits it: ``channels.card.Shape``
    opens: str = ""  # where a person posts; {text} and {link} are put in

    def open_address(self, text: str, link: str) -> str:
        """Where a person goes to post ``text``, with it filled in where the network allows that."""
        return self.opens.format(text=quote(text, safe=""), link=quote(link, safe=""))


def mastodon_length(text: str) -> int:
    """As Mastodon counts: characters as people see them, every address as 23."""
    addresses = ADDRESS.findall(text)
    return graphemes(ADDRESS.sub("", text)) + _MASTODON_ADDRESS * len(addresses)


def bluesky_length(text: str) -> int:
    """As Bluesky counts: graphemes, and of 3,000 bytes every ten count as one."""
    return max(graphemes(text), -(-len(text.encode("utf-8")) // 10))


_SHORT = ("thread", "short", "long", "website")
_LONG = ("long", "website", "short")

NETWORKS: Mapping[str, Network] = MappingProxyType(
    {
        network.code: network
        for network in (
            Network(
                "mastodon", "Mastodon", "Mastodon", Way.EDITS, _SHORT, mastodon_length, 500, True
            ),
            # The address goes along as a card and takes no room in the text.
            Network(
                "bluesky",
                "Bluesky",
                "Bluesky",
                Way.REMOVES,
                _SHORT,
                bluesky_length,
                300,
                True,
                False,
            ),
            Network("press", "Presse", "Press", Way.TELLS, ("press", *_LONG), mail=True),
            Network("partners", "Partner", "Partners", Way.TELLS, (*_LONG, "press"), mail=True),
            Network(
                "webhook", "Anderes Programm", "Another program", Way.TELLS, ("website", *_SHORT)
            ),
            Network(
                "facebook",
                "Facebook",
                "Facebook",
                Way.HAND,
                _LONG,
                most=63_206,
                opens="https://www.facebook.com/sharer/sharer.php?u={link}",
            ),
            Network(
                "instagram",
                "Instagram",
                "Instagram",
                Way.HAND,
                _LONG,
                most=2_200,
                shape="square",
                opens="https://www.instagram.com/",
            ),
            Network(
                "x",
                "X",
                "X",
                Way.HAND,
                ("short", "thread"),
                x_weight,
                280,
                thread=True,
                opens="https://x.com/intent/post?text={text}",
            ),
            Network(
                "whatsapp",
                "WhatsApp-Kanal",
                "WhatsApp channel",
                Way.HAND,
                ("long", "short", "website"),
                opens="https://web.whatsapp.com/",
            ),
            Network(
                "telegram",
                "Telegram",
                "Telegram",
                Way.HAND,
                _LONG,
                most=4_096,
                opens="https://t.me/share/url?url={link}&text={text}",
            ),
            Network(
                "nextdoor",
                "Nextdoor",
                "Nextdoor",
                Way.HAND,
                _LONG,
                opens="https://nextdoor.de/news_feed/",
            ),
        )
    }
)
MAILED = tuple(code for code, network in NETWORKS.items() if network.mail)
BY_HAND = tuple(code for code, network in NETWORKS.items() if network.way is Way.HAND)
