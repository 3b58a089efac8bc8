"""Reports for the crisis staff: the last hours or one incident, as a page, PDF or Markdown. Reads only.

What a report says stands in ``crisis.reports``; here stands what was asked for, and how a page shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import charts, figures, here, words
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.oncall.wall_clock import instant
from crisis.reports import compose, markdown
from crisis.reports.document import Bars, Document
from crisis.reports.situation import Situation
from crisis.workflows import report

blueprint = Blueprint("reports", __name__, url_prefix="/bericht")

HOURS = (8, 12, 24, 72, 168)
OWN = "eigener"
LONGEST = timedelta(days=31)
KINDS = {"pdf": "application/pdf", "md": "text/markdown; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the report should cover, and how."""

    choice: str  # hours, or "eigener"
    start: datetime
    end: datetime
    lang: str
    names: bool
    drill: bool

    @property
    def query(self) -> dict[str, Any]:
        """The same as part of an address."""
        found = {"stunden": self.choice, "sprache": self.lang}
        if self.choice == OWN:
            found |= {"von": self.wall(self.start), "bis": self.wall(self.end)}
        for name, chosen in (("namen", self.names), ("uebungen", self.drill)):
            if chosen:
                found[name] = "1"
        return found

    @staticmethod
    def wall(at: datetime) -> str:
        """A moment as the field of a form writes it."""
        return at.astimezone(here.zone()).strftime("%Y-%m-%dT%H:%M")


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The report of some hours, and where to take it away."""
    problems: dict[str, str] = {}
    asked = _asked(problems)
    page = render_template(
        "reports/show.html",
        asked=asked,
        problems=problems,
        choices=_choices(),
        document=compose.of_span(_situation(asked), asked.lang),
        chart=_chart,
        files={form: url_for("reports.file", form=form, **asked.query) for form in KINDS},
    )
    return page, 422 if problems else 200


@blueprint.get("/lagebericht.<any(pdf, md):form>")
def file(form: str) -> ResponseReturnValue:
    """The same as a file."""
    asked = _asked({})
    return as_file(compose.of_span(_situation(asked), asked.lang), form, "lagebericht")


@blueprint.get("/vorfall/<int:incident_id>")
def incident(incident_id: int) -> ResponseReturnValue:
    """The report of one incident."""
    asked = _asked({})
    found = _situation(asked, incident_id)
    return render_template(
        "reports/incident.html",
        asked=asked,
        incident=found.cases[0].incident,
        document=compose.of_incident(found, asked.lang),
        chart=_chart,
        files={
            form: url_for(
                "reports.incident_file", incident_id=incident_id, form=form, **asked.query
            )
            for form in KINDS
        },
    )


@blueprint.get("/vorfall/<int:incident_id>.<any(pdf, md):form>")
def incident_file(incident_id: int, form: str) -> ResponseReturnValue:
    """The same as a file."""
    asked = _asked({})
    document = compose.of_incident(_situation(asked, incident_id), asked.lang)
    return as_file(document, form, f"lagebericht-vorfall-{incident_id}")


# --- what is asked for -----------------------------------------------------------------------


def _asked(problems: dict[str, str]) -> Asked:
    """The choices of the address; what cannot be read is named in ``problems``."""
    now, choice = here.now(), request.args.get("stunden", "24")
    if choice not in (*map(str, HOURS), OWN):
        choice = "24"
    start, end = now - timedelta(hours=24 if choice == OWN else int(choice)), now
    if choice == OWN:
        start, end = _moment("von", start, problems), _moment("bis", end, problems)
        end = min(end, now)
        if start >= end or end - start > LONGEST:
            problems.setdefault(
                "von", _("Der Anfang muss vor dem Ende liegen, höchstens 31 Tage davor.")
            )
            start, end = now - timedelta(hours=24), now
    lang = request.args.get("sprache", "")
    return Asked(
        choice,
        start,
        end,
        lang if lang in words.LANGUAGES else words.language(),
        request.args.get("namen") == "1",
        request.args.get("uebungen") == "1",
    )


def _moment(name: str, otherwise: datetime, problems: dict[str, str]) -> datetime:
    text = request.args.get(name, "")
    if not text:
        return otherwise
    try:
        return instant(text, here.zone())
    except InvalidInputError as error:
        problems[name] = error.say(words.language())
        return otherwise


def _situation(asked: Asked, incident_id: int | None = None) -> Situation:
    return situation(asked.start, asked.end, incident_id, names=asked.names, drill=asked.drill)


def situation(
    start: datetime,
    end: datetime,
    incident_id: int | None = None,
    *,
    names: bool = False,
    drill: bool = False,
) -> Situation:
    """The facts of these hours, or of one incident."""
    settings = here.settings()
    return report.gather(
        here.store(),
        here.now(),
        start,
        end,
        authority=settings.authority.name,
        zone=here.zone(),
        mail=bool(settings.mail.host),
        courses=here.store().figures.courses(start, end, drill=drill)
        if incident_id is None
        else (),
        targets=figures.targets(settings.targets),
        public_url=settings.base_url + url_for("public.show", slug="X").removesuffix("X"),
        incident_id=incident_id,
        names=names,
        drill=drill,
        federal_state=settings.rota.federal_state,
    )


def _choices() -> list[tuple[str, str]]:
    known = [
        (str(hours), words.ngettext("Letzte Stunde", "Letzte %(num)s Stunden", hours))
        for hours in HOURS[:4]
    ]
    return [*known, (str(HOURS[4]), _("Letzte 7 Tage")), (OWN, _("Eigener Zeitraum"))]


# --- how it is shown -------------------------------------------------------------------------


def as_file(document: Document, form: str, name: str) -> Response:
    """The document as a download."""
    from crisis import wiring

    content = (
        wiring.typeset(document, here.settings(), here.now())
        if form == "pdf"
        else markdown.write(document).encode("utf-8")
    )
    answer = make_response(content)
    stamp = here.now().astimezone(here.zone()).strftime("%Y-%m-%d-%H%M")
    answer.headers["Content-Type"] = KINDS[form]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{stamp}.{form}"'
    return answer


def _chart(block: Bars, number: int) -> charts.Chart:
    """Counts of a document as a chart of the page."""
    return charts.Chart(
        name=f"bild-{number}",
        title=block.title,
        summary=block.summary,
        axis=_("Stunde"),
        points=[charts.Point(short, short) for short, _count in block.points],
        series=[charts.Series(_("Beiträge"), [count for _short, count in block.points])],
    )
