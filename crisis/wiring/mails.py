"""How mails leave and come back: mail server, folder, mailbox, and the links that stand in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from crisis import interfaces
from crisis.settings import Settings, secret_key
from crisis.wiring.settled import terms

if TYPE_CHECKING:
    from crisis.alerts.links import AcknowledgeLinks
    from crisis.alerts.smtp import SmtpMailer


def mailer(settings: Settings) -> interfaces.Mailer:
    from crisis.alerts.outbox_folder import FolderMailer, Postroom

    mail = settings.mail
    sender = mail.sender or f"klarstellung@{terms(settings).mail_domain}"
    folder = FolderMailer(settings.outbox, sender=sender, authority=settings.authority.name)
    if not mail.host:
        return folder
    return Postroom(smtp(settings), folder)


def smtp(settings: Settings) -> SmtpMailer:
    from crisis.alerts.smtp import SmtpMailer

    mail = settings.mail
    return SmtpMailer(
        host=mail.host,
        port=mail.port,
        security=mail.security,
        user=mail.user,
        password=settings.mail_password,
        sender=mail.sender or f"klarstellung@{terms(settings).mail_domain}",
        authority=settings.authority.name,
        timeout=mail.timeout_seconds,
        sign=_signer(settings),
    )


def outside(settings: Settings) -> Sequence[interfaces.Mailer]:
    """The ways to the address outside the house, in the order they are tried.

    A second mail server first, where there is one: what is to be told is often that the first stands still.
    """
    first = mailer(settings)
    dog = settings.watchdog
    if not dog.outside_host:
        return (first,)
    from crisis.alerts.smtp import SmtpMailer

    second = SmtpMailer(
        host=dog.outside_host,
        port=dog.outside_port,
        security=dog.outside_security,
        user=dog.outside_user,
        password=settings.outside_password,
        sender=dog.outside_sender
        or settings.mail.sender
        or f"klarstellung@{terms(settings).mail_domain}",
        authority=settings.authority.name,
        timeout=settings.mail.timeout_seconds,
    )
    return (second, first) if settings.mail.host else (second,)


def _signer(settings: Settings) -> Callable[[bytes], bytes] | None:
    if not settings.dkim_key:
        return None
    from crisis.alerts.dkim import Signer

    domain = settings.mail.sender.rpartition("@")[2]
    return Signer(settings.dkim_key, domain, settings.mail.dkim_selector).sign


def dkim_record(key: str, domain: str, selector: str) -> tuple[str, str]:
    """Name and text of the DNS record for this key (PEM). Raises InvalidInputError."""
    from crisis.alerts.dkim import Signer

    return Signer(key, domain, selector).record


def new_dkim_key() -> str:
    """A fresh key, as PEM."""
    from crisis.alerts.dkim import new_key

    return new_key()


def inbox(settings: Settings) -> interfaces.Inbox | None:
    """The mailbox that replies come back to; None where the settings name none."""
    if not settings.inbox.host:
        return None
    return folder_of(settings, settings.inbox.folder)


def folder_of(settings: Settings, folder: str) -> interfaces.Inbox:
    """Any folder of the same mailbox: sources are read from others."""
    from crisis.inbox import ImapInbox

    held = settings.inbox
    return ImapInbox(
        host=held.host,
        port=held.port,
        security=held.security,
        user=held.user,
        password=settings.inbox_password,
        folder=folder,
        timeout=held.timeout_seconds,
        most=held.max_bytes,
    )


def links(settings: Settings) -> AcknowledgeLinks:
    from crisis.alerts.links import AcknowledgeLinks

    return AcknowledgeLinks(
        secret_key(settings.instance).encode(), settings.base_url, settings.alerts.link_hours
    )
