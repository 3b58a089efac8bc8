"""Edge: what every line has that is held to a source. The kinds' lines fill it: ``hear_jetstream``,
``hear_mastodon``, ``hear_mailbox``. ``follow`` keeps them up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from crisis.types import FeedContent, Fetched, Heard, SourceKind

Read: TypeAlias = Callable[[Fetched, SourceKind], FeedContent]
"""Turns hostile bytes into posts, elsewhere."""


class Line:
    """How one source is heard."""

    def heard(self) -> Iterator[Heard]:
        """Connect, then give back what comes until the line breaks. Raises CrisisError."""
        raise NotImplementedError

    def close(self) -> None:
        """Hang up, from another thread."""
        raise NotImplementedError
