"""The picture of ``crisis evaluate``: recall against false alarms, as PNG or SVG, drawn by matplotlib.

Computes nothing (``matching.evaluation``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crisis.cli.words import t
from crisis.errors import InvalidInputError

if TYPE_CHECKING:
    from crisis.matching.evaluation import Curve

FORMATS = (".png", ".svg")
MARKS = (100, 1_000, 10_000)
# Okabe and Ito's colours (2008): told apart by colour-blind people, and grey in print by their dashes.
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
_DASHES = ("-", "--", "-.", ":")
_INK = "#333333"


def check(path: Path) -> None:
    """Raise InvalidInputError before anything long begins if no picture can be drawn there."""
    if path.suffix.lower() not in FORMATS:
        raise InvalidInputError(
            f"{path}: Das Bild muss auf .png oder .svg enden.",
            f"{path}: the picture must end in .png or .svg.",
        )
    if not path.absolute().parent.is_dir():
        raise InvalidInputError(
            f"Den Ordner von {path} gibt es nicht. Bitte legen Sie ihn an.",
            f"The folder of {path} does not exist. Please create it.",
        )
    _pyplot()


def draw(curves: Mapping[str, Curve], path: Path, title: str) -> None:
    """Draw one line a curve with its 95 % interval and write the picture."""
    figure_of = _pyplot()
    figure, axes = figure_of(figsize=(8, 5), layout="constrained")
    for number, (name, curve) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        dash = _DASHES[number // len(_COLOURS) % len(_DASHES)]
        axes.fill_between(
            curve.alarms, curve.low, curve.high, color=colour, alpha=0.15, linewidth=0
        )
        axes.plot(curve.alarms, curve.recall, dash, color=colour, linewidth=2, label=name)
    axes.set_xscale("log")
    axes.set_ylim(0, 1)
    least = min((curve.alarms[0] for curve in curves.values() if curve.alarms), default=1e-4)
    axes.set_xlim(least, 0.1)
    _say(axes, least, title)
    try:
        figure.savefig(path, dpi=160, metadata={"Date": None} if path.suffix == ".svg" else None)
    except OSError as error:
        raise InvalidInputError(
            f"{path} lässt sich nicht schreiben: {error.strerror}.",
            f"{path} cannot be written: {error.strerror}.",
        ) from error


def _say(axes: Any, least: float, title: str) -> None:
    axes.set_title(title, loc="left", fontsize=12, color=_INK)
    axes.set_xlabel(t("Fehlalarme je Alltagsbeitrag", "false alarms per everyday post"), color=_INK)
    axes.set_ylabel(t("Anteil gefundener Gerüchte", "share of rumours found"), color=_INK)
    shown = [one_in for one_in in MARKS if 1 / one_in >= least]
    for one_in in shown:
        axes.axvline(1 / one_in, color="#888888", linewidth=0.8, linestyle=(0, (2, 3)))
    axes.set_xticks([1 / one_in for one_in in (10, *shown)])
    axes.set_xticklabels([_one_in(one_in) for one_in in (10, *shown)])
    axes.set_yticks([share / 5 for share in range(6)])
    axes.set_yticklabels([t(f"{20 * share} %", f"{20 * share}%") for share in range(6)])
    axes.minorticks_off()
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)
    axes.tick_params(colors=_INK)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(loc="upper left", frameon=False)


def _one_in(number: int) -> str:
    said = f"{number:,}"
    return t(f"1 von {said.replace(',', '.')}", f"1 in {said}")


def _pyplot() -> Any:
    try:
        import matplotlib
    except ImportError as error:
        raise InvalidInputError(
            "Zum Zeichnen fehlt matplotlib. Bitte installieren Sie es: pip install matplotlib",
            "Drawing needs matplotlib. Please install it: pip install matplotlib",
        ) from error
    matplotlib.use("agg")
    # Text stays text in SVG: it can be searched and read aloud. Names of elements repeat themselves.
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "klarstellung"})
    from matplotlib import pyplot

    return pyplot.subplots
