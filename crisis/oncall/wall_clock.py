"""What people type as a time of day, as the instant it is. Pure; knows zones, not the present.

Twice a year a wall clock lies: one hour does not exist, another happens twice.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from crisis.errors import InvalidInputError


def instant(text: str, zone: tzinfo, *, later: bool = False) -> datetime:
    """``text`` ("2026-11-23T18:00") on the clocks of ``zone``, in UTC.

    Of an hour that happens twice, the first is meant, or with ``later`` the second: so a shift that
    begins or ends in it covers both. Raises InvalidInputError for what is no time, and for a time that
    the clocks leap over.
    """
    try:
        wall = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InvalidInputError(
            f"„{text[:40]}“ ist kein Zeitpunkt. Bitte so: 23.11.2026, 18:00.",
            f"“{text[:40]}” is no point in time. Please enter date and time.",
        ) from error
    if wall.tzinfo is not None:
        return wall.astimezone(UTC)
    moment = wall.replace(tzinfo=zone, fold=1 if later else 0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != wall:
        raise InvalidInputError(
            f"Am {wall:%d.%m.%Y} gibt es {wall:%H:%M} Uhr nicht: In dieser Nacht werden die Uhren"
            " vorgestellt. Bitte nehmen Sie eine Stunde früher oder später.",
            f"On {wall:%d/%m/%Y} there is no {wall:%H:%M}: the clocks go forward that night. Please"
            " take an hour earlier or later.",
        )
    return moment
