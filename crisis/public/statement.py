"""The statement of accessibility: what the law asks a public body to say of its pages.

What it must contain: Implementing Decision (EU) 2018/1523, annex; § 12b BGG; § 7 BITV 2.0. It says what was
checked when, and whom to turn to; ``tests/desk/test_desk_browser.py`` and docs/operate/accessibility.md hold
the checks themselves. Sets no cookie and changes nothing.
"""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, make_response, render_template
from flask_babel import format_date

from crisis.desk import here, words
from crisis.public import corrections
from crisis.public.kept import kept, public

blueprint = Blueprint("statement", __name__, template_folder="templates")

# When we last went through all pages ourselves: with axe, keyboard, 400 % zoom and a screen of 320 px.
CHECKED = date(2026, 11, 23)


@blueprint.get("/barrierefreiheit")
@kept
def show() -> Response:
    """The statement, in German or English."""
    own = here.settings().accessibility.assessed_on
    lang = corrections.language()
    with words.spoken(lang):
        html = render_template(
            "public/statement.html",
            lang=lang,
            said=here.settings().accessibility,
            assessed=format_date(date.fromisoformat(own), "long") if own else "",
            checked=format_date(CHECKED, "long"),
        )
    return public(make_response(html), None)
