"""The catalogue as a file: out whole, in after a look at what would change.

Changes nothing before somebody has seen it; what a file may hold is said by ``crisis.rumours.exchange``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis import scope as checklist
from crisis.desk import here, scope, words
from crisis.desk.rumours import field_names
from crisis.desk.words import _
from crisis.errors import InvalidInputError, ScopeError
from crisis.rumours import exchange, history
from crisis.rumours.exchange import Format, RowProblem
from crisis.rumours.history import Change
from crisis.types import Rumour
from crisis.workflows import catalogue

blueprint = Blueprint("rumour_files", __name__, url_prefix="/geruechte")

MOST_UPLOAD = 2_000_000  # bytes; the preview carries the file back in a form field
SHOWN = 100  # entries of each kind listed before an import


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a file, and what taking it would do."""

    rumour: Rumour
    changes: Sequence[Change]
    moved: bool  # to the files or back
    known: bool

    @property
    def differs(self) -> bool:
        """Whether taking it changes an entry that is there."""
        return self.known and bool(self.changes or self.moved)


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
    return _preview(rumours, text, form, "")


def _preview(rumours: Sequence[Rumour], text: str, form: Format, problem: str) -> str:
    rows = [_row(rumour) for rumour in rumours]
    return render_template(
        "rumours/preview.html",
        added=[row for row in rows if not row.known],
        changed=[row for row in rows if row.differs],
        same=[row for row in rows if row.known and not row.differs],
        shown=SHOWN,
        names=field_names(),
        text=text,
        form=form,
        statements=checklist.RUMOUR,
        confirmed=scope.confirmed(),
        problem=problem,
    )


@blueprint.post("/einlesen/uebernehmen")
def import_() -> ResponseReturnValue:
    """All entries of the file or, if one cannot be taken, none."""
    form: Format = "jsonl" if request.form.get("form") == "jsonl" else "csv"
    rows = exchange.read_rows(request.form.get("text", ""), form)
    if not rows:
        raise InvalidInputError("In der Datei steht kein Gerücht.", "The file holds no rumour.")
    try:
        report = catalogue.import_rows(
            here.store(), rows, here.person(), here.now(), confirmed=scope.confirmed()
        )
    except ScopeError as error:
        said = scope.problem(error, checklist.RUMOUR)
        return _preview(rows, request.form.get("text", ""), form, said), 422
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
        return Row(rumour, (), moved=False, known=False)
    moved = before.retired != rumour.retired
    return Row(rumour, history.changes(before, rumour), moved=moved, known=True)
