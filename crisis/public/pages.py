"""The list of corrections, one correction, and what another website may show of them. Views only.

Answers of an exercise are shown to signed-in staff at their address, marked, and to nobody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from crisis import wiring
from crisis.channels import to_page
from crisis.channels.card import Shape
from crisis.desk import here, words
from crisis.desk.words import _
from crisis.errors import NotFoundError
from crisis.public import corrections as found
from crisis.public.corrections import Correction, blueprint
from crisis.public.illustrations import illustrations
from crisis.public.kept import kept, public
from crisis.public.pictures import card
from crisis.public.structured import claim_review
from crisis.types import Response as Answer
from crisis.types import ResponseState

LIST_LENGTH = 30  # a page
EMBEDDED = 5  # at most, in the frame of another website
# Where people pass an address on. Plain links: nothing of theirs is loaded before somebody clicks.
SHARES = (
    ("E-Mail", "mailto:?subject={title}&body={title}%0A%0A{address}"),
    ("WhatsApp", "https://wa.me/?text={title}%20{address}"),
    ("Telegram", "https://t.me/share/url?url={address}&text={title}"),
    ("Mastodon", "https://share.joinmastodon.org/#text={title}%20{address}"),
    ("Bluesky", "https://bsky.app/intent/compose?text={title}%20{address}"),
    ("Facebook", "https://www.facebook.com/sharer/sharer.php?u={address}"),
    ("X", "https://x.com/intent/post?text={title}&url={address}"),
)


@blueprint.get("/")
@kept
def index() -> Response:
    """All corrections, the newest first."""
    page = max(1, min(request.args.get("seite", 1, type=int), 100_000))
    start = (page - 1) * LIST_LENGTH
    answers = here.store().responses.public(limit=LIST_LENGTH + 1, offset=start)
    listed = found.corrections(answers[:LIST_LENGTH])
    staff = here.person_or_none() is not None
    exercise = found.corrections(here.store().responses.public(drill=True)) if staff else []
    lang = found.language()
    with words.spoken(lang):
        html = render_template(
            "public/index.html",
            corrections=listed,
            exercise=exercise,
            lang=lang,
            page=page,
            more=len(answers) > LIST_LENGTH,
            banner=found.pinned(),
            **found.frame("/klarstellungen/"),
        )
    newest = max((c.updated for c in listed), default=None)
    return public(make_response(html), newest)


@blueprint.get("/<slug>")
@kept
def show(slug: str) -> Response:
    """One correction, at an address that never goes away."""
    return _shown(found.shown(slug), "")


@blueprint.get("/<slug>/<any(einfach, leicht):way>")
@kept
def simple(slug: str, way: str) -> Response:
    """The same in plain language, or in Leichte Sprache; each has its own address that stays."""
    correction = found.shown(slug)
    if way not in correction.ways:
        raise NotFoundError(
            "Diese Klarstellung gibt es so nicht. In der ausführlichen Fassung steht alles:"
            f" /klarstellungen/{slug}",
            "This correction is not there in this form. The full version says everything:"
            f" /klarstellungen/{slug}",
        )
    page = to_page(correction.answer, found.WAYS[way])
    return _shown(replace(correction, page=page), way)


def _shown(correction: Correction, way: str) -> Response:
    slug = correction.slug
    lang = correction.page.lang
    banner = found.pinned()
    with words.spoken(lang if lang in words.LANGUAGES else found.language()):
        html = render_template(
            "public/show.html",
            correction=correction,
            body=Markup(correction.page.html),  # noqa: S704 - cleaned by ``playbooks.render``
            sources=wiring.sources(correction.answer, here.store()),
            promise=found.promise(correction.answer),
            illustrations=illustrations(correction),
            lang=words.language(),
            others=_others(correction.answer),
            way=way,
            ways=_ways(correction),
            review=None if way else review(correction),
            shares=shares(correction, way),
            picture=picture(correction.slug),
            card=card(correction),
            language_name=found.language_name,
            banner=banner if banner and banner.slug != slug else None,
            **found.frame(f"/klarstellungen/{slug}{'/' if way else ''}{way}"),
        )
    response = make_response(html)
    if correction.answer.drill:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return public(response, correction.updated)


@blueprint.get("/einbetten")
@kept
def embed() -> Response:
    """The newest corrections for a frame on the town's own website, if the settings name that website."""
    hosts = here.settings().public.embed_hosts
    if not hosts:
        raise NotFoundError(
            "Diese Seiten dürfen noch nirgends eingebettet werden. Die Verwaltung kann das unter"
            " „[public] embed_hosts“ erlauben.",
            "These pages may not be embedded anywhere yet. The administration can allow it under"
            " “[public] embed_hosts”.",
        )
    many = max(1, min(request.args.get("zahl", 3, type=int), EMBEDDED))
    listed = found.corrections(here.store().responses.public(limit=many))
    banner = found.pinned()
    lang = found.language()
    with words.spoken(lang):
        html = render_template(
            "public/embed.html",
            corrections=[one for one in listed if banner is None or one.slug != banner.slug],
            lang=lang,
            banner=banner,
            **found.frame("/klarstellungen/"),
        )
    response = public(make_response(html), max((c.updated for c in listed), default=None))
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
        f" form-action 'none'; frame-ancestors {' '.join(hosts)}"
    )
    return response


