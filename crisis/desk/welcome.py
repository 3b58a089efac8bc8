"""The guided first hour: what an installation needs before it can do its work, and what of it is there.

Nothing is ticked off by hand: every step is asked of the real state, so that it cannot lie. Ends nowhere: a
step that becomes undone (nobody approves any more) stands open again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, shelf, test_mail
from crisis.desk.kept import kept
from crisis.desk.words import _
from crisis.playbooks.approval import Standing
from crisis.rumours.exchange import read_rows
from crisis.settings.reading import origins
from crisis.types import Role

blueprint = Blueprint("welcome", __name__, url_prefix="/erste-schritte")

UNDER_WAY = "first-hour"  # the session's mark that offers the way back on other pages


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: whether it is done, and where."""

    title: str
    text: str
    done: bool
    button: str
    address: str  # "" where this person cannot do it


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The steps, and which is next."""
    session[UNDER_WAY] = True
    found = steps()
    if all(step.done for step in found):
        session.pop(UNDER_WAY, None)
    return render_template(
        "welcome/show.html",
        steps=found,
        next=next((step for step in found if not step.done), None),
    )


@blueprint.post("/spaeter")
def put_off() -> ResponseReturnValue:
    """Enough for today: the way back is no longer offered on every page."""
    session.pop(UNDER_WAY, None)
    return redirect(url_for("board.show"))


def is_complete() -> bool:
    """Whether nothing is left to do; asks only as far as the first step that is not done."""
    return all(done() for done in _DONE)


def steps() -> list[Step]:
    """All steps in the order in which they make sense."""
    organisation, mail, people, source, rumour, playbook, rota, exercise = (
        done() for done in _DONE
    )
    server = bool(here.settings().mail.host)
    return [
        Step(
            _("Ihre Behörde"),
            _("Name und Kontakt: Sie stehen in Mails und unter jeder Richtigstellung."),
            organisation,
            _("Behörde eintragen"),
            url_for("settings_page.edit", section="authority"),
        ),
        Step(
            _("Mail, die wirklich ankommt"),
            _("Mailserver eintragen, Probemail schicken und den Knopf in ihr drücken."),
            mail,
            _("Probemail schicken") if server else _("Mailserver eintragen"),
            url_for("test_mail.show") if server else url_for("settings_page.edit", section="mail"),
        ),
        Step(
            _("Eine zweite Person"),
            _("Freigeben muss immer jemand anderes als die Person, die geschrieben hat."),
            people,
            _("Person einladen"),
            url_for("people.ask_invite"),
        ),
        Step(
            _("Die erste Quelle"),
            _("Ein Feed der örtlichen Zeitung oder eines Forums, der einmal geantwortet hat."),
            source,
            _("Quelle hinzufügen"),
            url_for("source_form.new"),
        ),
        Step(
            _("Das erste eigene Gerücht"),
            _("Eine Behauptung, die bei Ihnen umgehen könnte, und was stimmt."),
            rumour,
            _("Gerücht aufnehmen"),
            _if(Role.DUTY, Role.AUTHOR, Role.APPROVER, to="rumour_edit.new"),
        ),
        Step(
            _("Die erste freigegebene Vorlage"),
            _("Prüfen Sie eine mitgelieferte Vorlage; freigeben muss sie eine zweite Person."),
            playbook,
            _("Zu den Vorlagen"),
            url_for("playbooks.index"),
        ),
        Step(
            _("Bereitschaft"),
            _("Wer wird heute Nacht gerufen? Teilen Sie eine Schicht ein."),
            rota,
            _("Bereitschaft einteilen"),
            url_for("rota.show"),
        ),
        Step(
            _("Eine Übung"),
            _("In zwei Minuten läuft ein erfundenes Gerücht einmal ganz durch."),
            exercise,
            _("Zur Übung"),
            url_for("drill.show"),
        ),
    ]


def _if(*roles: Role, to: str) -> str:
    return url_for(to) if here.may(*roles) else ""


# --- what is there -----------------------------------------------------------------------------


def _organisation() -> bool:
    # Reads the settings file whole, and every look at the board asks.
    return kept(
        "organisation",
        lambda: bool(origins(here.settings().instance, here.environ())["authority", "name"]),
    )


def _second_person() -> bool:
    people = [p for p in here.store().people.all() if p.active and not p.drill]
    approvers = [p for p in people if Role.APPROVER in p.roles]
    return any(one.id != other.id for one in approvers for other in people if other.roles)


def _source() -> bool:
    return any(s.last_success and s.active and not s.drill for s in here.store().sources.all())


def _rumour() -> bool:
    return bool(here.store().rumours.ids() - _examples())


@cache
def _examples() -> frozenset[str]:
    """The rumours that set-up lays down: not one's own."""
    text = files("crisis").joinpath("examples/rumours.jsonl").read_text("utf-8")
    return frozenset(rumour.id for rumour in read_rows(text, "jsonl"))


def _playbook() -> bool:
    return any(state is Standing.APPROVED for _playbook, state in shelf.standings())


def _rota() -> bool:
    return any(not shift.drill for shift in here.shifts())


def _exercise() -> bool:
    return here.store().drills.latest() is not None


_DONE: tuple[Callable[[], bool], ...] = (
    _organisation,
    test_mail.proven,
    _second_person,
    _source,
    _rumour,
    _playbook,
    _rota,
    _exercise,
)
