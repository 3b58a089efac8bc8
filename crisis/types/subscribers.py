"""Addresses of the list that answers are mailed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """An address of a list that answers are mailed to. Gets nothing before it has said yes itself."""

    id: int = 0
    address: str
    name: str  # of the paper, the office, the person
    channel: str = "press"  # whose text it gets: "press" or "partners"
    added_by: int | None
    added: datetime
    asked_at: datetime | None = None  # when the mail went out that asks for the yes
    confirmed_at: datetime | None = None
    left_at: datetime | None = None
    due: datetime  # when it is asked, or asked again
    attempts: int = 0
    problem_de: str = ""
    problem_en: str = ""

    @property
    def gets_mail(self) -> bool:
        return self.confirmed_at is not None and self.left_at is None
