"""From bytes to posts: which reader fits, and one clear error if none does.

Pure, and exact about types, but not about time: hostile bytes may take long. ``reader`` runs this in
a process that can be ended.
"""

from __future__ import annotations

from dataclasses import replace

from crisis.errors import FeedError
from crisis.sources import jsonfeed, remarks, sniff, xmlfeed
from crisis.sources.charset import decode
from crisis.types import FeedContent


def read(body: bytes, *, url: str = "", content_type: str = "") -> FeedContent:
    """The feed in ``body``: RSS, RDF, Atom, CDF or JSON Feed; its posts newest first.

    ``url`` (after redirects) resolves relative links, ``content_type`` is what the server said.
    An ill-formed but usable feed yields its posts and a remark. Raises FeedError for anything else,
    telling what it seems to be.
    """
    text, falsely = decode(body, content_type)
    if not text.strip("\ufeff \t\r\n\0"):
        raise sniff.no_feed(body, text, url)
    if sniff.looks_like_json(text):
        return jsonfeed.read(text.lstrip("\ufeff"), url=url)
    root = sniff.root_of(text)
    if sniff.is_html(text) or root in ("alert", "edxldistribution", "opml"):
        raise sniff.no_feed(body, text, url)
    content = _read_xml(text, url, root) if "<" in text else None
    if content is None:
        raise sniff.no_feed(body, text, url)
    if falsely:
        return replace(content, remarks=(*content.remarks, remarks.ENCODING.format(falsely)))
    return content


def _read_xml(text: str, url: str, root: str) -> FeedContent | None:
    try:
        return xmlfeed.read(text, url=url, root=root)
    except FeedError:
        raise
    except MemoryError:
        raise
    except Exception as error:  # whatever a parser trips over, it is the feed that is unusable
        raise FeedError(
            "Der Feed ist so beschädigt, dass sich kein Beitrag lesen lässt. "
            "Bitte den Betreiber der Quelle darauf hinweisen.",
            "The feed is too damaged to read a post from. Please tell whoever runs the source.",
        ) from error
