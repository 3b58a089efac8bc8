"""A new source: which kind, where, what it brings now; kept only after that was seen.

The kinds in plain words, each with an example. Keeping is ``workflows.subscribe``; how sources do is
``desk.sources``.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis import scope as checklist
from crisis.desk import here, scope, sources, words
from crisis.desk.words import _
from crisis.errors import ConflictError, CrisisError, ScopeError
from crisis.matching.claims import is_pure_opinion
from crisis.settings.tokens import token
from crisis.sources import jetstream, kinds, mastodon, nina
from crisis.sources.remarks import in_language
from crisis.types import FeedContent, Source, SourceKind
from crisis.workflows import subscribe
from crisis.workflows.heed import incomplete

blueprint = Blueprint("source_form", __name__, url_prefix="/quellen")

SHOWN = 5  # newest posts shown before a source is kept
INTERVALS = (60, 120, 300, 900, 3600)  # seconds


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of source as people choose it: what it is, what to type, and what it can see."""

    kind: SourceKind
    name: str
    about: str
    label: str  # of the field
    hint: str
    late: str  # how late posts come
    rows: int = 0  # of a field for several words
    area: bool = False  # whether a place may be named beside it


def offers() -> list[Offer]:
    """Made for each request: words follow the page's language."""
    return [
        Offer(
            SourceKind.FEED,
            _("Feed (RSS, Atom, JSON Feed)"),
            _("Zeitungen, Foren, Blogs, YouTube-Kanäle, Reddit, Pressestellen."),
            _("Adresse des Feeds"),
            _(
                "Oft steht sie auf der Seite unter „RSS“ oder „Feed“, etwa https://zeitung.example/feed"
            ),
            _("Minuten, je nachdem, wie oft gefragt wird"),
        ),
        Offer(
            SourceKind.MASTODON,
            _("Mastodon und Fediverse"),
            _("Ein Schlagwort, ein Konto oder eine Suche auf einem Server Ihrer Wahl."),
            _("Adresse der Seite, wie sie im Browser steht"),
            _(
                "Etwa https://mastodon.example/tags/Musterstadt für ein Schlagwort oder"
                " https://mastodon.example/@stadtwerke für ein Konto"
            ),
            _("Minuten; mit Zugangsschlüssel bei Schlagwörtern Sekunden"),
        ),
        Offer(
            SourceKind.BLUESKY,
            _("Bluesky: ein Konto"),
            _("Was ein bestimmtes Konto schreibt und antwortet."),
            _("Name des Kontos"),
            _("Etwa @stadtwerke.example, oder die Adresse der Seite bei bsky.app"),
            _("Minuten, je nachdem, wie oft gefragt wird"),
        ),
        Offer(
            SourceKind.JETSTREAM,
            _("Bluesky: alles mit Ihren Wörtern"),
            _("Alle öffentlichen Beiträge auf Bluesky, in denen eines Ihrer Wörter vorkommt."),
            _("Wörter, durch Kommas getrennt"),
            _(
                "Namen von Orten, Straßen und Betrieben, etwa Musterstadt, Trinkwasser, Stadtwerke."
                " Ein Wort zählt auch mitten in einem anderen."
            ),
            _("Sekunden"),
            rows=3,
        ),
        Offer(
            SourceKind.FACT_CHECKS,
            _("Faktenchecks als Wissen"),
            _(
                "Was eine Faktencheck-Redaktion veröffentlicht, wird dem Katalog angeboten. Es löst nie"
                " einen Vorfall aus."
            ),
            _("Adresse des Feeds oder der Seite"),
            _(
                "Ein Feed der Redaktion, eine Seite mit ClaimReview-Angaben oder eine Datei davon, etwa"
                " https://faktencheck.example/feed"
            ),
            _("Minuten, je nachdem, wie oft gefragt wird"),
        ),
        Offer(
            SourceKind.MAILBOX,
            _("Postfach"),
            _("Alarm-Mails von Google oder Talkwalker und Meldungen, die jemand weiterleitet."),
            _("Ordner im Postfach"),
            _(
                "Ein eigener Ordner, in den Ihr Mailserver diese Mails sortiert, etwa Meldungen."
                " Das Postfach selbst steht in den Einstellungen unter [inbox]."
            ),
            _("Sekunden, wo der Mailserver Bescheid gibt, sonst eine Minute"),
        ),
        Offer(
            SourceKind.NINA,
            _("Amtliche Warnungen: NINA"),
            _(
                "Warnungen von Bund, Land, Kreis, Wetterdienst und Polizei für Ihren Kreis. Sie stehen auf"
                " der Lage und neben Vorfällen und gelten nie als Gerücht."
            ),
            _("Schlüssel des Kreises"),
            _(
                "Die ersten fünf Ziffern Ihres Gemeindeschlüssels, etwa 09162 für München. Er steht zum"
                " Beispiel in der Wikipedia bei Ihrer Stadt."
            ),
            _("Minuten, je nachdem, wie oft gefragt wird"),
        ),
        Offer(
            SourceKind.CAP,
            _("Amtliche Warnungen: CAP"),
            _(
                "Warnungen jedes Absenders, der CAP 1.2 spricht: der Wetterdienst, ein Land, ein"
                " Nachbarland. Sie gelten nie als Gerücht."
            ),
            _("Adresse der Warnungen"),
            _(
                "Eine CAP-Datei, eine Liste davon (Atom, RSS) oder ein Zip, etwa"
                " https://warnungen.example/aktuell.zip"
            ),
            _("Minuten, je nachdem, wie oft gefragt wird"),
            area=True,
        ),
    ]


