"""Writing an entry of the catalogue, and trying a wording out before it is kept.

What a form holds is said by ``rumour_form``; what an entry may be by ``crisis.rumours``. Every change calls
one workflow.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis import scope as checklist
from crisis.desk import conflict, here, rumour_form, scope, words
from crisis.desk.words import _
from crisis.errors import ConflictError, ScopeError
from crisis.rumours import quality
from crisis.types import CheckState, Rumour, RumourStatus
from crisis.workflows import know, rehearse, review
from crisis.workflows.rehearse import Rehearsal

blueprint = Blueprint("rumour_edit", __name__, url_prefix="/geruechte")


@blueprint.route("/neu", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """The form for a new entry, and what it sends."""
    check_id = request.values.get("faktencheck", 0, type=int)
    check = here.store().fact_checks.get(check_id) if check_id else None
    if request.method == "GET":
        begun = rumour_form.of_check(check) if check else rumour_form.empty(words.language())
        return _form(begun, check_id=check_id)
    form = rumour_form.of_request(request.form)
    known = here.store().rumours.ids()
    rumour, problems = rumour_form.read(form, known)
    if rumour.id in known:
        problems["id"] = _("Diese Kennung gibt es schon. Lassen Sie das Feld frei.")
    return _save(form, rumour, problems, _("Das Gerücht ist im Katalog."), check_id=check_id)


@blueprint.route("/<rumour_id>/bearbeiten", methods=["GET", "POST"])
def edit(rumour_id: str) -> ResponseReturnValue:
    """The form of one entry, and what it sends."""
    before = here.store().rumours.get(rumour_id)
    if request.method == "GET":
        return _form(rumour_form.of_rumour(before), before)
    form = rumour_form.of_request(conflict.resolved(request.form))
    rumour, problems = rumour_form.read(form, (), before)
    if form.stamp != rumour_form.stamp(before):
        return _clash(before)
    return _save(form, rumour, problems, _("Gespeichert."), before)


def _clash(rumour: Rumour) -> ResponseReturnValue:
    """Somebody else changed the entry meanwhile: what shall hold?"""
    statuses = {one.value: words.word(one) for one in RumourStatus}
    facts = [name for name in request.form if name.startswith("fakt-")]
    stands = rumour_form.stands(rumour)
    facts += [name for name in stands if name.startswith("fakt-")]
    parts = [
        conflict.Part(_("Das Gerücht in einem Satz"), ("text",), rows=2),
        conflict.Part(_("Kurzer Titel"), ("title",)),
        conflict.Part(_("Weitere Fassungen"), ("variants",), rows=6),
        conflict.Part(_("Stand"), ("status",), words=statuses),
        conflict.Part(_("Fakten"), tuple(dict.fromkeys(facts))),
        conflict.Part(_("Themen"), ("topics",)),
        conflict.Part(_("Sprache"), ("lang",)),
        conflict.Part(_("Gilt bis"), ("valid_until",)),
    ]
    return conflict.ask(
        parts,
        stands,
        what=f"rumour:{rumour.id}",
        token={"fassung": rumour_form.stamp(rumour)},
        back=url_for("rumours.show", rumour_id=rumour.id),
    )


def _save(
    form: rumour_form.Form,
    rumour: Rumour,
    problems: dict[str, str],
    done: str,
    before: Rumour | None = None,
    *,
    check_id: int = 0,
) -> ResponseReturnValue:
    if "zeile" in request.form:  # the button for one more fact, without JavaScript
        form.more()
        return _form(form, before, check_id=check_id)
    if problems:
        code = 409 if "form" in problems else 422
        return _form(form, before, problems, code, check_id=check_id)
    if "probe" in request.form:  # the button that compares the wording with what came in lately
        tried = rehearse.rehearse(here.house(), rumour, here.now())
        return _form(form, before, rehearsal=tried, check_id=check_id)
    try:
        kept = review.save(
            here.house(),
            rumour,
            here.person(),
            here.now(),
            began=before,
            confirmed=scope.confirmed(),
        )
    except ScopeError as error:
        said = {"pruefung": scope.problem(error, checklist.RUMOUR)}
        return _form(form, before, said, 422, check_id=check_id)
    except ConflictError:
        if before is None:
            raise
        return _clash(here.store().rumours.get(before.id))
    if check_id and here.store().fact_checks.get(check_id).state is CheckState.OFFERED:
        know.take(here.store(), check_id, kept.id, here.person(), here.now())
    flash(done, "success")
    return redirect(url_for("rumours.show", rumour_id=kept.id))


def _form(
    form: rumour_form.Form,
    before: Rumour | None = None,
    problems: Mapping[str, str] | None = None,
    code: int = 200,
    rehearsal: Rehearsal | None = None,
    check_id: int = 0,
) -> ResponseReturnValue:
    page = render_template(
        "rumours/form.html",
        rehearsal=rehearsal,
        form=form,
        began=conflict.began(rumour_form.stands(before)) if before else "",
        before=before,
        check_id=check_id,
        statements=() if before else checklist.RUMOUR,
        confirmed=scope.confirmed(),
        opinion=quality.sounds_like_opinion(form.values["text"], form.values["lang"]),
        problems=problems or {},
        topics=here.store().rumours.topics(),
        statuses=[(one.value, words.word(one)) for one in RumourStatus],
    )
    return page, code
