"""Is the desk up: for load balancers and supervisors. Says nothing about content."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from crisis.desk import here
from crisis.errors import StoreError

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def show() -> ResponseReturnValue:
    """200 while the database answers, 503 otherwise; the monitor's last step for those who watch it."""
    try:
        heartbeat = here.store().facts.get("monitor.heartbeat")
    except StoreError as error:
        return jsonify(status="error", error=str(error)), 503
    return jsonify(status="ok", monitor=heartbeat or None)
