"""Edge: tell a WebSub hub that our feeds have changed. docs/operate/public.md describes it.

The specification leaves open how a publisher speaks to its hub (W3C Recommendation, 23 January 2018, section
6); what the public hubs take is the form of PubSubHubbub 0.4: ``hub.mode=publish`` and one ``hub.url`` a
feed. Twice does no harm: the hub fetches the feeds and passes on what is new.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from crisis.channels.wire import Wire, refusal


class Hub:
    """One hub. Fills ``interfaces.Hub``. ``feeds``: the addresses our readers subscribe to."""

    def __init__(self, wire: Wire, url: str, feeds: Sequence[str]) -> None:
        self._wire, self._url, self._feeds = wire, url, tuple(feeds)

    def tell(self) -> None:
        """Say that the feeds have changed. Raises ChannelError."""
        said = [("hub.mode", "publish"), *(("hub.url", feed) for feed in self._feeds)]
        reply = self._wire.ask(
            "POST",
            self._url,
            body=urlencode(said).encode(),
            content_type="application/x-www-form-urlencoded",
        )
        if not 200 <= reply.status < 300:
            raise refusal(reply, urlsplit(self._url).hostname or self._url)
