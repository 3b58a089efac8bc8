"""Official warnings: context beside incidents, never a post. What, by whom, until when, where to read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Gravity(IntEnum):
    """How grave the sender calls it (CAP 1.2, ``severity``); the higher, the graver."""

    UNKNOWN = 0
    MINOR = 1
    MODERATE = 2
    SEVERE = 3
    EXTREME = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialWarning:
    """A warning an authority has given out to everybody."""

    source_id: int = 0
    key: str  # the sender's identifier of this message
    event: str  # what it warns of, in the sender's few words
    lang: str = ""  # of ``event``
    sender: str = ""
    gravity: Gravity = Gravity.UNKNOWN
    url: str = ""  # where people read it; "" nowhere
    sent: datetime | None = None
    onset: datetime | None = None  # from when it holds; None: at once
    expires: datetime | None = None  # until when; None: the sender says no end


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """Where one warning of a list stands at length."""

    mark: str  # changes whenever that warning does
    url: str
    stub: OfficialWarning | None = None  # what the list itself says of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """What one answer says of warnings."""

    warnings: tuple[OfficialWarning, ...] = ()
    ended: tuple[str, ...] = ()  # keys that were called off or replaced
    standing: tuple[str, ...] = ()  # keys that go on as they were last told
    whole: bool = False  # what is not in it does not hold any more
    leads: tuple[Lead, ...] = ()
    missed: int = 0  # messages that could not be read or relied on
