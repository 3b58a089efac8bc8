"""The rota: a month at a glance, how good the coming weeks are, one day with its entries, and undo.

Every button calls one workflow. What holds when is resolved by ``oncall.duty``; layers are edited in
``rota_layers``, absences and swaps in ``rota_people``, the rules of alerting in ``alert_rules``.
"""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date

from crisis.desk import here, rota_words, words
from crisis.desk.words import _
from crisis.errors import CrisisError, InvalidInputError
from crisis.oncall.duty import Duty, Period, gaps, periods
from crisis.oncall.quality import Quality, planned_levels, quality
from crisis.oncall.wall_clock import instant
from crisis.rights import Act, may
from crisis.types import Person, Shift
from crisis.workflows import admit, plan_duty, roster

blueprint = Blueprint("rota", __name__, url_prefix="/dienstplan")

WINDOW = timedelta(weeks=4)  # what is judged
COLOURS = 8  # of people, in rota.css
FURTHEST = 24  # months ahead or back


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody on one day: in words, and the colour they have everywhere on the page."""

    person: Person
    hours: str  # "" for the whole day
    level: int
    colour: int
    instead_of: str
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One square of the month."""

    on: date
    inside: bool  # of the month shown
    today: bool
    past: bool
    holiday: str
    entries: Sequence[Entry]
    gap: str  # hours of the first level without anybody, "" for none


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The month, the score with what to do, who carries how much, the layers and the latest changes."""
    month = _month(request.args.get("monat", ""))
    planned = _planned(month)
    found = judged(planned)
    return render_template(
        "rota/show.html",
        month=month,
        title=str(format_date(month, "MMMM yyyy")),
        weeks=weeks(planned, month),
        previous=_other(month, -1),
        next=_other(month, 1),
        quality=found,
        findings=rota_words.findings(found, planned),
        window=WINDOW,
        people=planned.known,
        layers=planned.layers,
        words_of=rota_words.layer,
        levels=sorted(planned_levels(planned)),
        changes=_changes(planned),
        plan=may(here.person(), Act.PLAN_DUTY),
        catch_all=here.settings().alerts.catch_all_email,
        empty=not planned.layers and not [s for s in planned.shifts if s.end > here.now()],
    )


@blueprint.get("/tag/<tag>")
def day(tag: str) -> ResponseReturnValue:
    """One day: who when, and a form to enter somebody for a time."""
    on = _day(tag)
    return _day_page(on, {}, {})


@blueprint.post("/tag/<tag>")
def put(tag: str) -> ResponseReturnValue:
    """Enter somebody by hand; it goes before the layers."""
    on, form = _day(tag), request.form
    typed = {name: form.get(name, "") for name in ("person", "start", "end", "level")}
    problems: dict[str, str] = {}
    begins, ends = _instant(typed, "start", problems), _instant(typed, "end", problems, later=True)
    if begins is not None and ends is not None:
        try:
            if ends <= here.now():
                raise InvalidInputError(
                    "Diese Zeit ist schon vorbei.", "This time is over already."
                )
            shift = Shift(
                person_id=form.get("person", 0, type=int),
                start=begins,
                end=ends,
                level=form.get("level", 1, type=int),
            )
            admit.put_on_call(here.store(), shift, here.person(), here.now())
        except CrisisError as error:
            problems["form"] = error.say(words.language())
    if problems:
        return _day_page(on, typed, problems), 422
    flash(_("Eingetragen. Es geht dort allen Plänen vor."), "success")
    return redirect(url_for("rota.day", tag=tag))


@blueprint.post("/eintrag/<int:shift_id>/streichen")
def take(shift_id: int) -> ResponseReturnValue:
    """Remove an entry; the layers hold again."""
    admit.take_off_call(here.store(), shift_id, here.person(), here.now())
    flash(_("Gestrichen. Unter „Letzte Änderungen“ lässt es sich zurücknehmen."), "success")
    return redirect(_back())


@blueprint.post("/aenderung/<int:change_id>/zuruecknehmen")
def undo(change_id: int) -> ResponseReturnValue:
    """Make one change not have been."""
    plan_duty.undo(here.store(), change_id, here.person(), here.now())
    flash(_("Zurückgenommen. Der Dienstplan ist wieder, wie er davor war."), "success")
    return redirect(_back())


def judged(planned: Duty) -> Quality:
    """The score of the coming weeks."""
    now = here.now().replace(second=0, microsecond=0)
    known = roster.confirmed(here.store(), planned.people)
    return quality(planned, now, now + WINDOW, confirmed=known)


def weeks(planned: Duty, month: date) -> list[list[Day]]:
    """The month as rows of seven days, Monday first."""
    rows = Calendar().monthdatescalendar(month.year, month.month)
    start, end = midnight(rows[0][0]), midnight(rows[-1][-1] + timedelta(days=1))
    return days(planned, rows, periods(planned, start, end), month)


def days(
    planned: Duty, rows: Sequence[Sequence[date]], found: Sequence[Period], month: date | None
) -> list[list[Day]]:
    """Rows of days with who is on call, from periods that cover them."""
    colours = colours_of(planned)
    start, end = midnight(rows[0][0]), midnight(rows[-1][-1] + timedelta(days=1))
    holes = gaps(planned, max(start, here.now()), end) if planned.layers or planned.shifts else []
    return [[_of_day(planned, on, found, holes, colours, month) for on in row] for row in rows]


def colours_of(planned: Duty) -> dict[int, int]:
    """A colour for each person, the same on every page."""
    return {p.id: p.id % COLOURS for p in planned.people}


def midnight(on: date) -> datetime:
    """The beginning of the authority's day, in UTC."""
    return datetime.combine(on, time(), here.zone()).astimezone(UTC)


