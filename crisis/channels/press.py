"""An answer as mails to press or partners, one a subscriber. Writes mails; hands them to a letterbox.

The playbook's pictures are attached with their words. One-click leaving as RFC 8058 asks. The Message-ID
follows from the row, so that mail programs fold a repeat after a crash; a mail server cannot be asked
whether it has a mail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from crisis.errors import ChannelError, GoneError, MailError, PermanentChannelError, StoppedError
from crisis.interfaces import Letterbox, ListLinks
from crisis.types import Account, Image, Posted, Publication, PublicationAct, Subscriber


class Press:
    """One of the lists. Fills ``interfaces.Channel``. ``wants``: whether this subscriber still wants mails.

    ``picture``: the bytes of a picture that a row names, as they were approved; None where they are gone.
    """

    knows = False

    def __init__(
        self,
        letterbox: Letterbox,
        links: ListLinks,
        wants: Callable[[str], Subscriber | None],
        *,
        sender: str,
        authority: str,
        reply_to: str = "",
        code: str = "press",
        picture: Callable[[Mapping[str, Any]], Image | None] = lambda named: None,
    ) -> None:
        self._letterbox, self._links, self._wants = letterbox, links, wants
        self._sender, self._authority, self._reply_to = sender, authority, reply_to
        self._picture, self.code = picture, code

    def publish(
        self, what: Publication, before: Publication | None, go: Callable[[], None]
    ) -> Posted:
        """Mail it to the row's subscriber. Raises StoppedError for one who has left meanwhile."""
        subscriber = self._wants(str(what.more["to"]))
        if subscriber is None:
            raise StoppedError(
                "Diese Adresse hat sich abgemeldet.", "This address has left the list."
            )
        mail = self._letter(what, subscriber)
        try:
            self._letterbox.post(mail, go)
        except MailError as error:
            kind = ChannelError if error.retry else PermanentChannelError
            raise kind(error.de, error.en, doubt=error.doubt) from error
        return Posted(remote=str(mail["Message-ID"]))

    def edit(self, what: Publication, target: Publication, go: Callable[[], None]) -> Posted:
        """A newer version is a mail of its own."""
        return self.publish(what, None, go)

    def remove(self, what: Publication, target: Publication, go: Callable[[], None]) -> None:
        """A mail cannot be called back: ``channels.plan`` sends another."""
        raise GoneError("Mails lassen sich nicht zurückholen.", "Mails cannot be called back.")

    def look_up(self, what: Publication) -> Posted | None:
        """Nobody can say."""
        return None

    def account(self) -> Account:
        """Whether the mail server takes us. Raises ChannelError."""
        try:
            self._letterbox.greet()
        except MailError as error:
            raise ChannelError(error.de, error.en) from error
        return Account(name=self._sender)

    def ask(self, subscriber: Subscriber) -> None:
        """Mail the question whether they want the mails at all. Raises MailError."""
        link = self._links.confirm(subscriber.id)
        name = self._authority
        mail = self._frame(subscriber.address, f"Bitte bestätigen: Klarstellungen von {name}")
        mail["Message-ID"] = self._message_id(
            f"yes.{subscriber.id}.{int(subscriber.added.timestamp())}"
        )
        mail["Date"] = subscriber.added
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(
            f"Guten Tag,\n\n{name} möchte Ihnen künftig Richtigstellungen zu Falschmeldungen per Mail"
            f" schicken.\nWenn Sie das wollen, bestätigen Sie es bitte hier:\n\n{link}\n\n"
            "Ohne Ihre Bestätigung bekommen Sie keine weitere Mail.\n\n"
            f"--\n\nGood day,\n\n{name} would like to send you corrections of false rumours by mail."
            f"\nIf you want them, please confirm here:\n\n{link}\n\n"
            "Without your confirmation you get no further mail.\n",
            cte="quoted-printable",
        )
        self._letterbox.post(mail)

    def _letter(self, what: Publication, subscriber: Subscriber) -> EmailMessage:
        leave, german = self._links.leave(subscriber.id), what.more.get("lang", "de") == "de"
        mail = self._frame(subscriber.address, str(what.more["subject"]))
        mail["Message-ID"] = self._message_id(what.key)
        mail["Date"] = datetime.fromisoformat(str(what.more["at"])).replace(microsecond=0)
        if what.more.get("answers"):
            mail["In-Reply-To"] = self._message_id(str(what.more["answers"]))
            mail["References"] = self._message_id(str(what.more["answers"]))
        mail["List-Id"] = f"<klarstellungen.{self._domain}>"
        mail["List-Unsubscribe"] = f"<{leave}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail["Precedence"] = "list"
        goodbye = (
            f"Sie stehen im Verteiler von {self._authority}. Abmelden: {leave}"
            if german
            else f"You are on the list of {self._authority}. To leave it: {leave}"
        )
        shown = self._shown(what)
        text = "\n\n".join((what.text, *_said(shown, german=german)))
        mail.set_content(f"{text}\n\n-- \n{goodbye}\n", cte="quoted-printable")
        mail["Content-Language"] = str(what.more.get("lang", "de"))
        for name, _source, image in shown:
            main, _slash, sub = image.media_type.partition("/")
            mail.add_attachment(image.content, maintype=main, subtype=sub, filename=name)
            list(mail.iter_attachments())[-1]["Content-Description"] = " ".join(image.alt.split())
        return mail

    def _shown(self, what: Publication) -> list[tuple[str, str, Image]]:
        """Name of the file, source and picture of each that goes along: with the answer's own words only."""
        if what.act not in (PublicationAct.PUBLISH, PublicationAct.EDIT):
            return []
        found = [(named, self._picture(named)) for named in what.more.get("pictures", ())]
        return [
            (str(named.get("file", "")).rpartition("/")[2], str(named.get("source", "")), image)
            for named, image in found
            if image is not None
        ]

    def _frame(self, to: str, subject: str) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(display_name=self._authority, addr_spec=self._sender)
        mail["To"] = Address(addr_spec=to)
        if self._reply_to:
            mail["Reply-To"] = Address(addr_spec=self._reply_to)
        mail["Subject"] = " ".join(subject.split())
        return mail

    @property
    def _domain(self) -> str:
        return self._sender.rpartition("@")[2]

    def _message_id(self, key: str) -> str:
        return f"<{key}@{self._domain}>"


def _said(shown: Sequence[tuple[str, str, Image]], *, german: bool) -> list[str]:
    """What is attached, for whoever reads the text alone: name, what it shows, who made it."""
    if not shown:
        return []
    lines = ["Bilder im Anhang:" if german else "Pictures attached:"]
    for name, source, image in shown:
        made = f" ({'Bild' if german else 'Picture'}: {source})" if source else ""
        lines.append(f"- {name}: {image.alt}{made}")
    return ["\n".join(lines)]
