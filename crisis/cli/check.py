"""``crisis check``: whether the house itself is alive, on one page; and calling for help when it is not.

Works while monitor, desk or database are dead: it reads what can be read, keeps what it has told in a file of
its own (``guard.json``), and sends past the outbox. Decides nothing: see ``vitals``.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click

from crisis import wiring
from crisis.alerts.outside_letter import outside
from crisis.cli.words import language, t
from crisis.errors import CrisisError
from crisis.settings import Settings, instance_folder, load
from crisis.vitals import Called, Finding, State, call, examine, worst
from crisis.workflows import letterhead

MEMORY = "guard.json"
_SIGNS = {State.WELL: "+", State.WARNING: "!", State.BAD: "x"}
_NAMES = {
    "database": ("Datenbank", "Database"),
    "disk": ("Datenträger", "Disk"),
    "monitor": ("Beobachter", "Monitor"),
    "sources": ("Quellen", "Sources"),
    "posts": ("Beiträge", "Posts"),
    "reach": ("Bereitschaft", "On call"),
    "outbox": ("Postausgang", "Outbox"),
    "selftest": ("Selbsttest", "Self-test"),
    "maintenance": ("Wartung", "Maintenance"),
}

log = logging.getLogger("crisis.guard")


@click.command(
    help=t(
        "Sagt auf einer Seite, ob alles läuft: Beobachter, Quellen, Postausgang, Bereitschaft, Selbsttest."
        " Ende mit 1, wenn Alarme niemanden erreichen könnten. Mit --alarm ruft es dann die Adresse"
        " außerhalb des Hauses zu Hilfe ([watchdog] in den Einstellungen).",
        "Say on one page whether all works: monitor, sources, outbox, people on call, self-test. Exit code"
        " 1 where alerts might reach nobody. With --alarm it then calls the address outside the house for"
        " help ([watchdog] in the settings).",
    )
)
@click.option(
    "--alarm",
    is_flag=True,
    help=t("Zu Hilfe rufen, wenn es nötig ist.", "Call for help where it is needed."),
)
@click.option(
    "--every",
    type=click.IntRange(1, 3600),
    default=None,
    metavar="SECONDS",
    help=t("Immer wieder nachsehen, bis es beendet wird.", "Look again and again until ended."),
)
def command(alarm: bool, every: int | None) -> None:
    """Look, say, perhaps call."""
    instance = instance_folder(os.environ)
    if every is None:
        findings = _once(instance, alarm=alarm, quiet=False)
        raise click.exceptions.Exit(1 if worst(findings) is State.BAD else 0)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(every):
        try:
            _once(instance, alarm=alarm, quiet=True)
        except CrisisError as error:  # settings that do not hold: the guard outlives them
            log.warning("%s", error.say(language()))


def _once(instance: Path, *, alarm: bool, quiet: bool) -> Sequence[Finding]:
    settings = load(instance, os.environ)
    now = wiring.now()
    findings = examine(wiring.vitals(settings, now))
    if not quiet:
        for one in findings:
            name = t(*_NAMES[one.code])
            click.echo(f"{_SIGNS[one.state]} {name:<13} {one.say(language())}")
    if alarm:
        guard(settings, findings, now)
    return findings


def guard(settings: Settings, findings: Sequence[Finding], now: datetime) -> str:
    """Call for help, or say that it is over, where ``vitals`` wants it; says which. Ping while all is well.

    A call that fails is made again at the next look: what was told is kept only once it was.
    """
    before = _remembered(settings.instance / MEMORY)
    what, after = call(before, findings, now)
    if what and settings.watchdog.outside_email:
        try:
            _tell(settings, findings, after, now)
        except CrisisError as error:
            log.warning("%s", error.say(language()))
            after = Called(bad_since=after.bad_since, told=before.told, told_at=before.told_at)
    if after != before:
        _remember(settings.instance / MEMORY, after)
    if worst(findings) is not State.BAD and settings.watchdog.ping_url:
        _ping(settings)
    return what


def _tell(settings: Settings, findings: Sequence[Finding], after: Called, now: datetime) -> None:
    lang = settings.authority.language
    terms = wiring.terms(settings)
    mail = outside(
        to=settings.watchdog.outside_email,
        lang=lang,
        bad=[one.say(lang) for one in findings if one.state is State.BAD],
        since=after.bad_since,
        desk=settings.base_url,
        sender=letterhead.sender(terms),
        now=now,
    )
    for number, way in enumerate(ways := wiring.outside(settings), 1):
        try:
            way.send(mail)
            break
        except CrisisError as error:
            if number == len(ways):
                raise
            log.warning("%s", error.say(language()))
    log.warning("%s", t("Nach draußen gemeldet: ", "Told outside: ") + mail.subject)


def _ping(settings: Settings) -> None:
    try:
        wiring.LazyFetch(settings).fetch(settings.watchdog.ping_url)
    except CrisisError as error:
        log.warning("%s", error.say(language()))


def _remembered(path: Path) -> Called:
    """What was told so far; a file that cannot be read counts as nothing told."""
    try:
        data = json.loads(path.read_text("utf-8"))
        return Called(
            bad_since=_moment(data["bad_since"]),
            told=tuple(str(one) for one in data["told"]),
            told_at=_moment(data["told_at"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Called()


def _remember(path: Path, called: Called) -> None:
    text = json.dumps(
        {
            "bad_since": called.bad_since and called.bad_since.isoformat(),
            "told": called.told,
            "told_at": called.told_at and called.told_at.isoformat(),
        }
    )
    fresh = path.with_suffix(".new")
    try:
        fresh.write_text(text, "utf-8")
        fresh.replace(path)
    except OSError as error:  # a full disk must not silence us; we may tell twice
        log.warning("%s: %s", path.name, error.strerror)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
