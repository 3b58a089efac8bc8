"""``crisis models``: which model judges, what is known of it, learning from verdicts, and going back.

Calls one workflow each. What a model learns and when it is better is said in ``crisis.matching``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click

from crisis import wiring
from crisis.cli.house import open_house
from crisis.cli.words import language, t
from crisis.matching import card
from crisis.matching.adapt import LEAST
from crisis.matching.scorer import Model
from crisis.types import LearnedModel
from crisis.workflows import judge
from crisis.workflows import learn as workflow

FIGURES = "docs/internals/figures.md"


@click.group(
    help=t(
        "Das Modell des Abgleichs: zeigen, aus Urteilen lernen, wechseln, zurückgehen.",
        "The matching model: show, learn from verdicts, change, go back.",
    )
)
def command() -> None:
    """Models."""


@command.command(
    help=t(
        "Alle Modelle: das mitgelieferte und die hier gelernten; * urteilt gerade.",
        "All models: the shipped one and those learned here; * judges now.",
    )
)
def list() -> None:  # noqa: A001 - the command is called so
    """One line a model, newest first."""
    house = open_house()
    now = _in_use(house)
    for model in workflow.models(house):
        mark = "*" if model.version == now.version else " "
        click.echo(f"{mark} {model.version}\t{model.made:%Y-%m-%d}\t{_verdict(model)}")
    mark = "*" if now.version == workflow.SHIPPED else " "
    version = judge.shipped(house.store).version
    click.echo(
        f"{mark} {workflow.SHIPPED}\t{version}\t" + t("mitgeliefert", "comes with the program")
    )


@command.command(
    help=t(
        "Was ein Modell ist: Daten, Zahlen, Datum, Grenzen. Ohne Angabe das, das gerade urteilt.",
        "What a model is: data, figures, date, limits. Without an argument the one that judges now.",
    )
)
@click.argument("version", required=False, default="")
def show(version: str) -> None:
    """The card of one model."""
    house = open_house()
    version = version or _in_use(house).version
    lines = (
        _shipped_card(judge.shipped(house.store))
        if version in (workflow.SHIPPED, judge.shipped(house.store).version)
        else _learned_card(house.store.models.get(version))
    )
    for name, value in lines:
        click.echo(f"{name}: {value}")


@command.command(
    help=t(
        "Lernt aus allen Urteilen und nimmt das Ergebnis, wenn es auf zurückgehaltenen Urteilen besser"
        " ist. Dauert Sekunden.",
        "Learn from all verdicts and take the result if it is better on held-back verdicts. Takes"
        " seconds.",
    )
)
@click.option(
    "--dry-run",
    is_flag=True,
    help=t("Nur zeigen, was herauskäme; kein Modell behalten.", "Only show; keep no model."),
)
def learn(dry_run: bool) -> None:
    """Learn once, now."""
    house = open_house()
    outcome = workflow.learn(house, house.now(), dry_run=dry_run)
    if not outcome.enough:
        click.echo(
            t(
                f"Noch zu wenige Urteile: {outcome.fits} passen, {outcome.others} passen nicht; von"
                f" beiden braucht es {LEAST}. Gleiche Beiträge zählen einmal.",
                f"Too few verdicts yet: {outcome.fits} fit, {outcome.others} do not; {LEAST} of each"
                " are needed. Copies of a post count once.",
            )
        )
        return
    for name, value in _figures(outcome.figures):
        click.echo(f"{name}: {value}")
    click.echo(_said(outcome, dry_run))


def _said(outcome: workflow.Outcome, dry_run: bool) -> str:
    if dry_run:
        return (
            t(
                "Es wäre besser als das jetzige und würde übernommen.",
                "It would be better than the present one and taken into use.",
            )
            if outcome.better
            else t(
                "Es wäre nicht sicher besser; das jetzige bliebe.",
                "It would not surely be better; the present one would stay.",
            )
        )
    if outcome.taken:
        return t(
            f"{outcome.version} ist besser und urteilt ab jetzt. Zurück: crisis models back",
            f"{outcome.version} is better and judges from now on. Back: crisis models back",
        )
    if outcome.better:
        return t(
            f"{outcome.version} ist besser, aber inzwischen wurde ein anderes gewählt; es liegt bereit.",
            f"{outcome.version} is better, but another was chosen meanwhile; it is kept.",
        )
    return t(
        f"{outcome.version} ist nicht sicher besser; es bleibt beim jetzigen und wird aufgehoben.",
        f"{outcome.version} is not surely better; the present one stays, this one is kept on file.",
    )


@command.command(
    help=t(
        "Dieses Modell soll urteilen: die Version eines gelernten, oder „shipped“.",
        "Let this model judge: the version of a learned one, or “shipped”.",
    )
)
@click.argument("version")
def use(version: str) -> None:
    """Take a model into use; processes notice by themselves."""
    house = open_house()
    _judges(workflow.use(house, version, None, house.now()))


@command.command(help=t("Zurück zu dem Modell davor.", "Back to the model before."))
def back() -> None:
    """Step by step, down to the shipped one."""
    house = open_house()
    _judges(workflow.back(house, None, house.now()))


def _judges(found: workflow.InUse) -> None:
    click.echo(
        t(
            f"Ab jetzt urteilt {found.version} ({found.model.version}). Beobachter und Arbeitsplatz"
            " bemerken es von selbst.",
            f"From now on {found.version} ({found.model.version}) judges. Monitor and desk notice by"
            " themselves.",
        )
    )
    if found.problem is not None:
        click.echo(found.problem.say(language()), err=True)


def _in_use(house: wiring.House) -> workflow.InUse:
    """What judges now; says on standard error why it is not what was chosen."""
    found = workflow.in_use(house.store)
    if found.problem is not None:
        click.echo(t("Achtung: ", "Attention: ") + found.problem.say(language()), err=True)
    return found


def _verdict(model: LearnedModel) -> str:
    said = t("besser", "better") if model.better else t("nicht besser", "not better")
    return said + t(f", aus {model.lessons} Urteilen", f", from {model.lessons} verdicts")


def _shipped_card(model: Model) -> Sequence[tuple[str, str]]:
    at = 0 if language() == "de" else 1
    return (
        (t("Modell", "Model"), f"{model.version} ({t('mitgeliefert', 'shipped')})"),
        (t("Datum", "Date"), card.DATES.get(model.version, "?")),
        *((t("Daten", "Data"), words[at]) for words in card.DATA),
        (t("Merkmale", "Features"), str(len(model.features))),
        *_bands(model.bands),
        (t("Zahlen", "Figures"), FIGURES),
        *((t("Grenze", "Limit"), words[at]) for words in card.LIMITS),
    )


def _bands(bands: Sequence[Any]) -> Sequence[tuple[str, str]]:
    return [
        (
            t(f"Schwellen ab {band.rumours} Gerüchten", f"Thresholds from {band.rumours} rumours"),
            t(
                f"melden {band.raise_at:.3f}, vorschlagen {band.suggest_at:.3f}",
                f"raise {band.raise_at:.3f}, suggest {band.suggest_at:.3f}",
            ),
        )
        for band in bands
    ]


def _learned_card(model: LearnedModel) -> Sequence[tuple[str, str]]:
    return (
        (t("Modell", "Model"), f"{model.version} ({_verdict(model)})"),
        (t("Gelernt aus", "Learned from"), model.parent),
        (t("Datum", "Date"), f"{model.made:%Y-%m-%d}"),
        (t("Daten", "Data"), t("Urteile dieses Arbeitsplatzes", "verdicts of this desk")),
        *_figures(model.figures),
        (t("Grenze", "Limit"), _limits(model)),
    )


def _limits(model: LearnedModel) -> str:
    """What the model's own file says; a damaged one says so."""
    try:
        return str(json.loads(model.text)["card"]["limits"][language()])
    except (ValueError, KeyError, TypeError):
        return t("Die Datei dieses Modells ist beschädigt.", "This model's file is damaged.")


def _figures(figures: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """What a comparison found, in words; nothing where it was damaged."""
    if not {"fits", "others", "held_fits", "held_others", "loss", "recall", "sure"} <= set(figures):
        return ()
    before, after = figures["loss"]
    low, high = figures["recall"]
    return (
        (
            t("Urteile", "Verdicts"),
            t(
                f"{figures['fits']} passen, {figures['others']} passen nicht",
                f"{figures['fits']} fit, {figures['others']} do not",
            ),
        ),
        (
            t("Verglichen auf", "Compared on"),
            t(
                f"{figures['held_fits'] + figures['held_others']} zurückgehaltenen Urteilen",
                f"{figures['held_fits'] + figures['held_others']} held-back verdicts",
            ),
        ),
        (
            t("Log-Verlust (weniger ist besser)", "Log-loss (less is better)"),
            f"{before:.3f} -> {after:.3f}",
        ),
        (
            t(
                "Gefunden, wenn 1 bis 20 von 100 unpassenden durchgehen (Mittel)",
                "Found where 1 to 20 in 100 that do not fit get through (mean)",
            ),
            f"{low:.0%} -> {high:.0%}",
        ),
        (t("Sicherheit", "How sure"), f"{figures['sure']:.0%}"),
    )