@blueprint.errorhandler(NotFoundError)
def missing(error: NotFoundError) -> ResponseReturnValue:
    """There is no such correction, said in the frame of these pages."""
    lang = found.language()
    with words.spoken(lang):
        html = render_template(
            "public/missing.html",
            text=error.say(lang),
            lang=lang,
            **found.frame("/klarstellungen/"),
        )
    return make_response(html, 404)


# --- what they are made of -------------------------------------------------------------------


def review(correction: Correction) -> dict[str, object] | None:
    """What search engines read; nothing for an exercise and for what was withdrawn."""
    answer, settings = correction.answer, here.settings()
    if answer.drill or correction.withdrawn:
        return None
    return claim_review(
        claim=answer.claim,
        finding=answer.finding,
        title=correction.page.title,
        address=f"{settings.base_url}/klarstellungen/{correction.slug}",
        lang=correction.page.lang,
        authority=settings.authority.name,
        home=f"{settings.base_url}/klarstellungen/",
        published=correction.published,
        modified=correction.updated,
        picture=picture(correction.slug),
    )


def picture(slug: str) -> str:
    """The address of the share picture that link previews take."""
    path = url_for("public.picture", slug=slug, shape=Shape.WIDE.name.lower(), form="png")
    return here.settings().base_url + path


def _ways(correction: Correction) -> list[tuple[str, str, str]]:
    """Part of the address, name and address of every form it can be read in; none if there is one only."""
    names = {"einfach": _("Einfache Sprache"), "leicht": _("Leichte Sprache")}
    if not correction.ways:
        return []
    slug = correction.slug
    simple = [
        (way, names[way], url_for("public.simple", slug=slug, way=way)) for way in correction.ways
    ]
    return [("", _("Ausführlich"), url_for("public.show", slug=slug)), *simple]


def shares(correction: Correction, way: str = "") -> list[tuple[str, str]]:
    """Name and address of each way to pass it on."""
    address = f"{here.settings().base_url}/klarstellungen/{correction.slug}"
    if way:
        address += f"/{way}"
    title = correction.page.title
    names = {"E-Mail": _("E-Mail")}
    return [
        (
            names.get(name, name),
            link.format(title=quote(title, safe=""), address=quote(address, safe="")),
        )
        for name, link in SHARES
    ]


def _others(answer: Answer) -> Sequence[Correction]:
    """The same in other languages: what is public of the same incident."""
    public_now = [
        other
        for other in here.store().responses.of_incident(answer.incident_id)
        if other.state is ResponseState.RELEASED
        and other.lang != answer.lang
        and other.drill == answer.drill
    ]
    return found.corrections(public_now)
