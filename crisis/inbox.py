"""Edge: one folder of a mailbox, read by IMAP. Knows nothing of what mails mean.

Mails are asked for by number (UID), from the one after the last that was read; a mailbox that numbers its
mails anew (UIDVALIDITY) says so. Reading marks nothing as seen: whoever has dealt with a mail says so
itself. No mail is taken beyond ``most`` bytes, and no answer beyond ``BUDGET`` at once.

Errors come out as InboxError; its ``retry`` says whether the same call may succeed later by itself.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from io import BufferedReader
from threading import Event, Lock
from typing import Any, TypeVar, cast

from imap_tools import AND, BaseMailBox, MailBox, MailBoxUnencrypted, U
from imap_tools.errors import (
    ImapToolsError,
    MailboxFolderSelectError,
    MailboxLoginError,
    MailboxMoveError,
    UnexpectedCommandStatusError,
)

from crisis.errors import InboxError, RefusedInboxError
from crisis.types import InboxMail, InboxMark, Mailbag

BUDGET = 20_000_000  # bytes of mail in one answer; what is left comes with the next
LONGEST_WAIT = 25 * 60.0  # seconds; RFC 2177 asks to begin anew before half an hour is over
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
# RFC 5530: a refused sign-in with one of these is a matter of time.
_PASSING = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG|CONTACTADMIN)\]", re.IGNORECASE)

_Result = TypeVar("_Result")


class ImapInbox:
    """One folder of a mailbox. Fills ``interfaces.Inbox``; for one thread at a time, but for ``close``."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: str,
        user: str,
        password: str,
        folder: str = "INBOX",
        timeout: float = 20,
        most: int = 2_000_000,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """``security`` is "tls", "starttls" or "none"; ``timeout`` is in seconds for each answer.

        ``most`` bytes of a mail are read. ``context`` replaces the system's trust in certificates; they
        are always verified.
        """
        if security not in ("starttls", "tls", "none"):
            raise ValueError(f"unknown security: {security!r}")
        self._host, self._port, self._security = host, port, security
        self._user, self._password, self._folder = user, password, folder
        self._timeout, self._most, self._context = timeout, most, context
        self._box: BaseMailBox | None = None
        self._numbering = 0  # UIDVALIDITY of the folder that is open
        self._closing = Event()
        self._talking = Lock()

    def fetch(
        self, after: InboxMark | None, *, limit: int = 50, since: date | None = None
    ) -> Mailbag:
        """Up to ``limit`` mails after this mark, the oldest first; None: from the first one.

        Without a mark, or where the folder was numbered anew, ``since`` leaves out what arrived before
        that day. The bag's mark is that of the last mail in it.
        """
        return self._asked(lambda box: self._fetched(box, after, limit, since))

    def seen(self, uids: Iterable[int]) -> None:
        """Mark these mails as seen; those that are gone are passed over."""
        numbers = _joined(uids)
        if numbers:
            self._asked(
                lambda box: _done(box.client.uid("STORE", numbers, "+FLAGS.SILENT", r"(\Seen)"))
            )

    def move(self, uids: Iterable[int], folder: str) -> None:
        """Put these mails into another folder of the mailbox. Raises RefusedInboxError if there is none."""
        numbers = _joined(uids)
        if numbers:
            self._asked(lambda box: box.move(numbers, folder))

    def wait(self, seconds: float) -> bool:
        """Wait until the mailbox says that something came, or ``seconds`` are over; True: have a look.

        A server that does not speak of itself (IDLE) is waited for in full, and then worth a look.
        """
        seconds = min(seconds, LONGEST_WAIT)
        return self._asked(lambda box: self._waited(box, seconds))

    def close(self) -> None:
        """Say goodbye. Another thread that waits here comes back with InboxError at once."""
        self._closing.set()
        box = self._box
        if box is not None:
            with suppress(OSError):
                box.client.sock.shutdown(socket.SHUT_RDWR)
        with self._talking:
            if self._box is not None:
                _drop(self._box)
                self._box = None

    # --- the conversation --------------------------------------------------------------------

    def _asked(self, question: Callable[[BaseMailBox], _Result]) -> _Result:
        """Ask over the connection that is open, or a new one where the old one is dead."""
        with self._talking:
            kept = self._box is not None
            try:
                return self._once(question)
            except InboxError as error:
                # A connection that was left alone may have been closed by the other side: no news.
                if not kept or not error.retry or self._closing.is_set():
                    raise
            return self._once(question)

    def _once(self, question: Callable[[BaseMailBox], _Result]) -> _Result:
        box = self._box
        if box is None:
            box = self._box = self._opened()
        try:
            return question(box)
        except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
            self._box = None
            _drop(box)
            raise self._said(error) from error

    def _opened(self) -> BaseMailBox:
        self._closing.clear()
        box: BaseMailBox | None = None
        try:
            box = self._connected()
            if self._user.isascii() and self._password.isascii():
                box.login(self._user, self._password, None)
            else:
                box.login_utf8(self._user, self._password, None)
            _learn_capabilities(box)
            box.folder.set(self._folder)
            self._numbering = _numbering(box)
        except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
            if box is not None:
                _drop(box)
            raise self._said(error) from error
        return box

    def _connected(self) -> BaseMailBox:
        context = self._context or ssl.create_default_context()
        if self._security == "tls":
            return MailBox(self._host, self._port, self._timeout, ssl_context=context)
        if self._security == "starttls":
            return _StartTls(self._host, self._port, self._timeout, context)
        return MailBoxUnencrypted(self._host, self._port, self._timeout)

    def _fetched(
        self, box: BaseMailBox, after: InboxMark | None, limit: int, since: date | None
    ) -> Mailbag:
        box.client.noop()  # brings what came since the folder was opened
        known = after is not None and after.numbering == self._numbering
        last = after.uid if after is not None and known else 0
        # "n:*" always holds the last mail, also where its number is below n (RFC 3501 6.4.8).
        found = box.uids(
            AND(uid=U(str(last + 1), "*"), date_gte=None if known else since), charset=None
        )
        uids = sorted(uid for uid in map(int, found) if uid > last)
        mails: list[InboxMail] = []
        for uid, size in _sizes(box, uids[:limit]):
            if mails and sum(len(mail.content) for mail in mails) + min(size, self._most) > BUDGET:
                break
            content = _content(box, uid, self._most)
            last = uid
            if content is not None:
                mails.append(InboxMail(uid=uid, content=content, size=max(size, len(content))))
        if not mails and uids[:limit]:
            last = uids[:limit][-1]  # all of them went while we asked
        return Mailbag(
            mails=tuple(mails),
            mark=InboxMark(numbering=self._numbering, uid=last),
            renumbered=after is not None and not known,
            more=any(uid > last for uid in uids),
        )

    def _waited(self, box: BaseMailBox, seconds: float) -> bool:
        if "IDLE" not in box.client.capabilities:
            self._closing.wait(seconds)
            return True
        with box.idle as idle:
            # What came in one breath with the answer to IDLE is read already, and no news of the socket.
            said = [b"EXISTS"] if _read_ahead(box.client) else idle.poll(timeout=seconds)
        if self._closing.is_set():
            raise self._said(ConnectionAbortedError())
        return any(b"EXISTS" in line for line in said)

    # --- what went wrong, for people ---------------------------------------------------------

    def _said(self, error: Exception) -> InboxError:
        place = f"{self._host}:{self._port}"
        if isinstance(error, MailboxLoginError):
            return self._no_sign_in(str(error))
        if isinstance(error, MailboxFolderSelectError | MailboxMoveError):
            return RefusedInboxError(
                f"Den Ordner gibt es im Postfach bei {self._host} nicht, oder wir dürfen nicht hinein."
                " Bitte prüfen Sie seinen Namen.",
                f"There is no such folder in the mailbox at {self._host}, or we may not use it. Please"
                " check its name.",
            )
        if isinstance(error, ssl.SSLError):
            return RefusedInboxError(
                f"Mit dem Postfach {place} kam keine sichere Verbindung zustande: Zertifikat oder"
                " Verschlüsselung passen nicht. Bitte prüfen Sie Server, Port und Verschlüsselung.",
                f"No secure connection to the mailbox {place}: certificate or encryption do not fit."
                " Please check server, port and encryption.",
            )
        if isinstance(error, imaplib.IMAP4.error) and "TLS not supported" in str(error):
            return RefusedInboxError(
                f"{place} bietet kein STARTTLS an. Ohne Verschlüsselung wird kein Kennwort verschickt.",
                f"{place} offers no STARTTLS. No password is sent without encryption.",
            )
        why = _why(error)
        return InboxError(
            f"Das Postfach {place} ist nicht erreichbar: {why[0]}. Es wird wieder versucht.",
            f"The mailbox {place} cannot be reached: {why[1]}. It is tried again.",
        )

    def _no_sign_in(self, reply: str) -> InboxError:
        if _PASSING.search(reply):
            return InboxError(
                f"{self._host} lässt uns gerade nicht ins Postfach. Es wird wieder versucht.",
                f"{self._host} does not let us into the mailbox at present. It is tried again.",
            )
        return RefusedInboxError(
            f"{self._host} nimmt unsere Anmeldung am Postfach nicht an. Bitte prüfen Sie Benutzer und"
            " Kennwort.",
            f"{self._host} does not take our sign-in to the mailbox. Please check user and password.",
        )


