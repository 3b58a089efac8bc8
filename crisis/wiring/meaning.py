"""Which encoder compares meaning, and where its vectors are remembered."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crisis.errors import ModelError
from crisis.settings import Settings
from crisis.types import Rumour

if TYPE_CHECKING:
    from crisis.matching import Encoder

log = logging.getLogger("crisis.matching")


class Meaning:
    """The encoder that the settings name, opened when first asked; remembers the catalogue's vectors."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._opened = False
        self._encoder: Encoder | None = None

    def __call__(self) -> Encoder | None:
        """The encoder, or None without one; one that cannot be used is named in the log, once."""
        if not self._opened:
            self._opened = True
            try:
                self._encoder = encoder(self._settings.matching.encoder)
            except ModelError as error:
                log.warning("%s", error.de)
        return self._encoder

    def of(self, rumours: Sequence[Rumour]) -> Encoder | None:
        """The encoder, with the vectors of ``rumours`` at hand."""
        found = self()
        if found is None:
            return None
        from crisis.encoders.remembered import Remembered
        from crisis.matching.index import texts_of

        remembering = Remembered(found, self._settings.instance / "vectors.bin")
        remembering.remember(texts_of(rumours))
        return remembering


def encoder(
    choice: str, vectors: Path | None = None, rumours: Iterable[Rumour] = ()
) -> Encoder | None:
    """The encoder that is called "auto" (what was installed along), "none", or is in this folder.

    With a file of ``vectors`` it remembers those of ``rumours`` there. Raises ModelError where the
    folder cannot be used.
    """
    if choice == "none":
        return None
    if choice == "auto":
        from crisis.encoders.packaged import packaged

        found: Encoder | None = packaged()
    else:
        from crisis.encoders.folder import open_folder

        found = open_folder(Path(choice).expanduser())
    if found is None or vectors is None:
        return found
    from crisis.encoders.remembered import Remembered
    from crisis.matching.index import texts_of

    remembering = Remembered(found, vectors)
    remembering.remember(texts_of(rumours))
    return remembering


def encoder_parts(choice: str) -> list[Encoder]:
    """The encoders that the chosen one is the mean of, each taught by a part of the posts; or none.

    Only the packaged encoder, and a folder with adapters, have some.
    """
    from crisis.encoders.folder import ADAPTERS
    from crisis.encoders.packaged import TAUGHT, is_installed, parts_of

    taught = TAUGHT if choice == "auto" else Path(choice).expanduser() / ADAPTERS
    return [*parts_of(taught)] if is_installed() and taught.is_file() else []
