"""``crisis match replay``: what other thresholds would have done to the posts that came. And switches on.

Reads the installation's database, unlike ``crisis match``, and shares nothing with it.
"""

from __future__ import annotations

from collections.abc import Iterable

import click

from crisis.cli.house import open_house
from crisis.cli.words import language, t
from crisis.errors import InvalidInputError
from crisis.matching.bands import Bands
from crisis.matching.budgets import Budget, Proposal
from crisis.matching.replaying import Change, Tally
from crisis.types import Band, Verdict
from crisis.wiring import House
from crisis.workflows import tune

_SHOWN = 40  # kept posts listed one by one
_WIDTH = 90  # characters of a post
_SCORE = click.FloatRange(0, 1)
_NUMBER = click.FloatRange(0, 10_000)


@click.command(
    name="match replay",
    help=t(
        "Zeigt, was andere Schwellen mit den Beiträgen der letzten Tage gemacht hätten. Ohne Angabe:"
        " die Schwellen, die zu dem passen, was Sie verkraften (Einstellungen).",
        "Show what other thresholds would have done to the posts of the last days. Without options:"
        " the thresholds that fit what you can bear (settings).",
    ),
)
@click.option(
    "--raise-at",
    type=_SCORE,
    help=t("Ab hier entstünde ein Vorfall.", "From here an incident would open."),
)
@click.option(
    "--suggest-at",
    type=_SCORE,
    help=t("Ab hier entschiede ein Mensch.", "From here a person would decide."),
)
@click.option(
    "--false-alarms-per-week",
    type=_NUMBER,
    help=t("So viele falsche Meldungen wären zu verkraften.", "So many false alarms are bearable."),
)
@click.option(
    "--suggestions-per-day",
    type=_NUMBER,
    help=t("So viele Vorschläge wären zu schaffen.", "So many suggestions are manageable."),
)
@click.option("--days", type=click.IntRange(1, tune.LONGEST), default=30, show_default=True)
@click.option(
    "--switch-on",
    is_flag=True,
    help=t(
        "Diese Schwellen einschalten. Zurück: crisis match thresholds --back",
        "Switch these thresholds on. Back: crisis match thresholds --back",
    ),
)
def command(
    raise_at: float | None,
    suggest_at: float | None,
    false_alarms_per_week: float | None,
    suggestions_per_day: float | None,
    days: int,
    switch_on: bool,
) -> None:
    """Replay, and switch on where asked to."""
    by_score = raise_at is not None or suggest_at is not None
    if by_score and not (false_alarms_per_week is None and suggestions_per_day is None):
        raise InvalidInputError(
            "Bitte nennen Sie entweder Schwellen oder das, was zu verkraften ist.",
            "Please give either thresholds or what is bearable.",
        )
    house, budget = open_house(), None
    if by_score:
        bands = _given(house, raise_at, suggest_at)
    else:
        budget = _budget(house, false_alarms_per_week, suggestions_per_day)
        proposal = tune.propose(house, budget, house.now())
        bands = proposal.bands
        _explain(proposal)
    found = tune.replay(house, bands, house.now(), days=days)
    _show(house, found)
    if switch_on:
        tune.switch_on(house, bands, None, house.now(), budget=budget)
        click.echo(
            t(
                "Eingeschaltet. Zurück: crisis match thresholds --back",
                "Switched on. Back: crisis match thresholds --back",
            )
        )


def _given(house: House, raise_at: float | None, suggest_at: float | None) -> Bands:
    now = tune.standing(house).bands
    return Bands(
        now.raise_at if raise_at is None else raise_at,
        now.suggest_at if suggest_at is None else suggest_at,
    )


def _budget(house: House, alarms: float | None, suggestions: float | None) -> Budget:
    usual = tune.usual_budget(house)
    return Budget(
        false_alarms_per_week=usual.false_alarms_per_week if alarms is None else alarms,
        suggestions_per_day=usual.suggestions_per_day if suggestions is None else suggestions,
    )


def _explain(proposal: Proposal) -> None:
    for sentence in proposal.because:
        click.echo(t(sentence.de, sentence.en))


def _show(house: House, found: tune.Replay) -> None:
    click.echo(
        t(
            f"Modell {found.model}. Melden ab {_score(found.before.raise_at)} →"
            f" {_score(found.after.raise_at)}, vorschlagen ab {_score(found.before.suggest_at)} →"
            f" {_score(found.after.suggest_at)}.",
            f"Model {found.model}. Raise from {_score(found.before.raise_at)} →"
            f" {_score(found.after.raise_at)}, suggest from {_score(found.before.suggest_at)} →"
            f" {_score(found.after.suggest_at)}.",
        )
    )
    if not found.days:
        click.echo(
            t(
                "In diesen Tagen hat das Modell noch keine Beiträge gesehen.",
                "The model has seen no posts in these days yet.",
            )
        )
    else:
        _table(found)
    if found.judged_otherwise:
        click.echo(
            t(
                f"{found.judged_otherwise} Beiträge hat ein anderes Modell bewertet; sie fehlen hier.",
                f"{found.judged_otherwise} posts were scored by another model; they are missing here.",
            )
        )
    _changes(house, found.changes)


def _table(found: tune.Replay) -> None:
    click.echo(t("Tag\tgemeldet\tvorgeschlagen", "day\traised\tsuggested"))
    for day, before, after in found.days:
        click.echo(f"{day.isoformat()}\t{_both(before, after)}")
    click.echo(t("zusammen", "together") + "\t" + _both(*found.total()))


def _both(before: Tally, after: Tally) -> str:
    return f"{before.raised} → {after.raised}\t{before.suggested} → {after.suggested}"


def _changes(house: House, changes: Iterable[Change]) -> None:
    listed = list(changes)
    if not listed:
        click.echo(t("Kein gespeicherter Beitrag ändert sich.", "No post still kept changes."))
        return
    click.echo(
        t(
            f"Gespeicherte Beiträge, die sich ändern: {len(listed)}",
            f"Kept posts that change: {len(listed)}",
        )
    )
    shown = house.store.sightings.several([one.scored.id for one in listed[:_SHOWN]])
    texts = {one.id: one.post.text for one in shown}
    for one in listed[:_SHOWN]:
        text = " ".join(texts.get(one.scored.id, "").split())
        text = text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
        said = _VERDICTS[one.scored.verdict]
        click.echo(
            f"{one.scored.rumour_id}\t{_score(one.scored.score)}\t"
            f"{t(*_BANDS[one.before])} → {t(*_BANDS[one.after])}\t{t(*said)}\t{text}"
        )
    if len(listed) > _SHOWN:
        click.echo("…")


def _score(number: float) -> str:
    text = f"{number:.2f}" if number < 0.99 else f"{number:.4f}"
    return text.replace(".", ",") if language() == "de" else text


_BANDS = {
    Band.RAISE: ("gemeldet", "raised"),
    Band.SUGGEST: ("vorgeschlagen", "suggested"),
    Band.NONE: ("unbeachtet", "passed over"),
}
_VERDICTS: dict[Verdict | None, tuple[str, str]] = {
    Verdict.FITS: ("passt", "fits"),
    Verdict.DOES_NOT_FIT: ("passt nicht", "does not fit"),
    Verdict.CORRECTS: ("stellt richtig", "corrects"),
    Verdict.SEEN_BEFORE: ("schon gesehen", "seen before"),
    None: ("ohne Urteil", "not judged"),
}
