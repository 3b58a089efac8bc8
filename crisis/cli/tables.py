"""Figures and tables on the command line: text that lines up, or Markdown. Computes nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

import click

from crisis.cli.words import t
from crisis.matching.evaluation import Estimate


def said(estimate: Estimate | None, *, signed: bool = False) -> str:
    """Return a figure with its interval: ".905 (.87–.94)"; "–" where nothing can be said."""
    if estimate is None or math.isnan(estimate.value):
        return "–"
    sign = "+" if signed else ""
    return f"{estimate.value:{sign}.3f} ({estimate.low:{sign}.2f} – {estimate.high:{sign}.2f})"


def print_table(form: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table: Markdown, or columns that line up."""
    if form == "md":
        for line in (head, ["---"] * len(head), *rows):
            click.echo("| " + " | ".join(line) + " |")
        return
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for line in (head, *rows):
        padded = [line[0].ljust(widths[0])]
        padded += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        click.echo("  ".join(padded).rstrip())


def count(number: int) -> str:
    """Return a number with its thousands marked, as the reader is used to."""
    return t(f"{number:,}".replace(",", "."), f"{number:,}")
