"""The catalogue ready to be compared with posts, one for all requests of a process."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from crisis import interfaces
from crisis.settings import Settings
from crisis.store import Store
from crisis.types import Rumour
from crisis.wiring import clock
from crisis.wiring.meaning import Meaning
from crisis.wiring.settled import terms

if TYPE_CHECKING:
    from crisis.matching import Bands, Encoder, Index, Model


log = logging.getLogger("crisis.matching")


class Catalogue:
    """The catalogue's index, brought up to date when catalogue, day, model or thresholds have changed.

    One for all requests of a process that serve the same installation: see ``catalogue``.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._built: Index | None = None
        self._state: tuple[str, date, int, int] | None = None
        self._meaning = Meaning(settings)
        self._building = Lock()

    def of(self, store: Store) -> interfaces.Index:
        """The index, as this store (of the same file) sees the catalogue now."""
        with self._building:  # a second request waits for what the first one makes
            self._store = store
            return self()

    def __call__(self) -> interfaces.Index:
        today = terms(self._settings).today(clock.now())
        use, held = self._store.models.in_use(), self._store.thresholds.in_use()
        state = (
            self._store.rumours.stamp(),
            today,
            use.id if use else 0,
            held.id if held else 0,
        )
        if self._built is None or state != self._state:
            self._built = self._build(today)
            self._state = state
        return self._built

    def _build(self, today: date) -> Index:
        from crisis.workflows import learn, tune

        rumours = self._store.rumours.all()
        encoder = self._meaning.of(rumours)
        self._tell(encoder)
        chosen = learn.in_use(self._store)
        if chosen.problem is not None:
            log.warning("%s", chosen.problem.de)
        model = chosen.model
        bands = tune.bands(self._store, model, len(rumours), terms(self._settings))
        return self._index(rumours, model, bands, today, encoder)

    def _tell(self, encoder: Encoder | None) -> None:
        """Let every process know whether meaning counts: learning and thresholds depend on it."""
        from crisis.workflows.judge import MEANING

        name = "" if encoder is None else encoder.name
        if self._store.facts.get(MEANING) != name:
            with self._store.transaction():
                self._store.facts.set(MEANING, name)

    def _index(
        self,
        rumours: Sequence[Rumour],
        model: Model,
        bands: Bands,
        today: date,
        encoder: Encoder | None,
    ) -> Index:
        """Read only what neither the index in use nor the file of an earlier start has read."""
        from crisis.matching import Index
        from crisis.matching.kept import keep, left_behind

        file = self._settings.instance / "matching.index"
        if self._built is None:
            index = Index.load(
                left_behind(file), rumours, model=model, bands=bands, today=today, encoder=encoder
            )
        else:
            index = Index.build(
                rumours,
                model=model,
                bands=bands,
                today=today,
                like=self._built,
                encoder=encoder,
            )
        if index.newly_read:
            keep(index, file)
        return index


_catalogues: dict[tuple[Path, object], Catalogue] = {}


_MOST_CATALOGUES = 4  # a process serves one installation; tests open many, one after the other


def catalogue(store: Store, settings: Settings) -> Callable[[], interfaces.Index]:
    """Ask it for the index. What a process has once built for an installation serves all its requests."""
    key = (settings.database, settings.matching)
    if key not in _catalogues and len(_catalogues) >= _MOST_CATALOGUES:
        _catalogues.clear()
    shared = _catalogues.setdefault(key, Catalogue(store, settings))
    return lambda: shared.of(store)
