"""How posts are judged: which model, from which scores on, and what other thresholds would have done.

Looking changes nothing. Every button calls one workflow of ``tune`` or ``learn``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal

from crisis.desk import charts, here, words
from crisis.desk.kept import kept
from crisis.desk.words import _
from crisis.errors import InvalidInputError
from crisis.matching import card
from crisis.matching.bands import Bands
from crisis.matching.budgets import Budget, Proposal
from crisis.types import Band, LearnedModel
from crisis.workflows import judge, learn, tune

blueprint = Blueprint("matching", __name__, url_prefix="/abgleich")

DAYS = (7, 30, 90)  # that can be looked back on
SHOWN = 20  # posts that change, listed one by one
CHANGES = 8  # earlier thresholds listed


@dataclass(frozen=True, slots=True)
class Model:
    """A model as the list shows it."""

    version: str  # what the button sends
    name: str
    told: str
    in_use: bool


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The model, the thresholds, and what they did in the last month."""
    house, now = here.house(), here.now()
    known = _ground()
    held = known.held
    found = tune.replay(house, held.bands, now, known=known)
    people = {person.id: person.name for person in here.store().people.all()}
    return render_template(
        "matching/show.html",
        held=held,
        budget=tune.usual_budget(house),
        total=found.total()[0],
        found=found,
        charts=_charts(found, 30, compare=False),
        said=tune.verdicts(house, now),
        band=Band,
        uses=here.store().thresholds.uses(limit=CHANGES),
        can_go_back=held.use is not None
        and (held.use.raising is not None or held.use.before is not None),
        people=people,
        models=models(),
        use=here.store().models.in_use(),
        judging=learn.in_use(here.store()),
        fresh=_fresh(),
        card=[words.either(limit) for limit in card.LIMITS],
        percent=percent,
        number=number,
        form=_form(tune.usual_budget(house)),
    )


@blueprint.get("/schwellen")
def preview() -> ResponseReturnValue:
    """What other thresholds would have done. Changes nothing."""
    house, now = here.house(), here.now()
    known = _ground()
    held = known.held
    form = _form(tune.usual_budget(house)) | request.args.to_dict()
    days = request.args.get("tage", 30, type=int)
    days = days if days in DAYS else 30
    problems: dict[str, str] = {}
    budget: Budget | None = None
    proposal: Proposal | None = None
    bands = held.bands
    if request.args.get("nach") == "schwellen":
        bands = _bands(form, held.bands, problems)
    else:
        budget = _budget(form, problems)
        if budget is not None:
            proposal = tune.propose(house, budget, now, known=known)
            bands = proposal.bands
    found = tune.replay(house, bands, now, days=days, known=known)
    shown = found.changes[:SHOWN]
    posts = {one.id: one for one in here.store().sightings.several([c.scored.id for c in shown])}
    page = render_template(
        "matching/preview.html",
        held=held,
        found=found,
        totals=found.total(),
        charts=_charts(found, days, compare=True),
        proposal=proposal,
        because=[words.either(sentence) for sentence in proposal.because] if proposal else [],
        budget=budget,
        same=_same(bands, held.bands),
        changes=[one for one in shown if one.scored.id in posts],
        posts=posts,
        rumours=here.store().rumours.several({one.scored.rumour_id for one in shown}),
        bands=band_names(),
        form=form | {"tage": str(days)},
        spans=[(str(n), words.ngettext("%(num)s Tag", "%(num)s Tage", n)) for n in DAYS],
        problems=problems,
        percent=percent,
        number=number,
    )
    return page, 422 if problems else 200


@blueprint.post("/schwellen")
def switch_on() -> ResponseReturnValue:
    """From now on these hold."""
    form = request.form
    budget = None
    if form.get("meldungen"):
        budget = Budget(
            false_alarms_per_week=_number(form.get("meldungen", "")),
            suggestions_per_day=_number(form.get("vorschlaege", "")),
        )
    wanted = Bands(_number(form.get("melden", "")), _number(form.get("vorschlagen", "")))
    seen = form.get("gesehen", 0, type=int)
    tune.switch_on(here.house(), wanted, here.person(), here.now(), budget=budget, seen=seen)
    flash(_("Die neuen Schwellen gelten ab jetzt, für jeden neuen Beitrag."), "success")
    return redirect(url_for("matching.show"))


@blueprint.post("/schwellen/zurueck")
def back() -> ResponseReturnValue:
    """To the thresholds before."""
    tune.back(here.house(), here.person(), here.now())
    flash(_("Es gelten wieder die Schwellen davor."), "success")
    return redirect(url_for("matching.show"))


@blueprint.post("/modell")
def use_model() -> ResponseReturnValue:
    """This model judges from now on."""
    version = request.form.get("modell", "")
    learn.use(here.house(), version, here.person(), here.now())
    flash(_("Ab jetzt urteilt das gewählte Modell."), "success")
    return redirect(url_for("matching.show", _anchor="modell"))


@blueprint.post("/modell/zurueck")
def model_back() -> ResponseReturnValue:
    """To the model before."""
    learn.back(here.house(), here.person(), here.now())
    flash(_("Es urteilt wieder das Modell davor."), "success")
    return redirect(url_for("matching.show", _anchor="modell"))


def _ground() -> tune.Ground:
    """Verdicts of half a year, read once and not again until something changes."""
    return kept("ground", lambda: tune.ground(here.house(), here.now()))


# --- what is typed ---------------------------------------------------------------------------


def _form(budget: Budget) -> dict[str, str]:
    return {
        "meldungen": number(budget.false_alarms_per_week),
        "vorschlaege": number(budget.suggestions_per_day),
        "melden": "",
        "vorschlagen": "",
        "tage": "30",
    }


