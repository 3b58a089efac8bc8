"""The rules of alerting: who is told in which steps; and the trial of them, which sends nothing.

Every button calls one workflow of ``plan_duty``. What the steps mean at a moment is said by
``oncall.ladder``; the trial plays rules through, those in use or those typed (``alerts.rehearsal``). What a
form holds is read by ``rule_steps``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from crisis.alerts.rehearsal import Told, rehearse
from crisis.desk import here, rota, rota_words, rule_steps, words
from crisis.desk.words import _
from crisis.errors import CrisisError, InvalidInputError
from crisis.oncall.check import MOST_STEPS, policy_problem
from crisis.oncall.ladder import LAST_RESORT, Ladder, ladder
from crisis.oncall.wall_clock import instant
from crisis.types import (
    DEFAULT_POLICY,
    LEVELS,
    Hours,
    Policy,
    Role,
    Severity,
)
from crisis.workflows import plan_duty, roster

blueprint = Blueprint("alert_rules", __name__, url_prefix="/dienstplan")


@dataclass(frozen=True, slots=True)
class Course:
    """One trial: its name, when it begins, who is told, what is passed over, and until when it is kept."""

    title: str
    start: datetime
    told: Sequence[Told]
    ladder: Ladder
    held: datetime | None


@blueprint.get("/regeln")
def show() -> ResponseReturnValue:
    """The rules in use, as a form for who plans, and the earlier versions."""
    return _page(here.store().oncall.policy(), {})


@blueprint.post("/regeln")
def save() -> ResponseReturnValue:
    """Make a new version of the rules; or move a step, or try out what is typed, and keep nothing."""
    before, wish = here.store().oncall.policy(), request.form.get("was", "speichern")
    problems: dict[str, str] = {}
    if wish != "speichern":
        whole = rule_steps.read(before, request.form, {}, whole=True)
        if wish == "ausprobieren":
            return _tried(whole, rule_steps.read(before, request.form, problems), problems)
        changed = rule_steps.edited(whole.steps, wish)
        steps, at = changed or (whole.steps, 0)
        return _page(replace(whole, steps=steps), {}, focus=at)
    policy = rule_steps.read(before, request.form, problems)
    if not problems:
        try:
            based_on = request.form.get("fassung", 0, type=int)
            plan_duty.keep_policy(here.store(), policy, based_on, here.person(), here.now())
        except CrisisError as error:
            problems["form"] = error.say(words.language())
        else:
            flash(_("Gespeichert. Die Regeln gelten ab dem nächsten Alarm."), "success")
            return redirect(url_for("alert_rules.rehearsal"))
    return _page(policy, problems), 422


def _tried(typed: Policy, policy: Policy, problems: dict[str, str]) -> ResponseReturnValue:
    """What is typed, played through and not kept."""
    found = policy_problem(policy)
    if found is not None:
        problems["form"] = words.either(found)
    if problems:
        return _page(typed, problems), 422
    severity = rule_steps.severity(request.form.get("stufe", ""))
    courses = [_course(title, start, severity, policy) for title, start in _moments()]
    return _page(typed, {}, courses=courses, severity=severity)


def _moments() -> list[tuple[str, datetime]]:
    return [(_("Jetzt"), here.now()), (_("Nächsten Sonntag um 3 Uhr nachts"), _sunday())]


@blueprint.post("/regeln/<int:policy_id>/wieder")
def again(policy_id: int) -> ResponseReturnValue:
    """Take an earlier version back into use; it becomes the newest. 0: the program's own."""
    store = here.store()
    known = {one.id: one for one in store.oncall.policies()}
    wanted = known.get(policy_id) or (DEFAULT_POLICY if policy_id == 0 else None)
    if wanted is None:
        raise InvalidInputError("Diese Fassung gibt es nicht.", "There is no such version.")
    plan_duty.keep_policy(store, wanted, store.oncall.policy().id, here.person(), here.now())
    flash(_("Die frühere Fassung gilt wieder."), "success")
    return redirect(url_for("alert_rules.show"))


@blueprint.get("/probe")
def rehearsal() -> ResponseReturnValue:
    """Who would be told now, on Sunday at three in the morning, and at a moment of one's choice?"""
    severity = rule_steps.severity(request.args.get("stufe", ""))
    problems: dict[str, str] = {}
    policy = here.store().oncall.policy()
    moment = request.args.get("wann", "")
    starts = _moments()
    if moment:
        try:
            starts.insert(0, (_("Zum gewählten Zeitpunkt"), instant(moment, here.zone())))
        except InvalidInputError as error:
            problems["wann"] = error.say(words.language())
    return render_template(
        "rota/rehearsal.html",
        courses=[_course(title, start, severity, policy) for title, start in starts],
        severities=[(s.value, words.word(s)) for s in sorted(Severity, reverse=True)],
        severity=severity.value,
        moment=moment,
        problems=problems,
        last_resort=LAST_RESORT,
        beside=_beside(),
        lang=words.language(),
        mail=bool(here.settings().mail.host),
    )


