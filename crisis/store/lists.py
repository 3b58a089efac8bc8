"""The lists of the desk, each as a sheet: what may be sorted, narrowed and searched. And kept views.

How a page is cut out of them stands in ``sheet``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from sqlite_utils import Database

from crisis.incidents.due import Targets
from crisis.lists import Piece, Wish
from crisis.store import sheet
from crisis.store.alerts import alerts_of
from crisis.store.audit import entry_of
from crisis.store.incidents import OPEN, incident_of
from crisis.store.responses import responses_of
from crisis.store.rows import Row, maybe_moment, stamp
from crisis.store.sheet import Sheet
from crisis.types import Advice, Alert, AuditEntry, Incident, Response, View

Line = TypeVar("Line")

_RUMOUR = "case coalesce(r.title, '') when '' then coalesce(r.text, i.rumour_id) else r.title end"
_FOUND = (
    " in (select cast(f.ref as integer) from found_fts x join found f on f.id = x.rowid"
    " where found_fts match 'kind : \"k{kind}\" AND {{title body}} : (' || :words || ')')"
)
# What was decided last in this wave: whoever waits or stays silent on purpose misses nothing.
_DECIDED = (
    "(select a.decided from assessments a where a.incident_id = i.id and a.wave = i.wave"
    " order by a.id desc limit 1)"
)
_PROMISED = (
    "(select min(u.due) from update_plans u where u.incident_id = i.id and u.state = 'running')"
)
_NEVER = "9999"  # after every moment
_DAYS = {"von": "{column} >= :von", "bis": "{column} < :bis"}


def _days(column: str) -> dict[str, str]:
    return {name: condition.format(column=column) for name, condition in _DAYS.items()}


INCIDENTS = Sheet(
    tables="incidents i left join rumours r on r.id = i.rumour_id"
    " left join people p on p.id = i.assignee",
    columns=f"i.*, {_RUMOUR} as rumour_name, coalesce(p.name, '') as assignee_name,"
    f" {_DECIDED} as decided, {_PROMISED} as promised",
    id="i.id",
    sorts={
        # open before ended, unanswered before answered, urgent before slow, new before taken
        "dringend": f"(i.{OPEN}) * 100 + (i.state <> 'corrected') * 50 + i.severity * 10"
        " + (i.state = 'new')",
        "geruecht": f"lower({_RUMOUR})",
        "beitraege": "i.posts",
        "eroeffnet": "i.opened",
        "geaendert": "i.updated",
        "faellig": f"'{_NEVER}'",  # by the targets: see ``_by_targets``
    },
    filters={
        "stand": f"case :stand when 'offen' then i.{OPEN}"
        f" when 'beendet' then not (i.{OPEN}) else i.state = :stand end",
        "dringlichkeit": "i.severity = cast(:dringlichkeit as integer)",
        "wer": "case :wer when '0' then i.assignee is null else i.assignee = cast(:wer as integer) end",
        "geruecht": "i.rumour_id = :geruecht",
        **_days("i.opened"),
    },
    words="i.id" + _FOUND.format(kind="incident") + " or cast(i.id as text) = :text",
)
AUDIT = Sheet(
    tables="audit a",
    columns="a.*",
    id="a.id",
    sorts={"zeit": "a.id"},
    filters={
        "was": "a.what = :was",
        "wer": "a.actor = :wer",
        "handlung": "a.action = :handlung",
        **_days("a.at"),
    },
)
ALERTS = Sheet(
    tables="alerts a left join people p on p.id = a.person_id",
    columns='a.*, coalesce(p.name, a."to") as person_name',
    id="a.id",
    sorts={"geschrieben": "a.id", "betreff": "lower(a.subject)", "stand": "a.state"},
    filters={
        "stand": "a.state = :stand",
        "art": "a.kind = :art",
        "an": "a.person_id = cast(:an as integer)",
        **_days("a.created"),
    },
    words="instr(lower(a.subject || ' ' || coalesce(p.name, '')), lower(:text)) > 0",
)
RESPONSES = Sheet(
    tables="responses a left join people w on w.id = a.written_by"
    " left join people f on f.id = a.released_by",
    columns="a.*, coalesce(w.name, '') as writer, coalesce(f.name, '') as releaser",
    id="a.id",
    sorts={
        "neu": "a.id",
        "titel": "lower(a.title)",
        "stand": "a.state",
        "freigegeben": "coalesce(a.released_at, '')",
    },
    filters={
        "stand": "case :stand when 'oeffentlich' then a.state in ('released', 'withdrawn')"
        " else a.state = :stand end",
        "sprache": "a.lang = :sprache",
        "von_wem": "a.written_by = cast(:von_wem as integer)",
        **_days("a.written_at"),
    },
    words="a.id" + _FOUND.format(kind="response"),
)


NO_TARGETS = Targets()


class IncidentLine(NamedTuple):
    """An incident with what the list says of it."""

    incident: Incident
    rumour: str
    assignee: str
    decided: Advice | None = None  # what people decided to say, in this wave
    promised: datetime | None = None  # when people were told they would hear again


class AlertLine(NamedTuple):
    alert: Alert
    person: str


class ResponseLine(NamedTuple):
    response: Response
    writer: str
    releaser: str


class ListRows:
    def __init__(self, db: Database) -> None:
        self._db = db

    def incidents(self, wish: Wish, targets: Targets = NO_TARGETS) -> Piece[IncidentLine]:
        """One page; ``targets``: by which it is sorted where it is sorted by what is due."""
        return _as(sheet.piece(self._db, _by_targets(targets), wish), _incident)

    def every_incident(self, wish: Wish, targets: Targets = NO_TARGETS) -> Iterator[IncidentLine]:
        return map(_incident, sheet.every(self._db, _by_targets(targets), wish))

    def audit(self, wish: Wish) -> Piece[AuditEntry]:
        return _as(sheet.piece(self._db, AUDIT, wish), entry_of)

    def every_entry(self, wish: Wish) -> Iterator[AuditEntry]:
        return map(entry_of, sheet.every(self._db, AUDIT, wish))

    def actions(self) -> list[str]:
        """Every kind of thing that was ever done."""
        # one jump through the index for each, instead of reading a hundred thousand rows
        rows = self._db.execute(
            "with recursive t(action) as (select min(action) from audit union all"
            " select (select min(action) from audit where action > t.action) from t"
            " where t.action is not null) select action from t where action is not null"
        )
        return [row[0] for row in rows.fetchall()]

    def alerts(self, wish: Wish) -> Piece[AlertLine]:
        return _as(sheet.piece(self._db, ALERTS, wish), _alert)

    def every_alert(self, wish: Wish) -> Iterator[AlertLine]:
        return map(_alert, sheet.every(self._db, ALERTS, wish))

    def responses(self, wish: Wish) -> Piece[ResponseLine]:
        return _as(sheet.piece(self._db, RESPONSES, wish), _response)

    def every_response(self, wish: Wish) -> Iterator[ResponseLine]:
        return map(_response, sheet.every(self._db, RESPONSES, wish))

    # --- kept views --------------------------------------------------------------------------

    def keep_view(self, view: View) -> None:
        """Keep it; one of the same name takes its place."""
        self._db.execute(
            "insert into views (person_id, list, name, query, kept) values (?, ?, ?, ?, ?)"
            " on conflict (person_id, list, name) do update set query = excluded.query,"
            " kept = excluded.kept",
            [view.person_id, view.list, view.name, view.query, stamp(view.kept)],
        )

    def views(self, person_id: int, name: str) -> list[View]:
        """A person's views of one list, by name."""
        rows = self._db.query(
            "select * from views where person_id = ? and list = ? order by name collate nocase",
            [person_id, name],
        )
        return [View(**{**row, "kept": datetime.fromisoformat(row["kept"])}) for row in rows]

    def drop_view(self, view_id: int, person_id: int) -> bool:
        """Forget a view of one's own; False for anybody else's."""
        done = self._db.execute(
            "delete from views where id = ? and person_id = ?", [view_id, person_id]
        )
        return bool(done.rowcount)


