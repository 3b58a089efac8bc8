"""When a rumour has grown so much that whoever knows of it is told again. Pure; the steps are ours.

Told by thresholds and not by each post: four times as many as the last mail said, and enough to matter.
"""

from __future__ import annotations

TIMES = 4
AT_LEAST = 40  # below it the severity says it: see ``severity``


def worth_telling(told: int, posts: int) -> bool:
    """Whether ``posts`` are news to somebody whose last mail said ``told``."""
    return posts >= AT_LEAST and posts >= TIMES * max(told, 1)
