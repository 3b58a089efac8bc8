"""WebSub from the subscriber's side (W3C Recommendation, 23 January 2018): what is said, what is believed.

Pure. A feed names its hub; the hub is asked to push, proves by a challenge that it means us, and signs what
it pushes. Address and secret are made from the installation's key and each subscription's own number, so that
neither lies in the database. Publishing to a hub is ``channels.websub``.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from urllib.parse import urljoin

from crisis.types import FeedContent, Fetched, HubLease

WANTED = timedelta(days=10)  # the lease that is asked for
SHORTEST = timedelta(minutes=10)  # leases are taken as at least so long, or we would ask all day
LONGEST = timedelta(days=90)
_METHODS = {"sha1", "sha256", "sha384", "sha512"}
_LINK = re.compile(r'<([^<>]{1,2000})>((?:\s*;\s*[^,;"]+(?:"[^"]*")?)*)')
_REL = re.compile(r'\brel\s*=\s*"?([^";]+)', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Callbacks:
    """Where hubs reach us. ``base_url``: how the public reaches this installation, without a slash."""

    key: bytes
    base_url: str

    def address(self, lease: HubLease) -> str:
        """The secret address for one subscription."""
        return f"{self.base_url}/websub/{lease.id}/{self._made('callback', lease)[:40]}"

    def fits(self, lease: HubLease, mark: str) -> bool:
        """Whether this is that address's last part."""
        return hmac.compare_digest(self._made("callback", lease)[:40].encode(), mark.encode())

    def secret(self, lease: HubLease) -> str:
        """What the hub signs with."""
        return self._made("secret", lease)

    def _made(self, purpose: str, lease: HubLease) -> str:
        text = f"websub {purpose} {lease.id} {lease.nonce}"
        return hmac.new(self.key, text.encode(), sha256).hexdigest()


def discovered(fetched: Fetched, content: FeedContent) -> tuple[str, str]:
    """Hub and topic of a feed, ("", "") if it has no hub. Headers go before what the feed says."""
    said: dict[str, str] = {}
    for target, attributes in _LINK.findall(fetched.link[:4_000]):
        rel = _REL.search(attributes)
        for name in rel[1].lower().split() if rel else ():
            said.setdefault(name, urljoin(fetched.url, target.strip()))
    hub = said.get("hub", content.hub)
    topic = said.get("self", content.topic) or fetched.url
    if not hub.startswith(("https://", "http://")) or not topic.startswith(("https://", "http://")):
        return "", ""
    return hub, topic


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether ``X-Hub-Signature`` ("sha256=…") is right. Compared in constant time."""
    method, _, given = signature.strip().partition("=")
    method = method.strip().lower()
    if method not in _METHODS:
        return False
    right = hmac.new(secret.encode(), body, method).hexdigest()
    return hmac.compare_digest(right.encode(), given.strip().lower().encode())


def lease_of(seconds: str) -> timedelta:
    """The lease a hub gives, within reason; what we asked for where it says none."""
    if not (seconds.isascii() and seconds.isdigit()):
        return WANTED
    return min(max(timedelta(seconds=int(seconds[:12])), SHORTEST), LONGEST)


def asking(lease: HubLease, address: str, secret: str) -> dict[str, str]:
    """What is posted to the hub; ``address`` and ``secret`` are this subscription's own."""
    form = {
        "hub.mode": "unsubscribe" if lease.leaving else "subscribe",
        "hub.topic": lease.topic,
        "hub.callback": address,
    }
    if not lease.leaving:
        form["hub.secret"] = secret
        form["hub.lease_seconds"] = str(int(WANTED.total_seconds()))
    return form
