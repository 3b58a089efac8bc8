"""What came of an exercise: written down once at its end, read for the report and for the next one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crisis.drills.expected import Action, Expected, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Somebody who got alert mails of the exercise: when the first one, and when they first did anything."""

    person_id: int
    mails: int
    told: float  # minutes after the beginning
    acted: float | None = None  # None: never


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it."""

    seen: tuple[Seen, ...] = ()
    called: tuple[Called, ...] = ()
    posts: int = 0  # that carried the rumour, by our own judgement

    @property
    def in_time(self) -> int:
        return sum(one.done and not one.late for one in self.seen)

    @property
    def missed(self) -> tuple[Seen, ...]:
        """What was not done at all."""
        return tuple(one for one in self.seen if not one.done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One expected action now, and the same one the last time (None: it was not expected then)."""

    now: Seen
    then: Seen | None


def beside(now: Outcome, then: Outcome | None) -> list[Beside]:
    """Every expected action with its counterpart of the last exercise: the same action, the same turn."""
    waiting = list(then.seen) if then is not None else []
    found = []
    for one in now.seen:
        same = next((old for old in waiting if old.expected.action is one.expected.action), None)
        if same is not None:
            waiting.remove(same)
        found.append(Beside(now=one, then=same))
    return found


def written(outcome: Outcome) -> dict[str, object]:
    """As it is kept."""
    return {
        "seen": [
            {
                "was": one.expected.action.value,
                "bis": one.expected.minute,
                "hinweis": one.expected.note,
                "minute": one.minute,
                "person": one.person_id,
            }
            for one in outcome.seen
        ],
        "called": [
            {"person": c.person_id, "mails": c.mails, "told": c.told, "acted": c.acted}
            for c in outcome.called
        ],
        "posts": outcome.posts,
    }


def read(kept: Mapping[str, Any]) -> Outcome:
    """What ``written`` kept; an empty mapping is an exercise of which nothing is known."""
    return Outcome(
        seen=tuple(_seen(one) for one in _rows(kept, "seen")),
        called=tuple(
            Called(
                person_id=one["person"], mails=one["mails"], told=one["told"], acted=one["acted"]
            )
            for one in _rows(kept, "called")
        ),
        posts=int(kept.get("posts", 0)),
    )


def _rows(kept: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    return list(kept.get(name, ()))


def _seen(one: Mapping[str, Any]) -> Seen:
    return Seen(
        expected=Expected(action=Action(one["was"]), minute=one["bis"], note=one["hinweis"]),
        minute=one["minute"],
        person_id=one["person"],
    )
