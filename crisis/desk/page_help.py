"""Short help on each page: a few sentences in both languages, unfolded from the header.

The sentences stand in ``help_texts/de.md`` and ``en.md``, one section a page. Knows no page by name but those
that answer a form of another page.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from flask import Flask, request, session
from markupsafe import Markup

from crisis.desk import here, welcome, words
from crisis.playbooks.render import to_html

MOST_WORDS = 120
_FOLDER = Path(__file__).parent / "help_texts"
_SECTION = re.compile(r"^## (\S+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
# What answers a form that was refused shows the page of that form.
_SAME = {
    "bench.compare": "bench.show",
    "rumour_files.preview": "rumour_files.ask_import",
    "settings_page.save": "settings_page.edit",
    "test_mail.send": "test_mail.show",
    "test_mail.look_into_inbox": "test_mail.show",
    "ways.add": "ways.show",
    "gateways.save": "gateways.edit",
    "people.invite": "people.ask_invite",
    "people.save": "people.edit",
    "playbooks.save": "playbooks.edit",
    "source_form.look": "source_form.new",
    "source_files.look": "source_files.ask",
    "source_form.add": "source_form.new",
    "tokens.make": "tokens.index",
    "source_page.time": "source_page.show",
    "responses.fill": "responses.show",
}


def install(app: Flask) -> None:
    """Give every page its help, and the way back to the first steps while somebody is at them."""
    app.jinja_env.globals.update(help_text=help_text, first_steps_under_way=under_way)


@cache
def texts(lang: str) -> dict[str, str]:
    """The help of every page that has one, as Markdown by endpoint."""
    found = _SECTION.findall((_FOLDER / f"{lang}.md").read_text("utf-8"))
    return {endpoint: text.strip() for endpoint, text in found}


@cache
def _html(lang: str, endpoint: str) -> Markup:
    return Markup(to_html(texts(lang).get(endpoint, "")))  # noqa: S704 - our own text, cleaned


def help_text() -> Markup:
    """The help for this page in its language; empty where there is none."""
    endpoint = request.endpoint or ""
    return _html(words.language(), _SAME.get(endpoint, endpoint))


def under_way() -> bool:
    """Whether this person is at the first steps, and somewhere else for one of them."""
    return (
        bool(session.get(welcome.UNDER_WAY))
        and request.blueprint != "welcome"
        and here.person_or_none() is not None
    )
