"""What a model learns from, and the seed with which all chance in learning begins.

Holds it only: ``crisis train`` reads it from files, ``training`` learns, ``calibration`` sets thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crisis.matching.pairs import Fits, Said
from crisis.types import Rumour

SEED = 20261123


@dataclass(frozen=True)
class Task:
    """Rumours, posts, and which belong together."""

    rumours: Sequence[Rumour]
    posts: Sequence[Said]
    fits: Fits


@dataclass(frozen=True)
class Material:
    """All there is to learn from; ``crisis train`` says where it comes from.

    ``measured``: ids of rumours that posts kept for measuring carry, and that therefore teach
    nothing. ``headlines``: German claims that none of the ``everyday`` posts (by language) carries.
    ``town``: a town's rumours, and posts of which some carry one and some only speak of the same.
    """

    english: Task
    measured: frozenset[str]
    multi: Task
    headlines: Sequence[Rumour]
    everyday: dict[str, list[Said]]
    catalogue: Sequence[Rumour]
    town: Task