def _number(text: str) -> float:
    """A number as people type it, with a comma or a point. Raises InvalidInputError."""
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise InvalidInputError(
            "Bitte geben Sie eine Zahl ein.", "Please enter a number."
        ) from None


def _budget(form: Mapping[str, str], problems: dict[str, str]) -> Budget | None:
    numbers = {}
    for name in ("meldungen", "vorschlaege"):
        try:
            numbers[name] = _number(form[name])
            Budget(false_alarms_per_week=numbers[name])
        except InvalidInputError as error:
            problems[name] = error.say(words.language())
    if problems:
        return None
    return Budget(
        false_alarms_per_week=numbers["meldungen"], suggestions_per_day=numbers["vorschlaege"]
    )


def _bands(form: Mapping[str, str], now: Bands, problems: dict[str, str]) -> Bands:
    """Thresholds typed as per cent; an empty field keeps the one in use."""
    found = {"melden": now.raise_at, "vorschlagen": now.suggest_at}
    for name in ("melden", "vorschlagen"):
        typed = form[name].replace("%", "").strip()
        try:
            if typed:
                found[name] = Bands(_number(typed) / 100, 0.0).raise_at
        except InvalidInputError:
            problems[name] = _("Bitte geben Sie eine Zahl zwischen 0 und 100 ein.")
    if not problems and found["vorschlagen"] > found["melden"]:
        problems["vorschlagen"] = _("„Vorschlagen“ darf nicht über „melden“ liegen.")
    return now if problems else Bands(found["melden"], found["vorschlagen"])


# --- what is shown ---------------------------------------------------------------------------


def _charts(found: tune.Replay, days: int, *, compare: bool) -> list[charts.Chart]:
    last = here.today()
    dates = charts.days(last - timedelta(days=days - 1), last)
    tallies = {day: (before, after) for day, before, after in found.days}
    made = []
    for title, name in (
        (_("Gemeldete Beiträge je Tag"), "raised"),
        (_("Vorgeschlagene Beiträge je Tag"), "suggested"),
    ):
        rows = [
            [getattr(tallies[day][side], name) if day in tallies else None for day in dates]
            for side in (0, 1)
        ]
        series = [charts.Series(_("wie es gilt"), rows[0])]
        if compare:
            series[0] = replace(series[0], style=charts.QUIET)
            series.append(charts.Series(_("mit den neuen Schwellen"), rows[1], style=charts.PLAIN))
        made.append(
            charts.Chart(
                name=f"{name}-je-tag",
                title=title,
                summary=_many(series[-1].values),
                axis=_("Tag"),
                points=charts.of_days(dates),
                series=series,
            )
        )
    return made


def _many(counts: Sequence[float | None]) -> str:
    most = max((count or 0 for count in counts), default=0)
    if not most:
        return _("Keiner.")
    return _(
        "Zusammen %(sum)s, höchstens %(most)s an einem Tag.",
        sum=number(sum(count or 0 for count in counts)),
        most=number(most),
    )


def _same(one: Bands, other: Bands) -> bool:
    return (
        abs(one.raise_at - other.raise_at) < 1e-4 and abs(one.suggest_at - other.suggest_at) < 1e-4
    )


def models() -> list[Model]:
    """The learned ones, newest first, and the shipped one last."""
    now = learn.in_use(here.store()).version
    shipped = judge.shipped(here.store()).version
    return [
        *(
            Model(one.version, one.version, told(one), one.version == now)
            for one in learn.models(here.house())
        ),
        Model(
            learn.SHIPPED,
            _("%(version)s (mitgeliefert)", version=shipped),
            _shipped_on(shipped),
            now == learn.SHIPPED,
        ),
    ]


def _fresh() -> int:
    """Verdicts that no model has learned from yet, as far as the monitor has noted them."""
    newest = max((model.up_to for model in learn.models(here.house())), default=0)
    return here.store().lessons.count(after=newest)


def _shipped_on(version: str) -> str:
    made = card.DATES.get(version, "")
    return _("Vom %(day)s.", day=words.day(date.fromisoformat(made))) if made else ""


def told(model: LearnedModel) -> str:
    """When, from how much, and how it did on verdicts it had not seen."""
    told = _(
        "Gelernt am %(day)s aus %(count)s Urteilen.",
        day=words.day(model.made),
        count=model.lessons,
    )
    recall = model.figures.get("recall")
    if isinstance(recall, list) and len(recall) == 2:
        told += " " + _(
            "Von den Beiträgen, die passen, hätte es %(after)s %% gefunden, das Modell davor"
            " %(before)s %% (bei gleich vielen Fehlgriffen).",
            before=round(100 * float(recall[0])),
            after=round(100 * float(recall[1])),
        )
    better = _("Nachweislich besser.") if model.better else _("Nicht nachweislich besser.")
    return f"{told} {better}"


def band_names() -> dict[Band, str]:
    """What people call what comes of a post."""
    return {
        Band.RAISE: _("gemeldet"),
        Band.SUGGEST: _("vorgeschlagen"),
        Band.NONE: _("unbeachtet"),
    }


def percent(score: float) -> str:
    """A threshold as people read it: "75 %", near the ends with a digit more."""
    value = 100 * score
    digits = "0.##" if value > 99 else "0.#" if value > 97 or value < 10 else "0"
    return (
        f"{format_decimal(value, digits)} %"
        if words.language() == "de"
        else (f"{format_decimal(value, digits)}%")
    )


def number(value: float) -> str:
    """A count that may have a digit behind the point: "2", "1,5"."""
    return str(format_decimal(value, "0.#"))
