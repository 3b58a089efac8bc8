"""The networks answers go out on: how long a post may be there, and what can be done to it afterwards.

Posts nothing. The figures and their sources stand in ``playbooks.lengths``; this says which text goes where
and what can be done there: posts on Mastodon can be edited and deleted; those on Bluesky can be deleted, and
changed ones are not shown anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import quote

from crisis.playbooks.lengths import LENGTHS
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
                "mastodon",
                "Mastodon",
                "Mastodon",
                Way.EDITS,
                _SHORT,
                mastodon_length,
                LENGTHS["mastodon"].most,
                True,
            ),
            # The address goes along as a card and takes no room in the text.
            Network(
                "bluesky",
                "Bluesky",
                "Bluesky",
                Way.REMOVES,
                _SHORT,
                bluesky_length,
                LENGTHS["bluesky"].most,
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
                most=LENGTHS["facebook"].most,
                opens="https://www.facebook.com/sharer/sharer.php?u={link}",
            ),
            Network(
                "instagram",
                "Instagram",
                "Instagram",
                Way.HAND,
                _LONG,
                most=LENGTHS["instagram"].most,
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
                LENGTHS["x"].most,
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
                most=LENGTHS["telegram"].most,
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