class _StartTls(BaseMailBox):
    """Encrypted before anything is said. Unlike the library's own, closes what it opened in vain."""

    def __init__(self, host: str, port: int, timeout: float, context: ssl.SSLContext) -> None:
        self._at = host, port, timeout
        self._context = context
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4(*self._at)
        try:
            client.starttls(self._context)
        except (imaplib.IMAP4.error, OSError):
            with suppress(OSError):
                client.shutdown()
            raise
        return client


# --- words of the protocol -----------------------------------------------------------------------


def _learn_capabilities(box: BaseMailBox) -> None:
    """Many servers say only after the sign-in what they can do, IDLE among it."""
    kind, said = box.client.capability()
    if kind == "OK" and said and said[-1]:
        box.client.capabilities = tuple(said[-1].decode("ascii", "replace").upper().split())


def _numbering(box: BaseMailBox) -> int:
    said = box.client.response("UIDVALIDITY")[1]
    number = said[-1] if said else None
    return int(number) if isinstance(number, bytes) and number.isdigit() else 0


def _read_ahead(client: imaplib.IMAP4) -> bool:
    """Whether bytes of the server lie in our own buffer already."""
    patience = client.sock.gettimeout()
    client.sock.settimeout(0)
    try:
        # Newer Pythons keep it under the first name.
        return bool(cast("BufferedReader", getattr(client, "_file", None) or client.file).peek(1))
    except OSError:
        return False
    finally:
        client.sock.settimeout(patience)


