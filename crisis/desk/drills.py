"""Drills of the team: what can be practised, begin or plan one, follow the one that runs, its report.

Decides nothing: workflows ``drill_plans`` and ``drill_steps`` do, ``reports.drill`` composes the report.
Getting to know the desk, alone and within a minute, is another page: ``drill``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis import wiring
from crisis.desk import drill_view, here, live, reports, words
from crisis.desk.words import _
from crisis.drills import Scenario, marked, parse
from crisis.errors import CrisisError, InvalidInputError
from crisis.oncall.calendar import as_ics
from crisis.oncall.wall_clock import instant
from crisis.reports import drill as report
from crisis.types import DrillKind, DrillPlan, DrillState
from crisis.workflows import drill_mails, drill_plans, drill_reminder, drill_steps

blueprint = Blueprint("drills", __name__, url_prefix="/uebungen")

_KINDS = {"jetzt": DrillKind.NOW, "geplant": DrillKind.PLANNED, "ueberraschend": DrillKind.SURPRISE}


@dataclass(frozen=True, slots=True)
class Script:
    """A scenario file of the folder: readable, or why not."""

    name: str
    scenario: Scenario | None
    problem: str = ""


# --- pages ---------------------------------------------------------------------------------------


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """What can be practised, what is planned, what was."""
    me, plans = here.person(), here.store().drill_plans
    return render_template(
        "drills/index.html",
        scripts=_scripts(),
        running=plans.running(),
        waiting=[p for p in plans.waiting() if not drill_plans.is_secret(p, me)],
        over=[drill_view.line(p) for p in plans.over() if not drill_plans.is_secret(p, me)],
        overdue=due(),
        people=_names(),
        **drill_view.saying(),
    )


@blueprint.get("/drehbuch/<name>")
def script(name: str) -> ResponseReturnValue:
    """One scenario: what it is about, what is expected, and when to begin it."""
    return _script_page(name, {}, {})


@blueprint.post("/drehbuch/<name>")
def begin(name: str) -> ResponseReturnValue:
    """Ask once more what will happen, then begin or plan it."""
    form = {key: request.form.get(key, "") for key in ("wann", "am", "von", "bis")}
    kind = _KINDS.get(form["wann"], DrillKind.PLANNED)
    text = wiring.script(here.settings(), name)
    try:
        due, until = _times(kind, form)
        if request.form.get("sicher") != "1":
            return _ask(name, parse(name, text), kind, form, due, until)
        kept = drill_plans.plan(
            here.house(), name, text, kind, here.person(), here.now(), due=due, until=until
        )
    except InvalidInputError as error:
        return _script_page(name, form, {"wann": error.say(words.language())}), 422
    flash(_begun()[kind], "success")
    return redirect(url_for("drills.show", plan_id=kept.id))


@blueprint.get("/<int:plan_id>")
def show(plan_id: int) -> ResponseReturnValue:
    """One drill: planned, running with its clock, or its report."""
    return render_template("drills/show.html", **_content(plan_id))


@blueprint.get("/<int:plan_id>/stand")
def refresh(plan_id: int) -> ResponseReturnValue:
    """The changing part alone, with an ETag."""
    return live.part("drills/live.html", **_content(plan_id))


@blueprint.post("/<int:plan_id>/abbrechen")
def stop(plan_id: int) -> ResponseReturnValue:
    """Break it off, at once and without a question: something real may be going on."""
    drill_plans.seen_by(here.store(), plan_id, here.person())
    drill_plans.stop(here.house(), here.person(), here.now(), plan_id=plan_id)
    flash(_("Die Übung ist abgebrochen. Wer Mails bekam, erfährt es gerade."), "success")
    return redirect(url_for("drills.show", plan_id=plan_id))


@blueprint.post("/<int:plan_id>/beenden")
def finish(plan_id: int) -> ResponseReturnValue:
    """End it before its time, so that it counts."""
    drill_plans.seen_by(here.store(), plan_id, here.person())
    drill_plans.stop(here.house(), here.person(), here.now(), plan_id=plan_id, done=True)
    flash(_("Die Übung ist beendet. Hier steht der Bericht."), "success")
    return redirect(url_for("drills.show", plan_id=plan_id))


@blueprint.post("/<int:plan_id>/absagen")
def call_off(plan_id: int) -> ResponseReturnValue:
    """It will not take place."""
    drill_plans.call_off(here.house(), plan_id, here.person(), here.now())
    flash(_("Die Übung ist abgesagt."), "success")
    return redirect(url_for("drills.index"))


@blueprint.get("/<int:plan_id>/bericht.<any(pdf, md):form>")
def file(plan_id: int, form: str) -> ResponseReturnValue:
    """The report as a file; people by initials unless names are asked for."""
    found = drill_view.practised(plan_id, names=request.args.get("namen") == "1")
    document = report.of_drill(found, words.language())
    return reports.as_file(document, form, f"uebungsbericht-{plan_id}")


@blueprint.get("/<int:plan_id>/termin.ics")
def date(plan_id: int) -> ResponseReturnValue:
    """A planned drill for a calendar program."""
    plan = drill_plans.seen_by(here.store(), plan_id, here.person())
    title = marked(plan.called(words.language()), words.language())
    domain = here.house().terms.mail_domain
    dates = [drill_view.date(plan, words.language())]
    body = as_ics((), {}, here.now(), title=title, domain=domain, dates=dates)
    answer = make_response(body)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="uebung-{plan.id}.ics"'
    return answer


# --- what other pages say of drills --------------------------------------------------------------


def running() -> DrillPlan | None:
    """The drill that runs, for the banner on every page. Strangers learn nothing of it."""
    return None if here.person_or_none() is None else here.store().drill_plans.running()


def due() -> drill_reminder.Overdue | None:
    """Whether the last drill is too long ago."""
    every = here.house().terms.drill_every
    return drill_reminder.overdue(here.store(), every, here.now())


# --- parts ---------------------------------------------------------------------------------------


def _scripts() -> list[Script]:
    """What the folder holds for the team, and files that cannot be read."""
    found = []
    for name in wiring.scenarios(here.settings()):
        try:
            scenario = wiring.scenario(here.settings(), name)
        except CrisisError as error:
            found.append(Script(name, None, error.say(words.language())))
            continue
        if scenario.team:
            found.append(Script(name, scenario))
    return found


def _script_page(name: str, form: Mapping[str, str], problems: Mapping[str, str]) -> str:
    scenario = wiring.scenario(here.settings(), name)
    store, now, house = here.store(), here.now(), here.house()
    missing = ""
    try:
        drill_plans.needed(house, scenario)
    except CrisisError as error:
        missing = error.say(words.language())
    found = drill_plans.findings(house, scenario, now)
    rumour = store.rumours.find(scenario.rumour_id)
    filled = {
        "wann": form.get("wann") or "geplant",
        "am": form.get("am") or _wall(_round(now + timedelta(days=7))),
        "von": form.get("von") or _wall(_round(now)),
        "bis": form.get("bis") or _wall(_round(now + timedelta(days=14))),
    }
    return render_template(
        "drills/script.html",
        name=name,
        scenario=scenario,
        rumour=rumour,
        missing=missing,
        findings=[words.either(one) for one in found],
        form=filled,
        problems=problems,
        posts=[(int(line.after // 60), line) for line in scenario.lines],
        people=drill_mails.concerned(store),
        last=store.drill_plans.last_done(scenario=name),
        pressing=drill_steps.pressing(store),
        **drill_view.saying(),
    )


def _ask(
    name: str,
    scenario: Scenario,
    kind: DrillKind,
    form: Mapping[str, str],
    due: datetime | None,
    until: datetime | None,
) -> str:
    """The question before anything happens. Refuses already what could not be planned."""
    drill_plans.checked(kind, due, until, here.now())
    drill_plans.needed(here.house(), scenario)
    return render_template(
        "drills/ask.html",
        name=name,
        scenario=scenario,
        kind=kind,
        form=form,
        due=due,
        until=until,
        end=due + timedelta(minutes=scenario.minutes) if due else None,
        people=[p for p in drill_mails.concerned(here.store()) if p.id != here.person().id],
        **drill_view.saying(),
    )


def _content(plan_id: int) -> dict[str, object]:
    plan = drill_plans.seen_by(here.store(), plan_id, here.person())
    base = {"plan": plan, "people": _names(), "leads": plan.leader == here.person().id}
    if plan.state in (DrillState.WAITING, DrillState.CALLED_OFF, DrillState.MISSED):
        return base | drill_view.saying()
    found = drill_view.practised(plan_id, names=True)
    if plan.state is DrillState.RUNNING:
        return base | drill_view.running(found) | drill_view.saying()
    document = report.of_drill(found, words.language())
    files = {form: url_for("drills.file", plan_id=plan_id, form=form) for form in reports.KINDS}
    return (
        base
        | {
            "document": document,
            "here_still": _here_still(plan),
            "chart": drill_view.chart(found),
            "files": files,
            "found": found,
        }
        | drill_view.saying()
    )


def _times(kind: DrillKind, form: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    if kind is DrillKind.NOW:
        return None, None
    if kind is DrillKind.PLANNED:
        return instant(form["am"], here.zone()), None
    return instant(form["von"], here.zone()), instant(form["bis"], here.zone())


def _round(moment: datetime) -> datetime:
    """The next full hour."""
    return (moment + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)


def _wall(moment: datetime) -> str:
    return f"{moment.astimezone(here.zone()):%Y-%m-%dT%H:%M}"


def _here_still(plan: DrillPlan) -> bool:
    """Whether incident, posts and mails of it are still here and may be cleared away."""
    latest = here.store().drills.latest()
    return latest is not None and not latest.removed and latest.id == plan.drill_id


def _names() -> dict[int, str]:
    return {person.id: person.name for person in here.store().people.all()}


def _begun() -> Mapping[DrillKind, str]:
    return {
        DrillKind.NOW: _("Die Übung läuft. Die ersten Beiträge kommen gleich."),
        DrillKind.PLANNED: _("Die Übung ist geplant. Alle Beteiligten bekommen eine Mail."),
        DrillKind.SURPRISE: _("Die Übung ist vorbereitet. Nur Sie wissen davon."),
    }
