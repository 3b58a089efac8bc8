"""The button of an alert mail: a page that needs no sign-in, no cookie and no JavaScript.

Looking at the page changes nothing, because mail scanners open links; only its buttons do: take it (once),
pass it on to the next person, or say why it is not relevant. Whoever got hold of a forwarded link reads no
post and no more names than who has it; every press stands in the incident's log, refused ones too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer

from crisis.alerts.links import AcknowledgeClaim, fingerprint
from crisis.desk import here, words
from crisis.desk.security import csrf, secret
from crisis.desk.words import _
from crisis.errors import IllegalMoveError, InvalidInputError, NotAllowedError, NotFoundError
from crisis.incidents.lifecycle import Move, allowed
from crisis.rights import Act, may
from crisis.types import (
    OPEN_STATES,
    AlertState,
    CallAnswer,
    Incident,
    IncidentState,
    Person,
    Rumour,
)
from crisis.workflows import handle, pass_on, record

blueprint = Blueprint("acknowledge", __name__, url_prefix="/a")
csrf.exempt(blueprint)  # there is no session to hold a token; the page signs its own, see ``_seal``

_PURPOSE = "acknowledge"


class Standing(StrEnum):
    """How the reader of the mail stands to the incident now."""

    FREE = "free"  # nobody has it: the button is shown
    MINE = "mine"
    TAKEN = "taken"  # somebody else has it, or answers it already
    ENDED = "ended"
    USED = "used"  # the incident is free again, but this link was used before
    READER = "reader"  # may read along, not take it


class Press(StrEnum):
    """What somebody can do here; the values are the form's."""

    TAKE = "nehmen"
    PASS_ON = "weiter"  # noqa: S105 - no password
    DISMISS = "nichts"


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows."""

    incident: Incident
    person: Person
    rumour: Rumour | None
    holder: Person | None
    told: int  # how many others were called
    passed_on: bool  # this person has said that they cannot
    standing: Standing


@blueprint.get("/<token>")
def show(token: str) -> ResponseReturnValue:
    """What the mail is about. Changes nothing, however often it is called."""
    try:
        claim = here.house().links.read(token, here.now())
        view = _view(claim, token)
    except (InvalidInputError, NotAllowedError, NotFoundError) as error:
        return _refused(error)
    return _page(view, token, 410 if view.standing is Standing.USED else 200)


@blueprint.post("/<token>")
def press(token: str) -> ResponseReturnValue:
    """The person takes the incident, passes it on or ends it; pressing again leaves it as it is."""
    store, now = here.store(), here.now()
    act = _act()
    try:
        claim = here.house().links.read(token, now)
        _check_seal(token)
        with store.transaction():
            view = _view(claim, token)
            if view.standing is Standing.FREE and act is not Press.PASS_ON:
                try:
                    _done(view, token, act)
                except InvalidInputError as error:
                    return _page(view, token, 422, problem=error.say(words.language()))
            elif act is not Press.PASS_ON and view.standing is not Standing.MINE:
                _note_refused(view, now)
        if act is Press.PASS_ON and view.standing in (Standing.FREE, Standing.READER):
            pass_on.pass_on(here.house(), claim.incident_id, view.person, now)
    except (InvalidInputError, NotAllowedError, NotFoundError, IllegalMoveError) as error:
        return _refused(error)
    if view.standing in (Standing.FREE, Standing.MINE) or act is Press.PASS_ON:
        # See Other: reloading the next page presses nothing.
        return secret(make_response(redirect(request.path, 303)))
    return _page(view, token, 403 if view.standing is Standing.READER else 409)


def _act() -> Press:
    try:
        return Press(request.form.get("tat", Press.TAKE.value))
    except ValueError:
        return Press.TAKE


def _done(view: View, token: str, act: Press) -> None:
    """Take it, or end it with the reason given."""
    store, now, number = here.store(), here.now(), view.incident.id
    if act is Press.DISMISS:
        handle.dismiss(store, number, request.form.get("grund", ""), view.person, now, via="mail")
    else:
        handle.acknowledge(store, number, view.person, now, via="mail")
    store.people.use_link(_PURPOSE, fingerprint(token), now)


def _note_refused(view: View, now: datetime) -> None:
    """A link that was pressed in vain: perhaps it was forwarded."""
    record.incident(
        here.store(),
        view.incident,
        None,
        now,
        "incident.link_refused",
        person=view.person.id,
        standing=view.standing.value,
    )


def _view(claim: AcknowledgeClaim, token: str) -> View:
    store = here.store()
    incident = store.incidents.get(claim.incident_id)
    person = store.people.get(claim.person_id)
    if not person.active:
        raise NotAllowedError(
            "Sie nehmen keine Alarme mehr an. Wenn das ein Irrtum ist, melden Sie sich bei Ihrer"
            " Verwaltung.",
            "You no longer take alerts. If this is a mistake, please tell your administrator.",
        )
    people = {somebody.id: somebody for somebody in store.people.all()}
    told = {
        alert.person_id
        for alert in store.alerts.of_incident(incident.id)
        if alert.state in (AlertState.SENT, AlertState.PENDING)
    } - {person.id}
    return View(
        incident=incident,
        person=person,
        rumour=store.rumours.find(incident.rumour_id),
        holder=people.get(incident.assignee or 0),
        told=len(told),
        passed_on=person.id in store.mails.answered(incident.id, incident.wave, CallAnswer.CANNOT),
        standing=_standing(incident, person, token),
    )


def _standing(incident: Incident, person: Person, token: str) -> Standing:
    if incident.state not in OPEN_STATES:
        return Standing.ENDED
    if incident.assignee == person.id and incident.state is not IncidentState.NEW:
        return Standing.MINE
    if not may(person, Act.HANDLE, drill=incident.drill):
        return Standing.READER
    if not allowed(incident, Move.ACKNOWLEDGE):
        return Standing.TAKEN
    used = here.store().people.link_used(_PURPOSE, fingerprint(token))
    return Standing.USED if used else Standing.FREE


# --- the page --------------------------------------------------------------------------------


def _page(view: View, token: str, code: int, problem: str = "") -> Response:
    lang = view.person.lang if view.person.lang in words.LANGUAGES else words.language()
    with words.spoken(lang):
        page = render_template(
            "acknowledge/show.html",
            view=view,
            title=_title(view),
            seal=_seal(token) if view.standing in (Standing.FREE, Standing.READER) else "",
            reason=request.form.get("grund", ""),
            problem=problem,
        )
    return secret(make_response(page, code))


def _refused(
    error: InvalidInputError | NotAllowedError | NotFoundError | IllegalMoveError,
) -> Response:
    """A link that leads nowhere, explained. Gone where it once did."""
    text = error.say(words.language())
    code = 410
    if isinstance(error, InvalidInputError):
        code = 400
    elif isinstance(error, NotFoundError):
        text = _(
            "Den Vorfall gibt es nicht mehr. War es eine Übung, so ist sie inzwischen entfernt."
        )
    elif isinstance(error, IllegalMoveError):
        code = 409
    return secret(make_response(render_template("acknowledge/gone.html", text=text), code))


def _title(view: View) -> str:
    return {
        Standing.FREE: _("Weitergegeben")
        if view.passed_on
        else _("Übernehmen Sie diesen Vorfall?"),
        Standing.MINE: _("Sie haben den Vorfall"),
        Standing.TAKEN: _("%(name)s hat den Vorfall", name=first_name(view.holder))
        if view.holder
        else _("Der Vorfall ist schon in Arbeit"),
        Standing.ENDED: _("Der Vorfall ist schon beendet"),
        Standing.USED: _("Dieser Link wurde schon benutzt"),
        Standing.READER: _("Ein Vorfall braucht jemanden"),
    }[view.standing]


def first_name(person: Person) -> str:
    """All that a page without sign-in says of a colleague; people of an exercise keep their mark."""
    return person.name if person.drill else person.name.partition(" ")[0]


# --- the form's own token --------------------------------------------------------------------


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="crisis.desk.acknowledge")


def _seal(token: str) -> str:
    """Says that this form came from our page for this link. It lasts as long as the link itself."""
    sealed = _signer().dumps(fingerprint(token))
    return sealed if isinstance(sealed, str) else sealed.decode("ascii")


def _check_seal(token: str) -> None:
    try:
        ours = _signer().loads(request.form.get("siegel", "")) == fingerprint(token)
    except BadData:
        ours = False
    if not ours:
        raise InvalidInputError(
            "Das Formular kam nicht von dieser Seite. Öffnen Sie den Link noch einmal aus der Mail.",
            "The form did not come from this page. Open the link from the mail again.",
        )