def _course(title: str, start: datetime, severity: Severity, policy: Policy) -> Course:
    planned = rota.planned_since(start)
    catch_all = roster.named_last_resort(here.settings().alerts.catch_all_email, planned.people)
    wait = timedelta(minutes=here.settings().alerts.escalate_after_minutes)

    def climb(at: datetime) -> Ladder:
        return ladder(planned, policy, at, severity, wait=wait, catch_all=catch_all)

    first = climb(start)
    held = first.held(start)
    return Course(
        title=title,
        start=start,
        told=rehearse(climb, start, severity),
        ladder=first,
        held=held if held > start else None,
    )


def _beside() -> dict[int, str]:
    """By what each person is told beside mail."""
    store = here.store()
    names = {gateway.id: gateway.name for gateway in store.ways.gateways() if gateway.active}
    found: dict[int, list[str]] = {}
    for way in store.ways.all():
        if way.gateway_id is None or way.gateway_id in names:
            found.setdefault(way.person_id, []).append(names.get(way.gateway_id or 0, "SMS"))
    return {person: ", ".join(dict.fromkeys(ways)) for person, ways in found.items()}


def _sunday() -> datetime:
    """Three o'clock in the morning of the Sunday that comes."""
    local = here.now().astimezone(here.zone())
    ahead = (6 - local.weekday()) % 7
    if ahead == 0 and local.hour >= 3:
        ahead = 7
    return instant(f"{(local + timedelta(days=ahead)).date()}T03:00", here.zone())


def _page(
    policy: Policy,
    problems: dict[str, str],
    *,
    focus: int = 0,
    courses: Sequence[Course] = (),
    severity: Severity = Severity.HIGH,
) -> str:
    planned = rota.planned_since(here.now())
    store = here.store()
    return render_template(
        "rota/rules.html",
        policy=policy,
        based_on=store.oncall.policy().id,
        steps=[
            (number, step, rule_steps.values(step)) for number, step in enumerate(policy.steps, 1)
        ],
        groups=_groups(rota.able(planned)),
        hours=_hours_choices(),
        severities=[(s.value, words.word(s)) for s in Severity],
        usual=here.settings().alerts.escalate_after_minutes,
        versions=[
            (one, planned.known[one.by].name if one.by in planned.known else "")
            for one in store.oncall.policies(limit=10)
        ],
        problems=problems,
        full=len(policy.steps) >= MOST_STEPS,
        focus=focus,
        note="" if policy == store.oncall.policy() else policy.note,
        courses=courses,
        severity=severity.value,
        last_resort=LAST_RESORT,
        beside=_beside(),
        lang=words.language(),
        catch_all=here.settings().alerts.catch_all_email,
        told_of=_told_of(policy, dict(rota.able(planned))),
    )


def _groups(able: Sequence[tuple[int, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom a step may tell, as boxes to tick, in groups."""
    names = dict(rota_words.levels())
    levels = [(f"level:{n}", _("Bereitschaft: %(name)s", name=names[n])) for n in LEVELS]
    whole = [(f"rota:{n}", _("Alle aus Ebene %(level)s zugleich", level=n)) for n in LEVELS]
    line = [("line", _("Alle nacheinander: Bereitschaft, dann die Nächsten"))]
    roles = [(f"role:{role.value}", words.word(role)) for role in Role]
    people = [(f"person:{number}", name) for number, name in able]
    rooms = [(f"gateway:{g.id}", g.name) for g in here.store().ways.gateways() if g.active]
    groups = [
        (_("Aus dem Dienstplan"), [*line, *levels, *whole]),
        (_("Alle mit einer Rolle"), roles),
        (_("Bestimmte Personen"), people),
    ]
    return [*groups, (_("Dazu als Nachricht an ein Gateway"), rooms)] if rooms else groups


def _told_of(policy: Policy, names: dict[int, str]) -> list[list[str]]:
    """For people who may only read: whom each step tells, in words."""
    said = {value: text for _group, boxes in _groups([]) for value, text in boxes}
    return [
        [
            names.get(int(value.removeprefix("person:")), "?")
            if value.startswith("person:")
            else said.get(value, value)
            for value in sorted(rule_steps.values(step))
        ]
        for step in policy.steps
    ]


def _hours_choices() -> list[tuple[str, str]]:
    return [
        (Hours.ALWAYS.value, _("immer")),
        (Hours.OFFICE.value, _("nur in der Bürozeit")),
        (Hours.OUTSIDE.value, _("nur außerhalb der Bürozeit")),
    ]
