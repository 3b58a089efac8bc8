"""What commands that turn lines into lines share: files in, standard output, whole files out.

Knows no line and no command; ``lines`` reads JSON lines.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from crisis.cli.lines import Complaints
from crisis.cli.words import t
from crisis.errors import InvalidInputError, NotFoundError


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open a file, or standard input for "-"; NotFoundError says why it cannot be read."""
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = path.open("rb")
    except OSError as error:
        raise NotFoundError(
            f"{path} lässt sich nicht lesen: {error.strerror}.",
            f"{path} cannot be read: {error.strerror}.",
        ) from error
    with stream:
        yield stream


def print_answers(answers: Iterable[str], complaints: Complaints) -> None:
    """Print each answer at once; end with 1 if a line could not be used.

    Whoever reads our output may leave: nothing more is said then, not even while shutting down.
    """
    out = sys.stdout.buffer
    try:
        for text in answers:
            # A lone surrogate becomes its JSON escape; everything else is UTF-8 in any locale.
            out.write(text.encode("utf-8", errors="backslashreplace"))
            out.flush()
    except BrokenPipeError:
        sink: Any = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, sys.stdout.fileno())
    if complaints.errors:
        click.echo(
            t(
                f"{complaints.errors} Zeilen konnten nicht verwendet werden.",
                f"{complaints.errors} lines could not be used.",
            ),
            err=True,
        )
        raise click.exceptions.Exit(1)


def check_output(path: Path) -> None:
    """Raise NotFoundError before anything long begins if there is no folder to write into."""
    if not path.absolute().parent.is_dir():
        raise NotFoundError(
            f"Den Ordner von {path} gibt es nicht. Bitte legen Sie ihn an.",
            f"The folder of {path} does not exist. Please create it.",
        )


def write_whole(path: Path, text: str) -> None:
    """Write all or nothing: a broken run leaves the old file."""
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise InvalidInputError(
            f"{path} lässt sich nicht schreiben: {error.strerror}.",
            f"{path} cannot be written: {error.strerror}.",
        ) from error
