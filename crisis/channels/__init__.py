"""Where answers go: what each channel makes of a released answer. Posts nothing anywhere.

``website`` makes the page and the feed entry; every other channel takes plain text ready to be copied
(``copy``). One call for all of them: ``prepare``.
"""

from __future__ import annotations

from crisis.channels.copy import Copy, to_copy
from crisis.channels.website import Page, to_page
from crisis.types import Response

__all__ = ["Copy", "Page", "prepare", "to_copy", "to_page"]


def prepare(channel: str, response: Response) -> Page | Copy:
    """What readers of ``channel`` get of this answer, blanks filled.

    Raises:
        NotFoundError: the answer has no text for this channel.
        InvalidInputError: a blank has no value.
    """
    return to_page(response) if channel == "website" else to_copy(channel, response)
