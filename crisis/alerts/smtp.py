"""Edge: hand one mail to the authority's mail server. Chooses neither recipient nor words nor time.

One connection a mail, or within ``together`` one for up to ``MOST_A_CONNECTION``, looked at before each: a
relay that hangs or drops one takes no other mail with it. Errors come out as
MailError (try again) or PermanentMailError (this address or this mail is refused for good). What looks
like a mistake in our own set-up (password, sender, no permission to relay, no TLS) is *not* permanent:
somebody will correct it within the day, and the alert must still go out then.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP

from crisis.alerts.message import message
from crisis.errors import (
    AddressRefusedError,
    CrisisError,
    MailError,
    PermanentMailError,
    StoppedError,
)
from crisis.types import Alert

MOST_A_CONNECTION = 50  # many relays end it after a hundred
_GOODBYE = 2.0  # seconds to wait for the answer to QUIT; the mail is accepted already
# Codes that speak of us, not of the recipient (RFC 4954, RFC 5321), although they are permanent by number.
_OUR_FAULT = frozenset({502, 503, 504, 530, 534, 535, 538})


class SmtpMailer:
    """The mail server of the settings. Fills ``interfaces.Mailer``."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: str,
        sender: str,
        user: str = "",
        password: str = "",
        timeout: float = 20,
        authority: str = "",
        reply_to: str | None = None,
        context: ssl.SSLContext | None = None,
        sign: Callable[[bytes], bytes] | None = None,
    ) -> None:
        """``security`` is "starttls", "tls" or "none"; ``timeout`` is in seconds for each answer.

        ``context`` replaces the system's trust in certificates; they are always verified. ``sign`` adds a
        signature to a whole mail.
        """
        if security not in ("starttls", "tls", "none"):
            raise ValueError(f"unknown security: {security!r}")
        self._host, self._port, self._security = host, port, security
        self._user, self._password = user, password
        self._sender, self._authority, self._reply_to = sender, authority, reply_to
        self._timeout = timeout
        self._context = context
        self._sign = sign
        self._shared: smtplib.SMTP | None = None  # within ``together``
        self._sharing = False
        self._carried = 0  # mails over it so far

    @contextmanager
    def together(self) -> Iterator[None]:
        """Within it, mails share a connection. For one thread."""
        self._sharing = True
        try:
            yield
        finally:
            self._sharing = False
            self._hang_up()

    def _hang_up(self) -> None:
        connection, self._shared = self._shared, None
        if connection is not None:
            _part(connection)

    def forget_exercise(self) -> int:
        """Nothing to delete: no exercise's mail comes this way (``outbox_folder.Postroom``)."""
        return 0

    def send(self, alert: Alert, go: Callable[[], None] | None = None) -> None:
        """Returns once the server has accepted the mail. Raises MailError or PermanentMailError."""
        try:
            mail = message(alert, self._sender, self._reply_to, self._authority)
        except CrisisError as error:
            # It will not get better by itself, and one such row must not stop the others.
            raise PermanentMailError(error.de, error.en) from error
        self.post(mail, go)

    def post(self, mail: EmailMessage, go: Callable[[], None] | None = None) -> None:
        """Hand over a whole mail; ``go`` is called right before. Raises as ``send`` does."""
        connection = self._ready()
        well = False
        try:
            if go is not None:
                go()
            try:
                refused = connection.sendmail(*self._on_the_wire(mail))
            except (smtplib.SMTPException, OSError) as error:
                raise _refusal(error, str(mail["To"])) from error
            check(refused)
            well = True
        except StoppedError:
            well = True  # nothing was said yet
            raise
        finally:
            if self._sharing and well:
                self._shared = connection
            else:
                self._shared = None
                _part(connection)

    def _on_the_wire(self, mail: EmailMessage) -> tuple[str, str, bytes]:
        """From whom, to whom, and the bytes that go out."""
        sender, to = (str(mail[name].addresses[0].addr_spec) for name in ("From", "To"))
        content = mail.as_bytes(policy=SMTP)
        return sender, to, content if self._sign is None else self._sign(content)

    def _ready(self) -> smtplib.SMTP:
        """A connection over which a mail may be handed over now."""
        if self._shared is not None:
            self._carried += 1
            if self._carried < MOST_A_CONNECTION and _alive(self._shared):
                return self._shared
            self._hang_up()
        self._carried = 0
        connection = self._connect()
        try:
            self._introduce(connection)
        except MailError:
            _part(connection)
            raise
        return connection

    def greet(self) -> None:
        """Reach the server and sign in, send nothing. Raises MailError."""
        connection = self._connect()
        try:
            self._introduce(connection)
        finally:
            _part(connection)

    def _connect(self) -> smtplib.SMTP:
        try:
            # The name is set below: smtplib would look it up, which takes seconds without a resolver.
            if self._security == "tls":
                connection: smtplib.SMTP = smtplib.SMTP_SSL(
                    self._host,
                    self._port,
                    local_hostname="localhost",
                    timeout=self._timeout,
                    context=self._trust(),
                )
            else:
                connection = smtplib.SMTP(
                    self._host, self._port, local_hostname="localhost", timeout=self._timeout
                )
        except ssl.SSLError as error:
            raise _no_tls(self._host) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _unreachable(self._host, self._port, error) from error
        connection.local_hostname = _own_name(connection)
        return connection

    def _introduce(self, connection: smtplib.SMTP) -> None:
        """Encrypt and sign in, as the settings say; never without encryption where they want it."""
        try:
            connection.ehlo_or_helo_if_needed()
            if self._security == "starttls":
                connection.starttls(context=self._trust())
            if self._user:
                connection.login(self._user, self._password)
        except ssl.SSLError as error:
            raise _no_tls(self._host) from error
        except smtplib.SMTPAuthenticationError as error:
            raise _no_sign_in(self._host) from error
        except smtplib.SMTPNotSupportedError as error:
            raise _not_offered(self._host, self._security) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _unreachable(self._host, self._port, error) from error

    def _trust(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()


def check(refused: Mapping[str, tuple[int, bytes]]) -> None:
    """Read what the server refused although it took the mail: smtplib raises only if it refused all."""
    for address, (code, reply) in refused.items():
        raise _recipient(address, code, reply)


def _own_name(connection: smtplib.SMTP) -> str:
    """How we greet: our address as a literal (RFC 5321 4.1.3), which is true whatever the DNS says."""
    sock = connection.sock
    address = sock.getsockname()[0] if sock is not None else "127.0.0.1"
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def _alive(connection: smtplib.SMTP) -> bool:
    """Whether the other side still listens; what was begun before is forgotten."""
    try:
        return connection.rset()[0] == 250
    except (smtplib.SMTPException, OSError):
        return False


def _part(connection: smtplib.SMTP) -> None:
    """Say goodbye. Whatever goes wrong here, the mail was accepted or refused before."""
    with suppress(smtplib.SMTPException, OSError):
        if connection.sock is not None:
            connection.sock.settimeout(_GOODBYE)
            connection.quit()
    connection.close()


# --- what went wrong, for people --------------------------------------------------------------


def _refusal(error: Exception, to: str) -> MailError:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = next(iter(error.recipients.values()))
        return _recipient(to, code, reply)
    if isinstance(error, smtplib.SMTPSenderRefused):
        said = _said(error.smtp_code, error.smtp_error)
        return MailError(
            f"Der Mailserver lehnt unseren Absender ab ({said}). Bitte prüfen Sie mail.sender und die"
            " Anmeldung in den Einstellungen.",
            f"The mail server refuses our sender ({said}). Please check mail.sender and the sign-in in"
            " the settings.",
        )
    if isinstance(error, smtplib.SMTPResponseException):
        return _content(error.smtp_code, error.smtp_error)
    broken = MailError(
        "Die Verbindung zum Mailserver brach ab. Es wird wieder versucht.",
        "The connection to the mail server broke off. It is tried again.",
    )
    broken.doubt = True
    return broken


def _recipient(address: str, code: int, reply: bytes | str) -> MailError:
    said = _said(code, reply)
    if 500 <= code < 600 and not _concerns_us(code, reply):
        return AddressRefusedError(
            f"Der Mailserver nimmt für {address} nichts an ({said}). Bitte prüfen Sie die Adresse.",
            f"The mail server takes nothing for {address} ({said}). Please check the address.",
        )
    return MailError(
        f"Der Mailserver nimmt für {address} gerade nichts an ({said}). Es wird wieder versucht.",
        f"The mail server takes nothing for {address} at present ({said}). It is tried again.",
    )


def _content(code: int, reply: bytes | str) -> MailError:
    said = _said(code, reply)
    if 500 <= code < 600 and code not in _OUR_FAULT:
        return PermanentMailError(
            f"Der Mailserver lehnt diese Mail ab ({said}).",
            f"The mail server refuses this mail ({said}).",
        )
    return MailError(
        f"Der Mailserver nimmt die Mail gerade nicht an ({said}). Es wird wieder versucht.",
        f"The mail server does not take the mail at present ({said}). It is tried again.",
    )


def _concerns_us(code: int, reply: bytes | str) -> bool:
    """Whether it is we who may not send, not the recipient who does not exist: 5.7.x is "security or
    policy" (RFC 3463), as in "relay access denied"."""
    return code in _OUR_FAULT or _words(reply).startswith("5.7.")


def _said(code: int, reply: bytes | str) -> str:
    return f"{code} {' '.join(_words(reply).split())[:160]}".strip()


def _words(reply: bytes | str) -> str:
    """The server's words, printable: they go onto pages and into the log."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return "".join(c if c.isprintable() else " " for c in text)


def _unreachable(host: str, port: int, error: Exception) -> MailError:
    # smtplib hides a time-out behind "disconnected".
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        why = ("er antwortet nicht", "it does not answer")
    elif isinstance(error, ConnectionRefusedError):
        why = ("er nimmt keine Verbindung an", "it takes no connection")
    elif isinstance(error, socket.gaierror):
        why = ("der Name ist unbekannt", "the name is unknown")
    elif isinstance(error, smtplib.SMTPResponseException):
        said = _said(error.smtp_code, error.smtp_error)
        why = (f"er sagt: {said}", f"it says: {said}")
    else:
        why = ("die Verbindung kam nicht zustande", "no connection could be made")
    return MailError(
        f"Der Mailserver {host}:{port} ist nicht erreichbar: {why[0]}. Es wird wieder versucht.",
        f"The mail server {host}:{port} cannot be reached: {why[1]}. It is tried again.",
    )


def _no_tls(host: str) -> MailError:
    return MailError(
        f"Mit {host} kam keine sichere Verbindung zustande: Zertifikat oder Verschlüsselung passen"
        " nicht. Bitte prüfen Sie mail.host, mail.port und mail.security.",
        f"No secure connection to {host}: certificate or encryption do not fit. Please check"
        " mail.host, mail.port and mail.security.",
    )


def _no_sign_in(host: str) -> MailError:
    return MailError(
        f"{host} nimmt unsere Anmeldung nicht an. Bitte prüfen Sie mail.user und mail.password_file.",
        f"{host} does not take our sign-in. Please check mail.user and mail.password_file.",
    )


def _not_offered(host: str, security: str) -> MailError:
    return MailError(
        f'{host} bietet nicht an, was mail.security = "{security}" oder mail.user verlangt. Ohne das'
        " geht nichts hinaus.",
        f'{host} does not offer what mail.security = "{security}" or mail.user asks for. Nothing is'
        " sent without it.",
    )
