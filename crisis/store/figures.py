"""What figures are made of, in a handful of queries however many incidents there are. Computes none."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlite_utils import Database

from crisis.figures.answers import Answered
from crisis.figures.courses import Course, Happening
from crisis.figures.overview import Suggested
from crisis.store.rows import maybe_moment, moment, stamp
from crisis.store.schema_counts import ACT_HOUR, ACTS
from crisis.types import IncidentState, Severity

# Of incidents that were never reopened the columns say all; of the others the audit log must.
_EVENTS = """
select incident_id, 'alert.sent' as action, min(sent_at) as at from alerts
 where state = 'sent' and incident_id is not null and sent_at >= :start group by incident_id
union all
select incident_id, action, at from audit
 where action = 'alert.sent' and incident_id is not null and at >= :start
union all
select incident_id, 'response.released', released_at from responses
 where released_at is not null and released_at >= :start
union all
select incident_id, action, at from audit
 where action in ('incident.reopened', 'incident.acknowledged', 'incident.dismissed', 'incident.closed')
 and incident_id in (select id from incidents where wave > 1)
"""
_HAPPENINGS = {one.value: one for one in Happening}
_SEVERITIES = {one.value: one for one in Severity}
_STATES = {one.value: one for one in IncidentState}


class FigureRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def courses(self, start: datetime, end: datetime, *, drill: bool = False) -> list[Course]:
        """Incidents that began, or began anew, from ``start`` until just before ``end``.

        ``drill``: exercises as well. Two queries.
        """
        span = {"start": stamp(start), "end": stamp(end)}
        events: dict[int, list[tuple[Happening, datetime]]] = {}
        for incident_id, action, at in self._db.execute(_EVENTS, span):
            events.setdefault(incident_id, []).append((_HAPPENINGS[action], moment(at)))
        topics: dict[str | None, tuple[str, ...]] = {None: ()}  # many rumours have the same
        found = []
        rows = self._db.execute(
            "select i.id, i.rumour_id, i.severity, i.state, i.drill, i.opened, i.acknowledged_at,"
            " i.ended_at, r.topics, c.first_post, c.source_id, c.fits, c.does_not_fit, c.corrects"
            " from incidents i left join incident_counts c on c.incident_id = i.id"
            " left join rumours r on r.id = i.rumour_id"
            " where ((i.opened >= :start and i.opened < :end) or i.wave > 1) and i.drill <= :drill"
            " order by i.opened, i.id",
            {**span, "drill": int(drill)},
        )
        for row in rows:  # plain tuples: as mappings they took longer than all the rest
            incident_id, rumour, severity, state, practised, opened, acknowledged, ended = row[:8]
            subjects, first_post, source_id, fits, does_not_fit, corrects = row[8:]
            if subjects not in topics:
                topics[subjects] = tuple(json.loads(subjects))
            found.append(
                Course(
                    incident_id=incident_id,
                    rumour_id=rumour,
                    topics=topics[subjects],
                    severity=_SEVERITIES[severity],
                    state=_STATES[state],
                    drill=bool(practised),
                    opened=moment(opened),
                    first_post=maybe_moment(first_post),
                    source_id=source_id,
                    acknowledged_at=maybe_moment(acknowledged),
                    ended_at=maybe_moment(ended),
                    fits=fits or 0,
                    does_not_fit=does_not_fit or 0,
                    corrects=corrects or 0,
                    events=events.get(incident_id, ()),
                )
            )
        return found

    def answers(self, start: datetime, end: datetime, *, drill: bool = False) -> list[Answered]:
        """First versions of answers that were begun from ``start`` until just before ``end``.

        A channel counts from the row that first put the answer there; one that is not to go there (stopped
        by a person) does not count.
        """
        span = {"start": stamp(start), "end": stamp(end), "drill": int(drill)}
        which = (
            "written_at >= :start and written_at < :end and replaces is null and drill <= :drill"
        )
        channels: dict[int, dict[str, datetime | None]] = {}
        for number, channel, sent in self._db.execute(
            "select response_id, channel, min(sent_at) from publications where act = 'publish'"
            f" and response_id in (select id from responses where {which})"
            " and (state <> 'cancelled' or done_by is null) group by response_id, channel",
            span,
        ):
            channels.setdefault(number, {})[channel] = maybe_moment(sent)
        return [
            Answered(
                first_post=maybe_moment(first_post),
                submitted=maybe_moment(submitted),
                released=maybe_moment(released),
                given_up=state in ("discarded", "withdrawn", "superseded"),
                channels=channels.get(number, {}),
            )
            for number, first_post, submitted, released, state in self._db.execute(
                "select r.id, c.first_post, r.submitted_at, r.released_at, r.state from responses r"
                " left join incident_counts c on c.incident_id = r.incident_id"
                f" where {which.replace('written_at', 'r.written_at').replace('drill <=', 'r.drill <=')}"
                " order by r.id",
                span,
            )
        ]

    def suggested(self, start: datetime, end: datetime, *, drill: bool = False) -> Suggested:
        """What became of the suggestions of that time."""
        row = next(
            self._db.query(
                "select count(*) as found, coalesce(sum(s.verdict in ('fits', 'corrects')), 0) as fits,"
                " coalesce(sum(s.verdict = 'does_not_fit'), 0) as wrong,"
                " coalesce(sum(s.verdict is null), 0) as waiting"
                " from sightings s join posts p on p.id = s.post_id"
                " where s.band = 'suggest' and s.found >= ? and s.found < ? and p.drill <= ?",
                [stamp(start), stamp(end), int(drill)],
            )
        )
        return Suggested(row["found"], row["fits"], row["wrong"], row["waiting"])

    def acts(
        self, start: datetime, end: datetime, offset: timedelta, *, drill: bool = False
    ) -> dict[int, int]:
        """How often people did something that left a line in the audit log, by hour of the day.

        The hour (0 to 23) on a clock that shows UTC + ``offset``. Read from an index that holds nothing
        else; lines within one hour of UTC go together.
        """
        rows = self._db.execute(
            "select (((cast(substr(hour, 12, 2) as integer) * 60 + :minutes) / 60) % 24 + 24) % 24,"
            f" sum(n) from (select {ACT_HOUR} as hour, count(*) as n from audit where {ACTS}"
            f" and {ACT_HOUR} >= substr(:start, 1, 13) and at >= :start and at < :end"
            f" and drill <= :drill group by {ACT_HOUR}) group by 1",
            {
                "start": stamp(start),
                "end": stamp(end),
                "minutes": int(offset.total_seconds() // 60),
                "drill": int(drill),
            },
        )
        return {int(hour): int(count) for hour, count in rows}
