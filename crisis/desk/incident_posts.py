"""The posts of an incident as a stream: groups, filters, verdicts on one or many, and undo.

Part of the incident's page (``incidents``). What a verdict means is no matter of pages: see
``workflows.verdicts``; who says the same as whom is found by ``matching.copies``.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask import url_for as address_of
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, get_locale

from crisis.desk import here, incident_spread, phrasings, replies, words
from crisis.desk.words import _, ngettext
from crisis.errors import InvalidInputError
from crisis.incidents.stream import EVERY, OPEN, Facet, Group, Wanted
from crisis.matching import reasons
from crisis.types import Incident, Judgement, Rumour, Sighting, Stance, Verdict
from crisis.workflows import verdicts

blueprint = Blueprint("posts", __name__, url_prefix="/vorfaelle/<int:incident_id>/beitraege")

GROUPS_A_PAGE = 20
ALIKE_A_PAGE = 50
PLACES_SHOWN = 20  # at which one post was found
SHOWN = 500  # characters of a long post; the rest is folded
KEYS = {  # one key each; the same in both languages, and shown on the buttons
    Verdict.FITS: "p",
    Verdict.DOES_NOT_FIT: "n",
    Verdict.CORRECTS: "r",
    Verdict.SEEN_BEFORE: "s",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the stream: a post, and how many others say the same."""

    sighting: Sighting
    group: Group

    @property
    def verdict(self) -> Verdict | None:
        """What was said of all of them alike; None where nothing was, or different things were."""
        said = self.group.verdicts
        return Verdict(said[0]) if len(said) == 1 and said[0] else None

    @property
    def mixed(self) -> bool:
        """Whether different things were said of posts that say the same."""
        return len(self.group.verdicts) > 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: its name in the address, its label, what may be chosen, and what is."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str


def shown(incident: Incident, rumour: Rumour | None) -> dict[str, object]:
    """What the stream's template needs."""
    store, wanted, before = here.store(), _wanted(), _before()
    groups = store.stream.groups(incident.id, wanted, before=before, limit=GROUPS_A_PAGE + 1)
    more, groups = len(groups) > GROUPS_A_PAGE, groups[:GROUPS_A_PAGE]
    sightings = store.sightings.several([group.newest for group in groups])
    of = {sighting.id: sighting for sighting in sightings}
    counted = store.stream.count(incident.id, wanted)
    return {
        **_pieces(incident, sightings, rumour),
        "items": [Item(of[g.newest], g) for g in groups if g.newest in of],
        "posts": counted.posts,
        "texts": counted.texts,
        "groups": counted.groups,
        "newest": store.stream.newest(incident.id),
        "first_page": not before,
        "older": groups[-1].newest if more else 0,
        "filters": _filters(store.stream.facets(incident.id), wanted),
        "filtered": wanted != Wanted(),
        "said": _said(incident),
        "query": _query(),
        "OPEN": OPEN,
    }


def _pieces(
    incident: Incident, sightings: Sequence[Sighting], rumour: Rumour | None
) -> dict[str, object]:
    return {
        "incident": incident,
        **whereabouts(sightings),
        "marked": marked,
        "folded": folded,
        "why": why,
        "keys": KEYS,
        "offers": phrasings.offers(sightings, rumour),
        "replies": replies.of_posts(incident, sightings),
    }


def whereabouts(sightings: Sequence[Sighting]) -> dict[str, object]:
    """Where else these posts were found: for ``incidents/appearances.html``."""
    store, numbers = here.store(), [sighting.post.id for sighting in sightings]
    return {
        "sources": {source.id: source for source in store.sources.all()},
        "places": store.appearances.of_posts(numbers, limit=PLACES_SHOWN),
        "found": store.appearances.counts(numbers),
        "number": format_decimal,
    }


def marked(sighting: Sighting) -> str:
    """The post's text with the words that matched marked; safe to show."""
    return words.marked(sighting.post.text, sighting.match.marks)


