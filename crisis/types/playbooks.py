"""What may be said: situations prepared beforehand, their versions, approvals and days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class BlankKind(StrEnum):
    """What belongs into a blank. The values are what authors may write as its type."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    PHONE = "phone"
    EMAIL = "email"
    URL = "url"
    PLACE = "place"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placeholder:
    """A blank that must be filled before an answer goes out."""

    name: str
    hint: str = ""
    example: str = ""
    kind: BlankKind = BlankKind.TEXT
    choices: tuple[str, ...] = ()  # of a CHOICE
    least: float | None = None  # of a number; of any other text: characters
    most: float | None = None
    tense: str = ""  # "future" or "past": of a date or a moment


class Risk(StrEnum):
    """How much can go wrong with a playbook's texts."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"  # two people must approve it, where the settings say nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookCheck:
    """Something to verify before the answer goes out; stands on the incident's verification list."""

    key: str  # of the text, so that a tick survives a new order: "p-3f9a0c2d1e4b"
    text: str  # plain


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswer:
    """What people will ask, and what we say."""

    question: str  # plain
    answer: str  # Markdown with {{ blanks }}
    uncomfortable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that belongs to a playbook: a file below its folder, and what it shows in words."""

    file: str  # "bilder/karte.png"
    alt: str = ""
    source: str = ""
    sha256: str = ""  # of its bytes; "" where they are not at hand


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookDraft:
    """What one person has written of a playbook and not saved."""

    person_id: int
    name: str  # of the playbook; "" for a new one
    typed: str = ""  # the name a new one is to get
    text: str
    sha256: str = ""  # of the file it was begun from
    began: str = ""  # that file by sections, as the form carries it
    kept: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """One situation prepared beforehand: when to use it, what to do, what to say on which channel."""

    name: str  # the file's path in the folder without ".md": "trinkwasser", "trinkwasser.en"
    sha256: str  # of the exact text
    text: str  # the file, whole, with the blocks it includes
    title: str
    lang: str
    rumours: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    audience: str = ""
    owner: str = ""
    contact: str = ""  # where journalists and citizens turn to
    risk: Risk = Risk.NORMAL
    valid_until: date | None = None
    review_by: date | None = None  # when somebody should read it again, though it still holds
    placeholders: tuple[Placeholder, ...] = ()
    pictures: tuple[Picture, ...] = ()
    sources: tuple[str, ...] = ()
    situation: str = ""  # Markdown
    not_when: str = ""  # Markdown: when it must not be used
    checks: tuple[PlaybookCheck, ...] = ()
    steps: str = ""  # Markdown
    questions: tuple[QuestionAnswer, ...] = ()
    # For the first minutes, when little is known: channel -> Markdown with {{ blanks }}
    holding: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(
        default_factory=dict
    )  # channel -> Markdown with {{ blanks }}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookVersion:
    """A text of a playbook that was once in the folder, and who wrote it if that is known."""

    name: str
    sha256: str
    seen: datetime
    written_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """This person stands for exactly this text."""

    id: int = 0
    name: str  # the playbook
    sha256: str
    person_id: int
    at: datetime
    comment: str = ""
    drill: bool = False  # good for exercises only
    revoked_at: datetime | None = None
    needed: int = 1  # how many different people had to approve this text when this one did


class Why(StrEnum):
    """What happens on a playbook's day."""

    EXPIRES = "expires"  # after it the playbook is not offered any more
    REVIEW = "review"  # somebody meant to read it again


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day of a playbook that comes, or is over."""

    name: str
    title: str
    owner: str
    why: Why
    on: date

    def left(self, today: date) -> int:
        """Days until it; negative once it is over. The day itself still counts."""
        return (self.on - today).days
