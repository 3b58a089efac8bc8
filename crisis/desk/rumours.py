"""The catalogue of rumours: find one, read one, retire it.

Every change calls one workflow. What would make an entry better is said by ``crisis.rumours.quality`` and
was worked out when it was saved (``workflows.review``). Writing: ``rumour_edit``; files: ``rumour_files``;
trying out: ``bench``; earlier versions and merging: ``rumour_history``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, shelf, story, words
from crisis.desk.listing import Choice, Column, Listing
from crisis.desk.words import _
from crisis.lists import Wish
from crisis.rumours import exchange, quality
from crisis.rumours.advice import ADVICE
from crisis.rumours.quality import Hint
from crisis.types import Rumour, RumourStatus
from crisis.workflows import catalogue

blueprint = Blueprint("rumours", __name__, url_prefix="/geruechte")

NO_PLAYBOOK = "no-playbook"


def listing() -> Listing:
    """Made for each request: its words follow the page's language."""
    store = here.store()
    return Listing(
        endpoint="rumours.index",
        search=_("Wörter aus Behauptung, Formulierungen, Fakten und Themen"),
        sort="name",
        columns=(
            Column(_("Gerücht"), "name"),
            Column(_("Stand")),
            Column(_("Formulierungen"), "formulierungen", numeric=True),
            Column(_("Umgegangen"), "umgegangen", down=True),
            Column(_("Geändert"), "geaendert", down=True),
        ),
        filters=(
            Choice("hinweis", _("Hinweis"), _hint_choices(), every=_("mit und ohne")),
            Choice("thema", _("Thema"), [(one, one) for one in store.rumours.topics()]),
            Choice("stand", _("Stand"), [(one.value, words.word(one)) for one in RumourStatus]),
            Choice("sprache", _("Sprache"), [(one, _lang(one)) for one in store.rumours.langs()]),
            Choice("gesehen", _("Je gesehen"), [("ja", _("ja")), ("nein", _("noch nie"))]),
            Choice(
                "akten",
                _("Bei den Akten"),
                [("alle", _("auch die")), ("nur", _("nur die"))],
                every=_("ohne sie"),
            ),
        ),
    )


