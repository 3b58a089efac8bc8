"""An answer to one incident, and what became of earlier ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from crisis.types.playbooks import Picture
from crisis.types.rumours import RumourStatus


class ResponseState(StrEnum):
    """Where one answer stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"  # waits for a second person
    RELEASED = "released"
    SUPERSEDED = "superseded"  # a corrected version took its place
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"  # a draft nobody wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer to one incident: an approved text with its blanks filled."""

    id: int = 0
    incident_id: int
    playbook: str
    playbook_sha256: str
    approval_id: int
    lang: str
    title: str
    values: Mapping[str, str] = field(default_factory=dict)  # blank -> what was filled in
    texts: Mapping[str, str] = field(default_factory=dict)  # channel -> text as approved, unfilled
    pictures: tuple[Picture, ...] = ()  # of the playbook, as approved, that go along
    state: ResponseState = ResponseState.DRAFT
    slug: str = ""  # permanent part of its public address
    revision: int = 1
    replaces: int | None = None
    follows: bool = False  # takes the place of a first statement, whose words were not wrong
    change_note: str = ""  # what a correction changed, or why it was withdrawn; public
    # For search engines (ClaimReview), as it stood when it was handed to the second person.
    claim: str = ""
    finding: RumourStatus | None = None
    pinned_until: datetime | None = None  # stands above all citizens' pages until then
    # Let out by one person in an emergency: why, until when a second must look, who did.
    alone_because: str = ""
    review_by: datetime | None = None
    reviewed_by: int | None = None
    reviewed_at: datetime | None = None
    written_by: int
    written_at: datetime
    submitted_at: datetime | None = None
    released_by: int | None = None
    released_at: datetime | None = None
    withdrawn_at: datetime | None = None
    holding: bool = False  # begun as the playbook's first statement
    drill: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAnswers:
    """What became of earlier answers from a playbook, and of how many one can say how it went on."""

    released: int = 0
    withdrawn: int = 0
    compared: int = 0  # with enough posts around their release
    fewer: int = 0  # of these: fewer posts in the hours after than in as many before
