"""A real IMAP server on this machine, small: what RFC 3501 wants of it and our edge asks for, no more.

Speaks TLS, STARTTLS, SEARCH and FETCH by UID with partial bodies, STORE, MOVE and IDLE. Its folders can be
numbered anew, its mails vanish, and it can be told to refuse.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Condition, Event, Thread
from typing import Any, ClassVar

CERTIFICATE = Path(__file__).parent / "data/mail/localhost.pem"
_SET = re.compile(r"(\d+|\*)(?::(\d+|\*))?")


@dataclass
class Kept:
    """One mail in a folder."""

    uid: int
    content: bytes
    arrived: date
    flags: set[str] = field(default_factory=set)


@dataclass
class Drop:
    """A mailbox of one person, "lage" with the password "geheim"."""

    folders: dict[str, list[Kept]] = field(default_factory=lambda: {"INBOX": [], "Erledigt": []})
    numbering: int = 7  # UIDVALIDITY
    can: str = "IDLE MOVE"
    sign_in: str = ""  # what a sign-in is answered with instead of being looked at
    hang_up_at: str = ""  # a command at which the connection breaks off, once
    commands: list[str] = field(default_factory=list)
    changed: Condition = field(default_factory=Condition)
    idling: Event = field(default_factory=Event)  # somebody waits
    _last: int = 0

    def put(self, content: bytes | str, arrived: date = date(2026, 11, 23)) -> int:
        """A mail comes in; its number."""
        body = content.encode() if isinstance(content, str) else content
        body = re.sub(rb"\r?\n", b"\r\n", body)
        with self.changed:
            self._last += 1
            self.folders["INBOX"].append(Kept(self._last, body, arrived))
            self.changed.notify_all()
        return self._last

    def renumber(self) -> None:
        """As after a move to another server: every mail has another number."""
        self.numbering += 1
        self._last = 0
        for kept in self.folders["INBOX"]:
            self._last += 1
            kept.uid = self._last

    def flags(self, uid: int) -> set[str]:
        return next(kept.flags for kept in self.folders["INBOX"] if kept.uid == uid)


class _Session(StreamRequestHandler):
    drop: ClassVar[Drop]
    secure: ClassVar[str]
    timeout = 30
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.folder: list[Kept] | None = None
        self.signed_in = False
        try:
            if self.secure == "tls":
                self._encrypt()
            self._say("* OK ready")
            while line := self.rfile.readline():
                if not self._command(line.decode("utf-8", "replace").rstrip("\r\n")):
                    return
        except (OSError, ValueError):
            return  # they hung up, or do not trust us
        finally:
            self.request.close()

    def _encrypt(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        self.request = context.wrap_socket(self.request, server_side=True)
        self.rfile = self.request.makefile("rb")
        self.wfile = self.request.makefile("wb", buffering=0)

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _command(self, line: str) -> bool:
        tag, _, rest = line.partition(" ")
        word, _, rest = rest.partition(" ")
        word = word.upper()
        if word == "UID":
            word, _, rest = rest.partition(" ")
            word = f"UID {word.upper()}"
        self.drop.commands.append(f"{word} {rest}".strip() if word != "LOGIN" else word)
        if self.drop.hang_up_at == word:
            self.drop.hang_up_at = ""
            return False
        act = getattr(self, "_" + word.lower().replace(" ", "_"), None)
        if act is None:
            self._say(f"{tag} BAD unknown")
            return True
        act(tag, rest)
        return word != "LOGOUT"

    def _capability(self, tag: str, rest: str) -> None:
        more = self.drop.can if self.signed_in else ""
        more += " STARTTLS" if self.secure == "starttls" else ""
        self._say(f"* CAPABILITY IMAP4rev1 AUTH=PLAIN {more}".rstrip())
        self._say(f"{tag} OK done")

    def _starttls(self, tag: str, rest: str) -> None:
        if self.secure != "starttls":
            self._say(f"{tag} BAD not now")
            return
        self._say(f"{tag} OK begin")
        self._encrypt()

    def _login(self, tag: str, rest: str) -> None:
        self.signed_in = rest == '"lage" "geheim"'
        if self.drop.sign_in:
            self._say(f"{tag} NO {self.drop.sign_in}")
        elif self.signed_in:
            self._say(f"{tag} OK welcome")
        else:
            self._say(f"{tag} NO [AUTHENTICATIONFAILED] no")

    def _select(self, tag: str, rest: str) -> None:
        found = self.drop.folders.get(rest.strip('"'))
        if found is None:
            self._say(f"{tag} NO [NONEXISTENT] no such folder")
            return
        self.folder = found
        self._say(f"* {len(found)} EXISTS")
        self._say(f"* OK [UIDVALIDITY {self.drop.numbering}] numbers hold")
        self._say(f"{tag} OK [READ-WRITE] open")

    def _noop(self, tag: str, rest: str) -> None:
        if self.folder is not None:
            self._say(f"* {len(self.folder)} EXISTS")
        self._say(f"{tag} OK done")

    def _logout(self, tag: str, rest: str) -> None:
        self._say("* BYE")
        self._say(f"{tag} OK done")

    # --- by number ---------------------------------------------------------------------------

    def _within(self, numbers: str) -> list[Kept]:
        assert self.folder is not None
        last = max((kept.uid for kept in self.folder), default=0)
        wanted: set[int] = set()
        for low, high in _SET.findall(numbers):
            ends = [last if end == "*" else int(end) for end in (low, high or low)]
            wanted.update(range(min(ends), max(ends) + 1))
        return [kept for kept in self.folder if kept.uid in wanted]

    def _uid_search(self, tag: str, rest: str) -> None:
        numbers = re.search(r"UID ([\d:*,]+)", rest)
        found = self._within(numbers[1]) if numbers else list(self.folder or ())
        since = re.search(r"SINCE ([\w-]+)", rest)
        if since:
            day = datetime.strptime(since[1], "%d-%b-%Y").replace(tzinfo=UTC).date()
            found = [kept for kept in found if kept.arrived >= day]
        self._say("* SEARCH " + " ".join(str(kept.uid) for kept in found))
        self._say(f"{tag} OK done")

    def _uid_fetch(self, tag: str, rest: str) -> None:
        numbers, _, parts = rest.partition(" ")
        assert self.folder is not None
        for kept in self._within(numbers):
            place = self.folder.index(kept) + 1
            body = re.search(r"BODY\.PEEK\[\](?:<0\.(\d+)>)?", parts)
            if body is None:
                self._say(f"* {place} FETCH (UID {kept.uid} RFC822.SIZE {len(kept.content)})")
                continue
            content = kept.content[: int(body[1])] if body[1] else kept.content
            name = "BODY[]<0>" if body[1] else "BODY[]"
            self._say(f"* {place} FETCH (UID {kept.uid} {name} {{{len(content)}}}")
            self.wfile.write(content + b")\r\n")
        self._say(f"{tag} OK done")

    def _uid_store(self, tag: str, rest: str) -> None:
        numbers, _, flags = rest.partition(" ")
        for kept in self._within(numbers):
            kept.flags.update(re.findall(r"\\\w+", flags))
        self._say(f"{tag} OK done")

    def _uid_copy(self, tag: str, rest: str) -> None:
        numbers, _, name = rest.partition(" ")
        folder = self.drop.folders.get(name.strip('"'))
        if folder is None:
            self._say(f"{tag} NO [TRYCREATE] no such folder")
            return
        folder += self._within(numbers)
        self._say(f"{tag} OK done")

    def _uid_move(self, tag: str, rest: str) -> None:
        assert self.folder is not None
        numbers, _, name = rest.partition(" ")
        folder = self.drop.folders.get(name.strip('"'))
        if folder is None:
            self._say(f"{tag} NO [TRYCREATE] no such folder")
            return
        gone = self._within(numbers)
        folder += gone
        self.folder[:] = [kept for kept in self.folder if kept not in gone]
        self._say(f"{tag} OK done")

    def _expunge(self, tag: str, rest: str) -> None:
        assert self.folder is not None
        self.folder[:] = [kept for kept in self.folder if "\\Deleted" not in kept.flags]
        self._say(f"{tag} OK done")

    def _idle(self, tag: str, rest: str) -> None:
        folder = self.folder
        assert folder is not None
        self._say("+ idling")
        told = [False]

        def tell(before: int) -> None:
            with self.drop.changed:
                self.drop.changed.wait_for(lambda: told[0] or len(folder) > before, 20)
                if not told[0]:
                    self._say(f"* {len(folder)} EXISTS")

        teller = Thread(target=tell, args=(len(folder),), daemon=True)
        teller.start()
        self.drop.idling.set()
        self.rfile.readline()  # DONE
        with self.drop.changed:
            told[0] = True
            self.drop.changed.notify_all()
        teller.join()
        self._say(f"{tag} OK done")


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True


@contextmanager
def open_drop(drop: Drop, security: str = "none") -> Iterator[int]:
    """Run it ("tls", "starttls" or "none"); gives the port."""
    session: Any = type("Session", (_Session,), {"drop": drop, "secure": security})
    with _Server(("127.0.0.1", 0), session) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
