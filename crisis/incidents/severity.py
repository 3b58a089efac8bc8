"""How much of a hurry there is, from how many posts there are, how fast, and where. Tells nobody.

The steps are ours, chosen so that one post is never urgent and thirty always are; a person may judge
otherwise, and the desk follows the person.
"""

from __future__ import annotations

from crisis.types import Severity, Spread

_POSTS = ((30, Severity.URGENT), (10, Severity.HIGH), (3, Severity.ELEVATED))
SOME_SPEED = 5  # posts within 10 minutes before speed counts at all
MUCH_SPEED = 10
SEVERAL_SOURCES = 3


def severity(spread: Spread) -> Severity:
    """The severity of a rumour that spreads like this. Never falls when a count grows.

    Speed is measured against what the same sources carry in an ordinary hour: a rumour that alone runs
    as fast as everything else together is one step more urgent, three times as fast two steps. A rumour
    met in three or more sources is one step more urgent as soon as it is elevated.
    """
    base = next((level for posts, level in _POSTS if spread.posts >= posts), Severity.LOW)
    steps = _speed_steps(spread)
    if base > Severity.LOW and spread.sources >= SEVERAL_SOURCES:
        steps += 1
    return Severity(min(base + steps, Severity.URGENT))


def pace(spread: Spread) -> float:
    """Posts an hour at the speed of the last 10 minutes, in multiples of the sources' usual."""
    return spread.last_10_minutes * 6 / max(1.0, spread.usual_per_hour)


def _speed_steps(spread: Spread) -> int:
    if spread.last_10_minutes >= MUCH_SPEED and pace(spread) >= 3:
        return 2
    return 1 if spread.last_10_minutes >= SOME_SPEED and pace(spread) >= 1 else 0
