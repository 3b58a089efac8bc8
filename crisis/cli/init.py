"""``crisis init``: what an installation needs to begin, made where it is missing.

Changes nothing that is there already, so it may run before every start. Does not ask anything.
"""

from __future__ import annotations

import os
from pathlib import Path

import click

from crisis.cli.words import language, t
from crisis.errors import SettingsError
from crisis.settings import (
    FILE_NAME,
    KEY_NAME,
    Settings,
    example_toml,
    instance_folder,
    load,
    secret_key,
)


@click.command(
    name="init",
    help=t(
        "Legt an, was fehlt: Ordner, Einstellungen, Schlüssel, Datenbank, Beispiele. "
        "Was da ist, bleibt, wie es ist. Der Ordner ist ./instance oder CRISIS_INSTANCE.",
        "Make what is missing: folder, settings, key, database, examples. "
        "What is there stays as it is. The folder is ./instance or CRISIS_INSTANCE.",
    ),
)
def command() -> None:
    """Prepare the instance and say what was done."""
    instance = instance_folder(os.environ)
    done, settings = prepare(instance)
    if not done:
        done = [t("Es war schon alles da.", "Everything was there already.")]
    for line in done:
        click.echo(line)
    warn(settings)


def prepare(instance: Path) -> tuple[list[str], Settings]:
    """Make what is missing; return what was made, in sentences, and the settings."""
    done = []
    path = instance / FILE_NAME
    if write_once(path, example_toml()):
        done.append(t(f"Einstellungen angelegt: {path}", f"Settings written: {path}"))
        instance.chmod(0o700)  # posts and people's addresses are nobody else's business
    fresh_key = not (instance / KEY_NAME).exists()
    secret_key(instance)
    if fresh_key:
        done.append(t("Schlüssel für Anmeldungen angelegt.", "Key for sign-ins made."))
    settings = load(instance, os.environ)
    done += _fill_database(settings)
    return done, settings


def write_once(path: Path, text: str) -> bool:
    """Write ``text`` to ``path`` unless there is such a file; say whether it was written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        if path.exists():  # from before, or somebody else was faster; a folder is said by load
            return False
        raise SettingsError(
            f"{path} lässt sich nicht anlegen: {error.strerror}.",
            f"{path} cannot be written: {error.strerror}.",
        ) from error
    return True


def _fill_database(settings: Settings) -> list[str]:
    """Create or migrate the database and put the examples into an empty catalogue."""
    from crisis import wiring

    fresh = not settings.database.exists()
    house = wiring.house(settings.instance, os.environ, settings=settings)
    with house.store:
        added = wiring.load_examples(house)
    done = []
    if fresh:
        done.append(t("Datenbank angelegt.", "Database made."))
    if added:
        done.append(
            t(f"Beispiele geladen: {added} Gerüchte.", f"Examples loaded: {added} rumours.")
        )
    return done


def warn(settings: Settings) -> None:
    """Say what works but should not stay so."""
    for warning in settings.warnings:
        sentence = warning.de if language() == "de" else warning.en
        click.echo(t("Achtung: ", "Warning: ") + sentence, err=True)
