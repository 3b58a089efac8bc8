"""Settings of the watcher of the watcher: whom to call when the house itself is ill. Part of ``table``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from crisis.settings.checks import between, mail_address, web_address
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
