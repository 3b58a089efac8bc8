"""The catalogue of rumours: find, read, write, retire, try out, and take in from files.

Every change calls one workflow of ``workflows.catalogue``. What an entry may be, and what would make it
better, is said by ``crisis.rumours``; what a form holds, by ``rumour_form``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, rumour_form, story, words
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.matching import reasons
from crisis.rumours import exchange
from crisis.rumours.exchange import Format, RowProblem
from crisis.rumours.quality import hints
from crisis.types import Match, Rumour, RumourStatus
from crisis.workflows import catalogue

blueprint = Blueprint("rumours", __name__, url_prefix="/geruechte")

LONGEST_PROBE = 20_000  # characters; what the matcher reads of a post
MOST_UPLOAD = 2_000_000  # bytes; the preview carries the file back in a form field
SHOWN = 100  # entries of each kind listed before an import
_COMPARED = (
    "title",
    "text",
    "variants",
    "lang",
    "topics",
    "status",
    "facts",
    "valid_until",
    "retired",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a file, and what taking it would do."""

    rumour: Rumour
    changes: Sequence[str]  # names of what would change; empty for a new one
    known: bool


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """The catalogue, searched and filtered."""
    text = request.args.get("suche", "").strip()
    topic = request.args.get("thema", "")
    status = request.args.get("stand", "")
    retired = "akten" in request.args
    store = here.store()
    found = store.rumours.search(text, retired=retired, topic=topic)
    if status in {one.value for one in RumourStatus}:
        found = [rumour for rumour in found if rumour.status.value == status]
    return render_template(
        "rumours/index.html",
        rumours=found,
        search=text,
        topic=topic,
        status=status,
        retired=retired,
        filtered=bool(text or topic or status),
        topics=[("", _("alle")), *((one, one) for one in store.rumours.topics())],
        statuses=[("", _("alle")), *((one.value, words.word(one)) for one in RumourStatus)],
        open_ones={incident.rumour_id: incident for incident in store.incidents.all_open()},
        today=here.today(),
    )


@blueprint.get("/<rumour_id>")
def show(rumour_id: str) -> ResponseReturnValue:
    """One entry with everything about it."""
    return _show(here.store().rumours.get(rumour_id))


@blueprint.post("/<rumour_id>/probe")
def probe(rumour_id: str) -> ResponseReturnValue:
    """What the matcher says of a post somebody pastes. Keeps nothing of it."""
    rumour = here.store().rumours.get(rumour_id)
    text = request.form.get("beitrag", "").strip()[:LONGEST_PROBE]
    if not text:
        return _show(rumour, problem=_("Bitte fügen Sie einen Beitrag ein."), code=422)
    (matches,) = here.house().index().match([text], [""], top=3)
    return _show(rumour, text=text, matches=matches)


def _show(
    rumour: Rumour,
    *,
    text: str = "",
    matches: Sequence[Match] | None = None,
    problem: str = "",
    code: int = 200,
) -> ResponseReturnValue:
    store = here.store()
    others = {other.id: other for other in store.rumours.all(retired=True)}
    people = {person.id: person for person in store.people.all()}
    return (
        render_template(
            "rumours/show.html",
            rumour=rumour,
            hints=hints(rumour, others.values(), today=here.today()),
            incidents=store.incidents.of_rumour(rumour.id),
            history=[
                (entry, story.who(entry, people), story.say(entry, people), changed(entry.after))
                for entry in reversed(store.audit.of_object(f"rumour:{rumour.id}"))
            ],
            expired=rumour.valid_until is not None and rumour.valid_until < here.today(),
            probe=text,
            matches=matches,
            problem=problem,
            others=others,
            marked=words.marked,
            why=lambda match: [reasons.say(r, words.language()) for r in match.reasons],
            bands={
                "raise": _("eröffnet einen Vorfall"),
                "suggest": _("wird zur Entscheidung vorgelegt"),
                "none": _("bleibt unbeachtet"),
            },
        ),
        code,
    )


