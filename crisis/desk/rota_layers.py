"""Layers of the rota: people who take turns. Every change can be looked at before it is kept.

Every button calls one workflow of ``plan_duty``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from crisis.desk import here, rota, rota_words, words
from crisis.desk.words import _
from crisis.errors import CrisisError
from crisis.oncall.duty import Duty, periods
from crisis.types import Layer, OnHolidays, Rhythm
from crisis.workflows import plan_duty

blueprint = Blueprint("layers", __name__, url_prefix="/dienstplan/plan")

PREVIEW = 4  # weeks


@blueprint.get("/neu")
def ask_new() -> ResponseReturnValue:
    """An empty form, with what most begin with: a week each, from next Monday on."""
    today = here.today()
    monday = today + timedelta(days=(-today.weekday()) % 7)
    layer = Layer(name="", people=(), begins=monday)
    return _page(layer, {}, [])


@blueprint.post("/neu")
def new() -> ResponseReturnValue:
    """Look at it, or keep it."""
    return _entered(Layer(name="", people=(), begins=here.today()))


@blueprint.get("/<int:layer_id>")
def edit(layer_id: int) -> ResponseReturnValue:
    """One layer's form."""
    return _page(here.store().oncall.layer(layer_id), {}, [])


@blueprint.post("/<int:layer_id>")
def save(layer_id: int) -> ResponseReturnValue:
    """Look at the change, or keep it."""
    return _entered(here.store().oncall.layer(layer_id))


@blueprint.post("/<int:layer_id>/streichen")
def remove(layer_id: int) -> ResponseReturnValue:
    """Take it out of the rota; it can be taken back."""
    plan_duty.remove_layer(here.store(), layer_id, here.person(), here.now())
    flash(_("Plan gestrichen. Unter „Letzte Änderungen“ lässt es sich zurücknehmen."), "success")
    return redirect(url_for("rota.show", _anchor="aenderungen"))


def _entered(before: Layer) -> ResponseReturnValue:
    problems: dict[str, str] = {}
    layer = _read(before, request.form, problems)
    look = request.form.get("was") == "vorschau"
    if not problems and not look:
        try:
            plan_duty.keep_layer(here.store(), layer, here.person(), here.now())
        except CrisisError as error:
            problems["form"] = error.say(words.language())
        else:
            flash(_("Gespeichert. Der Plan gilt ab sofort."), "success")
            return redirect(url_for("rota.show"))
    return _page(layer, problems, _looks(layer) if look and not problems else []), (
        422 if problems else 200
    )


def _looks(layer: Layer) -> list[list[rota.Day]]:
    """The coming weeks as they would be."""
    planned = _with(layer)
    today = here.today()
    monday = today - timedelta(days=today.weekday())
    rows = [[monday + timedelta(days=7 * w + d) for d in range(7)] for w in range(PREVIEW)]
    end = rota.midnight(monday + timedelta(days=7 * PREVIEW))
    return rota.days(planned, rows, periods(planned, rota.midnight(monday), end), None)


def _with(layer: Layer) -> Duty:
    planned = rota.planned_since(here.now())
    others = [one for one in planned.layers if one.id != layer.id]
    return replace(planned, layers=[*others, layer])


def _page(layer: Layer, problems: Mapping[str, str], preview: list[list[rota.Day]]) -> str:
    planned = rota.planned_since(here.now())
    before, after = rota.judged(planned), rota.judged(_with(layer)) if preview else None
    return render_template(
        "rota/layer.html",
        layer=layer,
        problems=problems,
        able=rota.able(planned),
        places={one: place for place, one in enumerate(layer.people, 1)},
        levels=rota_words.levels(),
        rhythms=rota_words.rhythms(),
        holidays=rota_words.holidays(),
        weekdays=rota_words.weekdays(),
        preview=preview,
        score=(before.score, after.score) if after else None,
    )


def _read(before: Layer, form: MultiDict[str, str], problems: dict[str, str]) -> Layer:
    """What was typed as a layer; what cannot be read is a problem and keeps its old value."""
    rhythms, onholidays = set(Rhythm), set(OnHolidays)
    rhythm, holds = form.get("rhythm", ""), form.get("holidays", "")
    return replace(
        before,
        name=" ".join(form.get("name", "").split()),
        level=form.get("level", before.level, type=int),
        rank=form.get("rank", before.rank, type=int),
        people=_people(form),
        rhythm=Rhythm(rhythm) if rhythm in rhythms else before.rhythm,
        length=form.get("length", 0, type=int),
        begins=_date(form.get("begins", ""), before.begins, problems),
        handover=_time(form.get("handover", ""), "handover", problems) or before.handover,
        weekdays=frozenset(int(n) for n in form.getlist("weekdays") if n in "0123456"),
        opens=_time(form.get("opens", ""), "opens", problems),
        closes=_time(form.get("closes", ""), "closes", problems),
        holidays=OnHolidays(holds) if holds in onholidays else before.holidays,
        active=form.get("active") == "ja",
    )


def _people(form: MultiDict[str, str]) -> tuple[int, ...]:
    """Those who have a number, in its order."""
    found = []
    for name, text in form.items():
        kind, _colon, number = name.partition("platz-")
        if not kind and number.isdigit() and text.strip().isdigit():
            found.append((int(text), int(number)))
    return tuple(one for _place, one in sorted(found))


def _date(text: str, before: date, problems: dict[str, str]) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems["begins"] = _("Bitte geben Sie den ersten Tag an.")
        return before


def _time(text: str, name: str, problems: dict[str, str]) -> time | None:
    if not text.strip():
        return None
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        problems[name] = _("Bitte geben Sie eine Uhrzeit wie 08:00 an.")
        return None
