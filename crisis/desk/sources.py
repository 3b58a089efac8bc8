"""The sources: how they do in plain words. A new one is ``source_form``'s.

Every button calls one workflow of ``workflows.subscribe``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis import lists
from crisis.desk import day_charts, here, words
from crisis.desk.listing import Asked, Choice, Column, Listing, csv_file
from crisis.desk.words import _
from crisis.sources import area, jetstream, kinds, nina
from crisis.types import Role, Source, SourceKind
from crisis.workflows import subscribe

blueprint = Blueprint("sources", __name__, url_prefix="/quellen")

SILENT = timedelta(days=7)  # a source that answers but brings nothing for so long is worth a look


@dataclass(frozen=True, slots=True)
class Health:
    """How a source does, in a word and a sentence."""

    kind: str  # badge: success, warning, danger, neutral, info
    word: str
    text: str


SourceRow = tuple[Source, Health]


def listing() -> Listing:
    """Made for each request: its words follow the page's language."""
    buttons = (Column(_("Knöpfe"), hidden=True),) if here.may(Role.ADMIN) else ()
    return Listing(
        endpoint="sources.index",
        search=_("Name und Adresse"),
        sort="name",
        columns=(
            Column(_("Quelle"), "name"),
            Column(_("Zustand"), "zustand"),
            Column(_("Neuester Beitrag"), "neuester", down=True),
            *buttons,
        ),
        filters=(
            Choice("zustand", _("Zustand"), [(key, text) for key, text in _states().items()]),
        ),
    )


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """All sources and how they do; with ``als=csv`` as a file."""
    asked = listing().asked()
    rows = _rows(asked)
    if asked.wants_csv:
        return _file(rows)
    piece = lists.cut(rows, asked.wish, _SORTS, lambda row: row[0].id)
    whole = not asked.narrowed and asked.wish.cursor is None
    chart = day_charts.posts(here.store().sources.all()) if whole else None
    return render_template(
        "sources/index.html",
        asked=asked,
        piece=piece,
        chart=chart,
        unchecked=here.store().vouched.waiting()[0],
        longest_region=subscribe.LONGEST_REGION,
        kind_word=kind_word,
        where=where,
    )


_WORST_FIRST = ("danger", "warning", "info", "success", "neutral")
_SORTS: dict[str, Callable[[SourceRow], lists.Key]] = {
    "name": lambda row: row[0].name.casefold(),
    "zustand": lambda row: _WORST_FIRST.index(row[1].kind),
    "neuester": lambda row: row[0].last_new_post.isoformat() if row[0].last_new_post else "",
}


def kind_word(source: Source) -> str:
    """What a source is, in a word or two."""
    return {
        SourceKind.FEED: _("Feed"),
        SourceKind.MASTODON: _("Mastodon"),
        SourceKind.BLUESKY: _("Bluesky-Konto"),
        SourceKind.JETSTREAM: _("Bluesky, alles mit Wörtern"),
        SourceKind.PUSH: _("Programm"),
        SourceKind.FACT_CHECKS: _("Faktenchecks"),
        SourceKind.MAILBOX: _("Postfach"),
        SourceKind.NINA: _("Amtliche Warnungen von NINA"),
        SourceKind.CAP: _("Amtliche Warnungen als CAP"),
    }[source.kind]


def where(source: Source) -> str:
    """What it is asked for, as people said it: an address, or words."""
    if source.kind is SourceKind.PUSH:
        return _("Ein Programm übergibt die Beiträge.")
    if source.kind is SourceKind.MAILBOX:
        return _("Ordner: %(name)s", name=kinds.folder(source.url))
    if source.kind is SourceKind.NINA:
        return _("Kreis %(key)s", key=nina.district(source.url))
    if source.kind is SourceKind.CAP and area.place(source.url):
        address, _hash, place = source.url.partition("#")
        return _("%(address)s, Gebiet: %(place)s", address=address, place=place)
    want = jetstream.wanted(source.url)
    if want is None:
        return source.url
    said = _("Wörter: %(words)s", words=", ".join(want.words)) if want.words else _("alle Wörter")
    return f"{said} ({', '.join(want.langs)})" if want.langs else said


def _states() -> dict[str, str]:
    """What the filter calls each kind of health."""
    return {
        "danger": _("antwortet nicht"),
        "warning": _("still"),
        "info": _("neu"),
        "success": _("in Ordnung"),
        "neutral": _("angehalten"),
    }