def able(planned: Duty) -> list[tuple[int, str]]:
    """Who may be planned."""
    return [(p.id, p.name) for p in planned.people if p.active and not p.drill and p.roles]


def _of_day(
    planned: Duty,
    on: date,
    found: Sequence[Period],
    holes: Sequence[tuple[datetime, datetime]],
    colours: Mapping[int, int],
    month: date | None,
) -> Day:
    start, end = midnight(on), midnight(on + timedelta(days=1))
    entries = []
    for period in (p for p in found if p.start < end and p.end > start):
        whole = period.start <= start and period.end >= end
        instead = planned.known.get(period.instead_of or 0)
        entries.append(
            Entry(
                person=planned.known[period.person_id],
                hours="" if whole else _hours(max(period.start, start), min(period.end, end)),
                level=period.level,
                colour=colours[period.person_id],
                instead_of=instead.name if instead else "",
                by_hand=period.shift_id is not None,
            )
        )
    entries.sort(key=lambda entry: entry.level)
    return Day(
        on=on,
        inside=month is None or on.month == month.month,
        today=on == here.today(),
        past=on < here.today(),
        holiday=planned.holiday(on),
        entries=entries,
        gap=_gap(holes, start, end),
    )


def _gap(holes: Sequence[tuple[datetime, datetime]], start: datetime, end: datetime) -> str:
    """The hours of a day to come in which nobody is on call."""
    of_day = [(max(a, start), min(b, end)) for a, b in holes if a < end and b > start]
    if any(b - a >= end - start for a, b in of_day):
        return _("niemand")
    return ", ".join(_("%(hours)s niemand", hours=_hours(a, b)) for a, b in of_day)


def _hours(start: datetime, end: datetime) -> str:
    begins, ends = start.astimezone(here.zone()), end.astimezone(here.zone())
    until = "24" if ends.time() == time() else _short(ends)
    return f"{_short(begins)}–{until}"


def _short(at: datetime) -> str:
    return f"{at:%H}" if at.minute == 0 else f"{at:%H:%M}"


def _planned(month: date) -> Duty:
    """What is planned from the beginning of the month on, or from now if that is earlier."""
    since = min(here.now(), midnight(month) - timedelta(days=7))
    return planned_since(since)


def planned_since(since: datetime) -> Duty:
    """All that is planned from ``since`` on."""
    return roster.duty(here.store(), here.zone(), here.settings().rota.federal_state, since)


def _month(text: str) -> date:
    today = here.today().replace(day=1)
    try:
        wanted = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        return today
    apart = (wanted.year - today.year) * 12 + wanted.month - today.month
    return wanted if abs(apart) <= FURTHEST else today


def _other(month: date, by: int) -> str:
    number = month.year * 12 + month.month - 1 + by
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError("Diesen Tag gibt es nicht.", "There is no such day.") from error


def _day_page(on: date, form: Mapping[str, str], problems: Mapping[str, str]) -> str:
    start, end = midnight(on), midnight(on + timedelta(days=1))
    planned = planned_since(min(here.now(), start - timedelta(days=2)))
    begin = max(start, here.now().replace(second=0, microsecond=0))
    usual = {
        "start": f"{begin.astimezone(here.zone()):%Y-%m-%dT%H:%M}",
        "end": f"{end.astimezone(here.zone()):%Y-%m-%dT%H:%M}",
        "person": "",
        "level": "1",
    }
    found = periods(planned, start, end)
    return render_template(
        "rota/day.html",
        on=on,
        title=str(format_date(on, "full")),
        holiday=planned.holiday(on),
        periods=found,
        gaps=gaps(planned, start, end),
        people=planned.known,
        names={layer.id: layer.name for layer in planned.layers},
        shifts=[s for s in planned.shifts if not s.drill and s.start < end and s.end > start],
        able=able(planned),
        levels=rota_words.levels(),
        form=dict(form) or usual,
        problems=problems,
        zone=here.zone().key,
        past=end <= here.now(),
        previous=(on - timedelta(days=1)).isoformat(),
        next=(on + timedelta(days=1)).isoformat(),
        month=f"{on:%Y-%m}",
        colours=colours_of(planned),
    )


def _instant(
    form: Mapping[str, str], name: str, problems: dict[str, str], *, later: bool = False
) -> datetime | None:
    try:
        return instant(form[name], here.zone(), later=later)
    except InvalidInputError as error:
        problems[name] = error.say(words.language())
        return None


def _changes(planned: Duty) -> list[tuple[object, str, str]]:
    """The latest changes: the change, what it was in words, and who made it."""
    return [
        (
            change,
            rota_words.change(change, planned),
            planned.known[change.by].name if change.by in planned.known else "",
        )
        for change in here.store().oncall.changes(limit=8)
    ]


def _back() -> str:
    """Where the button stood, if that is one of our pages."""
    back = request.form.get("zurueck", "")
    if back.startswith("/dienstplan/") and "//" not in back and "\\" not in back:
        return back
    return url_for("rota.show")
