"""The settings in words: what holds, where it comes from, what is wrong with it; and changing the safe ones.

The checks are those of ``crisis.settings``, the file is written there; what hides behind a file (the mail
server's password, the key) is never shown.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.desk import here, words
from crisis.desk.words import _
from crisis.errors import ConflictError, SettingsError
from crisis.oncall.holidays import STATES
from crisis.settings import KEY_NAME, Settings, changing
from crisis.settings.labels import label
from crisis.settings.reading import checked, origins
from crisis.settings.table import SECTIONS
from crisis.settings.writing import TITLES
from crisis.workflows import configure

blueprint = Blueprint("settings_page", __name__, url_prefix="/einstellungen")

_CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("authority", "language"): ("de", "en"),
    ("mail", "security"): ("starttls", "tls", "none"),
    ("rota", "federal_state"): tuple(STATES),
    ("release", "two_approvals_from"): ("low", "normal", "high", "never"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One setting as the page shows it."""

    section: str
    key: str
    name: str
    why: str
    value: Any
    origin: str  # the name of its variable, "file", or "" for the default
    changeable: bool

    @property
    def fixed(self) -> bool:
        """Whether the environment says it, so that the file would not count."""
        return self.origin not in ("", "file")


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """Everything, section by section."""
    problem = here.settings_problem()
    settings = here.settings()
    return render_template(
        "settings/show.html",
        sections=[(name, words.either(TITLES[name]), _lines(name)) for name in SECTIONS],
        changeable=changing.CHANGEABLE,
        problems=problem.say(words.language()).splitlines()[1:] if problem else [],
        warnings=[words.either(one) for one in settings.warnings],
        password=bool(settings.mail_password),
        folder=settings.instance,
        key_file=KEY_NAME,
    )


def _lines(section: str, settings: Settings | None = None) -> list[Line]:
    table = (settings or here.settings()).section(section)
    known = origins(here.settings().instance, here.environ())
    return [
        Line(
            section=section,
            key=field.name,
            name=words.either(label((section, field.name))),
            why=words.either(field.metadata["why"]),
            value=getattr(table, field.name),
            origin=known[section, field.name],
            changeable=changing.is_changeable((section, field.name)),
        )
        for field in dataclasses.fields(table)
    ]


@blueprint.get("/<section>")
def edit(section: str) -> ResponseReturnValue:
    """The form of one section: what of it may be changed here."""
    lines = _changeable(section)
    typed = {line.key: _text(line.value) for line in lines}
    return _form(section, lines, typed, {})


@blueprint.post("/<section>")
def save(section: str) -> ResponseReturnValue:
    """Take what was typed, all of it or nothing; it holds at once."""
    lines = [line for line in _changeable(section) if not line.fixed]
    typed = {line.key: request.form.get(line.key, _text(line.value)) for line in lines}
    values, problems = _read(section, typed)
    before = {f"{section}.{line.key}": line.value for line in lines}
    changed = {
        (section, line.key): values[line.key]
        for line in lines
        if line.key in values and values[line.key] != line.value
    }
    if problems:
        return _form(section, _changeable(section), typed, problems, 422)
    if not changed:
        flash(_("Es hat sich nichts geändert."), "info")
        return redirect(url_for("settings_page.show", _anchor=section))
    instance, seen = here.settings().instance, request.form.get("fassung", "")
    try:
        configure.change(
            here.store(),
            {f"{s}.{k}": before[f"{s}.{k}"] for s, k in changed},
            {f"{s}.{k}": value for (s, k), value in changed.items()},
            lambda: changing.change(instance, here.environ(), changed, seen),
            here.person(),
            here.now(),
        )
    except (SettingsError, ConflictError) as error:
        problems = {"form": " ".join(error.say(words.language()).split())}
        return _form(section, _changeable(section), typed, problems, 409)
    flash(_("Gespeichert. Es gilt sofort, ohne Neustart."), "success")
    return redirect(url_for("settings_page.show", _anchor=section))


def _changeable(section: str) -> list[Line]:
    if section not in changing.CHANGEABLE:
        abort(404)
    return [line for line in _lines(section) if line.changeable]


def _read(section: str, typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for key, text in typed.items():
        value, problem = checked(section, key, text)
        if problem is None:
            values[key] = value
        else:
            problems[key] = words.either(problem)
    return values, problems


def _form(
    section: str,
    lines: Sequence[Line],
    typed: Mapping[str, str],
    problems: Mapping[str, str],
    code: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "settings/edit.html",
        section=section,
        title=words.either(TITLES[section]),
        lines=lines,
        typed=typed,
        problems=problems,
        choices=_choices(),
        seen=changing.fingerprint(here.settings().instance),
    )
    return page, code


def _choices() -> dict[tuple[str, str], list[tuple[str, str]]]:
    said = {
        **STATES,
        "": _("nur bundesweite Feiertage"),
        "de": "Deutsch",
        "en": "English",
        "starttls": _("STARTTLS (üblich)"),
        "tls": _("TLS von Anfang an"),
        "none": _("keine – nur im eigenen Netz"),
        "low": _("jedem Risiko"),
        "normal": _("normalem Risiko"),
        "high": _("hohem Risiko (üblich)"),
        "never": _("keinem – eine Freigabe genügt immer"),
    }
    return {key: [(one, said[one]) for one in values] for key, values in _CHOICES.items()}


def _text(value: Any) -> str:
    """A value as a form field holds it; lists one a line."""
    if isinstance(value, tuple):
        return "\n".join(value)
    return "" if value is None else str(value)
