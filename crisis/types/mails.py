"""What is known of how mails reach people: their addresses, their answers, times of maintenance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum


class CallAnswer(StrEnum):
    """What somebody said to a call beside taking the incident."""

    CANNOT = "cannot"  # the next person is asked at once


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressState:
    """What is known of a mail address."""

    address: str
    confirmed_at: datetime | None = None  # somebody there pressed the button of a test mail
    unreachable_at: datetime | None = None  # a server refused it for good
    problem_de: str = ""
    problem_en: str = ""

    @property
    def reachable(self) -> bool:
        """Whether nothing speaks against it."""
        return self.unreachable_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    """A time in which new incidents are kept but told only afterwards, but for urgent ones."""

    id: int = 0
    start: datetime
    end: datetime
    reason: str
    made_by: int | None
    made: datetime
    ended_at: datetime | None = None  # by somebody, before its end
    told: datetime | None = None  # when people were told what it had held back

    @property
    def over(self) -> datetime:
        """When it ends, or ended."""
        return self.end if self.ended_at is None else min(self.end, self.ended_at)

    def holds(self, now: datetime) -> bool:
        """Whether it is that time."""
        return self.ended_at is None and self.start <= now < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """When somebody is called only for what cannot wait: from ``start`` until ``end``, local time."""

    start: time
    end: time  # at or before ``start``: of the next day

    def holds(self, local: time) -> bool:
        """Whether it is quiet at this time of day."""
        if self.start < self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end
