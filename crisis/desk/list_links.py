"""What links in mails to the list lead to: pages without sign-in, cookie and JavaScript.

Looking changes nothing, because mail scanners open links; the button does, and so does the POST that mail
programs send for "unsubscribe" (RFC 8058). The link's signature is all they need.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from crisis import wiring
from crisis.desk import here, words
from crisis.desk.security import csrf, secret
from crisis.desk.words import _
from crisis.errors import InvalidInputError, NotFoundError
from crisis.types import Subscriber
from crisis.workflows import mailing_list

blueprint = Blueprint("list_links", __name__, url_prefix="/verteiler")
csrf.exempt(blueprint)  # mail programs have no session; the signed address is the secret


@blueprint.get("/ja/<token>")
def ask_yes(token: str) -> ResponseReturnValue:
    """Do you want these mails?"""
    return _answer(token, leaving=False, press=False)


@blueprint.post("/ja/<token>")
def yes(token: str) -> ResponseReturnValue:
    """They do."""
    return _answer(token, leaving=False, press=True)


@blueprint.get("/nein/<token>")
def ask_no(token: str) -> ResponseReturnValue:
    """Do you want to leave?"""
    return _answer(token, leaving=True, press=False)


@blueprint.post("/nein/<token>")
def no(token: str) -> ResponseReturnValue:
    """They do, at once."""
    return _answer(token, leaving=True, press=True)


def _answer(token: str, *, leaving: bool, press: bool) -> ResponseReturnValue:
    store, links = here.store(), wiring.list_links(here.settings())
    try:
        number = links.leaving(token) if leaving else links.confirming(token)
        if press and leaving:
            mailing_list.leave(store, number, here.now())
        elif press:
            mailing_list.confirm(store, number, here.now())
        found = store.subscribers.find(number)
        if found is None and not leaving:
            raise NotFoundError(
                "Diese Adresse steht nicht mehr im Verteiler.",
                "This address is no longer on the list.",
            )
    except (InvalidInputError, NotFoundError) as error:
        code = 400 if isinstance(error, InvalidInputError) else 410
        return _page(_("Dieser Link führt nicht weiter"), error.say(words.language()), code=code)
    if press and request.form.get("List-Unsubscribe") != "One-Click":
        return _sent(redirect(request.path, 303))
    return _standing(found, leaving=leaving)


def _standing(found: Subscriber | None, *, leaving: bool) -> Response:
    name = here.settings().authority.name
    if leaving:
        if found is None or found.left_at is not None:
            return _page(
                _("Sie sind abgemeldet"), _("Von %(name)s kommt keine Mail mehr.", name=name)
            )
        return _page(
            _("Vom Verteiler abmelden?"),
            _("Sie bekommen dann keine Richtigstellungen von %(name)s mehr.", name=name),
            button=_("Ja, abmelden"),
        )
    if found is not None and found.left_at is not None:
        return _page(_("Sie sind abgemeldet"), _("Von %(name)s kommt keine Mail mehr.", name=name))
    if found is not None and found.confirmed_at is not None:
        return _page(
            _("Danke, Sie stehen im Verteiler"),
            _("In jeder Mail steht ein Link, mit dem Sie sich abmelden."),
        )
    return _page(
        _("Richtigstellungen per Mail?"),
        _("%(name)s schickt Ihnen dann Richtigstellungen zu Falschmeldungen.", name=name),
        button=_("Ja, das möchte ich"),
    )


def _page(title: str, text: str, *, button: str = "", code: int = 200) -> Response:
    page = render_template("mailing_list/link.html", title=title, text=text, button=button)
    return _sent(make_response(page, code))


def _sent(answer: object) -> Response:
    return secret(make_response(answer))