def folded(sighting: Sighting) -> tuple[str, str]:
    """The beginning of the text and the rest that is folded away, both marked; "" where it is short."""
    text, marks = sighting.post.text, sighting.match.marks
    if len(text) <= SHOWN * 1.4:
        return marked(sighting), ""
    cut = text.rfind(" ", SHOWN // 2, SHOWN) + 1 or SHOWN
    cut = next((start for start, end in marks if start < cut < end), cut)
    after = tuple((start - cut, end - cut) for start, end in marks if start >= cut)
    head = tuple(mark for mark in marks if mark[1] <= cut)
    return words.marked(text[:cut], head), words.marked(text[cut:], after)


def why(sighting: Sighting) -> list[str]:
    """The reasons of a match, as sentences, weightiest first."""
    return [reasons.say(reason, words.language()) for reason in sighting.match.reasons]


def language_name(tag: str) -> str:
    """What people call a language: "Türkisch"."""
    locale = get_locale()
    return str(locale.languages.get(tag, tag)) if locale else tag


# --- what is asked for -------------------------------------------------------------------------


def _wanted() -> Wanted:
    given = request.args.get
    allowed = {verdict.value for verdict in Verdict} | {OPEN, EVERY}
    verdict, stance = given("nur", ""), given("haltung", "")
    return Wanted(
        source_id=_number(given("quelle")),
        lang=given("sprache", "")[:35],
        place=given("ort", "")[:200],
        verdict=verdict if verdict in allowed else "",
        stance=stance if stance in set(Stance) else "",
    )


def _before() -> int:
    return _number(request.args.get("vor"))


def _number(text: str | None) -> int:
    """The number of something stored; 0 for what cannot be one."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


def _query() -> dict[str, Any]:
    """The filters of this page as they stand in its address, for the next one."""
    names = ("quelle", "sprache", "ort", "nur", "haltung", "vor", "gliederung")
    return {name: request.args[name] for name in names if request.args.get(name)}


def _filters(facets: Sequence[Facet], wanted: Wanted) -> list[Choice]:
    """The filters that have anything to choose between, or are chosen."""
    names = {source.id: source.name for source in here.store().sources.all()}
    said = Counter[str]()
    for facet in facets:
        said[facet.verdict] += facet.posts
    choices = [
        Choice(
            "nur",
            _("Urteil"),
            [
                ("", _("alle außer „schon gesehen“") if said["seen_before"] else _("alle")),
                (OPEN, _("noch ohne Urteil (%(count)s)", count=said[""])),
                *(
                    (v.value, f"{words.word(v)} ({said[v.value]})")
                    for v in Verdict
                    if said[v.value]
                ),
                *([(EVERY, _("wirklich alle"))] if said["seen_before"] else []),
            ],
            wanted.verdict,
        ),
        _choice(
            "quelle",
            _("Quelle"),
            ((str(f.source_id), f.posts) for f in facets),
            lambda key: names.get(int(key), _("frühere Quelle")),
            str(wanted.source_id or ""),
        ),
        _choice("ort", _("Ort"), ((f.place, f.posts) for f in facets), str, wanted.place),
        _choice(
            "haltung",
            _("Haltung"),
            ((f.stance, f.posts) for f in facets),
            lambda key: words.word(Stance(key)),
            wanted.stance,
        ),
        _choice(
            "sprache", _("Sprache"), ((f.lang, f.posts) for f in facets), language_name, wanted.lang
        ),
    ]
    return [choice for choice in choices if len(choice.options) > 2 or choice.value]


def _choice(
    name: str, label: str, counted: Iterable[tuple[str, int]], say: object, value: str
) -> Choice:
    counts = Counter[str]()
    for key, posts in counted:
        if key:
            counts[key] += posts
    assert callable(say)  # noqa: S101
    options = [(key, f"{say(key)} ({posts})") for key, posts in counts.most_common(50)]
    if value and value not in counts:
        options.append((value, str(say(value))))
    return Choice(name, label, [("", _("alle")), *options], value)


def _said(incident: Incident) -> Judgement | None:
    """The verdict that this person could take back."""
    person = here.person_or_none()
    if person is None:
        return None
    since = here.now() - verdicts.UNDO_WITHIN
    return here.store().judgements.latest(incident.id, person.id, since=since)


# --- pages -------------------------------------------------------------------------------------


@blueprint.get("")
def refresh(incident_id: int) -> ResponseReturnValue:
    """The stream alone, with an ETag that is known before anything is drawn."""
    store = here.store()
    incident = store.incidents.get(incident_id)
    signs = (
        incident.updated,
        store.judgements.stamp(incident_id),
        store.stream.newest(incident_id),
        store.appearances.gone(incident_id),
        store.rumours.stamp(),
        here.today(),
        words.language(),
        here.person().id,
        sorted(_query().items()),
    )
    tag = hashlib.sha256(repr(signs).encode()).hexdigest()[:20]
    if request.if_none_match.contains(tag):
        response = make_response("", 304)
    else:
        response = make_response(_stream(incident))
    response.set_etag(tag)
    return response


def _stream(incident: Incident) -> str:
    rumour = here.store().rumours.find(incident.rumour_id)
    return render_template("incidents/posts.html", **shown(incident, rumour))


@blueprint.get("/verbreitung")
def spread(incident_id: int) -> ResponseReturnValue:
    """The chart alone, for when posts have joined."""
    incident = here.store().incidents.get(incident_id)
    wave = incident_spread.of_incident(incident)
    return render_template("incidents/spread.html", incident=incident, wave=wave, query=_query())


@blueprint.get("/gleiche/<int(max=9223372036854775807):kin>")
def alike(incident_id: int, kin: int) -> ResponseReturnValue:
    """The posts that say the same, each for itself."""
    store, every = here.store(), Wanted(verdict=EVERY)
    incident = store.incidents.get(incident_id)
    rumour = store.rumours.find(incident.rumour_id)
    ids = store.stream.ids(incident_id, every, kin=kin, before=_before(), limit=ALIKE_A_PAGE + 1)
    sightings = store.sightings.several(ids[:ALIKE_A_PAGE])
    total = len(store.stream.ids(incident_id, every, kin=kin))
    part = request.args.get("teil") == "1"
    return render_template(
        "incidents/alike_part.html" if part else "incidents/alike.html",
        **_pieces(incident, sightings, rumour),
        items=[
            Item(s, Group(kin, s.id, 1, (s.verdict.value if s.verdict else "",))) for s in sightings
        ],
        kin=kin,
        total=total,
        older=ids[ALIKE_A_PAGE - 1] if len(ids) > ALIKE_A_PAGE else 0,
        rumour=rumour,
        query={},
    )


# --- buttons -----------------------------------------------------------------------------------


@blueprint.post("/<int:sighting_id>")
def judge(incident_id: int, sighting_id: int) -> ResponseReturnValue:
    """Say whether a post fits, or (``gruppe``) all that say the same; the same word takes it back."""
    verdict, me, now = _verdict(), here.person(), here.now()
    kin = _number(request.form.get("gruppe"))
    if kin:
        ids = here.store().stream.ids(incident_id, _wanted(), kin=kin)
        verdicts.judge_all(here.store(), incident_id, ids or [sighting_id], verdict, me, now)
    else:
        verdicts.judge(here.store(), sighting_id, verdict, me, now)
    return _back(incident_id, f"b{sighting_id}")


@blueprint.post("")
def judge_many(incident_id: int) -> ResponseReturnValue:
    """Say the same of all that were ticked, or of all that the filters let through."""
    store, wanted, verdict = here.store(), _wanted(), _verdict()
    ids = set[int]()
    if request.form.get("alle"):
        ids.update(store.stream.ids(incident_id, wanted))
    for ticked in request.form.getlist("auswahl"):
        kind, number = ticked[:1], _number(ticked[1:])
        if kind == "g" and number:
            ids.update(store.stream.ids(incident_id, wanted, kin=number))
        elif kind == "b" and number:
            ids.add(number)
    kept = verdicts.judge_all(store, incident_id, sorted(ids), verdict, here.person(), here.now())
    done = ngettext(
        "Urteil über einen Beitrag gespeichert.",
        "Urteil über %(num)s Beiträge gespeichert.",
        kept.posts,
    )
    return _back(incident_id, "beitraege", done)


@blueprint.post("/zurueck")
def undo(incident_id: int) -> ResponseReturnValue:
    """Take back what this person said last here."""
    last, restored = verdicts.undo(here.store(), incident_id, here.person(), here.now())
    done = ngettext(
        "Urteil über einen Beitrag rückgängig gemacht.",
        "Urteil über %(num)s Beiträge rückgängig gemacht.",
        restored,
    )
    if restored < last.posts:
        done += " " + _("Wo inzwischen jemand anderes geurteilt hat, bleibt dessen Urteil.")
    return _back(incident_id, "beitraege", done)


def _verdict() -> Verdict | None:
    said = request.form.get("urteil", "")
    if said and said not in {verdict.value for verdict in Verdict}:
        raise InvalidInputError("Dieses Urteil gibt es nicht.", "There is no such verdict.")
    return Verdict(said) if said else None


def _back(incident_id: int, anchor: str, done: str = "") -> ResponseReturnValue:
    """The page again; a script that asked for the stream alone gets just that."""
    if request.headers.get("X-Part"):
        return _stream(here.store().incidents.get(incident_id))
    if done:
        flash(done, "success")
    if request.form.get("von") == "gleiche":
        kin = _number(request.form.get("kin"))
        return redirect(address_of("posts.alike", incident_id=incident_id, kin=kin, _anchor=anchor))
    return redirect(
        address_of("incidents.show", incident_id=incident_id, **_query(), _anchor=anchor)
    )
