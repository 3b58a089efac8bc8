"""Edge: mails as files in a folder, for an authority without a mail server and for every exercise.

``FolderMailer`` writes them, ``Postroom`` decides by one rule which mail goes where: what an exercise
made never leaves the machine. Does not show them (the desk) nor tidy them away.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC
from pathlib import Path

from crisis.alerts.message import message
from crisis.errors import CrisisError, MailError, PermanentMailError
from crisis.interfaces import Mailer
from crisis.types import Alert

_EXERCISE = "-uebung.eml"  # how the names of an exercise's mails end


class FolderMailer:
    """Writes each mail as ``<time>-<id>.eml``, whole or not at all. Fills ``interfaces.Mailer``."""

    def __init__(self, path: Path, *, sender: str = "", authority: str = "") -> None:
        self._path = path
        self._sender = sender or "klarstellung@localhost"
        self._authority = authority

    def send(self, alert: Alert, go: Callable[[], None] | None = None) -> None:
        """Write the mail. The same alert written twice is one file."""
        try:
            body = message(alert, self._sender, None, self._authority).as_bytes()
        except CrisisError as error:
            raise PermanentMailError(error.de, error.en) from error
        if go is not None:
            go()
        try:
            self._write(self._path / file_name(alert), body)
        except OSError as error:
            raise MailError(
                f"Die Mail lässt sich nicht nach {self._path} schreiben: {error.strerror}.",
                f"The mail cannot be written to {self._path}: {error.strerror}.",
            ) from error

    def together(self) -> AbstractContextManager[None]:
        """Files have nothing to share."""
        return nullcontext()

    def forget_exercise(self) -> int:
        """Delete the mails of exercises; says how many."""
        found = list(self._path.glob(f"*{_EXERCISE}")) if self._path.is_dir() else []
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    def _write(self, target: Path, body: bytes) -> None:
        # Only the program's own user may read them: they hold links that work without signing in.
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        except OSError:
            with suppress(OSError):
                Path(name).unlink()
            raise


class Postroom:
    """Where every mail passes: real ones go out by ``outside``, those of an exercise stay in ``folder``,
    but for those of a drill of the team, which travel to the people who practise.

    Fills ``interfaces.Mailer``. Without a mail server, ``outside`` is the folder as well.
    """

    def __init__(self, outside: Mailer, folder: FolderMailer) -> None:
        self._outside = outside
        self._folder = folder

    def send(self, alert: Alert, go: Callable[[], None] | None = None) -> None:
        """Hand the mail on; raises what the one it goes to raises."""
        stays = alert.drill and not alert.travels
        (self._folder if stays else self._outside).send(alert, go)

    def together(self) -> AbstractContextManager[None]:
        """Several mails one after the other, as the way outside likes it."""
        return self._outside.together()

    def forget_exercise(self) -> int:
        """Delete the mails of exercises, which all lie in the folder; says how many."""
        return self._folder.forget_exercise()


def file_name(alert: Alert) -> str:
    """The file's name: by time of writing (UTC), then by id, so that a listing is in order."""
    end = _EXERCISE if alert.drill else ".eml"
    return f"{alert.created.astimezone(UTC):%Y%m%dT%H%M%SZ}-{alert.id:06d}{end}"
