"""Where an answer goes: the choice before its release with what it will look like there, and how it stands.

Every button calls one workflow of ``workflows.post_by_hand``. What a text becomes on a channel is said by
``channels.plan``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from crisis.channels.networks import NETWORKS, Network, Way
from crisis.channels.plan import Going, Outlet, Piece, pieces, takes
from crisis.desk import here, live, words
from crisis.desk.words import _
from crisis.errors import CrisisError
from crisis.playbooks.blanks import fill_plain
from crisis.public import corrections, pictures
from crisis.responses.holding import placed
from crisis.responses.release import slug
from crisis.types import (
    Picture,
    Publication,
    PublicationAct,
    PublicationState,
    Response,
    ResponseState,
)
from crisis.workflows import ask_channels, post_by_hand

blueprint = Blueprint("publishing", __name__)

_A, _S = PublicationAct, PublicationState
_EARLY = frozenset({ResponseState.DRAFT, ResponseState.SUBMITTED})


@dataclass(frozen=True, slots=True)
class Post:
    """One post as it will look there."""

    text: str
    used: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A channel that an answer may go to."""

    code: str
    name: str
    account: str
    by_hand: bool
    picked: bool
    held: bool  # the old version is there: it is corrected in any case
    posts: Sequence[Post]
    most: int | None
    card: str  # the address that goes along as a card
    pictures: Sequence[Picture]  # that go along
    shared: bool  # the share picture goes along
    readers: int | None  # of a mail; None: no mail
    problem: str