def _offer(kind: SourceKind) -> Offer:
    return next(one for one in offers() if one.kind is kind)


def _kind(text: str) -> SourceKind | None:
    return next((one.kind for one in offers() if one.kind.value == text), None)


@blueprint.get("/neu")
def new() -> ResponseReturnValue:
    """What kind is it, and where?"""
    kind = _kind(request.args.get("art", ""))
    if kind is None:
        return render_template("sources/kinds.html", offers=offers())
    return _form(kind, request.args.get("url", "")[: kinds.LONGEST_URL], "")


def _form(kind: SourceKind, typed: str, problem: str, place: str = "") -> str:
    page = mastodon.page(typed) if kind is SourceKind.FEED and problem else None
    return render_template(
        "sources/new.html",
        offer=_offer(kind),
        typed=typed,
        problem=problem,
        page=page,
        place=place[:200],
    )


@blueprint.post("/neu")
def look() -> ResponseReturnValue:
    """Try it and show what it brings. Keeps nothing."""
    said, typed = _kind(request.form.get("art", "")), request.form.get("url", "")
    place = request.form.get("gebiet", "")
    try:
        located = f"{typed}#{place}" if place.strip() and "#" not in typed else typed
        source = _wanted(said, located, request.form.get("nur", ""))
        content = _look(source)
    except CrisisError as error:
        problem = error.say(words.language())
        return _form(said or SourceKind.FEED, typed, problem, place), 422
    return _preview(source, content)


def _preview(source: Source, content: FeedContent, problem: str = "") -> str:
    default = here.settings().monitor.interval_seconds
    page = mastodon.page(source.url) if source.kind is SourceKind.MASTODON else None
    want = jetstream.wanted(source.url)
    return render_template(
        "sources/try.html",
        source=source,
        offer=_offer(source.kind),
        page=page,
        want=want,
        where=sources.where(source),
        live=bool(
            page and page.tag and token(here.settings().instance, urlsplit(source.url).netloc)
        ),
        posts=content.posts[:SHOWN],
        count=len(content.posts),
        checks=content.checks[:SHOWN],
        checks_count=len(content.checks),
        warnings=content.bulletin.warnings[:SHOWN] if content.bulletin else (),
        warnings_count=len(content.bulletin.warnings) if content.bulletin else 0,
        remarks=[in_language(remark, words.language()) for remark in content.remarks],
        statements=checklist.of_source(source.kind),
        confirmed=scope.confirmed(),
        problem=problem,
        hints=_hints(source, content),
        name=request.form.get("name") or content.title or _named(source),
        lang=request.form.get("lang", content.lang),
        region=request.form.get("region", ""),
        intervals=sorted({*INTERVALS, default}),
        interval=request.form.get("interval", default, type=int),
    )