def _sizes(box: BaseMailBox, uids: Sequence[int]) -> list[tuple[int, int]]:
    """Which of these mails are there and how large they are, as the server counts; in order."""
    if not uids:
        return []
    lines = _done(box.client.uid("FETCH", _joined(uids), "(UID RFC822.SIZE)"))
    sizes = {}
    for line in lines:
        text = line[0] if isinstance(line, tuple) else line
        if isinstance(text, bytes) and (uid := _UID.search(text)):
            size = _SIZE.search(text)
            sizes[int(uid[1])] = int(size[1]) if size else 0
    return [(uid, sizes[uid]) for uid in uids if uid in sizes]


def _content(box: BaseMailBox, uid: int, most: int) -> bytes | None:
    """The first ``most`` bytes of a mail; None if it is gone. PEEK leaves it unseen."""
    for part in _done(box.client.uid("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{most}>)")):
        if isinstance(part, tuple) and isinstance(part[1], bytes):
            return part[1][:most]
    return None


def _done(result: Any) -> list[Any]:
    """What a command brought. Raises for NO and BAD."""
    if result[0] != "OK":
        raise UnexpectedCommandStatusError(result, "OK")
    return list(result[1] or ())


def _joined(uids: Iterable[int]) -> str:
    return ",".join(str(uid) for uid in sorted(set(uids)))


def _drop(box: BaseMailBox) -> None:
    """Close a connection about which nothing is known any more."""
    with suppress(OSError, imaplib.IMAP4.error):
        box.client.shutdown()


def _why(error: Exception) -> tuple[str, str]:
    if isinstance(error, TimeoutError):
        return "es antwortet nicht", "it does not answer"
    if isinstance(error, ConnectionRefusedError):
        return "es nimmt keine Verbindung an", "it takes no connection"
    if isinstance(error, socket.gaierror):
        return "der Name ist unbekannt", "the name is unknown"
    if isinstance(error, ImapToolsError):
        return "es hat eine Anfrage abgelehnt", "it refused a request"
    return "die Verbindung brach ab", "the connection broke off"
