"""How many posts of a day scored how high: numbers in bins, no post and no word of one.

What a bin means is said in ``matching.histogram``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlite_utils import Database


class ScoreRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(
        self, day: date, model: str, counts: Mapping[int, int], *, may_raise: bool = True
    ) -> None:
        """Count further posts of this day, by bin, as this version of the model scored them.

        ``may_raise``: false for posts that are suggested at most, whatever their score.
        """
        if not counts:
            return
        rows = [
            value
            for place, count in counts.items()
            for value in (day.isoformat(), model, place, int(may_raise), count)
        ]
        self._db.execute(
            "insert into score_counts (day, model, bin, may_raise, count) values "
            + ", ".join(["(?, ?, ?, ?, ?)"] * len(counts))
            + " on conflict (day, model, bin, may_raise)"
            " do update set count = count + excluded.count",
            rows,
        )

    def since(
        self, day: date, model: str, *, may_raise: bool | None = None
    ) -> dict[date, dict[int, int]]:
        """Posts by day and bin, from ``day`` on, as this version of the model scored them.

        ``may_raise`` narrows to posts that may (or may not) raise; None counts both. Days on which
        nothing was counted are missing.
        """
        found: dict[date, dict[int, int]] = {}
        condition = "" if may_raise is None else " and may_raise = ?"
        arguments: list[object] = [day.isoformat(), model]
        if may_raise is not None:
            arguments.append(int(may_raise))
        for row in self._db.query(
            "select day, bin, sum(count) as n from score_counts"
            f" where day >= ? and model = ?{condition} group by day, bin order by day, bin",
            arguments,
        ):
            found.setdefault(date.fromisoformat(row["day"]), {})[row["bin"]] = row["n"]
        return found

    def models(self, day: date) -> dict[str, int]:
        """How many posts each version of the model scored from ``day`` on."""
        rows = self._db.query(
            "select model, sum(count) as n from score_counts where day >= ? group by model"
            " order by model",
            [day.isoformat()],
        )
        return {row["model"]: row["n"] for row in rows}

    def forget(self, before: date) -> int:
        """Drop the counts of days before; says how many rows."""
        cursor = self._db.execute("delete from score_counts where day < ?", [before.isoformat()])
        return int(cursor.rowcount)
