"""Posts that may carry a known rumour: a person says whether they do. One at a time, made for the keyboard.

Without a script every post has its own buttons; with one, a key is enough, and the next post stands there
before the word has arrived.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, phrasings, words
from crisis.desk.incident_posts import KEYS, folded, whereabouts, why
from crisis.desk.words import _, ngettext
from crisis.errors import InvalidInputError, NotFoundError
from crisis.types import Incident, Rumour, Sighting, Verdict
from crisis.workflows import suggest

blueprint = Blueprint("suggestions", __name__, url_prefix="/vorschlaege")

AT_ONCE = 20
PART = "X-Part"  # a script asks: no whole page
_LAST = "suggestion"  # in the session: what could be taken back without a script


@dataclass(frozen=True, slots=True)
class Item:
    """One decision: the surest post of those that say the same."""

    sighting: Sighting
    posts: int
    rumour: Rumour | None


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The surest first; the first button has the focus."""
    store = here.store()
    known = [int(text) for text in request.args.get("ohne", "").split(",") if text.isdecimal()]
    items = _items(known[:200])
    if request.headers.get(PART):
        return render_template("suggestions/items.html", **_context(items))
    return render_template(
        "suggestions/show.html",
        total=store.suggestions.count(),
        taken=_taken(),
        last=_last(),
        **_context(items),
    )


def _items(but: Sequence[int]) -> list[Item]:
    store = here.store()
    queue = store.suggestions.queue(limit=AT_ONCE, but=but)
    found = {s.id: s for s in store.sightings.several([one.sighting_id for one in queue])}
    rumours = {s.match.rumour_id: store.rumours.find(s.match.rumour_id) for s in found.values()}
    return [
        Item(found[one.sighting_id], one.posts, rumours[found[one.sighting_id].match.rumour_id])
        for one in queue
        if one.sighting_id in found
    ]


def _context(items: Sequence[Item]) -> dict[str, object]:
    return {
        "items": items,
        **whereabouts([item.sighting for item in items]),
        "keys": {
            verdict: "f" if key == "p" else "d" if key == "n" else key
            for verdict, key in KEYS.items()
        },
        "folded": folded,
        "why": why,
    }


def _taken() -> phrasings.Offer | None:
    """The phrasing offered by the post that was taken up just now."""
    number = request.args.get("passt", 0, type=int)
    if not number:
        return None
    try:
        sighting = here.store().sightings.get(number)
    except NotFoundError:
        return None
    return phrasings.offer(sighting, here.store().rumours.find(sighting.match.rumour_id))


def _last() -> int:
    """The sighting whose verdict this person could take back now; 0 for none."""
    number = session.get(_LAST, 0)
    since = here.now() - suggest.UNDO_WITHIN
    said = here.store().suggestions.said_with(int(number), here.person().id, since)
    return int(number) if said else 0


@blueprint.post("/<int:sighting_id>")
def judge(sighting_id: int) -> ResponseReturnValue:
    """It fits: it joins or opens an incident. It does not: it is gone from here."""
    said = request.form.get("urteil", "")
    if said not in {verdict.value for verdict in Verdict}:
        raise InvalidInputError("Dieses Urteil gibt es nicht.", "There is no such verdict.")
    incident = suggest.decide(here.house(), sighting_id, Verdict(said), here.person(), here.now())
    text = _said(Verdict(said), incident)
    if request.headers.get(PART):
        return jsonify(left=here.store().suggestions.count(), text=text)
    session[_LAST] = sighting_id
    flash(text, "success")
    return redirect(url_for("suggestions.show", passt=sighting_id if incident else None))


def _said(verdict: Verdict, incident: Incident | None) -> str:
    if incident is not None:
        return _("Der Beitrag gehört jetzt zu Vorfall %(id)s.", id=incident.id)
    return _(
        "„%(verdict)s“ gemerkt. Der Beitrag wird nicht weiter vorgeschlagen.",
        verdict=words.word(verdict),
    )


@blueprint.post("/<int:sighting_id>/zurueck")
def take_back(sighting_id: int) -> ResponseReturnValue:
    """The word is taken back; the post waits again."""
    posts = suggest.take_back(here.house(), sighting_id, here.person(), here.now())
    text = ngettext(
        "Zurückgenommen: Der Beitrag wartet wieder auf ein Urteil.",
        "Zurückgenommen: %(num)s Beiträge warten wieder auf ein Urteil.",
        posts,
    )
    if request.headers.get(PART):
        return jsonify(left=here.store().suggestions.count(), text=text)
    session.pop(_LAST, None)
    flash(text, "success")
    return redirect(url_for("suggestions.show"))
