"""``crisis run``: desk and monitor, started and kept running by one command.

Knows which commands to run and what to tell a newcomer; how processes are kept is ``supervise``.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Mapping
from functools import partial

import click

from crisis.cli.init import prepare, warn
from crisis.cli.supervise import Child, say, supervise
from crisis.cli.words import t
from crisis.errors import CrisisError, SettingsError
from crisis.settings import Settings, instance_folder


@click.command(
    name="run",
    help=t(
        "Startet den Arbeitsplatz im Browser und den Beobachter und hält beide am Laufen, "
        "bis Strg-C sie beendet. Ein anderer Port: PORT=8001.",
        "Start the desk in the browser and the monitor, and keep both running until Ctrl-C ends "
        "them. Another port: PORT=8001.",
    ),
)
def command() -> None:
    """Prepare, see that the port is free, then supervise."""
    instance = instance_folder(os.environ)
    done, settings = prepare(instance)
    for line in done:
        say(line)
    warn(settings)
    host, port = settings.desk.host, settings.desk.port
    check_port(host, port)
    environ = {**os.environ, "CRISIS_INSTANCE": str(instance), "PYTHONUNBUFFERED": "1"}
    say(t("Arbeitsplatz und Beobachter starten …", "Starting desk and monitor …"))
    supervise(
        children(settings, environ),
        ready=partial(answers, host, port),
        on_ready=partial(welcome, settings),
    )
    say(t("Beendet.", "Ended."))


def children(settings: Settings, environ: Mapping[str, str]) -> list[Child]:
    """The processes of an installation: two, and the guard where somebody is to be called for help."""
    crisis = (sys.executable, "-m", "crisis")
    found = [
        Child(t("Arbeitsplatz", "Desk"), desk_command(settings), environ),
        Child(t("Beobachter", "Monitor"), (*crisis, "watch"), environ),
    ]
    if settings.watchdog.outside_email or settings.watchdog.ping_url:
        guard = (*crisis, "check", "--alarm", "--every", "60")
        found.append(Child(t("Wache", "Guard"), guard, environ))
    return found


def desk_command(settings: Settings) -> tuple[str, ...]:
    """How gunicorn is called. The factory, not ``wsgi.py``, so that an installed wheel runs too."""
    desk = settings.desk
    host = f"[{desk.host}]" if ":" in desk.host else desk.host
    return (
        sys.executable,
        *("-m", "gunicorn", "crisis.desk:create_app()"),
        *("--bind", f"{host}:{desk.port}"),
        *("--worker-class", "gthread"),
        *("--workers", str(desk.workers), "--threads", str(desk.threads)),
        *("--graceful-timeout", "3"),
        "--no-control-socket",
        *("--log-level", "warning"),
    )


def check_port(host: str, port: int) -> None:
    """Raise SettingsError, which says what to do, where the desk could not listen."""
    try:
        with _listener(host, port):
            return
    except socket.gaierror as error:
        raise SettingsError(
            f'Die Adresse "{host}" ist unbekannt; [desk] host in den Einstellungen.',
            f'The address "{host}" is unknown; see [desk] host in the settings.',
        ) from error
    except OSError as error:
        raise no_port(host, port, error) from error


def _listener(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        # As gunicorn does: what a server that just ended left behind does not count.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def no_port(host: str, port: int, error: OSError) -> CrisisError:
    """Why the desk cannot listen there, and what to do."""
    other = port + 1 if port < 65535 else 8000
    if error.errno == errno.EADDRINUSE:
        return SettingsError(
            f"Port {port} ist schon vergeben, vielleicht läuft Klarstellung bereits. "
            f"Einen anderen nehmen: PORT={other} make run",
            f"Port {port} is taken; perhaps Klarstellung runs already. "
            f"Choose another: PORT={other} make run",
        )
    if error.errno == errno.EACCES:
        return SettingsError(
            f"Port {port} ist dem Systemverwalter vorbehalten. "
            "Einen ab 1024 nehmen: PORT=8000 make run",
            f"Port {port} is reserved for the administrator. "
            "Choose one from 1024 on: PORT=8000 make run",
        )
    return SettingsError(
        f"Unter {host}, Port {port}, lässt sich nichts anbieten: {error.strerror}.",
        f"Cannot listen on {host}, port {port}: {error.strerror}.",
    )


def answers(host: str, port: int) -> bool:
    """Whether the desk takes connections."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    try:
        with socket.create_connection((target, port), timeout=1):
            return True
    except OSError:
        return False


def welcome(settings: Settings) -> None:
    """Say where to go, and how the first administrator gets in."""
    from crisis import wiring

    with wiring.open_store(settings) as store:
        link = wiring.setup_link(store, settings, wiring.now())
    lines = [t("Klarstellung läuft: ", "Klarstellung is running: ") + settings.base_url]
    if link is not None:
        invitation = t(
            "Noch hat niemand ein Konto. Einmaliger Link für die erste Verwaltung:",
            "Nobody has an account yet. One-time link for the first administrator:",
        )
        lines += [invitation, link]
    lines.append(t("Beenden: Strg-C", "To end: Ctrl-C"))
    say("\n" + "\n".join(f"  {line}" for line in lines) + "\n")
