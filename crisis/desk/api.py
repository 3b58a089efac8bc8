"""For other programs: hand in posts by ``POST /api/posts``, and read how (OpenAPI). Answers in JSON only.

Every request carries a token; there is no session, no cookie, no form. Calls one workflow.
"""

from __future__ import annotations

import json

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from crisis.desk import MAX_UPLOAD, here
from crisis.desk.api_description import describe
from crisis.desk.security import csrf
from crisis.errors import StoreError
from crisis.types import Scope, Token
from crisis.workflows import push

blueprint = Blueprint("api", __name__, url_prefix="/api")

# There is no session that a form of another site could use.
csrf.exempt(f"{__name__}.posts")


@blueprint.post("/posts")
def posts() -> ResponseReturnValue:
    """Take posts: JSON lines or a JSON array."""
    try:
        token = bearer(Scope.POSTS)
        if token is None:
            return _refused(
                401,
                "Der Zugang fehlt, gilt nicht mehr oder ist für etwas anderes.",
                "The token is missing, holds no longer or is for something else.",
            )
        answer = push.take(
            here.store(),
            token,
            request.get_data(),
            request.content_type or "",
            here.now(),
            key=request.headers.get("Idempotency-Key", "").strip(),
            per_minute=here.settings().monitor.pushed_per_minute,
        )
    except RequestEntityTooLarge:
        mb = MAX_UPLOAD // 1_000_000
        return _refused(
            413,
            f"Höchstens {mb} MB in einer Anfrage. Es wurde nichts angenommen.",
            f"At most {mb} MB in one request. Nothing was taken.",
        )
    except StoreError as error:
        return _refused(503, error.de, error.en, wait=5)
    return _said(answer.status, answer.reply, answer.wait)


@blueprint.get("/openapi.json")
def description() -> ResponseReturnValue:
    """This interface, described for programs."""
    per_minute = here.settings().monitor.pushed_per_minute
    return jsonify(describe(here.settings().base_url, per_minute, MAX_UPLOAD))


def bearer(scope: Scope) -> Token | None:
    """The token of this request, if it holds and is good for ``scope``."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        return None
    return push.known(here.store(), secret.strip(), scope, here.now())


def _refused(status: int, de: str, en: str, *, wait: int = 0) -> Response:
    return _said(status, json.dumps({"error": {"de": de, "en": en}}, ensure_ascii=False), wait)


def _said(status: int, reply: str, wait: int) -> Response:
    answer = Response(reply, status, mimetype="application/json")
    if wait:
        answer.headers["Retry-After"] = str(wait)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Klarstellung"'
    return answer
