"""The board for a large screen, read from five metres: mood, hour, six incidents, who is on call, health.

Reads only, and shows what the board shows. Whoever opens it is signed in as everywhere; for screens that
nobody signs in to see ``walls``.
"""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from crisis.desk import board, board_health, here, live, official
from crisis.types import IncidentState

blueprint = Blueprint("wall", __name__, url_prefix="/lage/wand")

MOST = 6  # incidents; more cannot be read from five metres


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The page."""
    return render_template("board/wall.html", zone=here.zone().key, **content(), names=True)


@blueprint.get("/stand")
def refresh() -> ResponseReturnValue:
    """Its changing part alone, with an ETag."""
    return live.part("board/wall_live.html", **content(), names=True)


def content() -> dict[str, object]:
    """What stands on the picture now."""
    store = here.store()
    well = board_health.health()
    kinds = store.glance.open_ones()
    people = store.people.all()
    incidents = store.incidents.board(limit=MOST)
    count = sum(kind.count for kind in kinds)
    return {
        "mood": board.mood(kinds, watched=not well.monitor_silent and bool(well.sources)),
        "cards": board.cards(incidents, {person.id: person for person in people}),
        "left": count - len(incidents),
        "count": count,
        "new": sum(kind.count for kind in kinds if kind.state is IncidentState.NEW),
        "on_call": board.on_call(here.shifts(), people, here.now()),
        "health": well,
        "practising": store.drill_plans.running() is not None,
        "official": official.official(),
    }