def _hint_choices() -> list[tuple[object, str]]:
    counts = here.store().hints.counts()
    known = [
        (code, f"{words.either(advice.short)} ({counts[code]})")
        for code, advice in ADVICE.items()
        if counts.get(code)
    ]
    return [
        ("alle", _("mit irgendeinem")),
        *known,
        (NO_PLAYBOOK, words.either(ADVICE[NO_PLAYBOOK].short)),
    ]


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The catalogue, searched, filtered and ordered, a page at a time; with ``als=csv`` as a file."""
    store, asked = here.store(), listing().asked()
    wish = _wish(asked.wish)
    if asked.wants_csv:
        return csv_of(exchange.write_rows(store.rumours.every(wish), "csv"))
    piece = store.rumours.piece(wish)
    return render_template(
        "rumours/index.html",
        asked=asked,
        piece=piece,
        open_ones={incident.rumour_id: incident for incident in store.incidents.all_open()},
        last=store.incidents.last_opened([rumour.id for rumour in piece.rows]),
        hints=_short_hints(piece.rows),
        today=here.today(),
        checks_waiting=store.fact_checks.waiting(),
        unchecked=store.vouched.waiting()[1],
    )


def _wish(asked: Wish) -> Wish:
    """What the store is asked for: entries that are filed away only where wanted."""
    filters = {"akten": "nein", **asked.filters}
    if filters.get("hinweis") == NO_PLAYBOOK:
        del filters["hinweis"]
        filters["ohne_vorlage"] = json.dumps(covered())
    return replace(asked, filters=filters)


def csv_of(text: str) -> Response:
    """Entries as a file that can be read in again."""
    response = make_response(text.encode("utf-8"))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    name = f"geruechte-{here.today().isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _short_hints(rumours: Sequence[Rumour]) -> dict[str, list[str]]:
    """For each entry the names of its hints, weightiest first."""
    found = here.store().hints.of_all([rumour.id for rumour in rumours])
    return {
        rumour_id: [words.either(advice.short) for code, advice in ADVICE.items() if code in codes]
        for rumour_id, codes in found.items()
    }


def _lang(code: str) -> str:
    return {"de": "Deutsch", "en": "English"}.get(code, code)


def covered() -> dict[str, list[str]]:
    """What the playbooks in the folder are for, approved or not: somebody has thought of it."""
    rumours: set[str] = set()
    topics: set[str] = set()
    for playbook, _standing in shelf.standings():
        rumours.update(playbook.rumours)
        for topic in playbook.topics:
            topics.update((topic, topic.lower()))
    return {"rumours": sorted(rumours), "topics": sorted(topics)}


@blueprint.get("/<rumour_id>")
def show(rumour_id: str) -> ResponseReturnValue:
    """One entry with everything about it."""
    store = here.store()
    rumour = store.rumours.get(rumour_id)
    people = {person.id: person for person in store.people.all()}
    return render_template(
        "rumours/show.html",
        rumour=rumour,
        hints=_hints(rumour),
        incidents=store.incidents.of_rumour(rumour.id),
        history=[
            (entry, story.who(entry, people), story.say(entry, people), changed(entry.after))
            for entry in reversed(store.audit.of_object(f"rumour:{rumour.id}"))
        ],
        expired=rumour.valid_until is not None and rumour.valid_until < here.today(),
    )


def _hints(rumour: Rumour) -> list[Hint]:
    """What could be better: the entry's own words looked at now, its neighbours as they were found."""
    store = here.store()
    found = [*quality.hints(rumour, today=here.today()), *quality.languages(rumour)]
    near = []
    for code, other_id in store.hints.of(rumour.id):
        other = store.rumours.find(other_id) if other_id else None
        if other is not None and not other.retired and code in ADVICE:
            near.append(Hint(code, other.id, quality.name_of(other)))
    return [*near, *found, *_playbook_hint(rumour)]


def _playbook_hint(rumour: Rumour) -> list[Hint]:
    known = covered()
    topics = {part for topic in rumour.topics for part in (topic, topic.lower())}
    if rumour.id in known["rumours"] or topics & set(known["topics"]):
        return []
    return [Hint(NO_PLAYBOOK)]


def changed(after: Mapping[str, object]) -> str:
    """The names of what an audit entry says was changed: "Formulierungen, Fakten"."""
    names = field_names()
    return ", ".join(names[name] for name in after if name in names)


def field_names() -> dict[str, str]:
    """What people call the parts of an entry."""
    return {
        "title": _("Titel"),
        "text": _("Behauptung"),
        "variants": _("Formulierungen"),
        "lang": _("Sprache"),
        "topics": _("Themen"),
        "status": _("Stand"),
        "facts": _("Fakten"),
        "valid_until": _("Letzter Tag"),
    }


@blueprint.get("/<rumour_id>/zu-den-akten")
def ask_retire(rumour_id: str) -> ResponseReturnValue:
    """What it means to retire an entry, and the button."""
    rumour = here.store().rumours.get(rumour_id)
    current = here.store().incidents.latest(rumour_id, drill=False)
    is_open = current is not None and current.ended_at is None
    return render_template(
        "rumours/retire.html", rumour=rumour, incident=current if is_open else None
    )


@blueprint.post("/<rumour_id>/zu-den-akten")
def retire(rumour_id: str) -> ResponseReturnValue:
    """It raises nothing any more."""
    catalogue.retire(here.store(), rumour_id, here.person(), here.now())
    flash(_("Das Gerücht liegt bei den Akten und löst nichts mehr aus."), "success")
    return redirect(url_for("rumours.show", rumour_id=rumour_id))


@blueprint.post("/<rumour_id>/wieder-aufnehmen")
def restore(rumour_id: str) -> ResponseReturnValue:
    """It counts again."""
    catalogue.restore(here.store(), rumour_id, here.person(), here.now())
    flash(_("Das Gerücht zählt wieder."), "success")
    return redirect(url_for("rumours.show", rumour_id=rumour_id))
