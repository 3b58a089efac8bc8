"""``crisis evaluate --desk``: what the model in use makes of the posts that people have judged.

Reads the numbers kept of each verdict (``workflows.note``), no post. Exercises do not count.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import click

from crisis.cli.house import open_house
from crisis.cli.tables import print_table, said
from crisis.cli.words import t
from crisis.matching import evaluation
from crisis.matching.adapt import judged, table
from crisis.matching.evaluation import Estimate
from crisis.matching.scorer import probability
from crisis.workflows import judge, learn, note, tune

if TYPE_CHECKING:
    from crisis.matching.bands import Bands

FEW = 20
"""Verdicts of either kind below which the figures are said to be mere hints."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Scores (0 to 1) of the posts people judged; copies of a post count once."""

    fits: tuple[float, ...]
    others: tuple[float, ...]

    def shares(self, at: float) -> tuple[Estimate, Estimate]:
        """Return which share of either kind scores ``at`` or more."""
        return (
            evaluation.mean([float(score >= at) for score in self.fits]),
            evaluation.mean([float(score >= at) for score in self.others]),
        )


def print_desk(form: str) -> None:
    """Measure and print."""
    house = open_house()
    note.note(house)
    current = learn.in_use(house.store)
    rumours = house.store.rumours.count()
    bands = tune.bands(house.store, current.model, rumours, house.terms)
    rows = table(house.store.lessons.all(), judge.shipped(house.store))
    odds = map(float, judged(current.model, rows))
    # Copies of a post have the same numbers and hence the same score; each is asked about once.
    once = dict.fromkeys(zip(odds, map(bool, rows.fits), rows.waves, strict=True))
    found = Verdicts(
        tuple(probability(score) for score, fits, _ in once if fits),
        tuple(probability(score) for score, fits, _ in once if not fits),
    )
    if form == "json":
        _print_json(found, bands, current.model.version)
    else:
        _print(form, found, bands, current.model.version)


def _print_json(found: Verdicts, bands: Bands, version: str) -> None:
    raised, shown = found.shares(bands.raise_at), found.shares(bands.suggest_at)
    fields = {
        "matcher": f"crisis {version}",
        "fits": len(found.fits),
        "others": len(found.others),
        "separation": _plain(evaluation.separation(found.fits, found.others)),
        "raised": {"at": bands.raise_at, "fits": _plain(raised[0]), "others": _plain(raised[1])},
        "shown": {"at": bands.suggest_at, "fits": _plain(shown[0]), "others": _plain(shown[1])},
    }
    click.echo(json.dumps(fields, ensure_ascii=False, indent=1))


def _plain(estimate: Estimate) -> dict[str, float] | None:
    return None if math.isnan(estimate.value) else asdict(estimate)


def _print(form: str, found: Verdicts, bands: Bands, version: str) -> None:
    click.echo(
        t(
            f"crisis {version}: {len(found.fits)} Urteile „passt“, {len(found.others)} „passt nicht“ "
            "oder „stellt richtig“ (Übungen zählen nicht).",
            f"crisis {version}: {len(found.fits)} verdicts “fits”, {len(found.others)} “does not fit” "
            "or “corrects it” (exercises do not count).",
        )
    )
    rows: list[Sequence[str]] = [
        [
            t(f"gemeldet (ab {at:.3f})", f"raised (from {at:.3f})")
            if at == bands.raise_at
            else t(f"gezeigt (ab {at:.3f})", f"shown (from {at:.3f})"),
            *map(said, found.shares(at)),
        ]
        for at in dict.fromkeys((bands.raise_at, bands.suggest_at))
    ]
    head = [
        t("Schwelle", "threshold"),
        t("Anteil von „passt“", "share of “fits”"),
        t("Anteil der anderen", "share of the others"),
    ]
    print_table(form, head, rows)
    click.echo(
        t("Passendes über Unpassendem: ", "Fitting above unfitting: ")
        + said(evaluation.separation(found.fits, found.others))
    )
    if min(len(found.fits), len(found.others)) < FEW:
        click.echo(
            t(
                f"Unter {FEW} Urteilen einer Art sind die Zahlen nur ein Fingerzeig.",
                f"Below {FEW} verdicts of a kind the figures are a hint and no more.",
            )
        )
