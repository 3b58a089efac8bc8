"""What fact-checkers have published, offered to the catalogue: take it, add it to an entry, or leave it.

Every button calls one workflow of ``workflows.know``. A new entry is written with ``rumour_edit``'s form,
which begins with what is known.
"""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here
from crisis.desk.words import _
from crisis.types import FactCheck
from crisis.workflows import know

blueprint = Blueprint("fact_checks", __name__, url_prefix="/geruechte/faktenchecks")

PAGE = 20
DECIDED = 10  # the last decisions, to be taken back


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """What is offered, the newest first, and what was decided lately."""
    store = here.store()
    before = max(0, request.args.get("vor", 0, type=int))
    offered = store.fact_checks.offered(limit=PAGE + 1, before=before)
    decided = [] if before else store.fact_checks.decided(limit=DECIDED)
    return render_template(
        "fact_checks/index.html",
        offered=offered[:PAGE],
        more=offered[PAGE - 1].id if len(offered) > PAGE else 0,
        waiting=store.fact_checks.waiting(),
        decided=decided,
        entries=_entries([*offered, *decided]),
        before=before,
    )


def _entries(checks: list[FactCheck]) -> dict[str, str]:
    """The entries that are named, as people call them."""
    ids = {one for check in checks for one in (check.like, check.rumour_id) if one}
    found = {i: here.store().rumours.find(i) for i in ids}
    return {i: rumour.title or rumour.text for i, rumour in found.items() if rumour is not None}


@blueprint.post("/<int:check_id>/dazu")
def add_to(check_id: int) -> ResponseReturnValue:
    """Add it to the entry that says nearly the same."""
    rumour_id = request.form.get("geruecht", "")
    rumour = know.add_to(here.store(), check_id, rumour_id, here.person(), here.now())
    flash(_("Bei „%(name)s“ ergänzt.", name=rumour.title or rumour.text), "success")
    return redirect(url_for("fact_checks.index"))


@blueprint.post("/<int:check_id>/nicht-noetig")
def leave(check_id: int) -> ResponseReturnValue:
    """Not for us."""
    know.leave(here.store(), check_id, here.person(), here.now())
    flash(_("Wird nicht mehr angeboten. Unten lässt es sich zurücknehmen."), "success")
    return redirect(url_for("fact_checks.index"))


@blueprint.post("/<int:check_id>/wieder-anbieten")
def offer_again(check_id: int) -> ResponseReturnValue:
    """Take a decision back."""
    know.offer_again(here.store(), check_id, here.person(), here.now())
    flash(_("Wird wieder angeboten."), "success")
    return redirect(url_for("fact_checks.index"))
