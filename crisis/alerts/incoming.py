"""What a mail that came back to us is: a person's reply, a bounce, or a machine's answer. Pure.

Reads bytes of strangers: never renders HTML, opens no attachment, trusts no header to say who wrote. Who may
write, and what follows, is decided elsewhere (``workflows.collect``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import getaddresses
from html.parser import HTMLParser

from crisis.alerts.replied import own_words

_ID = re.compile(r"<[^<>\s]{3,240}>")
_MOST_REFERENCES = 50
_MOST_TEXT = 100_000  # characters looked at
_LONGEST_NAME = 80
# RFC 3834 and what programs write instead of it.
_MACHINES = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-loop", "list-id", "feedback-id")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})
_AWAY = re.compile(
    r"^\s*(automatische antwort|abwesenheit|abwesend|out of (the )?office|auto(matic)?[ -]?reply)",
    re.IGNORECASE,
)
_POSTMASTERS = frozenset({"mailer-daemon", "postmaster", "mail-daemon"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Words that somebody wrote to one of our mails."""

    sender: str  # as the mail claims
    refers_to: tuple[str, ...]  # Message-IDs with angle brackets, the nearest first
    text: str  # without what they quoted; may be empty
    attachments: tuple[str, ...] = ()  # names; their contents are not taken
    failed_checks: bool = False  # our own mail server found that the sender is not who it says


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """A mail of ours that could not be delivered."""

    refers_to: tuple[str, ...]
    address: str  # that could not be reached; "" where the report does not say
    for_good: bool  # the server has given up; False: it goes on trying
    said: str = ""  # what the other server said


@dataclass(frozen=True, slots=True, kw_only=True)
class Automatic:
    """A machine wrote it: nobody has read our mail."""

    why: str
    sender: str = ""  # as the mail claims
    refers_to: tuple[str, ...] = ()


Incoming = Reply | Bounce | Automatic


def message_id(content: bytes) -> str:
    """The mail's own Message-ID, "" where it has none: by it a mail is known that comes twice."""
    found = _ID.search(_header(_parsed(content), "message-id"))
    return found[0] if found else ""


def read(content: bytes) -> Incoming:
    """Say what this mail is. Never raises: what cannot be read is a machine's."""
    mail = _parsed(content)
    try:
        return _bounce(mail) or _by_machine(mail) or _reply(mail)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        # The library's parser of headers gives up on some that were made to break it.
        return Automatic(why=f"unreadable: {type(error).__name__}")


def _parsed(content: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(content)


# --- bounces (RFC 3464) ---------------------------------------------------------------------


def _bounce(mail: EmailMessage) -> Bounce | None:
    if mail.get_content_type() == "multipart/report":
        for part in _walked(mail):
            if part.get_content_type() in (
                "message/delivery-status",
                "message/global-delivery-status",
            ):
                return _reported(part, mail)
        return None
    sender = _sender(mail)
    if sender.partition("@")[0] not in _POSTMASTERS:
        return None
    # Older servers tell it in free words; Exim names the address in a header of its own.
    failed = _header(mail, "x-failed-recipients").split(",")[0].strip().lower()
    ours = _ids(_plain(mail)) + _returned(mail)
    if not ours and not failed:
        return None
    return Bounce(refers_to=ours, address=failed, for_good=bool(failed))


def _reported(status: EmailMessage, mail: EmailMessage) -> Bounce | None:
    """The first recipient's fate; our mails have one."""
    groups = status.get_payload()
    fields = {
        name.lower(): str(value)
        for group in (groups if isinstance(groups, list) else [])
        if isinstance(group, Message)
        for name, value in group.items()
    }
    action = fields.get("action", "").strip().lower()
    if action not in ("failed", "delayed"):
        return None
    address = fields.get("original-recipient") or fields.get("final-recipient") or ""
    code = fields.get("status", "").split("(")[0].strip()
    said = " ".join((fields.get("diagnostic-code") or code).partition(";")[2].split() or [code])
    return Bounce(
        refers_to=_returned(mail),
        address=address.rpartition(";")[2].strip().strip("<>").lower(),
        for_good=action == "failed",
        said="".join(c if c.isprintable() else " " for c in said)[:200],
    )


def _returned(mail: EmailMessage) -> tuple[str, ...]:
    """The Message-ID of ours that a bounce carries along."""
    found: list[str] = []
    for part in _walked(mail):
        kind = part.get_content_type()
        if kind == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], Message):
                found += _ids(_header(inner[0], "message-id"))
        elif kind == "text/rfc822-headers":
            for line in _text_of(part).splitlines():
                if line.lower().startswith("message-id:"):
                    found += _ids(line)
    return tuple(dict.fromkeys((*found, *_ids(_header(mail, "in-reply-to")))))