def _as(found: Piece[Row], noun: Callable[[Row], Line]) -> Piece[Line]:
    return Piece(
        rows=[noun(row) for row in found.rows],
        total=found.total,
        more=found.more,
        before=found.before,
        after=found.after,
    )


def _by_targets(targets: Targets) -> Sheet:
    """The incidents' list, in which "faellig" is what ``incidents.due`` says; a test holds them together."""
    wait = f"{_DECIDED} in ({Advice.NONE.value}, {Advice.WATCH.value})"
    begun = "case i.wave when 1 then i.opened else i.acknowledged_at end"
    expression = (
        "case"
        f" when i.{OPEN} and i.state <> 'new' and {_PROMISED} is not null then {_after(_PROMISED, 0)}"
        f" when i.state = 'new' then {_within(begun, targets.acknowledgement)}"
        f" when i.state = 'acknowledged' and {wait} then null"
        f" when i.state in ('acknowledged', 'answering') then {_within(begun, targets.answer)} end"
    )
    sorts = {**INCIDENTS.sorts, "faellig": f"coalesce({expression}, '{_NEVER}')"}
    return replace(INCIDENTS, sorts=sorts)


def _within(moment: str, span: timedelta) -> str:
    """The moment so much later; null without a target."""
    return _after(moment, int(span.total_seconds())) if span else "null"


def _after(moment: str, seconds: int) -> str:
    """Written so that two of them can be compared, to the second."""
    return f"strftime('%Y-%m-%dT%H:%M:%S', {moment}, '+{seconds} seconds')"


def _incident(row: Row) -> IncidentLine:
    decided = None if row["decided"] is None else Advice(row["decided"])
    return IncidentLine(
        incident_of(row),
        row["rumour_name"],
        row["assignee_name"],
        decided,
        maybe_moment(row["promised"]),
    )


def _alert(row: Row) -> AlertLine:
    return AlertLine(alerts_of([row])[0], row["person_name"])


def _response(row: Row) -> ResponseLine:
    return ResponseLine(responses_of([row])[0], row["writer"], row["releaser"])
