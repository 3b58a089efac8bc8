"""Two entries of one rumour as one: what of the second goes into the first. Pure; keeps nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from crisis.rumours.phrasing import too_short
from crisis.types import Rumour

_WORD = re.compile(r"\w+")


def united(kept: Rumour, gone: Rumour) -> Rumour:
    """``kept`` with the phrasings, topics and facts of ``gone``, each once, in the order they were read.

    Title, claim, state and language stay those of ``kept``; the last day is the later one.
    """
    known = {_plain(phrasing) for phrasing in kept.phrasings}
    variants = list(kept.variants)
    for phrasing in (gone.text, gone.title, *gone.variants):
        plain = _plain(phrasing)
        if plain and plain not in known and not (phrasing == gone.title and too_short(phrasing)):
            known.add(plain)
            variants.append(phrasing)
    said = {_plain(fact.text) for fact in kept.facts}
    return replace(
        kept,
        variants=tuple(variants),
        topics=tuple(dict.fromkeys((*kept.topics, *gone.topics))),
        facts=(*kept.facts, *(fact for fact in gone.facts if _plain(fact.text) not in said)),
        valid_until=_later(kept.valid_until, gone.valid_until),
    )


def _later(one: date | None, other: date | None) -> date | None:
    return max(one, other) if one and other else None


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