@dataclass(frozen=True, slots=True)
class Line:
    """One post of an answer and how it stands."""

    row: Publication
    state: str  # a word for people
    kind: str  # colour of its badge
    problem: str
    waits: bool  # for the post before
    again: datetime | None  # when it is tried again


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of an answer and all that was or is to be done there."""

    code: str
    name: str
    lines: Sequence[Line]
    by_hand: bool
    opens: str  # where a person posts it, with the text filled in
    shape: str  # of the share picture that suits it
    sent: int
    total: int


def going() -> Going:
    """Where answers go here."""
    from crisis import wiring

    return wiring.going(here.settings(), here.store())


def ticked(found: Going, form: MultiDict[str, str]) -> Going:
    """Those channels that were ticked; all that have a tick by default where the form did not ask."""
    if "kanaele" not in form:
        return replace(found, outlets=tuple(one for one in found.outlets if one.picked))
    chosen = set(form.getlist("kanal"))
    return replace(found, outlets=tuple(one for one in found.outlets if one.code in chosen))


# --- before the release -------------------------------------------------------------------------


def offers(response: Response) -> list[Offer]:
    """What the answer would look like on each channel that is set up."""
    if response.drill:
        return []
    store = here.store()
    rows = store.publications.of_response(response.id)
    if response.state in _EARLY:
        response, _old = placed(response, store.responses.of_incident(response.incident_id))
    old = store.publications.of_response(response.replaces) if response.replaces else []
    out = (_S.SENT, _S.SENDING, _S.WAITING, _S.TODO)
    held = {row.channel for row in old if row.state in out and row.act in (_A.PUBLISH, _A.EDIT)}
    if response.state not in _EARLY:
        if response.state is not ResponseState.RELEASED:
            return []
        held = set()
    there, found = {row.channel for row in rows}, going()
    shown = _as_released(response)
    return [
        _offer(outlet, shown, found, held=outlet.code in held)
        for outlet in found.outlets
        if outlet.code not in there
    ]


def _as_released(response: Response) -> Response:
    """The answer with the address it will have."""
    if response.slug:
        return response
    if response.replaces is not None:
        return replace(response, slug=here.store().responses.get(response.replaces).slug)
    try:
        title = fill_plain(response.title, response.values)
    except CrisisError:
        title = response.title
    return replace(response, slug=slug(title, here.today(), here.store().responses.slugs()))


def _offer(outlet: Outlet, response: Response, found: Going, *, held: bool) -> Offer:
    network = outlet.network
    made: list[Piece] = []
    problem = ""
    try:
        one = replace(outlet, readers=outlet.readers[:1] or ("",))
        made = pieces(one, response, found, here.now())
    except CrisisError as error:
        problem = error.say(words.language())
    said = ask_channels.word(here.store(), outlet.code)
    return Offer(
        code=outlet.code,
        name=words.either((network.de, network.en)),
        account=said.name if said else "",
        by_hand=network.way is Way.HAND,
        picked=outlet.picked and not problem and bool(takes(network, response)),
        held=held,
        posts=[Post(piece.text, network.measure(piece.text)) for piece in made],
        most=outlet.limit,
        card=found.link(response) if outlet.code == "bluesky" and not response.pictures else "",
        pictures=response.pictures if outlet.code != "webhook" else (),
        shared=_shares(response, network),
        readers=len(outlet.readers) if network.mail else None,
        problem=problem,
    )


def _shares(response: Response, network: Network) -> bool:
    """Whether the share picture goes along there: nothing on a network is text alone."""
    wanted = here.settings().channels.picture and not response.pictures
    return wanted and not network.mail and network.code != "webhook"


def share_alt(response: Response) -> str:
    """What stands on the share picture, for those who cannot see it; "" where none is public."""
    if response.state is not ResponseState.RELEASED:
        return ""
    found = corrections.correction(here.store().responses.revisions(response.slug))
    return pictures.card(found).alt if found else ""


# --- afterwards -----------------------------------------------------------------------------------


def channels(response: Response) -> list[Channel]:
    """Every channel of a released answer, with how it stands there."""
    rows = here.store().publications.of_response(response.id)
    by_id = {row.id: row for row in rows}
    return [
        _channel(NETWORKS[code], [row for row in rows if row.channel == code], by_id)
        for code in dict.fromkeys(row.channel for row in rows)
    ]


def _channel(
    network: Network, rows: Sequence[Publication], by_id: Mapping[int, Publication]
) -> Channel:
    todo = next((row for row in rows if row.state is _S.TODO), None)
    opened = todo or rows[0]
    counted = [row for row in rows if row.act in (_A.PUBLISH, _A.EDIT)]
    return Channel(
        code=network.code,
        name=words.either((network.de, network.en)),
        lines=[_line(row, network, by_id) for row in rows],
        by_hand=network.way is Way.HAND,
        opens=network.open_address(opened.text, str(opened.more.get("link", ""))),
        shape=network.shape,
        sent=sum(row.state is _S.SENT for row in counted),
        total=len(counted),
    )


def _line(row: Publication, network: Network, by_id: Mapping[int, Publication]) -> Line:
    before = by_id.get(row.after) if row.after is not None else None
    waits = row.state is _S.WAITING and before is not None and before.state is not _S.SENT
    tried = row.state in (_S.WAITING, _S.SENDING) and row.attempts > 0
    kind = {
        _S.WAITING: "warning" if tried else "info",
        _S.SENDING: "warning" if tried else "info",
        _S.TODO: "warning",
        _S.SENT: "success",
        _S.FAILED: "danger",
    }.get(row.state, "neutral")
    return Line(
        row=row,
        state=_state(row, network, tried=tried),
        kind=kind,
        problem=row.problem_de if words.language() == "de" else row.problem_en,
        waits=waits,
        again=row.due if tried else None,
    )


def _state(row: Publication, network: Network, *, tried: bool) -> str:
    """How it stands, in words that name what is done: a deletion is not "sent"."""
    if row.state is _S.TODO:
        return {
            _A.PUBLISH: _("bitte veröffentlichen"),
            _A.REPEAT: _("bitte melden, dass es noch stimmt"),
            _A.EDIT: _("bitte dort berichtigen"),
            _A.REMOVE: _("bitte dort löschen"),
        }.get(row.act, _("bitte erledigen"))
    if row.state is _S.SENT:
        return {
            _A.PUBLISH: _("veröffentlicht"),
            _A.REPEAT: _("gemeldet, dass es noch stimmt"),
            _A.REPLY: _("unter einem Beitrag geantwortet"),
            _A.EDIT: _("dort berichtigt"),
            _A.RETRACT: _("Rückzug dort gesagt"),
            _A.REMOVE: _("dort gelöscht"),
        }[row.act]
    if tried:
        return _("wird wieder versucht")
    return {
        _S.WAITING: _("steht an"),
        _S.SENDING: _("wird gesendet"),
        _S.FAILED: _("gescheitert"),
        _S.CANCELLED: _("nicht veröffentlicht"),
        _S.REPLACED: _("durch neue Fassung ersetzt"),
        _S.REMOVED: _("zurückgenommen"),
    }[row.state]


# --- buttons --------------------------------------------------------------------------------------


@blueprint.get("/antworten/<int:response_id>/kanaele")
def refresh(response_id: int) -> ResponseReturnValue:
    """How it stands on every channel; asked again by the open page."""
    response = here.store().responses.get(response_id)
    found = channels(response)
    by_hand = any(line.row.state is _S.TODO for channel in found for line in channel.lines)
    return live.part(
        "responses/channels_live.html",
        response=response,
        channels=found,
        people={person.id: person for person in here.store().people.all()},
        share_alt=share_alt(response) if by_hand else "",  # asked every other second
    )


@blueprint.post("/antworten/<int:response_id>/kanaele")
def also(response_id: int) -> ResponseReturnValue:
    """Send it to more channels."""
    chosen = ticked(going(), request.form)
    post_by_hand.also(here.store(), response_id, chosen, here.person(), here.now())
    flash(_("Steht an: Die Antwort geht gleich hinaus."), "success")
    return _to(response_id)


@blueprint.post("/antworten/kanaele/<int:publication_id>/noch-einmal")
def again(publication_id: int) -> ResponseReturnValue:
    """Try once more."""
    row = post_by_hand.again(here.store(), publication_id, here.person(), here.now())
    flash(_("Wird gleich noch einmal versucht."), "success")
    return _to(row.response_id)


@blueprint.post("/antworten/kanaele/<int:publication_id>/nicht")
def stop(publication_id: int) -> ResponseReturnValue:
    """Do not publish there."""
    row = post_by_hand.stop(here.store(), publication_id, here.person(), here.now())
    flash(_("Geht dort nicht hinaus."), "success")
    return _to(row.response_id)


@blueprint.post("/antworten/kanaele/<int:publication_id>/erledigt")
def done(publication_id: int) -> ResponseReturnValue:
    """A person did it by hand."""
    row = post_by_hand.done(
        here.store(), publication_id, request.form.get("adresse", ""), here.person(), here.now()
    )
    flash(_("Abgehakt."), "success")
    return _to(row.response_id)


@blueprint.post("/antworten/kanaele/<int:publication_id>/offen")
def not_done(publication_id: int) -> ResponseReturnValue:
    """Take the tick back."""
    row = post_by_hand.not_done(here.store(), publication_id, here.person(), here.now())
    flash(_("Das Häkchen ist wieder weg."), "success")
    return _to(row.response_id)


def _to(response_id: int) -> ResponseReturnValue:
    return redirect(url_for("responses.show", response_id=response_id, _anchor="kanaele"))