def changed(after: Mapping[str, object]) -> str:
    """The names of what an audit entry says was changed: "Formulierungen, Fakten"."""
    names = field_names()
    return ", ".join(names[name] for name in after if name in names)


def field_names() -> dict[str, str]:
    """What people call the parts of an entry."""
    return {
        "title": _("Titel"),
        "text": _("Behauptung"),
        "variants": _("Formulierungen"),
        "lang": _("Sprache"),
        "topics": _("Themen"),
        "status": _("Stand"),
        "facts": _("Fakten"),
        "valid_until": _("Letzter Tag"),
    }


# --- writing ---------------------------------------------------------------------------------


@blueprint.route("/neu", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """The form for a new entry, and what it sends."""
    if request.method == "GET":
        return _form(rumour_form.empty(words.language()))
    form = rumour_form.of_request(request.form)
    known = {rumour.id for rumour in here.store().rumours.all(retired=True)}
    rumour, problems = rumour_form.read(form, known)
    if rumour.id in known:
        problems["id"] = _("Diese Kennung gibt es schon. Lassen Sie das Feld frei.")
    return _save(form, rumour, problems, _("Das Gerücht ist im Katalog."))


@blueprint.route("/<rumour_id>/bearbeiten", methods=["GET", "POST"])
def edit(rumour_id: str) -> ResponseReturnValue:
    """The form of one entry, and what it sends."""
    before = here.store().rumours.get(rumour_id)
    if request.method == "GET":
        return _form(rumour_form.of_rumour(before), before)
    form = rumour_form.of_request(request.form)
    rumour, problems = rumour_form.read(form, (), before)
    if form.stamp != rumour_form.stamp(before):
        form.stamp = rumour_form.stamp(before)
        problems = {
            "form": _(
                "Jemand anderes hat diesen Eintrag inzwischen geändert. Ihre Eingaben stehen noch hier: "
                "Vergleichen Sie mit dem Eintrag, dann speichern Sie noch einmal."
            ),
            **problems,
        }
    return _save(form, rumour, problems, _("Gespeichert."), before)


def _save(
    form: rumour_form.Form,
    rumour: Rumour,
    problems: dict[str, str],
    done: str,
    before: Rumour | None = None,
) -> ResponseReturnValue:
    if "zeile" in request.form:  # the button for one more fact, without JavaScript
        form.more()
        return _form(form, before)
    if problems:
        return _form(form, before, problems, 409 if "form" in problems else 422)
    kept = catalogue.save(here.store(), rumour, here.person(), here.now())
    flash(done, "success")
    return redirect(url_for("rumours.show", rumour_id=kept.id))


def _form(
    form: rumour_form.Form,
    before: Rumour | None = None,
    problems: Mapping[str, str] | None = None,
    code: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "rumours/form.html",
        form=form,
        before=before,
        problems=problems or {},
        topics=here.store().rumours.topics(),
        statuses=[(one.value, words.word(one)) for one in RumourStatus],
    )
    return page, code


@blueprint.get("/<rumour_id>/zu-den-akten")
def ask_retire(rumour_id: str) -> ResponseReturnValue:
    """What it means to retire an entry, and the button."""
    rumour = here.store().rumours.get(rumour_id)
    current = here.store().incidents.latest(rumour_id, drill=False)
    is_open = current is not None and current.ended_at is None
    return render_template(
        "rumours/retire.html", rumour=rumour, incident=current if is_open else None
    )


@blueprint.post("/<rumour_id>/zu-den-akten")
def retire(rumour_id: str) -> ResponseReturnValue:
    """It raises nothing any more."""
    catalogue.retire(here.store(), rumour_id, here.person(), here.now())
    flash(_("Das Gerücht liegt bei den Akten und löst nichts mehr aus."), "success")
    return redirect(url_for("rumours.show", rumour_id=rumour_id))


@blueprint.post("/<rumour_id>/wieder-aufnehmen")
def restore(rumour_id: str) -> ResponseReturnValue:
    """It counts again."""
    catalogue.restore(here.store(), rumour_id, here.person(), here.now())
    flash(_("Das Gerücht zählt wieder."), "success")
    return redirect(url_for("rumours.show", rumour_id=rumour_id))


# --- files -----------------------------------------------------------------------------------


@blueprint.get("/katalog.<any(csv, jsonl):form>")
def export(form: Format) -> ResponseReturnValue:
    """The whole catalogue as a file, retired entries too."""
    text = exchange.write_rows(here.store().rumours.all(retired=True), form)
    response = make_response(text.encode("utf-8"))
    kind = "text/csv" if form == "csv" else "application/x-ndjson"
    response.headers["Content-Type"] = f"{kind}; charset=utf-8"
    name = f"geruechte-{here.today().isoformat()}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get("/einlesen")
def ask_import() -> ResponseReturnValue:
    """The form that takes a file."""
    return render_template("rumours/import.html", problem="", problems=())


@blueprint.post("/einlesen")
def preview() -> ResponseReturnValue:
    """What taking the file would change. Changes nothing yet."""
    upload = request.files.get("datei")
    if upload is None or not upload.filename:
        return _refused(_("Bitte wählen Sie eine Datei aus."))
    with upload.stream:
        body = upload.stream.read(MOST_UPLOAD + 1)
    if len(body) > MOST_UPLOAD:
        return _refused(_("Die Datei ist zu groß: höchstens 2 MB. Teilen Sie sie auf."))
    text = exchange.decode(body)
    form: Format = "jsonl" if text.lstrip("\ufeff \r\n\t").startswith("{") else "csv"
    rumours, problems = exchange.examine(text, form)
    if problems:
        return _refused("", problems)
    if not rumours:
        return _refused(_("In der Datei steht kein Gerücht."))
    rows = [_row(rumour) for rumour in rumours]
    return render_template(
        "rumours/preview.html",
        added=[row for row in rows if not row.known],
        changed=[row for row in rows if row.changes],
        same=[row for row in rows if row.known and not row.changes],
        shown=SHOWN,
        names={**field_names(), "retired": _("Zu den Akten")},
        text=text,
        form=form,
    )


@blueprint.post("/einlesen/uebernehmen")
def import_() -> ResponseReturnValue:
    """All entries of the file or, if one cannot be taken, none."""
    form: Format = "jsonl" if request.form.get("form") == "jsonl" else "csv"
    rows = exchange.read_rows(request.form.get("text", ""), form)
    if not rows:
        raise InvalidInputError("In der Datei steht kein Gerücht.", "The file holds no rumour.")
    report = catalogue.import_rows(here.store(), rows, here.person(), here.now())
    flash(
        _(
            "Eingelesen: %(new)s neu, %(changed)s geändert, %(same)s unverändert.",
            new=len(report.added),
            changed=len(report.changed),
            same=len(report.unchanged),
        ),
        "success",
    )
    return redirect(url_for("rumours.index"))


def _refused(problem: str, problems: Sequence[RowProblem] = ()) -> ResponseReturnValue:
    shown = problems[: exchange.MOST_PROBLEMS]
    page = render_template(
        "rumours/import.html",
        problem=problem,
        problems=[(p.line, p.de if words.language() == "de" else p.en) for p in shown],
        more=len(problems) - len(shown),
    )
    return page, 422


def _row(rumour: Rumour) -> Row:
    before = here.store().rumours.find(rumour.id)
    if before is None:
        return Row(rumour, (), known=False)
    names = [f.name for f in fields(Rumour) if f.name in _COMPARED]
    differing = [name for name in names if getattr(before, name) != getattr(rumour, name)]
    return Row(rumour, differing, known=True)
