"""Who writes the authority's mails: made of what it has settled, in one place for all of them."""

from __future__ import annotations

from crisis.alerts.draft import Sender
from crisis.interfaces import Terms


def sender(terms: Terms) -> Sender:
    """The sender of every mail."""
    return Sender(authority=terms.authority, zone=terms.timezone, domain=terms.mail_domain)
