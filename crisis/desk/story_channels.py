"""What happened to an answer on its channels, and to what was promised about it, as sentences of the log.

Words only: ``story`` puts them among the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from crisis.channels.networks import NETWORKS
from crisis.desk import words
from crisis.desk.words import _
from crisis.types import AuditEntry, Person


def _of_channel(entry: AuditEntry, _people: Mapping[int, Person]) -> str:
    """ "Mastodon: gescheitert." """
    network = NETWORKS.get(str(entry.after.get("channel")))
    name = words.either((network.de, network.en)) if network else _("Kanal")
    return f"{name}: {_said(words.language())[entry.action]}"


@cache  # made once in each language
def _said(_lang: str) -> dict[str, str]:
    return {
        "publication.sent": _("erledigt."),
        "publication.failed": _("gescheitert."),
        "publication.cancelled": _("geht nicht mehr hinaus."),
        "publication.again": _("noch einmal versucht."),
        "publication.stopped": _("soll dort nicht hinaus."),
        "publication.done_by_hand": _("von Hand erledigt und abgehakt."),
        "publication.not_done": _("Häkchen zurückgenommen."),
    }


ACTIONS = (
    "publication.sent",
    "publication.failed",
    "publication.cancelled",
    "publication.again",
    "publication.stopped",
    "publication.done_by_hand",
    "publication.not_done",
)
DETAILED: Mapping[str, Callable[[AuditEntry, Mapping[int, Person]], str]] = dict.fromkeys(
    ACTIONS, _of_channel
)


def sentences() -> dict[str, str]:
    """Those that need no more than the action."""
    return {
        "publication.queued": _("Antwort auf ihre Kanäle gegeben."),
        "publication.taken_back": _("Antwort auf allen Kanälen zurückgenommen."),
        "subscriber.added": _("In den Verteiler aufgenommen und um Zustimmung gebeten."),
        "subscriber.asked_again": _("Noch einmal um Zustimmung gebeten."),
        "subscriber.confirmed": _("Dem Verteiler zugestimmt."),
        "subscriber.left": _("Den Verteiler verlassen."),
        "subscriber.moved": _("Auf den anderen Verteiler gesetzt."),
        "subscriber.removed": _("Aus dem Verteiler genommen."),
        "update.promised": _("Nächste Meldungen angekündigt."),
        "update.replaced": _("Andere Meldungen angekündigt."),
        "update.confirmed": _("Angekündigte Meldung bestätigt: Die Auskunft stimmt noch."),
        "update.left_out": _("Angekündigte Meldung ausgelassen."),
        "update.paused": _("Angekündigte Meldungen angehalten."),
        "update.paused_by_itself": _(
            "Angekündigte Meldungen angehalten: Mehrere wurden nicht bestätigt."
        ),
        "update.resumed": _("Angekündigte Meldungen gehen weiter."),
        "update.stopped": _("Angekündigte Meldungen beendet."),
        "update.ended": _("Keine Meldungen mehr: Die Antwort ist zurückgezogen."),
        "update.carried_over": _("Angekündigte Meldungen gehen mit der neuen Fassung weiter."),
        "update.missed": _("Eine angekündigte Meldung wurde nicht bestätigt und ist ausgefallen."),
    }


def actions() -> dict[str, str]:
    """What those of a channel are called where many are listed."""
    said = _said(words.language())
    return {name: f"{_('Kanal')}: {said[name]}" for name in ACTIONS}
