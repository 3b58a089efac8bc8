"""Is the desk up: for load balancers and supervisors. Says nothing about content."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from crisis.desk import here
from crisis.errors import StoreError

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def show() -> ResponseReturnValue:
    """200 while the database answers, 503 otherwise; the monitor's last step for those who watch it;
    and what is wrong with the matching model, should there be something."""
    from crisis.workflows import learn  # loads the matching, which few pages need

    try:
        heartbeat = here.store().facts.get("monitor.heartbeat")
        problem = learn.problem(here.store())
    except StoreError as error:
        return jsonify(status="error", error=str(error)), 503
    more = {"model": str(problem)} if problem else {}
    return jsonify(status="ok", monitor=heartbeat or None, **more)
