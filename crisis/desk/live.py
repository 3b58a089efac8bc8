"""Live pages: has anything changed, who else is here, is there a new alarm. Asked every other second.

One small answer for a whole page; only when its number has moved does the page fetch its parts anew. Renders
no page and decides nothing. Asking must not keep a session alive: whoever goes home is signed out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256

from flask import Blueprint, Flask, Response, g, jsonify, make_response, render_template, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseReturnValue

from crisis.desk import here, words
from crisis.desk.words import _

blueprint = Blueprint("live", __name__)

PRESENT_FOR = timedelta(seconds=25)  # pages say every ten seconds that they are still open
LONGEST_PLACE = 200  # characters
_TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
BY_ITSELF = "X-By-Itself"  # a page asks, no person


class QuietSessions(SecureCookieSessionInterface):
    """Sessions as Flask's, but what a page asks by itself does not prolong them.

    A page that strangers share says nothing of cookies and sets none, or caches would have to keep one for
    every cookie there is ("Vary: Cookie").
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not g.get("shared", False):
            super().save_session(app, session, response)

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        if BY_ITSELF in request.headers and not session.modified:
            return False
        return super().should_set_cookie(app, session)


def install(app: Flask) -> None:
    """Let pages ask without prolonging anybody's session, and tell them where they begin."""
    app.session_interface = QuietSessions()
    app.before_request(_begin)
    app.jinja_env.globals.update(live_version=live_version)


def _begin() -> None:
    """Note the counters before a page reads anything: what changes while it reads is not missed."""
    ours = request.endpoint not in ("static", "live.stand", "live.present")
    if ours and request.method == "GET" and here.person_or_none() is not None:
        g.changes = here.store().live.counters()


def live_version(topics: str) -> int:
    """The number this page begins with; the same sum as ``stand`` gives."""
    return sum(g.get("changes", {}).get(topic, 0) for topic in set(str(topics).split()))


def part(template: str, **context: object) -> ResponseReturnValue:
    """A part of a page alone, with an ETag: pages fetch it again, and get nothing where it is the same.

    The token of its forms does not count: it is another one every second, and older ones hold as well.
    """
    html = render_template(template, **context)
    answer = make_response(html)
    answer.set_etag(sha256(_TOKEN.sub("", html).encode()).hexdigest())
    return answer.make_conditional(request)


@blueprint.get("/stand")
def stand() -> ResponseReturnValue:
    """``v``: a number that moves with the page's topics; ``here``: who else is; ``alarm``: the newest."""
    store = here.store()
    place = request.args.get("ort", "")[:LONGEST_PLACE]
    others = store.live.here(place, here.now(), but=here.person().id) if place else []
    answer: Response = jsonify(
        v=store.live.version(set(request.args.get("themen", "").split())),
        here=sentence(others),
        alarm=store.live.newest_alarm(),
    )
    answer.add_etag()
    return answer.make_conditional(request)


@blueprint.post("/hier")
def present() -> ResponseReturnValue:
    """The page is still open, or (``weg``) closed just now."""
    place = request.form.get("ort", "")[:LONGEST_PLACE]
    doing = "answer" if request.form.get("tut") == "answer" else "look"
    person, now, live = here.person(), here.now(), here.store().live
    if place:
        with here.store().transaction():
            live.forget(now)
            if request.form.get("weg"):
                live.leave(person.id, place)
            else:
                live.come(person.id, place, doing, now + PRESENT_FOR)
    return "", 204


@blueprint.get("/alarm/<int:incident_id>")
def alarm(incident_id: int) -> ResponseReturnValue:
    """What a browser's notification says of an incident."""
    incident = here.store().incidents.get(incident_id)
    rumour = here.store().rumours.find(incident.rumour_id)
    title = _("Neuer Vorfall: %(severity)s", severity=words.word(incident.severity))
    return jsonify(
        title=_("ÜBUNG: %(title)s", title=title) if incident.drill else title,
        text=rumour.text if rumour else incident.rumour_id,
    )


def sentence(others: Sequence[tuple[str, str]]) -> str:
    """Who else is here, in one sentence: "Chloé schreibt gerade eine Antwort."; "" for nobody."""
    writing = [name for name, doing in others if doing == "answer"]
    looking = [name for name, doing in others if doing != "answer"]
    parts = []
    if writing:
        parts.append(_("%(names)s schreibt gerade eine Antwort.", names=_joined(writing)))
    if looking:
        parts.append(_("Auch hier: %(names)s.", names=_joined(looking)))
    return " ".join(parts)


def _joined(names: list[str]) -> str:
    return ", ".join(names)