def _hints(source: Source, content: FeedContent) -> list[str]:
    """What a machine notices that speaks against following it; a person decides."""
    found = []
    if (part := incomplete(content)) is not None:
        found.append(part.say(words.language()))
    page = mastodon.page(source.url) if source.kind is SourceKind.MASTODON else None
    if source.kind is SourceKind.BLUESKY or (page and page.account):
        found.append(
            _(
                "Das ist ein einzelnes Konto. Gehört es einer Privatperson, darf es nicht beobachtet werden."
            )
        )
    opinions = sum(is_pure_opinion(post.text, post.lang or content.lang) for post in content.posts)
    if checklist.sounds_like_opinions(opinions, len(content.posts)):
        found.append(
            _(
                "Von %(posts)s Beiträgen klingen %(count)s nach Meinungen. Prüfen Sie, ob diese Quelle für"
                " Behauptungen über Ereignisse taugt.",
                count=opinions,
                posts=len(content.posts),
            )
        )
    return found


def _named(source: Source) -> str:
    """What to call a source that does not say it."""
    if page := mastodon.page(source.url) if source.kind is SourceKind.MASTODON else None:
        host = urlsplit(page.server).netloc
        return f"#{page.tag} ({host})" if page.tag else f"{page.account or page.words} ({host})"
    if source.kind is SourceKind.MAILBOX:
        return _("Postfach: %(name)s", name=kinds.folder(source.url))
    if source.kind is SourceKind.NINA:
        return _("NINA, Kreis %(key)s", key=nina.district(source.url))
    if source.kind is SourceKind.CAP:
        return _("Warnungen von %(host)s", host=urlsplit(source.url).netloc)
    if want := jetstream.wanted(source.url):
        return _("Bluesky: %(words)s", words=", ".join(want.words[:4]) or _("alles"))
    return source.url


def _wanted(said: SourceKind | None, typed: str, lang: str = "") -> Source:
    """The source that was typed. Raises InvalidInputError."""
    # Somebody who asks for a feed may paste an account: its address says what it is.
    kind, url = kinds.recognise(typed, None if said is SourceKind.FEED else said)
    want = jetstream.wanted(url)
    if want is not None and lang in ("de", "en"):
        url = jetstream.Wanted(want.server, (lang,), want.words).url
    return Source(url=url, name=url, kind=kind)


def _look(source: Source) -> FeedContent:
    known = here.store().sources.by_url(source.url)
    if known is not None:
        raise ConflictError(
            f"Diese Quelle steht schon in der Liste: {known.name}.",
            f"This source is in the list already: {known.name}.",
        )
    return subscribe.look(here.house(), source)


@blueprint.post("/")
def add() -> ResponseReturnValue:
    """Keep it."""
    said = _kind(request.form.get("art", ""))
    source = _wanted(said, request.form.get("url", ""))
    content = _look(source)  # once more: what was shown is what is kept, and nobody skips the check
    wanted = Source(
        url=source.url,
        kind=source.kind,
        name=" ".join(request.form.get("name", "").split())[:200]
        or content.title
        or _named(source),
        lang=request.form.get("lang", "").strip()[:8],
        region=" ".join(request.form.get("region", "").split())[: subscribe.LONGEST_REGION],
        interval=request.form.get("interval", 300, type=int),
    )
    try:
        kept = subscribe.add(
            here.store(), wanted, here.person(), here.now(), confirmed=scope.confirmed()
        )
    except ScopeError as error:
        problem = scope.problem(error, checklist.of_source(source.kind))
        return _preview(source, content, problem), 422
    flash(_("„%(name)s“ wird ab jetzt beobachtet.", name=kept.name), "success")
    return redirect(url_for("sources.index"))
