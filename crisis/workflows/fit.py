"""What is known of an incident and its playbooks when answers are ranked: load -> clues. Ranks nothing."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from crisis.channels.networks import NETWORKS
from crisis.channels.reply import network_of
from crisis.incidents.course import FEWEST_BEFORE
from crisis.interfaces import Store
from crisis.responses.suggest import Clues

AROUND = 6  # hours before and after a release that are compared


def clues(store: Store, incident_id: int, now: datetime) -> Clues:
    """On which networks the newest posts stand, and what became of earlier answers."""
    codes = Counter(network_of(url) for url in store.incidents.post_addresses(incident_id))
    return Clues(
        networks={NETWORKS[code].de: count for code, count in codes.items() if code},
        past=store.responses.past(now, hours=AROUND, fewest=FEWEST_BEFORE),
    )
