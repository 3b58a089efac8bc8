"""How the desk looks where the town wants it its own way: colours and sign, from the settings.

Both were checked when the settings were read; nothing is decided here.
"""

from __future__ import annotations

import hashlib

from flask import Blueprint, Flask, Response, abort
from flask.typing import ResponseReturnValue

from crisis.desk import here
from crisis.settings import colour, logo

blueprint = Blueprint("look", __name__)

YEAR = 31_536_000  # seconds; addresses carry a stamp of the content


def install(app: Flask) -> None:
    """Tell every page whether there are colours and a sign to fetch."""
    app.jinja_env.globals.update(authority_colours=colours_stamp, has_logo=logo_stamp)


def colours_stamp() -> str:
    """Changes with the colours; "" where the town has none of its own."""
    authority = here.settings().authority
    return f"{authority.colour}{authority.colour_dark}".replace("#", "")


def logo_stamp() -> str:
    """Changes with the settings' file name; "" where the town has no sign of its own."""
    name = here.settings().authority.logo
    return hashlib.sha256(name.encode()).hexdigest()[:8] if name else ""


@blueprint.get("/farben.css")
def colours() -> ResponseReturnValue:
    """The town's colours instead of KERN's blue, light and dark."""
    authority = here.settings().authority
    light = colour.parse(authority.colour) or colour.parse(authority.colour_dark)
    if light is None:
        abort(404)
    own = colour.parse(authority.colour_dark)
    dark = own or colour.readable(light, dark=True)
    bright = colour.readable(light, dark=False)
    sheet = (
        f":root {{ --brand: {bright.text}; --on-brand: #fff; --kern-color-action-default: {bright.text} }}\n"
        "@media (prefers-color-scheme: dark) { :root "
        f"{{ --brand: {dark.text}; --on-brand: #000; --kern-color-action-default: {dark.text} }} }}\n"
    )
    return _kept(Response(sheet, content_type="text/css; charset=utf-8"))


@blueprint.get("/zeichen")
def sign() -> ResponseReturnValue:
    """The town's sign. Even opened by itself it may do nothing but show itself."""
    settings = here.settings()
    path = settings.instance / settings.authority.logo
    if not settings.authority.logo or not path.is_file():
        abort(404)
    content = path.read_bytes()
    if logo.problem(path) is not None:  # somebody changed the file since the start
        abort(404)
    answer = Response(content, content_type=logo.kind(content))
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    return _kept(answer)


def _kept(answer: Response) -> Response:
    answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return answer