# --- machines -------------------------------------------------------------------------------


def _by_machine(mail: EmailMessage) -> Automatic | None:
    found = _automatic(mail)
    if found is None:
        return None
    answered = (*_ids(_header(mail, "in-reply-to")), *_ids(_header(mail, "references")))
    return Automatic(why=found.why, sender=_sender(mail), refers_to=tuple(dict.fromkeys(answered)))


def _automatic(mail: EmailMessage) -> Automatic | None:
    submitted = _header(mail, "auto-submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return Automatic(why=f"Auto-Submitted: {submitted[:40]}")
    for name in _MACHINES:
        if _header(mail, name):
            return Automatic(why=name)
    if _header(mail, "precedence").strip().lower() in _BULK:
        return Automatic(why="Precedence")
    if _header(mail, "return-path").strip() == "<>":
        return Automatic(why="Return-Path: <>")
    if (
        mail.get_content_type() == "multipart/report"
        or _sender(mail).partition("@")[0] in _POSTMASTERS
    ):
        return Automatic(why="report")
    if _AWAY.match(_header(mail, "subject")):
        return Automatic(why="subject")
    return None


# --- people ---------------------------------------------------------------------------------


def _reply(mail: EmailMessage) -> Reply:
    answered = _ids(_header(mail, "in-reply-to"))
    before = _ids(_header(mail, "references"))
    names = [
        "".join(c for c in (part.get_filename() or "?") if c.isprintable())[:_LONGEST_NAME]
        for part in _walked(mail)
        if _is_attachment(part)
    ]
    return Reply(
        sender=_sender(mail),
        refers_to=tuple(dict.fromkeys((*answered, *reversed(before)))),
        text=own_words(_plain(mail)[:_MOST_TEXT]),
        attachments=tuple(names[:20]),
        # The topmost one is our own server's; those below anybody may have written.
        failed_checks="dmarc=fail" in _header(mail, "authentication-results").lower(),
    )


def _is_attachment(part: EmailMessage) -> bool:
    if part.is_multipart():
        return False
    named = part.get_content_disposition() == "attachment" or part.get_filename() is not None
    return named or part.get_content_maintype() not in ("text", "multipart")


def _plain(mail: EmailMessage) -> str:
    """The mail's words: of its plain text, else of its HTML without the markup."""
    for kind, reader in (("text/plain", str), ("text/html", _without_markup)):
        for part in _walked(mail):
            if part.get_content_type() == kind and not _is_attachment(part):
                text = reader(_text_of(part)[: 4 * _MOST_TEXT])
                if text.strip():
                    return text
    return ""


def _text_of(part: EmailMessage) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):  # a character set that nobody knows
        return raw.decode("utf-8", "replace")


def _walked(mail: EmailMessage) -> Iterator[EmailMessage]:
    """The mail's parts, but not those of mails within it; in bounded number."""
    waiting, seen = [mail], 0
    while waiting and seen < 200:
        part = waiting.pop(0)
        seen += 1
        yield part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting[:0] = [p for p in part.get_payload() if isinstance(p, EmailMessage)]


def _header(mail: Message, name: str) -> str:
    """The first header of this name as text; "" where there is none or it cannot be read."""
    try:
        return str(mail.get(name, ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _sender(mail: EmailMessage) -> str:
    found = getaddresses([_header(mail, "from")])
    return found[0][1].strip().lower() if len(found) == 1 else ""


def _ids(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_ID.findall(text[:20_000])[:_MOST_REFERENCES]))


class _Words(HTMLParser):
    """The words of an HTML mail: no scripts, no styles, nothing quoted."""

    _SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "svg"})
    _BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "blockquote"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._SILENT or tag == "blockquote":
            self._silent.append(tag)
        if tag in self._BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
        if tag in self._BREAKS:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def _without_markup(html: str) -> str:
    words = _Words()
    words.feed(html)
    words.close()
    lines = (" ".join(line.split()) for line in "".join(words.said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
