"""The list of corrections, one correction, and the feed. Views only: texts come from ``channels``.

Answers of an exercise are shown to signed-in staff at their address, marked, and to nobody else.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, format_date
from markupsafe import Markup

from crisis.channels import Page, to_page
from crisis.desk import here, words
from crisis.desk.words import _
from crisis.errors import CrisisError, NotFoundError
from crisis.playbooks.parse import parse
from crisis.public import feed
from crisis.types import Response as Answer
from crisis.types import ResponseState

blueprint = Blueprint("public", __name__, url_prefix="/klarstellungen", template_folder="templates")

FEED_LENGTH = 50  # entries; older ones stay on the list
LIST_LENGTH = 30  # a page
CACHE_SECONDS = 60  # a correction must be seen by all within a minute
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # an empty feed's date: it must have one, and not move
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Correction:
    """One address with all that was ever public under it."""

    slug: str
    page: Page
    answer: Answer  # the newest version
    history: Sequence[Answer]  # newest first

    @property
    def withdrawn(self) -> bool:
        return self.answer.state is ResponseState.WITHDRAWN

    @property
    def published(self) -> datetime:
        """When the first version went out."""
        return self.history[-1].released_at or self.history[-1].written_at

    @property
    def updated(self) -> datetime:
        """When something last changed here for readers."""
        return self.answer.withdrawn_at or self.answer.released_at or self.published


# --- pages -----------------------------------------------------------------------------------


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """All corrections, the newest first."""
    page = max(1, min(request.args.get("seite", 1, type=int), 100_000))
    start = (page - 1) * LIST_LENGTH
    answers = here.store().responses.public(limit=LIST_LENGTH + 1, offset=start)
    found = _corrections(answers[:LIST_LENGTH])
    staff = here.person_or_none() is not None
    exercise = _corrections(here.store().responses.public(drill=True)) if staff else []
    lang = language()
    with force_locale(lang):
        html = render_template(
            "public/index.html",
            corrections=found,
            exercise=exercise,
            lang=lang,
            page=page,
            more=len(answers) > LIST_LENGTH,
            **_frame("/klarstellungen/"),
        )
    newest = max((c.updated for c in found), default=None)
    return cached(make_response(html), newest, varies=True)


@blueprint.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One correction, at an address that never goes away."""
    history = here.store().responses.revisions(slug)
    correction = _correction(history) if history else None
    if correction is None or (correction.answer.drill and here.person_or_none() is None):
        raise _missing()
    lang = correction.page.lang
    with force_locale(lang if lang in words.LANGUAGES else language()):
        html = render_template(
            "public/show.html",
            correction=correction,
            body=Markup(correction.page.html),  # noqa: S704 - cleaned by ``playbooks.render``
            sources=_sources(correction.answer),
            lang=words.language(),
            **_frame(f"/klarstellungen/{slug}"),
        )
    response = make_response(html)
    if correction.answer.drill:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return cached(response, correction.updated)


@blueprint.get("/feed.atom")
def atom() -> ResponseReturnValue:
    """The newest corrections for feed readers."""
    settings = here.settings()
    base, authority = settings.base_url, settings.authority
    entries = _corrections(here.store().responses.public(limit=FEED_LENGTH))
    updated = max((c.updated for c in entries), default=_NEVER)
    with force_locale(authority.language):
        document = feed.write(
            feed.Feed(
                id=f"{base}/klarstellungen/",
                title=_("Klarstellungen: %(authority)s", authority=authority.name),
                author=authority.name,
                address=f"{base}/klarstellungen/",
                self_address=f"{base}/klarstellungen/feed.atom",
                lang=authority.language,
                updated=updated,
                entries=[_entry(c, base) for c in entries],
            )
        )
    response = make_response(document)
    response.content_type = "application/atom+xml; charset=utf-8"
    return cached(response, updated if entries else None)


@blueprint.errorhandler(NotFoundError)
def missing(error: NotFoundError) -> ResponseReturnValue:
    """There is no such correction, said in the frame of these pages."""
    lang = language()
    with force_locale(lang):
        html = render_template(
            "public/missing.html", text=error.say(lang), lang=lang, **_frame("/klarstellungen/")
        )
    return make_response(html, 404)


# --- what they are made of -------------------------------------------------------------------


def _corrections(answers: Sequence[Answer]) -> list[Correction]:
    store = here.store()
    found = (_correction(store.responses.revisions(a.slug)) for a in answers)
    return [correction for correction in found if correction is not None]


def _correction(history: Sequence[Answer]) -> Correction | None:
    """None for an answer that has nothing for the website; one bad answer does not hide the others."""
    answer = history[0]
    try:
        page = to_page(answer)
    except CrisisError as error:
        _log.warning("answer %s cannot be shown on the website: %s", answer.id, error)
        return None
    return Correction(answer.slug, page, answer, history)


def _sources(answer: Answer) -> list[str]:
    """What the approved playbook names as its sources. The catalogue's are not approved by anybody."""
    text = here.store().playbooks.text(answer.playbook, answer.playbook_sha256)
    return list(parse(answer.playbook, text).sources) if text else []


def _entry(correction: Correction, base: str) -> feed.Entry:
    page, title = correction.page, correction.page.title
    html, summary = page.html, page.summary
    if correction.withdrawn:
        title = _("Zurückgezogen: %(title)s", title=title)
        summary = correction.answer.change_note
        html = str(Markup("<p>{}</p>").format(summary))
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


def _frame(path: str) -> dict[str, object]:
    return {"address": here.settings().base_url + path, "moment": moment, "day": day}


def moment(value: datetime) -> Markup:
    """A date that is still right in ten years: "21. November 2026, 14:05 Uhr"."""
    return Markup('<time datetime="{}">{}, {}</time>').format(
        value.isoformat(timespec="seconds"), format_date(value, "long"), words.clock(value)
    )


def day(value: datetime) -> Markup:
    """The date alone."""
    return Markup('<time datetime="{}">{}</time>').format(
        value.isoformat(timespec="seconds"), format_date(value, "long")
    )


def language() -> str:
    """Of the frame: as asked for in the address, else as the browser wants. Nothing is remembered."""
    wanted = [request.args.get("sprache", "")]
    wanted += [str(tag).partition("-")[0].lower() for tag in request.accept_languages.values()]
    fallback = here.settings().authority.language
    return next((lang for lang in wanted if lang in words.LANGUAGES), fallback)


def cached(
    response: Response, changed: datetime | None, *, varies: bool = False
) -> ResponseReturnValue:
    """May be kept for a minute by anybody, but what staff see by nobody."""
    if here.person_or_none() is not None:
        response.headers["Cache-Control"] = "no-store"
        return response
    response.headers["Cache-Control"] = f"public, max-age={CACHE_SECONDS}"
    if varies:
        response.vary.add("Accept-Language")
    response.last_modified = changed
    response.add_etag()
    return response.make_conditional(request)


def _missing() -> NotFoundError:
    return NotFoundError(
        "Diese Klarstellung gibt es nicht. Vielleicht ist die Adresse unvollständig kopiert.",
        "There is no such correction. Perhaps the address was not copied in full.",
    )
