"""A real mail server on this machine, with moods: aiosmtpd, and what it was given."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).parents[1] / "data/mail/localhost.pem"
PASSWORD = LoginPassword(b"lage", b"geheim")


@dataclass
class Counter:
    """Takes mails; ``moods`` maps a stage ("MAIL", "RCPT", "DATA") to what it answers, one a time."""

    moods: dict[str, list[str]] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    greeted: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    slow: float = 0.0
    raw: list[bytes] | None = None  # the bytes of every mail, if somebody wants them

    def _mood(self, stage: str) -> str | None:
        waiting = self.moods.get(stage, [])
        return waiting.pop(0) if waiting else None

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, responses: list[str]
    ) -> list[str]:
        session.host_name = name
        self.greeted.append(name)
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await asyncio.sleep(self.slow)
        envelope.mail_from = address
        return self._mood("MAIL") or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        mood = self._mood("RCPT")
        if mood is None:
            envelope.rcpt_tos.append(address)
        return mood or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mood = self._mood("DATA")
        if mood == "hang up":
            assert server.transport is not None
            server.transport.abort()
            return "250 never heard"
        if mood is not None:
            return mood
        assert isinstance(envelope.content, bytes)
        if self.raw is not None:
            self.raw.append(envelope.content)
        parsed = BytesParser(policy=policy.default).parsebytes(envelope.content)
        self.mails.append(parsed)
        self.recipients.append(list(envelope.rcpt_tos))
        self.encrypted.append(session.ssl is not None)
        return "250 accepted"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        return self._mood("QUIT") or "221 Bye"


def knows(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    """Only "lage" with the password "geheim" may in."""
    return AuthResult(success=data == PASSWORD, handled=False)


def own_tls() -> ssl.SSLContext:
    """What the server proves itself with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def trusting() -> ssl.SSLContext:
    """A client's trust in this one certificate."""
    return ssl.create_default_context(cafile=str(CERTIFICATE))


class Office(Controller):
    """A controller that lets the system choose the port, so that tests can run side by side."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def open_office(counter: Counter, **options: Any) -> Iterator[int]:
    """Run it; gives the port. ``ssl_context`` for TLS from the start, ``tls_context`` for STARTTLS."""
    controller = Office(counter, hostname="127.0.0.1", port=0, ready_timeout=20, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop(no_assert=True)
