"""What comes in by mail, before anybody has read it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxMark:
    """How far a folder of a mailbox was read."""

    numbering: int  # UIDVALIDITY: numbers of another numbering say nothing
    uid: int  # of the last mail that was read; 0: none yet


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxMail:
    """One mail as it lies in the folder, not read yet."""

    uid: int
    content: bytes = field(repr=False)  # RFC 5322, perhaps only its beginning
    size: int  # bytes, of all of it

    @property
    def whole(self) -> bool:
        """Whether nothing was cut off."""
        return len(self.content) >= self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbag:
    """What one look into a folder brought, the oldest mail first."""

    mails: tuple[InboxMail, ...]
    mark: InboxMark  # to go on from
    renumbered: bool = False  # the mark given was of an older numbering: mails may come again
    more: bool = False  # others wait already
