"""Texts handed in to a second person, a playbook's or an answer's, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReviewState(StrEnum):
    """What became of a text that was handed in."""

    OPEN = "open"  # a second person is asked
    RETURNED = "returned"  # with a comment, to be mended
    APPROVED = "approved"
    MENDED = "mended"  # approved, once the second person had put something right
    TAKEN_BACK = "taken_back"  # by its author
    CHANGED = "changed"  # edited since, so this text is in review no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A text handed in, and what was said of it: a playbook's or an answer's, by its hash."""

    id: int = 0
    playbook: str = ""  # its name; "" for an answer
    response_id: int | None = None
    sha256: str  # of exactly the text that was handed in
    written_by: int | None  # who touched it last
    handed_by: int
    handed_at: datetime
    note: str = ""  # to whoever reads it
    to: int | None = None  # whom it was handed to; None: anybody who may approve
    state: ReviewState = ReviewState.OPEN
    closed_by: int | None = None
    closed_at: datetime | None = None
    comment: str = ""  # why it came back

    @property
    def about(self) -> str:
        """What it is about, as the log names it."""
        return f"playbook:{self.playbook}" if self.playbook else f"response:{self.response_id}"
