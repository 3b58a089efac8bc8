"""The search over everything: one box, the things that were found by kind, each with its page.

Only finds; who may open what is decided by the pages themselves. Everybody on the desk may see the kinds
that are searched here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from crisis import snippets
from crisis.desk import here, words
from crisis.desk.words import _
from crisis.playbooks.folder import Folder
from crisis.playbooks.parse import read
from crisis.types import Incident, Response, Rumour

if TYPE_CHECKING:
    from crisis.store.search import Hit

_SIGNS = re.compile(r"(?:(?<=\s)|^)(?:#{1,6}|[-*]|\d+\.)(?=\s)|\*\*|__|`")
_BLANK = re.compile(r"\{\{\s*(\w+)[^{}]*\}\}")

blueprint = Blueprint("search", __name__, url_prefix="/suche")

KINDS = ("incident", "rumour", "response", "playbook", "post", "source", "person")
FEW = 5  # of each kind, where all kinds are shown
A_PAGE = 25
LONGEST = 200  # characters of a search


@dataclass(frozen=True, slots=True)
class Found:
    """One line of the results."""

    title: str
    address: str
    text: Markup = field(default_factory=Markup)  # a piece of it with the words marked
    notes: Sequence[object] = ()  # small things beside it
    noun: Incident | Response | Rumour | None = None  # for its badges
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind."""

    kind: str
    name: str
    count: int
    found: Sequence[Found]


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """What has every word. ``art`` narrows to one kind; a number alone leads to that incident."""
    asked = " ".join(request.args.get("q", "")[:LONGEST].split())
    kind = request.args.get("art", "")
    kind = kind if kind in KINDS else ""
    number = asked.removeprefix("#")
    if number.isdecimal() and len(number) < 10 and not kind:
        incident = here.store().incidents.find(int(number))
        if incident is not None:
            return redirect(url_for("incidents.show", incident_id=incident.id))
    page = max(1, min(request.args.get("seite", 1, type=int), 40))
    counts = _counts(asked)
    return render_template(
        "search/show.html",
        asked=asked,
        kind=kind,
        names=names(),
        counts=counts,
        total=sum(counts.values()),
        groups=_groups(asked, kind, page, counts),
        page=page,
        pages=-(-min(counts.get(kind, 0), A_PAGE * 40) // A_PAGE),
    )


def names() -> dict[str, str]:
    """What the kinds are called."""
    return {
        "incident": _("Vorfälle"),
        "rumour": _("Gerüchte"),
        "response": _("Antworten"),
        "playbook": _("Vorlagen"),
        "post": _("Beiträge"),
        "source": _("Quellen"),
        "person": _("Personen"),
    }


def _counts(asked: str) -> dict[str, int]:
    return {kind: here.store().search.count(kind, asked) for kind in KINDS}


def _groups(asked: str, kind: str, page: int, counts: Mapping[str, int]) -> list[Group]:
    groups = []
    for one in (kind,) if kind else KINDS:
        limit, skip = (A_PAGE, (page - 1) * A_PAGE) if kind else (FEW, 0)
        hits = here.store().search.find(one, asked, limit=limit, skip=skip)
        found = [line for hit in hits if (line := _LINES[one](hit, asked)) is not None]
        if found:
            groups.append(Group(one, names()[one], counts[one], found))
    return groups


def _plain(text: str) -> str:
    """Without the signs of Markdown: headings, stars, and the braces around a blank."""
    text = _SIGNS.sub(" ", text)
    return _BLANK.sub(lambda found: f"[{found[1].replace('_', ' ')}]", text)


def _piece(text: str, asked: str) -> Markup:
    piece = snippets.cut_out(text, asked)
    return words.marked(piece.text, piece.marks)


# --- one line of each kind; None for what is gone meanwhile -----------------------------------


def _incident(hit: Hit, asked: str) -> Found | None:
    one = here.store().incidents.find(int(hit.ref))
    if one is None:
        return None
    return Found(
        hit.title,
        url_for("incidents.show", incident_id=one.id),
        _piece(hit.body, asked),
        (_("Vorfall %(id)s", id=one.id),),
        one,
        one.opened,
    )


def _rumour(hit: Hit, asked: str) -> Found | None:
    one = here.store().rumours.find(hit.ref)
    if one is None:
        return None
    facts = (fact.text for fact in one.facts)
    return Found(
        one.title or one.text,
        url_for("rumours.show", rumour_id=one.id),
        _piece(" · ".join((one.text, *one.variants, *facts)), asked),
        (words.word(one.status), *one.topics[:3], *((_("zu den Akten"),) if one.retired else ())),
        one,
    )


def _response(hit: Hit, asked: str) -> Found | None:
    one = here.store().responses.get(int(hit.ref))
    text = " · ".join((*one.texts.values(), *one.values.values(), one.change_note))
    return Found(
        one.title,
        url_for("responses.show", response_id=one.id),
        _piece(_plain(text), asked),
        (_("Vorfall %(id)s", id=one.incident_id),),
        one,
        one.written_at,
    )


def _playbook(hit: Hit, asked: str) -> Found | None:
    folder = Folder(here.settings().playbook_folder)
    text = folder.read(hit.ref)[0]
    if text is None:
        return None
    text = folder.whole(hit.ref, text).text
    made = read(hit.ref, text).playbook
    return Found(
        made.title if made else hit.ref,
        url_for("playbooks.show", name=hit.ref),
        _piece(_plain(text.partition("\n---")[2]), asked),
        (hit.ref,),
    )


def _post(hit: Hit, asked: str) -> Found | None:
    sightings = here.store().sightings.of_post(int(hit.ref))
    if not sightings:
        return None
    one = max(sightings, key=lambda sighting: sighting.incident_id or 0)
    source = here.store().sources.find(one.post.source_id)
    if one.incident_id:
        address = url_for("incidents.show", incident_id=one.incident_id, _anchor="beitraege")
        where = _("Vorfall %(id)s", id=one.incident_id)
    else:
        address = url_for("rumours.show", rumour_id=one.match.rumour_id)
        where = _("in keinem Vorfall")
    return Found(
        source.name if source else _("frühere Quelle"),
        address,
        _piece(one.post.text, asked),
        (where,),
        None,
        one.post.published or one.post.seen,
    )


def _source(hit: Hit, asked: str) -> Found | None:
    one = here.store().sources.find(int(hit.ref))
    if one is None:
        return None
    address = url_for("sources.index", suche=one.name)
    return Found(one.name, address, _piece(one.url, asked))


def _person(hit: Hit, asked: str) -> Found | None:
    one = here.store().people.get(int(hit.ref))
    if one.drill:
        return None
    roles = tuple(words.word(role) for role in sorted(one.roles))
    address = url_for("people.index", suche=one.name)
    return Found(one.name, address, _piece(one.email, asked), roles)


_LINES: Mapping[str, Callable[[Hit, str], Found | None]] = {
    "incident": _incident,
    "rumour": _rumour,
    "response": _response,
    "playbook": _playbook,
    "post": _post,
    "source": _source,
    "person": _person,
}
