"""What somebody looks for in the catalogue, and in which order. Finds nothing itself (``store.rumours``)."""

from __future__ import annotations

from dataclasses import dataclass

ORDERS = ("name", "changed", "seen")
"""By name; last changed first; last gone round first."""


@dataclass(frozen=True, slots=True)
class Covered:
    """What playbooks are for: rumours by id, and topics."""

    rumours: frozenset[str]
    topics: frozenset[str]  # as written and in lower case


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries of the catalogue somebody looks for. What is empty does not restrict."""

    text: str = ""  # every word of it begins some word of the entry
    topic: str = ""
    status: str = ""
    lang: str = ""
    hint: str = ""  # a code of ``rumours.advice``; "any" for those with some hint
    unseen: bool = False  # no post was ever found for it
    uncovered: Covered | None = None  # no playbook of these names it or a topic of it
    retired: bool = False  # those as well
