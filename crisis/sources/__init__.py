"""WHERE POSTS COME FROM: from an address to posts that are new. Fetching is not reading.

Read in this order::

    kinds       what kinds there are, and how each is asked      (mastodon, bluesky, jetstream)
    timetable   when a source is asked next
    fetch       E  an address -> bytes            (dial E, addresses, network, unpack, refusals)
    reader      E  bytes -> FeedContent, in a process that can be ended   (worker is that process)
    reading        bytes -> FeedContent           (charset, sniff, xmlfeed, jsonfeed, markup, entries)
    statuses       Mastodon's answers -> FeedContent; bluesky reads its own
    factchecks     what fact-check desks publish -> FeedContent.checks
    nina  cap      official warnings -> FeedContent.bulletin   (warned, area, signed, bulletins)
    follow      E  streams, heard by threads      (hear_jetstream, hear_mastodon, hear_mailbox; basket)
    again          whether a post still stands
    hub            feeds whose hub pushes         (knock E)
    news           FeedContent -> which posts are new, which were edited

E marks an edge; everything else is pure. This file only says which module reads which kind of source:
a new kind is one module and one line in ``read``. It imports none of them before it is asked, because
feedparser and lxml are needed in the reader's process alone.

Not here: what is remembered of a source (``store``) and the order of the steps (``workflows/watch``).
"""

from __future__ import annotations

from crisis.types import FeedContent, SourceKind


def read(
    kind: SourceKind,
    body: bytes,
    *,
    url: str = "",
    content_type: str = "",
    asked: str = "",
    certificate: str = "",
) -> FeedContent:
    """The posts in ``body``, which came from ``url``. Raises FeedError if it is no such source.

    For warnings: ``asked`` is the source's own address, ``certificate`` what must have signed them.
    """
    match kind:
        case SourceKind.FEED:
            from crisis.sources import reading

            return reading.read(body, url=url, content_type=content_type)
        case SourceKind.MASTODON:
            from crisis.sources import statuses

            return statuses.read(body, url=url)
        case SourceKind.BLUESKY:
            from crisis.sources import bluesky

            return bluesky.read(body)
        case SourceKind.FACT_CHECKS:
            from crisis.sources import factchecks

            return factchecks.read(body, url=url, content_type=content_type)
        case SourceKind.NINA:
            from crisis.sources import nina

            return nina.read(body, url=url)
        case SourceKind.CAP:
            from crisis.sources import cap

            return cap.read(body, url=url, asked=asked, certificate=certificate)
        case SourceKind.MAILBOX:
            from crisis.sources import alertmail

            return alertmail.read(body)
        case SourceKind.JETSTREAM:
            raise ValueError("a stream is heard, not read: see follow")
        case SourceKind.PUSH:
            raise ValueError("posts are handed in, not fetched: see pushed")
