"""The exercise: start it, see how far it is and what you have seen of it, remove every trace.

Plays nothing itself: see ``drills`` and ``workflows.drill``. Its feed is for our own monitor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    url_for,
)
from flask.typing import ResponseReturnValue

from crisis import drills, wiring
from crisis.desk import here, live
from crisis.desk.words import _
from crisis.errors import NotFoundError
from crisis.types import Alert, Drill, Incident, ResponseState
from crisis.types import Response as Answer
from crisis.workflows import drill as workflow

blueprint = Blueprint("drill", __name__, url_prefix="/uebung")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the checklist: what to see, whether it is there, and where."""

    name: str
    text: str
    done: bool
    address: str = ""
    link: str = ""


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """What an exercise is, or how far this one is."""
    return render_template("drill/show.html", **_content())


@blueprint.get("/stand")
def progress() -> ResponseReturnValue:
    """The changing part alone, with an ETag."""
    return live.part("drill/live.html", **_content())


def _content() -> dict[str, object]:
    drill = here.store().drills.latest()
    if drill is None or drill.removed or here.store().drill_plans.of_drill(drill.id):
        team = here.store().drill_plans.running()
        return {"drill": None, "team": team, "scenario": wiring.scenario(here.settings())}
    scenario = wiring.scenario(here.settings(), drill.scenario)
    out = drills.played(scenario, drill, here.now())
    steps = _steps(drill, len(out))
    return {
        "drill": drill,
        "scenario": scenario,
        "out": len(out),
        "all": len(scenario.lines),
        "percent": round(100 * len(out) / len(scenario.lines)),
        "playing": len(out) < len(scenario.lines),
        "steps": steps,
        "current": next((step for step in steps if not step.done), None),
        "silent": _monitor_silent(),
    }


def _monitor_silent() -> bool:
    from crisis.desk.board_health import health

    return health().monitor_silent


def _steps(drill: Drill, out: int) -> list[Step]:
    store = here.store()
    incident = next(
        (i for i in store.incidents.board(include_ended=True, limit=50) if i.drill), None
    )
    answers = store.responses.of_incident(incident.id) if incident else []
    alerts = store.alerts.of_incident(incident.id) if incident else []
    return [*_noticing(incident, alerts, out), *_answering(incident, answers)]


def _noticing(incident: Incident | None, alerts: Sequence[Alert], out: int) -> list[Step]:
    page = url_for("incidents.show", incident_id=incident.id) if incident else ""
    alert = next(iter(alerts), None)
    mail = url_for("outbox.show", alert_id=alert.id) if alert else ""
    return [
        Step(
            _("Beiträge kommen herein"),
            _("Ein Feed liefert Beiträge; die meisten haben mit dem Gerücht nichts zu tun."),
            out > 0,
        ),
        Step(
            _("Ein Gerücht wird erkannt, ein Vorfall entsteht"),
            _("Sehen Sie die markierten Wörter an und klappen Sie „Warum passt das?“ auf."),
            incident is not None,
            page and f"{page}#beitraege",
            _("Beiträge ansehen"),
        ),
        Step(
            _("Eine Alarm-Mail geht hinaus"),
            _("In der Übung bleibt sie auf diesem Rechner, im Postausgang."),
            alert is not None,
            mail,
            _("Mail lesen"),
        ),
        Step(
            _("Jemand übernimmt den Vorfall"),
            _("Der Knopf heißt „Übernehmen“. Danach wird niemand mehr gerufen."),
            incident is not None and incident.acknowledged_at is not None,
            page,
            _("Zum Vorfall"),
        ),
    ]


def _answering(incident: Incident | None, answers: Sequence[Answer]) -> list[Step]:
    page = url_for("incidents.show", incident_id=incident.id) if incident else ""
    current = next(iter(answers), None)
    answer = url_for("responses.show", response_id=current.id) if current else ""
    states = {a.state for a in answers}
    released = next((a for a in answers if a.state is ResponseState.RELEASED), None)
    handed = bool(states & {ResponseState.SUBMITTED, ResponseState.RELEASED})
    return [
        Step(
            _("Eine freigegebene Antwort auswählen"),
            _("Klarstellung schlägt passende Vorlagen vor und sagt, warum sie passen."),
            bool(answers),
            page and f"{page}#antwort",
            _("Zu den Vorschlägen"),
        ),
        Step(
            _("Lücken ausfüllen und zur Freigabe geben"),
            _("Nur die Lücken sind neu; der übrige Text ist vorab freigegeben."),
            handed,
            answer,
            _("Zur Antwort"),
        ),
        Step(
            _("Eine zweite Person gibt frei"),
            _("Hier spielen Sie die zweite Person selbst: „Als Chloé (Übung) freigeben“."),
            released is not None,
            answer,
            _("Prüfen und freigeben"),
        ),
        Step(
            _("Die Richtigstellung ist öffentlich"),
            _("Sie steht unter fester Adresse, hier nur auf diesem Rechner."),
            released is not None,
            url_for("public.show", slug=released.slug) if released else "",
            _("Öffentliche Seite ansehen"),
        ),
        Step(
            _("Verlauf und Reaktionszeiten ansehen"),
            _("Der Vorfall hat mitgeschrieben: wer was wann getan hat und wie lange es dauerte."),
            released is not None,
            page and f"{page}#verlauf",
            _("Verlauf ansehen"),
        ),
    ]


@blueprint.post("/")
def start() -> ResponseReturnValue:
    """Play the scenario from now on."""
    scenario = wiring.scenario(here.settings())
    port = here.settings().desk.port
    workflow.start(
        here.house(),
        scenario,
        here.person(),
        here.now(),
        base_url=f"http://127.0.0.1:{port}",  # read by our own monitor on this machine
    )
    flash(_("Die Übung läuft. Gleich kommen die ersten Beiträge."), "success")
    return redirect(url_for("drill.show"))


@blueprint.get("/entfernen")
def ask_remove() -> ResponseReturnValue:
    """Ask before everything goes."""
    return render_template("drill/remove.html")


@blueprint.post("/entfernen")
def remove() -> ResponseReturnValue:
    """Take away all that the exercise made."""
    workflow.remove(here.house(), here.person(), here.now())
    flash(_("Die Übung ist vollständig entfernt."), "success")
    return redirect(url_for("board.show"))


@blueprint.get("/feed/<token>.xml")
def feed(token: str) -> ResponseReturnValue:
    """The exercise's posts so far, for our own monitor. The address is the secret."""
    drill = here.store().drills.by_token(token)
    if drill is None:
        raise NotFoundError("Diese Übung gibt es nicht mehr.", "This exercise is over.")
    scenario = wiring.scenario(here.settings(), drill.scenario)
    return Response(drills.feed(scenario, drill, here.now()), content_type="application/rss+xml")
