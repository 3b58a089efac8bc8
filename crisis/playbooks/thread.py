"""A thread as authors write it: posts parted by lines of three dashes, and the numbers behind them.

Knows no length: ``limits`` counts, ``channels.split`` cuts what is too long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"\s*\(?\b(\d{1,2})\s?/\s?(\d{1,2})\)?$")  # "1/3" at the end of a post


def posts(text: str) -> list[str]:
    """The posts of a thread, as plain text: they are parted by lines of three dashes.

    Numbers that authors put behind their posts ("1/3") are left out, if each has its own: how many there
    will be is known only when every post is measured, see ``numbered``.
    """
    cut = [post.strip() for post in re.split(r"(?m)^---$", text) if post.strip()]
    found = [_NUMBER.search(post) for post in cut]
    own = [(int(one[1]), int(one[2])) for one in found if one]
    if len(cut) < 2 or own != [(place, len(cut)) for place in range(1, len(cut) + 1)]:
        return cut
    return [_NUMBER.sub("", post) for post in cut]


def numbered(cut: Sequence[str]) -> list[str]:
    """Each post with its place behind it, "(1/3)"; one alone needs none."""
    if len(cut) < 2:
        return list(cut)
    return [f"{post} ({place}/{len(cut)})" for place, post in enumerate(cut, 1)]
