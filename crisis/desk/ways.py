"""Other ways than mail: everybody's own, what went over them, and the page behind a test message's button.

That page needs no sign-in, and looking at it changes nothing: only its button does. Every button calls one
workflow (``workflows.ways``). Gateways themselves are on a page of their own (``gateways``).
"""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from crisis.desk import here, words
from crisis.desk.security import csrf, secret
from crisis.desk.words import _
from crisis.errors import InvalidInputError, NotAllowedError
from crisis.rights import Act, may
from crisis.types import Way
from crisis.workflows import ways

blueprint = Blueprint("ways", __name__)
SHORT_MAIL = "mail"


@blueprint.get("/dienstplan/wege")
def show() -> ResponseReturnValue:
    """One's own ways, for who keeps the people everybody's, and what went over them lately."""
    return _page({}, {})


@blueprint.post("/dienstplan/wege")
def add() -> ResponseReturnValue:
    """One more way for somebody."""
    form = {name: request.form.get(name, "").strip() for name in ("wer", "weg", "adresse")}
    gateway = int(form["weg"]) if form["weg"].isdigit() else None
    person = int(form["wer"]) if form["wer"].isdigit() else here.person().id
    wish = Way(person_id=person, gateway_id=gateway, address=form["adresse"])
    try:
        if gateway is None and form["weg"] != SHORT_MAIL:
            raise InvalidInputError("Bitte wählen Sie einen Weg.", "Please choose a way.")
        ways.add_way(here.store(), wish, here.person(), here.now())
    except InvalidInputError as error:
        return _page(form, {"adresse": error.say(words.language())}), 422
    flash(_("Eingetragen. Schicken Sie jetzt einen Test: Erst bestätigt zählt der Weg."), "success")
    return redirect(url_for("ways.show"))


@blueprint.post("/dienstplan/wege/<int:way_id>/test")
def try_(way_id: int) -> ResponseReturnValue:
    """A test message over it."""
    base = here.settings().base_url
    ways.try_way(here.house(), way_id, here.person(), here.now(), base_url=base)
    flash(
        _("Der Test ist unterwegs. Öffnen Sie den Link darin und drücken Sie den Knopf."), "success"
    )
    return redirect(url_for("ways.show"))


@blueprint.post("/dienstplan/wege/<int:way_id>/streichen")
def remove(way_id: int) -> ResponseReturnValue:
    """Told no longer by this way."""
    ways.remove_way(here.store(), way_id, here.person(), here.now())
    flash(_("Gestrichen. Alarme kommen weiter per Mail."), "success")
    return redirect(url_for("ways.show"))


def _page(form: dict[str, str], problems: dict[str, str]) -> str:
    store, me = here.store(), here.person()
    everybody = may(me, Act.MANAGE_PEOPLE)
    people = {p.id: p for p in store.people.all() if not p.drill}
    gateways = {gateway.id: gateway for gateway in store.ways.gateways()}
    shown = [
        way
        for way in (store.ways.all() if everybody else store.ways.of(me.id))
        if way.person_id in people
    ]
    rings = [one for one in store.ways.recent(limit=200) if everybody or one.person_id == me.id]
    active = [one for one in gateways.values() if one.active]
    return render_template(
        "ways/show.html",
        ways=shown,
        people=people,
        gateways=gateways,
        choices=[
            *((one.id, one.name) for one in active),
            (SHORT_MAIL, _("E-Mail an SMS (kurzer Text)")),
        ],
        who=[
            (me.id, me.name),
            *((p.id, p.name) for p in people.values() if p.active and p.id != me.id),
        ]
        if everybody
        else [],
        rings=rings[:30],
        events=events(),
        form=form,
        problems=problems,
    )


def events() -> dict[str, str]:
    """What messages are about."""
    return {
        "raised": _("neuer Vorfall"),
        "reopened": _("wieder da"),
        "escalated": _("weitergereicht"),
        "worse": _("dringlicher geworden"),
        "still": _("Nachfrage"),
        "taken": _("erledigt"),
        "several": _("mehrere Vorfälle"),
        "test": _("Test"),
    }


# There is no session to hold a token, and nobody gains by pressing for another.
csrf.exempt(f"{__name__}.confirm")


@blueprint.get("/weg-bestaetigen/<token>")
def look(token: str) -> ResponseReturnValue:
    """The page a test message leads to. Changes nothing, however often it is opened."""
    try:
        _way, waiting = ways.open_(here.store(), token, here.now())
    except NotAllowedError as error:
        return _refused(error)
    return secret(make_response(render_template("ways/confirm.html", waiting=waiting)))


@blueprint.post("/weg-bestaetigen/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """The message has arrived."""
    try:
        ways.confirm(here.store(), token, here.now())
    except NotAllowedError as error:
        return _refused(error)
    return secret(make_response(redirect(url_for("ways.look", token=token), 303)))


def _refused(error: NotAllowedError) -> Response:
    page = render_template("acknowledge/gone.html", text=error.say(words.language()))
    return secret(make_response(page, 410))
