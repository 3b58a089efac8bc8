"""Between the one who writes an answer and the one who releases it: give it back, mend it and release it,
change its wording.

Each button calls one workflow of ``workflows.answer_review``. The page itself is ``responses.show``.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, publishing
from crisis.desk.response_form import typed
from crisis.desk.words import _
from crisis.workflows import answer_review as reviewing

blueprint = Blueprint("answer_review", __name__, url_prefix="/antworten")


@blueprint.post("/<int:response_id>/zurueckgeben")
def give_back(response_id: int) -> ResponseReturnValue:
    """Return it with what is to be changed."""
    form = request.form
    reviewing.give_back(
        here.house(),
        response_id,
        form.get("anmerkung", ""),
        here.person(),
        here.now(),
        version=form.get("version", 0, type=int),
    )
    flash(_("Zurückgegeben. Ihre Anmerkung ist unterwegs."), "success")
    return _to(response_id)


@blueprint.post("/<int:response_id>/berichtigt-freigeben")
def mend(response_id: int) -> ResponseReturnValue:
    """Put right what was filled in, and let it out."""
    store, form = here.store(), request.form
    before = store.responses.get(response_id)
    reviewing.mend_and_release(
        store,
        response_id,
        here.person(),
        here.now(),
        title=form.get("titel", ""),
        values=typed(before, form),
        version=form.get("version", 0, type=int),
        today=here.today(),
        going=publishing.ticked(publishing.going(), form),
    )
    flash(_("Berichtigt und veröffentlicht. Beide Namen stehen dabei."), "success")
    return _to(response_id)


@blueprint.post("/<int:response_id>/wortlaut")
def reword(response_id: int) -> ResponseReturnValue:
    """Other words than those that were approved, or these again."""
    form = request.form
    texts = {
        name.removeprefix("text-"): text for name, text in form.items() if name.startswith("text-")
    }
    restored = form.get("tun") == "zurueck"
    reviewing.reword(
        here.store(),
        response_id,
        None if restored else texts,
        here.person(),
        here.now(),
        version=form.get("version", 0, type=int),
    )
    if restored:
        flash(_("Es gilt wieder der freigegebene Wortlaut."), "success")
    else:
        flash(_("Wortlaut gespeichert. Die zweite Person sieht den Unterschied."), "success")
    return _to(response_id)


def _to(response_id: int) -> ResponseReturnValue:
    return redirect(url_for("responses.show", response_id=response_id))
