"""People: invitations, roles; and in a sentence whether the rota has holes (``rota`` plans it).

Every button calls one workflow of ``admit`` or ``welcome``. What a role may do stands in ``rights``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from crisis import lists
from crisis.desk import conflict, here, words
from crisis.desk.listing import Asked, Choice, Column, Listing, csv_file
from crisis.desk.words import _
from crisis.errors import CrisisError
from crisis.oncall.rota import gaps
from crisis.types import Person, Role
from crisis.workflows import admit, welcome

blueprint = Blueprint("people", __name__, url_prefix="/personen")

ON_CALL = frozenset({Role.DUTY, Role.APPROVER})  # who may take an incident
LOOK_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Row:
    """One person of the list."""

    person: Person
    joined: bool  # has set a password

    @property
    def state(self) -> str:
        """Where they stand, as the filter names it."""
        if not self.person.active:
            return "weg"
        if self.joined:
            return "dabei"
        return "eingeladen" if self.person.roles else "mail"


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Everybody, and the hours without anybody on call; with ``als=csv`` people as a file."""
    asked = listing().asked()
    return _file(_rows(asked)) if asked.wants_csv else _index()


def listing() -> Listing:
    """Made for each request: its words follow the page's language."""
    change = (Column(_("Ändern"), hidden=True),) if here.may(Role.ADMIN) else ()
    return Listing(
        endpoint="people.index",
        search=_("Name und E-Mail-Adresse"),
        sort="name",
        columns=(
            Column(_("Name"), "name"),
            Column(_("Rollen")),
            Column(_("Stand"), "stand"),
            *change,
        ),
        filters=(
            Choice("rolle", _("Rolle"), [(role.value, words.word(role)) for role in Role]),
            Choice("stand", _("Stand"), list(_states().items())),
        ),
    )


def _states() -> dict[str, str]:
    return {
        "dabei": _("dabei"),
        "eingeladen": _("eingeladen"),
        "mail": _("bekommt nur Mails"),
        "weg": _("ausgeschieden"),
    }


_SORTS: dict[str, Callable[[Row], lists.Key]] = {
    "name": lambda row: row.person.name.casefold(),
    "stand": lambda row: row.state,
}


def _rows(asked: Asked) -> list[Row]:
    store, wanted = here.store(), asked.wish.filters
    people = [person for person in store.people.all() if not person.drill]
    rows = [Row(p, bool(store.people.password_hash(p.id))) for p in people]
    return [
        row
        for row in rows
        if lists.has(asked.wish.words, row.person.name, row.person.email)
        and wanted.get("rolle", "") in {"", *(role.value for role in row.person.roles)}
        and wanted.get("stand", "") in {"", row.state}
    ]


def _file(rows: list[Row]) -> ResponseReturnValue:
    def cells(row: Row) -> list[object]:
        one = row.person
        roles = ", ".join(words.word(role) for role in sorted(one.roles))
        return [one.id, one.name, one.email, roles, _states()[row.state], one.lang]

    header = (_("Nummer"), _("Name"), _("E-Mail"), _("Rollen"), _("Stand"), _("Sprache"))
    return csv_file(_("personen"), header, lambda _store: rows, cells)


def _index() -> str:
    store, now, asked = here.store(), here.now(), listing().asked()
    people = [person for person in store.people.all() if not person.drill]
    resolved = [shift for shift in here.shifts() if shift.level == 1 and not shift.drill]
    return render_template(
        "people/index.html",
        asked=asked,
        piece=lists.cut(_rows(asked), asked.wish, _SORTS, lambda row: row.person.id),
        gaps=gaps(resolved, now, now + LOOK_AHEAD, people=people) if resolved else [],
        planned=bool(resolved),
    )


# --- people ----------------------------------------------------------------------------------


@blueprint.get("/einladen")
def ask_invite() -> ResponseReturnValue:
    """Whom?"""
    form = Person(name="", email="", roles=frozenset({Role.DUTY}))
    return render_template("people/edit.html", person=form, problems={}, roles=roles())


@blueprint.post("/einladen")
def invite() -> ResponseReturnValue:
    """Add a person; the page that follows shows their link, this once."""
    person = _entered(Person(name="", email=""), request.form)
    problems = _problems(person)
    if not problems:
        try:
            link = welcome.invite(
                here.house(),
                person,
                here.person(),
                here.now(),
                base_url=here.settings().base_url,
            )
        except CrisisError as error:
            problems["form"] = error.say(words.language())
        else:
            return _link_page(person, link)
    return render_template("people/edit.html", person=person, problems=problems, roles=roles()), 422


@blueprint.post("/<int:person_id>/link")
def invite_again(person_id: int) -> ResponseReturnValue:
    """A new link, for an invitation that expired or a password that was forgotten."""
    link = welcome.invite_again(
        here.house(),
        person_id,
        here.person(),
        here.now(),
        base_url=here.settings().base_url,
    )
    return _link_page(here.store().people.get(person_id), link)


