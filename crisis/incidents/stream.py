"""What somebody wants to see of an incident's posts, and what there is: nouns without behaviour.

Does not find posts (``store.stream``) and shows none.
"""

from __future__ import annotations

from dataclasses import dataclass

OPEN = "open"  # as a verdict wanted: nothing was said yet
EVERY = "all"  # also what was seen before


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which posts of an incident somebody wants to see. Empty fields ask for nothing.

    Posts that were "seen before" are left out unless asked for.
    """

    source_id: int = 0
    lang: str = ""
    place: str = ""
    verdict: str = ""  # of ``Verdict``, OPEN or EVERY
    stance: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Posts that say the same, as far as they are wanted."""

    kin: int
    newest: int  # sighting
    size: int
    verdicts: tuple[str, ...]  # what was said of them, each once; "" for those without a word


@dataclass(frozen=True, slots=True)
class Counted:
    """How much of what is wanted there is."""

    posts: int  # as they are counted for the spread: once a place
    texts: int  # different ones, each with its places
    groups: int  # of texts that say the same


@dataclass(frozen=True, slots=True)
class Facet:
    """How many posts of an incident have all of this in common."""

    source_id: int
    lang: str
    place: str
    stance: str
    verdict: str  # "" where nothing was said
    posts: int
