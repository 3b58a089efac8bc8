"""Times of maintenance: see them, plan one, end one. What they do is said by ``workflows.maintenance``."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, words
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.types import IncidentState, Maintenance, Severity
from crisis.workflows import maintenance

blueprint = Blueprint("maintenance", __name__, url_prefix="/einstellungen/wartung")

USUAL = timedelta(hours=2)
SHOWN = timedelta(days=30)


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """What holds, what is planned, what was."""
    now = here.now()
    return _page({"von": _typed(now), "bis": _typed(now + USUAL)}, "")


@blueprint.post("/")
def plan() -> ResponseReturnValue:
    """Plan one."""
    form = {name: request.form.get(name, "") for name in ("von", "bis", "grund")}
    try:
        kept = maintenance.plan(
            here.store(),
            _moment(form["von"]),
            _moment(form["bis"]),
            form["grund"],
            here.person(),
            here.now(),
        )
    except InvalidInputError as error:
        return _page(form, error.say(words.language())), 422
    if kept.holds(here.now()):
        flash(_("Die Wartung läuft. Was dringend ist, wird weiter gemeldet."), "success")
    else:
        flash(_("Die Wartung ist eingetragen und beginnt von selbst."), "success")
    return redirect(url_for("maintenance.show"))


@blueprint.post("/<int:window_id>/beenden")
def end(window_id: int) -> ResponseReturnValue:
    """End it now, or call it off."""
    maintenance.end(here.store(), window_id, here.person(), here.now())
    flash(_("Die Wartung ist beendet. Was zurückgehalten wurde, wird jetzt gemeldet."), "success")
    return redirect(url_for("maintenance.show"))


def held(window: Maintenance | None) -> int:
    """How many incidents wait for the end of this one."""
    if window is None:
        return 0
    return sum(
        incident.state is IncidentState.NEW
        and incident.severity is not Severity.URGENT
        and incident.opened >= window.start
        and not incident.drill
        for incident in here.store().incidents.all_open()
    )


def _page(form: dict[str, str], problem: str) -> str:
    now = here.now()
    windows = here.store().mails.windows(now - SHOWN)
    current = maintenance.current(here.store(), now)
    return render_template(
        "maintenance/show.html",
        form=form,
        problem=problem,
        current=current,
        held=held(current),
        ahead=[w for w in windows if w.ended_at is None and w.end > now],
        past=[w for w in reversed(windows) if w.ended_at is not None or w.end <= now],
        names={person.id: person.name for person in here.store().people.all()},
    )


def _zone() -> ZoneInfo:
    return ZoneInfo(here.settings().authority.timezone)


def _typed(moment: datetime) -> str:
    """As a field for date and time holds it."""
    return f"{moment.astimezone(_zone()):%Y-%m-%dT%H:%M}"


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_zone())
    except ValueError as error:
        raise InvalidInputError(
            "Bitte tragen Sie Tag und Uhrzeit für Anfang und Ende ein.",
            "Please enter day and time for beginning and end.",
        ) from error
