"""Which store, mailer, fetcher, folder and clock: the one place that names concrete edges.

Decides nothing else. Doors (desk, command line) ask it for a ``House``; workflows see only the seams::

    clock      the present moment         storage    database, playbook folder
    settled    settings -> Terms          network    fetching, reading
    mails      mail server, links         outlets    channels for answers
    index      the catalogue, compared    meaning    the encoder
    pictures   reports, share pictures    beginnings what a new installation is given
    pulse      how the house itself does
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crisis import interfaces
from crisis.playbooks.folder import Folder
from crisis.settings import Settings, load
from crisis.store import Store
from crisis.wiring import clock
from crisis.wiring.beginnings import (
    EXERCISE,
    load_examples,
    scenario,
    scenarios,
    script,
    setup_link,
)
from crisis.wiring.clock import now
from crisis.wiring.index import Catalogue, catalogue
from crisis.wiring.mails import dkim_record, inbox, links, mailer, new_dkim_key, outside
from crisis.wiring.meaning import encoder
from crisis.wiring.network import (
    FEED_PATH,
    LazyFetch,
    LazyReader,
    LazyStreams,
    callbacks,
    knock,
)
from crisis.wiring.outlets import ask_subscriber, bell, channels, going, hub, list_links
from crisis.wiring.pictures import card, share_picture, sources, typeset
from crisis.wiring.pulse import vitals
from crisis.wiring.settled import terms
from crisis.wiring.storage import Shelf, commit, open_store, store_pool

if TYPE_CHECKING:
    from crisis.alerts.links import AcknowledgeLinks

# In the order of the flow.
__all__ = [  # noqa: RUF022
    "House",
    "house",
    # clock
    "now",
    # storage
    "commit",
    "open_store",
    "store_pool",
    # settled
    "terms",
    # network
    "FEED_PATH",
    "LazyFetch",
    # mails
    "mailer",
    "outside",
    # pulse
    "vitals",
    # mails
    "inbox",
    "dkim_record",
    "new_dkim_key",
    # pictures
    "typeset",
    "card",
    "share_picture",
    "sources",
    # outlets
    "list_links",
    "going",
    # meaning
    "encoder",
    # index
    "Catalogue",
    "catalogue",
    # beginnings
    "EXERCISE",
    "setup_link",
    "load_examples",
    "scenario",
    "scenarios",
    "script",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class House(interfaces.House):
    """A workflow's world with what only doors need on top."""

    store: Store
    settings: Settings
    folder: Folder
    links: AcknowledgeLinks

    def close(self) -> None:
        """Let go of the database and of the process that reads feeds."""
        if self.streams is not None:
            self.streams.close()
        self.reader.close()
        self.store.close()

    def now(self) -> datetime:
        """The one clock."""
        return clock.now()

    def today(self) -> date:
        """The authority's calendar day."""
        return self.terms.today(clock.now())


def house(
    instance: Path,
    environ: Mapping[str, str],
    *,
    settings: Settings | None = None,
    store: Store | None = None,
) -> House:
    """Everything plugged in. ``settings`` and ``store`` are opened here unless they are given.

    Raises SettingsError, StoreError.
    """
    settings = settings or load(instance, environ)
    store = store or open_store(settings)
    folder = Folder(settings.playbook_folder)
    speakers = channels(settings, store)
    reader = LazyReader(settings)
    return House(
        store=store,
        settings=settings,
        folder=folder,
        fetch=LazyFetch(settings),
        reader=reader,
        streams=LazyStreams(settings, reader),
        knock=knock(settings),
        callbacks=callbacks(settings),
        mailer=mailer(settings),
        links=links(settings),
        shelf=Shelf(folder),
        index=catalogue(store, settings),
        terms=terms(settings),
        channels=speakers,
        hub=hub(settings),
        bell=bell(settings),
        ask_subscriber=ask_subscriber(speakers),
    )
