"""Every error raised on purpose. Says what to do, and whether trying again helps.

Each error carries one sentence in German and in English. Edges wrap foreign errors in these and chain
the cause; doors map them to status and exit codes once; nobody in between catches them.
"""

from __future__ import annotations

from collections.abc import Iterable


class CrisisError(Exception):
    """Something went wrong that we foresaw.

    ``de`` and ``en`` say in a sentence or two what happened and what to do about it.
    ``retry`` tells whether the same call may succeed later without anybody changing anything.
    """

    retry = False

    def __init__(self, de: str, en: str) -> None:
        super().__init__(en)
        self.de = de
        self.en = en

    def say(self, lang: str) -> str:
        """The text for people: German where ``lang`` is "de", otherwise English."""
        return self.de if lang.startswith("de") else self.en


class SettingsError(CrisisError):
    """The settings file or environment cannot be used; lists every problem at once."""


class NotFoundError(CrisisError):
    """There is no such thing."""


class NotAllowedError(CrisisError):
    """This person may not do that."""


class InvalidInputError(CrisisError):
    """What was entered cannot be taken; says why and what to enter instead."""


class ScopeError(InvalidInputError):
    """A source or rumour may not be followed, or nobody confirmed that it may. ``missing``: what was not."""

    def __init__(self, de: str, en: str, *, missing: Iterable[str] = ()) -> None:
        super().__init__(de, en)
        self.missing = tuple(missing)


class IllegalMoveError(CrisisError):
    """The thing is in a state from which it cannot go there."""


class ConflictError(CrisisError):
    """Somebody else changed it meanwhile; look again before you decide."""


class SecondAnswerError(ConflictError):
    """There is an answer to this rumour already; somebody must choose. ``rivals``: their numbers."""

    def __init__(self, de: str, en: str, *, rivals: Iterable[int] = ()) -> None:
        super().__init__(de, en)
        self.rivals = tuple(rivals)


class FourEyesError(NotAllowedError):
    """A second person is needed."""


class FetchError(CrisisError):
    """A source could not be fetched.

    ``status`` is what the server answered, if it did; ``retry_after`` the seconds it asks us to wait.
    """

    retry = True

    def __init__(
        self, de: str, en: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(de, en)
        self.status = status
        self.retry_after = retry_after

    @property
    def gone(self) -> bool:
        """The server says that the source is gone for good."""
        return self.status == 410  # HTTP's "Gone"


class ForbiddenAddressError(FetchError):
    """The address leads somewhere we never go: a private network, or not the web."""

    retry = False


class TooLargeError(FetchError):
    """The answer was larger, slower or deeper than we take."""


class FeedError(CrisisError):
    """Bytes came, but no feed could be read from them."""

    retry = True


class PlaybookError(CrisisError):
    """A playbook cannot be read; says file and line."""


class GitError(CrisisError):
    """A change of a playbook could not be committed; it is saved all the same."""

    retry = True


class MailError(CrisisError):
    """A mail could not be handed over. ``retry`` says whether for now or for good.

    ``doubt``: the server may have taken it all the same.
    """

    retry = True
    doubt = False


class PermanentMailError(MailError):
    """The mail server refuses this mail or this address for good."""

    retry = False


class AddressRefusedError(PermanentMailError):
    """The mail server takes nothing for this address: there is no such mailbox, or it is closed."""


class InboxError(CrisisError):
    """A mailbox could not be read. ``retry`` says whether for now, or until somebody changes something."""

    retry = True


class RefusedInboxError(InboxError):
    """The mailbox refuses us: password, folder or encryption must be put right first."""

    retry = False


class ChannelError(CrisisError):
    """An answer could not be put onto a channel now; it is tried again.

    ``doubt``: it may have arrived all the same. ``retry_after``: seconds the channel asks us to wait.
    """

    retry = True

    def __init__(
        self, de: str, en: str, *, doubt: bool = False, retry_after: float | None = None
    ) -> None:
        super().__init__(de, en)
        self.doubt = doubt
        self.retry_after = retry_after


class PermanentChannelError(ChannelError):
    """The channel refuses; somebody must change something first."""

    retry = False


class GoneError(PermanentChannelError):
    """What was to be changed or taken away is not there any more."""


class StoppedError(CrisisError):
    """It must not go out any more: withdrawn, replaced, or somebody else's by now."""


class StoreError(CrisisError):
    """The database cannot be used."""

    retry = True


class BusyError(StoreError):
    """Another process held the database for too long."""


class ReportError(CrisisError):
    """A report could not be laid out as a PDF."""


class ModelError(CrisisError):
    """The matching model's file cannot be used."""
