"""The catalogue of rumours: find one, read one, retire it.

Every change calls one workflow. What would make an entry better is said by ``crisis.rumours.quality`` and
was worked out when it was saved (``workflows.review``). Writing: ``rumour_edit``; files: ``rumour_files``;
trying out: ``bench``; earlier versions and merging: ``rumour_history``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, shelf, story, words
from crisis.desk.words import _
from crisis.rumours import quality
from crisis.rumours.advice import ADVICE
from crisis.rumours.quality import Hint
from crisis.rumours.seeking import ORDERS, Covered, Wanted
from crisis.types import Rumour, RumourStatus
from crisis.workflows import catalogue

blueprint = Blueprint("rumours", __name__, url_prefix="/geruechte")

PAGE = 50  # entries


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The catalogue, searched, filtered and ordered, a page at a time."""
    store, asked = here.store(), request.args
    wanted = _wanted(asked)
    order = asked.get("folge", "") if asked.get("folge", "") in ORDERS else "name"
    number = max(1, asked.get("seite", 1, int))
    count = store.rumours.count(wanted)
    found = store.rumours.page(wanted, order=order, limit=PAGE, offset=(number - 1) * PAGE)
    return render_template(
        "rumours/index.html",
        rumours=found,
        count=count,
        wanted=wanted,
        order=order,
        filtered=wanted != Wanted(retired=wanted.retired),
        first=(number - 1) * PAGE + 1,
        previous=_turn(number - 1) if number > 1 else "",
        next=_turn(number + 1) if number * PAGE < count else "",
        **_choices(),
        open_ones={incident.rumour_id: incident for incident in store.incidents.all_open()},
        hints=_short_hints(found),
        today=here.today(),
    )


def _short_hints(rumours: Sequence[Rumour]) -> dict[str, list[str]]:
    """For each entry the names of its hints, weightiest first."""
    found = here.store().hints.of_all([rumour.id for rumour in rumours])
    return {
        rumour_id: [words.either(advice.short) for code, advice in ADVICE.items() if code in codes]
        for rumour_id, codes in found.items()
    }


def _wanted(asked: Mapping[str, str]) -> Wanted:
    status, hint = asked.get("stand", ""), asked.get("hinweis", "")
    return Wanted(
        text=asked.get("suche", "").strip(),
        topic=asked.get("thema", ""),
        status=status if status in {one.value for one in RumourStatus} else "",
        lang=asked.get("sprache", ""),
        hint=hint if hint == "any" or (hint in ADVICE and hint != "no-playbook") else "",
        unseen="nie" in asked,
        uncovered=covered() if hint == "no-playbook" else None,
        retired="akten" in asked,
    )


def _choices() -> dict[str, Sequence[tuple[str, str]]]:
    """What the filters offer."""
    store = here.store()
    counts = store.hints.counts()
    hints = [
        (code, f"{words.either(advice.short)} ({counts[code]})")
        for code, advice in ADVICE.items()
        if counts.get(code)
    ]
    return {
        "topics": [("", _("alle")), *((one, one) for one in store.rumours.topics())],
        "statuses": [("", _("alle")), *((one.value, words.word(one)) for one in RumourStatus)],
        "langs": [("", _("alle")), *((one, _lang(one)) for one in store.rumours.langs())],
        "advice": [
            ("", _("alle")),
            ("any", _("mit irgendeinem Hinweis")),
            *hints,
            ("no-playbook", words.either(ADVICE["no-playbook"].short)),
        ],
        "orders": [
            ("name", _("nach Namen")),
            ("changed", _("zuletzt geändert zuerst")),
            ("seen", _("zuletzt umgegangen zuerst")),
        ],
    }


def _lang(code: str) -> str:
    return {"de": "Deutsch", "en": "English"}.get(code, code)


def _turn(number: int) -> str:
    values: dict[str, Any] = {**request.args.to_dict(), "seite": str(number)}
    return url_for("rumours.index", **values)


def covered() -> Covered:
    """What the playbooks in the folder are for, approved or not: somebody has thought of it."""
    rumours: set[str] = set()
    topics: set[str] = set()
    for playbook, _standing in shelf.standings():
        rumours.update(playbook.rumours)
        for topic in playbook.topics:
            topics.update((topic, topic.lower()))
    return Covered(frozenset(rumours), frozenset(topics))


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
    if rumour.id in known.rumours or topics & known.topics:
        return []
    return [Hint("no-playbook")]


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