def _rows(asked: Asked) -> list[SourceRow]:
    wanted = asked.wish.filters.get("zustand", "")
    rows = [(source, health(source, here.now())) for source in here.store().sources.all()]
    return [
        (source, well)
        for source, well in rows
        if (not wanted or well.kind == wanted)
        and lists.has(asked.wish.words, source.name, source.url)
    ]


def _file(rows: list[SourceRow]) -> ResponseReturnValue:
    header = (
        *(
            _("Nummer"),
            _("Name"),
            _("Adresse"),
            _("Sprache"),
            _("Zustand"),
            _("Abstand in Sekunden"),
        ),
        *(_("Zuletzt gelesen"), _("Neuester Beitrag"), _("Fehlversuche"), _("Letzter Fehler")),
        *(_("Ort"), _("Art")),
    )

    def cells(row: SourceRow) -> list[object]:
        one, well = row
        return [
            *(one.id, one.name, one.url, one.lang, well.word, one.interval),
            *(one.last_success, one.last_new_post, one.failures, one.error(words.language())),
            *(one.region, kind_word(one)),
        ]

    return csv_file(_("quellen"), header, lambda _store: rows, cells)


def health(source: Source, now: datetime) -> Health:
    """What a person wants to know first."""
    if source.ended:
        return Health("danger", _("eingestellt"), source.error(words.language()))
    if not source.active:
        return Health("neutral", _("angehalten"), _("Wird gerade nicht gefragt."))
    if source.failures:
        tries = words.ngettext("Ein Versuch", "%(num)s Versuche", source.failures)
        text = _(
            "%(tries)s ohne Erfolg: %(error)s", tries=tries, error=source.error(words.language())
        )
        return Health("danger", _("antwortet nicht"), text)
    if source.last_success is None and source.kind is SourceKind.PUSH:
        return Health("info", _("neu"), _("Noch hat das Programm nichts übergeben."))
    if source.last_success is None:
        return Health("info", _("neu"), _("Noch nicht gefragt; das geschieht gleich."))
    if source.kind.warns:
        return Health(
            "success", _("in Ordnung"), _("Antwortet. Ob gewarnt wird, steht auf der Lage.")
        )
    newest = source.last_new_post
    if newest is not None and now - newest > SILENT:
        text = _(
            "Antwortet, bringt aber seit %(span)s nichts Neues.",
            span=words.span_after(now - newest),
        )
        return Health("warning", _("still"), text)
    return Health("success", _("in Ordnung"), _("Antwortet."))


@blueprint.post("/<int:source_id>/ort")
def locate(source_id: int) -> ResponseReturnValue:
    """Where its posts are about."""
    region = request.form.get("region", "")
    source = subscribe.locate(here.store(), source_id, region, here.person(), here.now())
    if source.region:
        text = _(
            "Beiträge aus „%(name)s“ gelten ab jetzt für %(place)s, wenn sie keinen Ort nennen.",
            name=source.name,
            place=source.region,
        )
    else:
        text = _("„%(name)s“ hat keinen eigenen Ort mehr.", name=source.name)
    flash(text, "success")
    return redirect(url_for("sources.index"))


# --- buttons ---------------------------------------------------------------------------------


@blueprint.post("/<int:source_id>/anhalten")
def pause(source_id: int) -> ResponseReturnValue:
    """Ask it no longer."""
    source = subscribe.pause(here.store(), source_id, here.person(), here.now())
    flash(_("„%(name)s“ ist angehalten.", name=source.name), "success")
    return redirect(url_for("sources.index"))


@blueprint.post("/<int:source_id>/fortsetzen")
def resume(source_id: int) -> ResponseReturnValue:
    """Ask it again."""
    source = subscribe.resume(here.store(), source_id, here.person(), here.now())
    flash(_("„%(name)s“ wird wieder beobachtet.", name=source.name), "success")
    return redirect(url_for("sources.index"))


@blueprint.get("/<int:source_id>/entfernen")
def ask_remove(source_id: int) -> ResponseReturnValue:
    """Really?"""
    return render_template("sources/remove.html", source=here.store().sources.get(source_id))


@blueprint.post("/<int:source_id>/entfernen")
def remove(source_id: int) -> ResponseReturnValue:
    """Forget it."""
    name = here.store().sources.get(source_id).name
    subscribe.remove(here.store(), source_id, here.person(), here.now())
    flash(_("„%(name)s“ ist entfernt.", name=name), "success")
    return redirect(url_for("sources.index"))
