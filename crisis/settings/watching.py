"""Settings of the watcher of the watcher: whom to call when the house itself is ill. Part of ``table``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from crisis.settings.checks import between, mail_address, one_of, web_address
from crisis.settings.field import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchdog:
    """Who is told when nobody would be. docs/operate/watchdog.md says how."""

    outside_email: str = setting(
        "",
        "Adresse außerhalb des Hauses, die erfährt, wenn Beobachter oder Mailversand stehen.",
        "An address outside the house that learns when monitor or mail delivery stand still.",
        mail_address,
    )
    outside_host: str = setting(
        "",
        "Zweiter Mailserver, nur für diese Adresse: am besten einer außerhalb des Hauses. Leer: derselbe wie"
        " für alles; dann hilft sie nicht, wenn gerade er steht.",
        "A second mail server, for this address only: best one outside the house. Empty: the same as for"
        " everything; then it is no help where that is what stands still.",
    )
    outside_port: int = setting(
        587,
        "587 für starttls, 465 für tls.",
        "587 for starttls, 465 for tls.",
        partial(between, 1, 65535),
    )
    outside_security: str = setting(
        "starttls",
        '"starttls", "tls" oder "none"; "none" nur im eigenen Netz.',
        '"starttls", "tls" or "none"; "none" only inside your own network.',
        partial(one_of, ("starttls", "tls", "none")),
    )
    outside_user: str = setting("", "Leer: ohne Anmeldung.", "Empty: no sign-in.")
    outside_password_file: str = setting(
        "",
        "Datei mit dem Kennwort, damit es nicht hier steht.",
        "File with the password, so that it is not here.",
    )
    outside_sender: str = setting(
        "",
        "Absender auf dem zweiten Mailserver; leer: derselbe wie für alles.",
        "Sender at the second mail server; empty: the same as for everything.",
        mail_address,
    )
    ping_url: str = setting(
        "",
        "Wird jede Minute aufgerufen, solange alles gut ist; bleibt der Ruf aus, schlägt der Dienst Alarm.",
        "Called every minute while all is well; once the call stays away, that service raises the alarm.",
        web_address,
    )
    self_test_email: str = setting(
        "",
        "Dorthin geht täglich eine Mail auf dem Weg der Alarme, die jemand bestätigen muss. Leer: keine.",
        "A mail goes there daily on the way of alerts, which somebody must confirm. Empty: none.",
        mail_address,
    )
    self_test_hour: int = setting(
        8,
        "Ab wie viel Uhr der Selbsttest verschickt wird.",
        "From which hour on the self-test is sent.",
        partial(between, 0, 23),
    )
    answer_minutes: int = setting(
        120,
        "So lange darf die Bestätigung auf sich warten lassen.",
        "How long the confirmation may take.",
        partial(between, 5, 1_440),
    )
