"""An answer as a reply to somebody's post: on which network the post stands, and what is said below it.

Pure. The words are those of the playbook's comment variant; without one nobody replies.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from crisis.channels.plan import Going, Outlet, Piece
from crisis.errors import InvalidInputError
from crisis.playbooks.blanks import fill, fill_plain
from crisis.playbooks.render import to_text
from crisis.types import Response

VARIANT = "comment"
TURN = -1  # of the publication; its part is the number of the sighting: one reply a post and answer
_BLUESKY = re.compile(r"/profile/[^/]+/post/[^/]+/?")
_MASTODON = re.compile(r"/(@[\w.-]+(@[\w.-]+)?/\d+|users/[\w.-]+/statuses/\d+)/?")


def network_of(url: str) -> str:
    """The code of the network whose post stands at this address; "" for any other page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme != "https" or not parts.hostname:
        return ""
    if parts.hostname == "bsky.app":
        return "bluesky" if _BLUESKY.fullmatch(parts.path) else ""
    return "mastodon" if _MASTODON.fullmatch(parts.path) else ""


def reply(outlet: Outlet, response: Response, going: Going, url: str) -> Piece:
    """One post below ``url``: with the page's address where that fits.

    Raises InvalidInputError where the answer has no words for it, or too many.
    """
    network, link = outlet.network, going.link(response)
    words = response.texts.get(VARIANT, "").strip()
    if not words:
        raise InvalidInputError(
            "Diese Antwort hat keinen Text für Kommentare. Die Vorlage braucht den Abschnitt „Kommentar“.",
            "This answer has no text for comments. The playbook needs a section “comment”.",
        )
    text = to_text(fill(words, response.values))
    tried = (f"{text}\n\n{link}", text) if link and network.link else (text,)
    most = outlet.limit
    for said in tried:
        if most is None or network.measure(said) <= most:
            title = fill_plain(response.title, response.values)
            more = {"title": title, "lang": response.lang, "link": link, "reply_to": url}
            return Piece(text=said, more=more)
    raise InvalidInputError(
        f"Für {network.de} ist der Kommentar zu lang ({network.measure(text)} von {most}).",
        f"The comment is too long for {network.en} ({network.measure(text)} of {most}).",
    )
