"""What the board shows of many incidents at once: a fixed number of queries, however many they are.

Reads only. How it is told is decided by the page.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlite_utils import Database

from crisis.incidents.glance import HOURS, Glance, OpenOnes
from crisis.store.appearances import WRITTEN
from crisis.store.incidents import OPEN, SPREAD
from crisis.store.rows import Row, moment, stamp
from crisis.types import AlertKind, AlertState, IncidentState, ResponseState, Severity

_PAGES = (AlertKind.RAISED, AlertKind.REOPENED, AlertKind.ESCALATED, AlertKind.WORSE)


class GlanceRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def open_ones(self) -> list[OpenOnes]:
        """All open incidents, counted by state and urgency; exercises as well."""
        rows = self._db.query(
            f"select state, severity, count(*) as n from incidents where {OPEN} group by 1, 2"
        )
        return [
            OpenOnes(IncidentState(row["state"]), Severity(row["severity"]), row["n"])
            for row in rows
        ]

    def count_of(self, person_id: int) -> int:
        """How many open incidents are this person's."""
        return self._db.table("incidents").count_where(f"assignee = ? and {OPEN}", [person_id])

    def rumours(self, incident_ids: Collection[int]) -> dict[int, tuple[str, str]]:
        """The rumours' sentences and their languages, by incident."""
        rows = self._rows(
            "select i.id, r.text, r.lang from incidents i join rumours r on r.id = i.rumour_id"
            " where i.id in ({marks})",
            incident_ids,
        )
        return {row["id"]: (row["text"], row["lang"]) for row in rows}

    def of(self, incident_ids: Collection[int], now: datetime) -> dict[int, Glance]:
        """Each of these at a glance."""
        found = {number: Glance() for number in incident_ids}
        for number, (text, lang) in self.rumours(incident_ids).items():
            found[number].rumour, found[number].lang = text, lang
        for row in self._recent(incident_ids, now):
            one = found[row["incident_id"]]
            one.speed[HOURS - 1 - row["age"]] += row["n"]
            if row["place"]:
                one.places[row["place"]] = one.places.get(row["place"], 0) + row["n"]
        for one in found.values():
            one.places = dict(sorted(one.places.items(), key=lambda place: (-place[1], place[0])))
        for row in self._rows(
            "select distinct incident_id, state from responses where incident_id in ({marks})",
            incident_ids,
        ):
            found[row["incident_id"]].answers.add(ResponseState(row["state"]))
        kinds = ",".join(f"'{kind.value}'" for kind in _PAGES)
        for row in self._rows(
            "select incident_id, max(created) as last from alerts where incident_id in ({marks})"
            f" and kind in ({kinds}) and state <> '{AlertState.CANCELLED.value}'"
            " group by incident_id",
            incident_ids,
        ):
            found[row["incident_id"]].paged = moment(row["last"])
        return found

    def _recent(self, incident_ids: Collection[int], now: datetime) -> Iterable[Row]:
        """Posts of the last day by incident, hour and place. None was written after it was found."""
        age = f"(strftime('%s', ?) - strftime('%s', {WRITTEN})) / 3600"
        return self._rows(
            f"select s.incident_id, {age} as age, p.place, count(*) as n"
            f" from {SPREAD} join posts p on p.id = s.post_id"
            " where s.incident_id in ({marks}) and a.seen > ?"
            " and case when s.verdict is null then s.stance <> 'corrects'"
            " else s.verdict = 'fits' end"
            f" group by 1, 2, 3 having age between 0 and {HOURS - 1}",
            incident_ids,
            before=[stamp(now)],
            after=[stamp(now - timedelta(hours=HOURS))],
        )

    def _rows(
        self,
        query: str,
        ids: Collection[int],
        *,
        before: Collection[str] = (),
        after: Collection[str] = (),
    ) -> Iterable[Row]:
        marks = ",".join("?" * len(ids))
        return self._db.query(query.replace("{marks}", marks), [*before, *ids, *after])
