"""Tokens by which other programs come in: to hand in posts, or to read the metrics. Never a person's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """The one thing a token is good for."""

    POSTS = "posts"  # hand in posts
    METRICS = "metrics"  # read the metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token without its secret, which is shown once and kept as a hash."""

    id: int = 0
    name: str  # of the program that uses it
    scope: Scope
    source_id: int | None = None  # under which its posts stand
    created: datetime
    created_by: int | None
    expires: datetime
    last_used: datetime | None = None
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptReply:
    """What a request with an idempotency key was answered."""

    body_hash: str  # of the request
    status: int
    reply: str  # JSON
