"""What search engines are told: which addresses there are, and which they may read. Views only."""

from __future__ import annotations

from flask import Blueprint, Response, make_response

from crisis.desk import here
from crisis.public import structured
from crisis.public.corrections import WAYS
from crisis.public.kept import kept, public
from crisis.types import Response as Answer

blueprint = Blueprint("crawlers", __name__)

MOST_ADDRESSES = 50_000  # of one sitemap (sitemaps.org)


@blueprint.get("/sitemap.xml")
@kept
def sitemap() -> Response:
    """Every public address, with when it last changed."""
    base = here.settings().base_url
    answers = here.store().responses.public(limit=MOST_ADDRESSES - 2)
    changed = [answer.withdrawn_at or answer.released_at for answer in answers]
    newest = max((moment for moment in changed if moment is not None), default=None)
    home = f"{base}/klarstellungen/"
    spoken = [("de", f"{home}?sprache=de"), ("en", f"{home}?sprache=en"), ("x-default", home)]
    document = structured.sitemap(
        [
            (home, newest, spoken),
            (f"{base}/barrierefreiheit", None, []),
            *(
                (f"{home}{answer.slug}{way}", moment, [])
                for answer, moment in zip(answers, changed, strict=True)
                for way in ("", *_ways(answer))
            ),
        ]
    )
    response = make_response(document)
    response.content_type = "application/xml; charset=utf-8"
    return public(response, newest)


def _ways(answer: Answer) -> list[str]:
    return [f"/{way}" for way, channel in WAYS.items() if answer.texts.get(channel, "").strip()]


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Crawlers read what citizens read, and nothing else."""
    allowed = ("/klarstellungen/", "/barrierefreiheit", "/static/", "/farben.css", "/zeichen")
    lines = [
        "User-agent: *",
        *(f"Allow: {path}" for path in allowed),
        "Disallow: /",
        "",
        f"Sitemap: {here.settings().base_url}/sitemap.xml",
        "",
    ]
    response = make_response("\n".join(lines))
    response.content_type = "text/plain; charset=utf-8"
    return public(response, None)