def _link_page(person: Person, link: str) -> str:
    return render_template(
        "people/link.html",
        person=person,
        link=link,
        days=admit.INVITATION_DAYS,
        mail=bool(here.settings().mail.host),
    )


@blueprint.get("/<int:person_id>")
def edit(person_id: int) -> ResponseReturnValue:
    """Name, address, roles."""
    person = here.store().people.get(person_id)
    return _edit(person, {}, person)


def _edit(person: Person, problems: dict[str, str], before: Person) -> str:
    """The form with what was typed; ``before`` is the version it was made from."""
    return render_template(
        "people/edit.html",
        person=person,
        problems=problems,
        roles=roles(),
        began=conflict.began(_stands(before)) + _token_field(before),
    )


def _stands(person: Person) -> dict[str, list[str]]:
    return {
        "name": [person.name],
        "email": [person.email],
        "roles": [role.value for role in sorted(person.roles)],
        "lang": [person.lang],
    }


def _token(person: Person) -> str:
    """What tells one version of a person from the next."""
    return hashlib.sha256(repr((_stands(person), person.active)).encode()).hexdigest()[:16]


def _token_field(person: Person) -> Markup:
    return Markup('<input type="hidden" name="fassung" value="{}">').format(_token(person))


def _clash(person: Person) -> ResponseReturnValue:
    """Somebody else changed them meanwhile: what shall hold?"""
    parts = [
        conflict.Part(_("Vor- und Nachname"), ("name",)),
        conflict.Part(_("E-Mail-Adresse"), ("email",)),
        conflict.Part(_("Rollen"), ("roles",), words={r.value: words.word(r) for r in Role}),
        conflict.Part(_("Sprache"), ("lang",), words={"de": "Deutsch", "en": "English"}),
    ]
    return conflict.ask(
        parts,
        _stands(person),
        what=f"person:{person.id}",
        token={"fassung": _token(person)},
        back=url_for("people.edit", person_id=person.id),
    )


@blueprint.post("/<int:person_id>")
def save(person_id: int) -> ResponseReturnValue:
    """Keep the changes."""
    before, form = here.store().people.get(person_id), conflict.resolved(request.form)
    person = _entered(before, form)
    if form.get("fassung", _token(before)) != _token(before):
        return _clash(before)
    problems = _problems(person)
    if not problems:
        try:
            admit.change(here.store(), person, here.person(), here.now())
        except CrisisError as error:
            problems["form"] = error.say(words.language())
        else:
            flash(_("Gespeichert."), "success")
            return redirect(url_for("people.index"))
    return _edit(person, problems, before), 422


@blueprint.post("/<int:person_id>/aktiv")
def activate(person_id: int) -> ResponseReturnValue:
    """Let somebody in again, or out: who is not active cannot sign in and gets no alerts."""
    before = here.store().people.get(person_id)
    active = request.form.get("aktiv") == "ja"
    admit.change(here.store(), replace(before, active=active), here.person(), here.now())
    done = (
        _("%(name)s ist wieder dabei.", name=before.name)
        if active
        else _("%(name)s kann sich nicht mehr anmelden.", name=before.name)
    )
    flash(done, "success")
    return redirect(url_for("people.index"))


def _entered(before: Person, form: MultiDict[str, str]) -> Person:
    known = {role.value for role in Role}
    lang = form.get("lang", before.lang)
    return replace(
        before,
        name=form.get("name", "").strip(),
        email=form.get("email", "").strip(),
        roles=frozenset(Role(role) for role in form.getlist("roles") if role in known),
        lang=lang if lang in words.LANGUAGES else before.lang,
    )


def _problems(person: Person) -> dict[str, str]:
    problems = {}
    if not person.name:
        problems["name"] = _("Bitte geben Sie einen Namen ein.")
    if "@" not in person.email:
        problems["email"] = _("Bitte geben Sie eine E-Mail-Adresse ein.")
    if not person.roles:
        problems["roles-duty"] = _("Bitte wählen Sie mindestens eine Rolle.")
    return problems


def roles() -> list[tuple[str, str, str]]:
    """Every role: its value, its name, what it may do."""
    texts = {
        Role.DUTY: _("Vorfälle übernehmen, Antworten entwerfen, Alarme bekommen"),
        Role.AUTHOR: _("Gerüchte und Vorlagen schreiben"),
        Role.DRAFTER: _("Nur Entwürfe von Vorlagen und Antworten schreiben und einreichen"),
        Role.APPROVER: _("Vorlagen freigeben und Antworten veröffentlichen, nie die eigenen"),
        Role.ADMIN: _("Quellen, Personen und Bereitschaft verwalten, Protokoll lesen"),
    }
    return [(role.value, words.word(role), text) for role, text in texts.items()]
