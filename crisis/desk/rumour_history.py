"""Earlier versions of an entry, and two entries of one rumour as one. Asks before it changes anything.

What differs between two versions is said by ``crisis.rumours.history``; every change calls one workflow.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, rumour_form, story, words
from crisis.desk.rumours import field_names
from crisis.desk.words import _
from crisis.errors import ConflictError, NotFoundError
from crisis.rumours import history
from crisis.rumours.union import united
from crisis.types import Rumour, RumourStatus
from crisis.workflows import catalogue

blueprint = Blueprint("rumour_history", __name__, url_prefix="/geruechte")

OFFERED = 5  # entries offered to be merged with


@blueprint.get("/<rumour_id>/verlauf/<int:entry_id>")
def show(rumour_id: str, entry_id: int) -> ResponseReturnValue:
    """What one change was, word by word, and what going back before it would change now."""
    store = here.store()
    rumour = store.rumours.get(rumour_id)
    entries = store.audit.of_object(f"rumour:{rumour.id}")
    version = next((v for v in history.versions(rumour, entries) if v.entry.id == entry_id), None)
    if version is None:
        raise NotFoundError("Diese Fassung gibt es nicht.", "There is no such version.")
    people = {person.id: person for person in store.people.all()}
    back = history.changes(rumour, version.before) if version.before is not None else []
    return render_template(
        "rumours/version.html",
        rumour=rumour,
        version=version,
        who=story.who(version.entry, people),
        said=story.say(version.entry, people),
        changes=history.changes(version.before, version.after),
        back=back,
        names=field_names(),
        value=value,
        stamp=rumour_form.stamp(rumour),
    )


def value(name: str, text: str) -> str:
    """A stretch of an entry as people call it."""
    if name == "status" and text in {one.value for one in RumourStatus}:
        return words.word(RumourStatus(text))
    return text


@blueprint.post("/<rumour_id>/verlauf/<int:entry_id>")
def go_back(rumour_id: str, entry_id: int) -> ResponseReturnValue:
    """The entry as it stood before that change."""
    _unchanged(here.store().rumours.get(rumour_id))
    catalogue.go_back(here.store(), rumour_id, entry_id, here.person(), here.now())
    flash(_("Die frühere Fassung gilt wieder. Auch die bisherige bleibt im Verlauf."), "success")
    return redirect(url_for("rumours.show", rumour_id=rumour_id))


def _unchanged(rumour: Rumour) -> None:
    """Refuse where the entry is no longer what the person who pressed has seen."""
    if request.form.get("fassung", "") != rumour_form.stamp(rumour):
        raise ConflictError(
            "Jemand anderes hat den Eintrag inzwischen geändert; es ist nichts geschehen. Sehen Sie"
            " ihn sich noch einmal an.",
            "Somebody else has changed the entry meanwhile; nothing has happened. Please look at it"
            " again.",
        )


# --- two entries of one rumour ----------------------------------------------------------------


@blueprint.get("/<rumour_id>/zusammenlegen")
def ask_merge(rumour_id: str) -> ResponseReturnValue:
    """Which entry to take in; once that is said, what both would be together."""
    store = here.store()
    kept = store.rumours.get(rumour_id)
    gone = store.rumours.find(request.args.get("mit", "").strip())
    if gone is None or gone.id == kept.id:
        return render_template(
            "rumours/merge_choose.html", rumour=kept, found=_near(kept), search=_search()
        )
    current = store.incidents.latest(gone.id, drill=False)
    return render_template(
        "rumours/merge.html",
        kept=kept,
        gone=gone,
        changes=history.changes(kept, united(kept, gone)),
        incident=current if current is not None and current.ended_at is None else None,
        names=field_names(),
        value=value,
        stamps=(rumour_form.stamp(kept), rumour_form.stamp(gone)),
    )


def _search() -> str:
    return request.args.get("suche", "").strip()


def _near(kept: Rumour) -> list[Rumour]:
    """What somebody searches for, else what comes near this entry.

    Near is what was found so when the entry was last looked at, then what shares words with it. Matching
    it here would make the first to ask wait until a large catalogue has been read.
    """
    rumours = here.store().rumours
    if _search():
        found = rumours.search(_search(), limit=OFFERED + 1)
    else:
        hinted = dict.fromkeys(other for _code, other in here.store().hints.of(kept.id) if other)
        known = rumours.several(hinted)
        near = [known[one] for one in hinted if one in known]
        found = [*near, *(o for o in rumours.alike(kept, limit=OFFERED) if o.id not in hinted)]
    return [one for one in found if one.id != kept.id and not one.retired][:OFFERED]


@blueprint.post("/<rumour_id>/zusammenlegen")
def merge(rumour_id: str) -> ResponseReturnValue:
    """The second entry goes into this one."""
    store = here.store()
    kept, gone = store.rumours.get(rumour_id), store.rumours.get(request.form.get("mit", ""))
    _unchanged(kept)
    catalogue.merge(store, kept.id, gone.id, here.person(), here.now())
    flash(_("Beide sind jetzt ein Eintrag. Der andere liegt bei den Akten."), "success")
    return redirect(url_for("rumours.show", rumour_id=kept.id))
