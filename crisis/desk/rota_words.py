"""The rota in words: layers, findings with what to do, changes. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import format_date
from markupsafe import Markup, escape

from crisis.desk import here, words
from crisis.desk.words import _, ngettext
from crisis.oncall.duty import Duty
from crisis.oncall.quality import Finding, Kind, Quality
from crisis.oncall.rota import Why
from crisis.types import LEVELS, Alert, Layer, OnHolidays, Rhythm, RotaChange


@dataclass(frozen=True, slots=True)
class Said:
    """One finding: what is wrong, what to do about it, and where."""

    kind: str  # "danger" or "warning"
    text: Markup | str
    advice: str
    link: str


def levels() -> list[tuple[int, str]]:
    """The levels with their names."""
    names = {
        1: _("Ebene 1 – wird zuerst alarmiert"),
        2: _("Ebene 2 – steht dahinter"),
        3: _("Ebene 3 – steht hinter Ebene 2"),
    }
    return [(level, names[level]) for level in LEVELS]


def rhythms() -> list[tuple[str, str]]:
    """How people may take turns."""
    return [
        (Rhythm.WEEKLY.value, _("Wochen")),
        (Rhythm.DAILY.value, _("Tage")),
        (Rhythm.WORKDAYS.value, _("gewählte Wochentage (übrige zählen nicht)")),
        (Rhythm.HOURS.value, _("Stunden")),
    ]


def holidays() -> list[tuple[str, str]]:
    """What a layer does on public holidays."""
    return [
        (OnHolidays.ALSO.value, _("gilt auch an Feiertagen")),
        (OnHolidays.NOT.value, _("gilt nicht an Feiertagen")),
        (OnHolidays.ONLY.value, _("gilt nur an Feiertagen")),
    ]


def weekdays() -> list[tuple[int, str]]:
    """Monday to Sunday."""
    # 2 January 2023 was a Monday.
    return [
        (n, str(format_date(datetime(2023, 1, 2 + n, tzinfo=here.zone()), "EEEE")))
        for n in range(7)
    ]


def layer(one: Layer) -> str:
    """How a layer works, in one line."""
    turns = {
        Rhythm.WEEKLY: ngettext("Wechsel jede Woche", "Wechsel alle %(num)s Wochen", one.length),
        Rhythm.DAILY: ngettext("Wechsel jeden Tag", "Wechsel alle %(num)s Tage", one.length),
        Rhythm.WORKDAYS: ngettext(
            "Wechsel mit jedem gewählten Tag", "Wechsel alle %(num)s gewählten Tage", one.length
        ),
        Rhythm.HOURS: ngettext("Wechsel jede Stunde", "Wechsel alle %(num)s Stunden", one.length),
    }[one.rhythm]
    parts = [turns]
    if one.rhythm is not Rhythm.WORKDAYS:
        parts.append(_("um %(time)s Uhr", time=f"{one.handover:%H:%M}"))
    if one.weekdays:
        names = dict(weekdays())
        parts.append(", ".join(names[n][:2] for n in sorted(one.weekdays)))
    elif one.rhythm is Rhythm.WORKDAYS:
        parts.append(_("Mo bis Fr"))
    if one.opens is not None and one.closes is not None:
        parts.append(
            _("%(start)s–%(end)s Uhr", start=f"{one.opens:%H:%M}", end=f"{one.closes:%H:%M}")
        )
    if one.holidays is not OnHolidays.ALSO:
        parts.append(dict(holidays())[one.holidays.value])
    return " · ".join(parts)


def findings(found: Quality, planned: Duty) -> list[Said]:
    """Everything that is not well, the gravest first, each with what to do."""
    said = [_finding(one, planned) for one in found.findings if one.kind is not Kind.UNCONFIRMED]
    unproven = [one.person_id or 0 for one in found.findings if one.kind is Kind.UNCONFIRMED]
    if unproven:
        said.append(_unproven([planned.known[one].name for one in unproven]))
    return sorted(said, key=lambda one: one.kind != "danger")


def _unproven(names: Sequence[str]) -> Said:
    """People whose address nobody has proven, together: the advice is the same for all."""
    few = ", ".join(names[:4])
    more = len(names) - 4
    text = few + (ngettext(" und noch jemand", " und %(num)s weitere", more) if more > 0 else "")
    return Said(
        "warning",
        _("Noch keine Probemail bestätigt: %(names)s.", names=text),
        _("Schicken Sie eine Probemail; erst der Knopf darin beweist, dass Alarme ankommen."),
        url_for("test_mail.show"),
    )


def _finding(one: Finding, planned: Duty) -> Said:
    person = planned.known.get(one.person_id or 0)
    name = person.name if person else ""
    start, end = words.when(one.start), words.when(one.end)
    day = url_for("rota.day", tag=one.start.astimezone(here.zone()).date().isoformat())
    if one.kind is Kind.GAP:
        text = escape(_("Ebene %(level)s: niemand von %(start)s bis %(end)s.")) % {
            "level": one.level,
            "start": start,
            "end": end,
        }
        kind = "danger" if one.level == 1 else "warning"
        return Said(kind, text, _("Tragen Sie für diese Zeit jemanden ein."), day)
    if one.kind is Kind.NOBODY_NEXT:
        text = escape(_("Nach %(name)s käme niemand mehr: ab %(start)s.")) % {
            "name": name,
            "start": start,
        }
        return Said(
            "danger",
            text,
            _("Geben Sie einer zweiten Person die Rolle Bereitschaft, oder planen Sie Ebene 2."),
            url_for("people.index"),
        )
    if one.kind is Kind.ALONE:
        text = escape(_("%(name)s hat von %(start)s bis %(end)s ohne Pause Bereitschaft.")) % {
            "name": name,
            "start": start,
            "end": end,
        }
        return Said("warning", text, _("Lassen Sie jemanden ablösen."), day)
    text = escape(_("%(name)s hat %(nights)s Nächte hintereinander, ab %(start)s.")) % {
        "name": name,
        "nights": one.nights,
        "start": start,
    }
    return Said("warning", text, _("Teilen Sie die Nächte auf mehrere auf."), day)


def change(one: RotaChange, planned: Duty) -> str:
    """One change of the rota as a sentence."""
    row: Mapping[str, Any] = one.after or one.before or {}
    nouns = {
        "layer": (_("Plan angelegt"), _("Plan gestrichen"), _("Plan geändert")),
        "shift": (_("Eintrag"), _("Eintrag gestrichen"), _("Eintrag geändert")),
        "absence": (
            _("Abwesenheit"),
            _("Abwesenheit gestrichen"),
            _("Abwesenheit geändert"),
        ),
        "shadowing": (_("Mitlernen"), _("Mitlernen beendet"), _("Mitlernen geändert")),
    }
    added, removed, changed = nouns[one.noun]
    verb = added if one.before is None else removed if one.after is None else changed
    person = planned.known.get(row.get("person_id") or row.get("learner_id") or 0)
    what = row.get("name") or (person.name if person else "")
    begins = row.get("start")
    since = f", {words.day(_local(begins))}" if isinstance(begins, str) else ""
    return f"{verb}: {what}{since}"


def _local(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(here.zone())


def reason(alert: Alert) -> str:
    """Why this person was told, as the end of a sentence that begins "because"; "" where none was kept."""
    why = Why.read(alert.rule)
    return why.say(words.language()) if why is not None else ""


def names(people: Sequence[int], planned: Duty) -> str:
    """People in their order."""
    return " → ".join(planned.known[one].name for one in people if one in planned.known)
