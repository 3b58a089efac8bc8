"""Settings that follow their file: read anew when it has changed, without a restart.

What the processes need to start with ([desk], and the folder) stays as it was until they start again. A
file that cannot be used changes nothing: the last good settings hold, and ``problem`` says why.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from crisis.errors import SettingsError
from crisis.settings.reading import FILE_NAME, load
from crisis.settings.table import Settings


class FreshSettings:
    """The settings as they hold now. One a process; ``look`` costs one question to the file system."""

    def __init__(
        self, instance: Path, environ: Mapping[str, str], settings: Settings | None = None
    ) -> None:
        """Raises SettingsError where the settings cannot be used at the start."""
        self._instance = instance
        self._environ = environ
        self._stamp = self._now()
        self.now = load(instance, environ) if settings is None else settings
        self.problem: SettingsError | None = None

    def look(self) -> bool:
        """Take what the file says if it has changed; True if other settings hold from now on."""
        stamp = self._now()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            read = load(self._instance, self._environ)
        except SettingsError as error:
            self.problem = error
            return False
        self.problem = None
        read = dataclasses.replace(read, desk=self.now.desk)
        changed = read != self.now
        self.now = read
        return changed

    def _now(self) -> tuple[int, int]:
        try:
            found = (self._instance / FILE_NAME).stat()
        except OSError:
            return (0, 0)
        return found.st_mtime_ns, found.st_size
