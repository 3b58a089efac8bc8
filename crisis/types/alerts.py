"""Mails to people, complete, in the outbox or sent. Does not say how they travel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertState(StrEnum):
    """Where a mail of the outbox stands."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"  # for good; shown on the desk
    CANCELLED = "cancelled"


class AlertKind(StrEnum):
    """Why a mail was written."""

    RAISED = "raised"
    REOPENED = "reopened"
    ESCALATED = "escalated"  # the person before did not answer
    WORSE = "worse"  # severity grew
    TAKEN = "taken"  # somebody has it now, or it has ended; for those told before
    STILL = "still"  # somebody took it, and nothing has happened since
    BUNDLE = "bundle"  # several mails of other kinds in one
    UNREACHABLE = "unreachable"  # somebody's address refuses mail; for who keeps the people
    INVITATION = "invitation"
    TEST = "test"
    HELD = "held"  # what maintenance held back, once it is over
    HANDOVER = "handover"  # what the shift before has to tell
    ALONE = "alone"  # somebody let an answer out without a second person
    UNPUBLISHED = "unpublished"  # an answer could not be put onto one of its channels
    REVIEW = "review"  # a text was handed in, returned or approved
    UPDATE = "update"  # a promised update is due: somebody must confirm it
    REMINDER = "reminder"  # playbooks end soon or should be read again
    SOURCES = "sources"  # sources fail, fell silent, ended or are well again
    DRILL = "drill"  # about an exercise of the team: announced, called off, over, overdue
    COPY = "copy"  # what somebody on call was told, for a learner
    ROTA = "rota"  # a swap, or a time in which nobody is on call
    WATCHDOG = "watchdog"  # to the address outside the house; never stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One mail to one person, complete, waiting in the outbox or sent."""

    id: int = 0
    incident_id: int | None
    person_id: int
    kind: AlertKind
    to: str
    subject: str
    text: str
    html: str
    message_id: str
    in_reply_to: str = ""
    created: datetime
    due: datetime
    attempts: int = 0
    state: AlertState = AlertState.PENDING
    sent_at: datetime | None = None
    last_error: str = ""
    drill: bool = False
    travels: bool = False  # of an exercise, yet to people: a drill of the team
    step: int | None = None  # the policy's step that chose the person; 0: the last resort
    policy: int | None = None  # the version of the policy
    rule: str = ""  # why this person, German and English, as ``oncall.rota.Why`` writes it
    priority: int = 1  # 0 goes first
    posts: int = 0  # of the incident, when this was written
    carried_by: int | None = None  # the BUNDLE in which it travels
    followed_up: datetime | None = None  # when the person learned what became of it
