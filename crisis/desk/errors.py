"""Errors as pages: every ``CrisisError`` and HTTP error becomes one friendly page, here and only here."""

from __future__ import annotations

import logging

from flask import Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from crisis.desk import words
from crisis.desk.words import _
from crisis.errors import (
    BusyError,
    ConflictError,
    CrisisError,
    FetchError,
    IllegalMoveError,
    InvalidInputError,
    MailError,
    NotAllowedError,
    NotFoundError,
    StoreError,
    TooLargeError,
)

# The first class that fits decides.
_CODES: tuple[tuple[type[CrisisError], int], ...] = (
    (NotFoundError, 404),
    (NotAllowedError, 403),
    (InvalidInputError, 422),
    (IllegalMoveError, 409),
    (ConflictError, 409),
    (TooLargeError, 413),
    (BusyError, 503),
    (StoreError, 503),
    (FetchError, 502),
    (MailError, 502),
)
_log = logging.getLogger(__name__)


def code_of(error: CrisisError) -> int:
    """The HTTP status for an error raised on purpose; 422 where nothing else is said."""
    return next((code for kind, code in _CODES if isinstance(error, kind)), 422)


def install(app: Flask) -> None:
    """Answer with a page whatever goes wrong."""
    app.register_error_handler(CrisisError, _foreseen)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unforeseen)


def page(code: int, text: str, *, retry: bool = False) -> ResponseReturnValue:
    """An error page with what happened and what to do about it."""
    return render_template(
        "error.html", code=code, title=_title(code), text=text, retry=retry
    ), code


def _foreseen(error: CrisisError) -> ResponseReturnValue:
    return page(code_of(error), error.say(words.language()), retry=error.retry)


def _stale_form(_error: CSRFError) -> ResponseReturnValue:
    return page(
        400,
        _(
            "Das Formular war zu alt oder kam nicht von dieser Seite. "
            "Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal."
        ),
    )


def _http(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if code < 400:  # redirects are exceptions, too
        return error.get_response()
    texts = {
        403: _("Dafür fehlt Ihnen das Recht. Wer die Verwaltung hat, kann es Ihnen geben."),
        404: _("Diese Seite gibt es nicht. Vielleicht ist die Adresse unvollständig kopiert."),
        405: _("So lässt sich diese Seite nicht aufrufen."),
        413: _("Das ist zu groß. Höchstens 5 MB lassen sich auf einmal senden."),
        429: _("Das waren zu viele Versuche. Bitte warten Sie ein paar Minuten."),
    }
    answer = make_response(page(code, texts.get(code, _("Die Anfrage war nicht zu verstehen."))))
    if isinstance(error, MethodNotAllowed):  # which would be, RFC 9110 wants to be said
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer


def _unforeseen(error: Exception) -> ResponseReturnValue:
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    return page(
        500,
        _(
            "Bei uns ist etwas schiefgegangen; es steht im Protokoll des Servers. "
            "Was Sie vorher gespeichert haben, ist gespeichert."
        ),
        retry=True,
    )


def _title(code: int) -> str:
    titles = {
        400: _("Bitte noch einmal"),
        403: _("Das geht hier nicht"),
        404: _("Nicht gefunden"),
        405: _("Nicht so"),
        409: _("Inzwischen hat sich etwas geändert"),
        413: _("Zu groß"),
        422: _("Das passt noch nicht"),
        429: _("Zu viele Versuche"),
        500: _("Unerwarteter Fehler"),
        502: _("Die Gegenstelle antwortet nicht"),
        503: _("Gerade nicht erreichbar"),
    }
    return titles.get(code, _("Das hat nicht geklappt"))
