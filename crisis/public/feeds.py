"""Corrections for programs: Atom and JSON Feed. Views only: see ``feed`` and ``structured``."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Response, make_response, url_for
from markupsafe import Markup

from crisis.desk import here, words
from crisis.desk.words import _
from crisis.public import corrections as found
from crisis.public import feed, structured
from crisis.public.corrections import Correction, blueprint
from crisis.public.illustrations import illustrations
from crisis.public.kept import kept, public

FEED_LENGTH = 50  # entries; older ones stay on the list
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # an empty feed's date: it must have one, and not move


@blueprint.get("/feed.atom")
@kept
def atom() -> Response:
    """The newest corrections for feed readers."""
    made = _feed(url_for("public.atom"))
    response = make_response(feed.write(made, hub=here.settings().public.websub_hub))
    response.content_type = "application/atom+xml; charset=utf-8"
    return public(response, made.updated if made.entries else None)


@blueprint.get("/feed.json")
@kept
def json_feed() -> Response:
    """The same as JSON Feed."""
    made = _feed(url_for("public.json_feed"))
    document = structured.json_feed(made, made.self_address)
    hub = here.settings().public.websub_hub
    if hub:
        document["hubs"] = [{"type": "WebSub", "url": hub}]
    response = make_response(json.dumps(document, ensure_ascii=False))
    response.content_type = "application/feed+json; charset=utf-8"
    return public(response, made.updated if made.entries else None)


def _feed(path: str) -> feed.Feed:
    settings = here.settings()
    base, authority = settings.base_url, settings.authority
    entries = found.corrections(here.store().responses.public(limit=FEED_LENGTH))
    with words.spoken(authority.language):
        return feed.Feed(
            id=f"{base}/klarstellungen/",
            title=_("Klarstellungen: %(authority)s", authority=authority.name),
            author=authority.name,
            address=f"{base}/klarstellungen/",
            self_address=f"{base}{path}",
            lang=authority.language,
            updated=max((c.updated for c in entries), default=_NEVER),
            entries=[_entry(c, base) for c in entries],
        )


def _entry(correction: Correction, base: str) -> feed.Entry:
    page, title = correction.page, correction.page.title
    html, summary = page.html, page.summary
    if correction.withdrawn:
        title = _("Zurückgezogen: %(title)s", title=title)
        summary = correction.answer.change_note
        html = str(Markup("<p>{}</p>").format(summary))
    for one in illustrations(correction):
        figure = Markup('<figure><img src="{}" alt="{}" width="{}" height="{}"></figure>')
        html += figure.format(base + one.address, one.alt, one.width, one.height)
    # RFC 4151: host and year of the first version make it ours for ever, even where the site moves.
    host = urlsplit(base).hostname or "localhost"
    return feed.Entry(
        id=f"tag:{host},{correction.published:%Y}:klarstellungen/{correction.slug}",
        title=title,
        address=f"{base}/klarstellungen/{correction.slug}",
        lang=page.lang,
        summary=summary,
        html=html,
        published=correction.published,
        updated=correction.updated,
    )
