"""The test mail: send one, see how far it got; and the page behind its button.

That page needs no sign-in, and looking at it changes nothing, because mail scanners open links: only its
button does. What the test mail proves is said by ``workflows.try_mail``.
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

from crisis.desk import here, live, words
from crisis.desk.security import csrf, secret
from crisis.desk.words import _
from crisis.errors import InboxError, InvalidInputError, NotAllowedError
from crisis.settings import Settings
from crisis.workflows import configure, try_mail

blueprint = Blueprint("test_mail", __name__)

INBOX_PROBLEM = "inbox.problem"
"""Fact: why the monitor cannot read the mailbox, German and English on a line each."""


def way(settings: Settings) -> str:
    """How mails leave with these settings."""
    mail = settings.mail
    return try_mail.way(mail.host, mail.port, mail.security, mail.user, mail.sender)


def proven() -> bool:
    """Whether a mail that went as mails go today has reached somebody."""
    settings = here.settings()
    return bool(settings.mail.host) and try_mail.proven(here.store(), way(settings))


@blueprint.get("/einstellungen/probemail")
def show() -> ResponseReturnValue:
    """To whom, and what became of the earlier ones."""
    return _page(here.person().email, "")


@blueprint.post("/einstellungen/probemail")
def send() -> ResponseReturnValue:
    """Put one into the outbox; the monitor sends it."""
    to = request.form.get("an", "")
    settings = here.settings()
    if not settings.mail.host:
        return _page(to, _("Tragen Sie erst einen Mailserver ein.")), 422
    try:
        try_mail.send(
            here.house(),
            to,
            here.person(),
            here.now(),
            base_url=settings.base_url,
            way=way(settings),
        )
    except InvalidInputError as error:
        return _page(to, error.say(words.language())), 422
    flash(_("Die Probemail ist unterwegs. Drücken Sie in ihr den Knopf."), "success")
    return redirect(url_for("test_mail.show"))


@blueprint.post("/einstellungen/postfach-probe")
def look_into_inbox() -> ResponseReturnValue:
    """Sign in to the mailbox and look into its folder, once, now. Marks nothing as read."""
    from crisis import wiring

    box = wiring.inbox(here.settings())
    if box is None:
        return _page(
            here.person().email, "", inbox=(False, _("Es ist kein Postfach eingetragen."))
        ), 422
    try:
        box.fetch(None, limit=1, since=here.today())
    except InboxError as error:
        configure.inbox_tried(here.store(), here.person(), here.now(), well=False)
        return _page(here.person().email, "", inbox=(False, error.say(words.language()))), 422
    finally:
        box.close()
    configure.inbox_tried(here.store(), here.person(), here.now(), well=True)
    flash(_("Das Postfach ist erreichbar, und sein Ordner lässt sich lesen."), "success")
    return redirect(url_for("test_mail.show"))


@blueprint.get("/einstellungen/probemail/stand")
def refresh() -> ResponseReturnValue:
    """The parts of the page that change by themselves: how far the mails got."""
    part = "proofs" if request.args.get("teil") == "bisher" else "status"
    return live.part(f"test_mail/{part}.html", **_state())


def _state() -> dict[str, object]:
    settings, store = here.settings(), here.store()
    return {
        "mail": settings.mail,
        "proofs": try_mail.proofs(store, way(settings)),
        "proven": proven(),
        "addresses": [
            (person, store.mails.address(person.email))
            for person in store.people.all()
            if person.active and not person.drill
        ],
        "names": {person.id: person.name for person in store.people.all()},
    }


def _page(to: str, problem: str, *, inbox: tuple[bool, str] | None = None) -> str:
    settings, store = here.settings(), here.store()
    german, _sep, english = store.facts.get(INBOX_PROBLEM).partition("\n")
    return render_template(
        "test_mail/show.html",
        to=to,
        problem=problem,
        **_state(),
        people=[p for p in store.people.all() if p.active and not p.drill],
        catch_all=settings.alerts.catch_all_email,
        inbox=settings.inbox,
        inbox_said=inbox,
        inbox_problem=words.either((german, english or german)),
    )


# There is no session to hold a token, and nobody gains by pressing for another.
csrf.exempt(f"{__name__}.confirm")

# --- behind the button -------------------------------------------------------------------------


@blueprint.get("/mail-bestaetigen/<token>")
def look(token: str) -> ResponseReturnValue:
    """The page the mail leads to. Changes nothing, however often it is opened."""
    try:
        waiting = try_mail.open_(here.store(), token, here.now())
    except NotAllowedError as error:
        return _refused(error)
    return _answer(waiting)


@blueprint.post("/mail-bestaetigen/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """The mail has arrived."""
    try:
        try_mail.confirm(here.store(), token, here.now())
    except NotAllowedError as error:
        return _refused(error)
    return secret(make_response(redirect(url_for("test_mail.look", token=token), 303)))


def _answer(waiting: bool) -> Response:
    return secret(make_response(render_template("test_mail/confirm.html", waiting=waiting)))


def _refused(error: NotAllowedError) -> Response:
    page = render_template("acknowledge/gone.html", text=error.say(words.language()))
    return secret(make_response(page, 410))
