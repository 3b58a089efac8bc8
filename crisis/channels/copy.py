"""An answer as plain text, ready to be copied into another program. Does not send it."""

from __future__ import annotations

from dataclasses import dataclass

from crisis.errors import NotFoundError
from crisis.playbooks.blanks import fill
from crisis.playbooks.limits import CHANNELS, Size, graphemes, sizes
from crisis.playbooks.render import to_text
from crisis.types import Response


@dataclass(frozen=True, slots=True)
class Copy:
    """Plain text for one channel, and how long it is."""

    channel: str
    text: str
    characters: int  # as people see them
    sizes: tuple[Size, ...] = ()  # by the rules of the channel; empty where length does not matter


def to_copy(channel: str, response: Response) -> Copy:
    """The answer's text for ``channel`` without any markup, blanks filled.

    Raises:
        NotFoundError: there is no such channel, or the answer has no text for it.
        InvalidInputError: a blank has no value.
    """
    text = to_text(fill(text_for(channel, response), response.values))
    return Copy(channel, text, graphemes(text), tuple(sizes(channel, text)))


def text_for(channel: str, response: Response) -> str:
    """The unfilled Markdown of the answer for ``channel``; NotFoundError if there is none."""
    text = response.texts.get(channel, "")
    if channel not in CHANNELS or not text.strip():
        raise NotFoundError(
            f"Für den Kanal „{channel}“ gibt es in dieser Antwort keinen Text.",
            f'This answer has no text for the channel "{channel}".',
        )
    return text
