"""Settings of what comes of what was found: learning from verdicts, alerts, targets, release, playbooks, and
how long things stay. Part of ``table``; reads nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from crisis.oncall.holidays import STATES as _STATES
from crisis.settings.checks import (
    between,
    mail_address,
    one_of,
)
from crisis.settings.field import setting

STATES = tuple(_STATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Learning:
    """Learning from what people said of matches. docs/operate/learning.md says how."""

    enabled: bool = setting(
        True,
        "Aus Urteilen lernen und ein besseres Modell von selbst übernehmen.",
        "Learn from verdicts and take a better model into use by itself.",
    )
    interval_days: int = setting(
        7,
        "So viele Tage liegen mindestens zwischen zwei Versuchen; gelernt wird nachts.",
        "At least so many days lie between two attempts; learning happens at night.",
        partial(between, 1, 365),
    )
    at_least: int = setting(
        50,
        "So viele neue Urteile braucht es für einen Versuch.",
        "How many new verdicts an attempt needs.",
        partial(between, 1, 100_000),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """Telling the person on call."""

    escalate_after_minutes: int = setting(
        10,
        "Quittiert bis dahin niemand, wird die Nächste gerufen.",
        "If nobody acknowledges by then, the next person is called.",
        partial(between, 1, 1440),
    )
    link_hours: int = setting(
        24,
        "So lange gilt der Knopf in einer Alarm-Mail.",
        "How long the button of an alert mail works.",
        partial(between, 1, 168),
    )
    remind_minutes: int = setting(
        30,
        "Übernommen, und so lange geschieht nichts: dann wird nachgefragt. 0: nie.",
        "Taken, and nothing happens for so long: then the holder is asked. 0: never.",
        partial(between, 0, 10_080),
    )
    hand_back_minutes: int = setting(
        60,
        "Dann gehört der Vorfall wieder niemandem, und die nächste Person wird gerufen. 0: nie.",
        "Then the incident is nobody's again, and the next person is called. 0: never.",
        partial(between, 0, 10_080),
    )
    together_from: int = setting(
        3,
        "So viele Mails zu Vorfällen, die zugleich an eine Person warten, gehen als eine.",
        "So many mails about incidents that wait for one person at the same time go as one.",
        partial(between, 2, 100),
    )
    most_mails: int = setting(
        5,
        "So viele in zehn Minuten an eine Person; was dringend ist, geht immer sofort.",
        "So many within ten minutes to one person; what is urgent always goes at once.",
        partial(between, 1, 1_000),
    )
    catch_all_email: str = setting(
        "",
        "Hierhin, wenn niemand Bereitschaft hat.",
        "Goes here when nobody is on call.",
        mail_address,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota:
    """Planning who is on call. docs/operate/rota.md explains it."""

    federal_state: str = setting(
        "",
        "Bundesland, dessen Feiertage im Dienstplan gelten, z. B. „NW“; leer: nur bundesweite.",
        "Federal state whose public holidays count in the rota, e.g. “NW”; empty: nationwide ones only.",
        partial(one_of, STATES),
    )
    warn_hours: int = setting(
        48,
        "So viele Stunden vorher warnt eine Mail, dass niemand Bereitschaft haben wird; 0: nie.",
        "So many hours before a mail warns that nobody will be on call; 0: never.",
        partial(between, 0, 720),
    )
    handover_mails: str = setting(
        "open",
        "Mail beim Wechsel der Bereitschaft: „open“ (nur wenn etwas offen ist), „always“ (immer, auch"
        " „nichts offen“) oder „never“ (nie). Die Seite der Übergabe entsteht jedes Mal.",
        "Mail when the person on call changes: “open” (only if anything is open), “always” (also “nothing"
        " is open”) or “never”. The page of the handover is made each time.",
        partial(one_of, ("open", "always", "never")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Drills:
    """Drills of the team. docs/operate/drills.md explains them."""

    remind_days: int = setting(
        180,
        "So viele Tage darf die letzte Übung des Teams her sein, dann wird erinnert; 0: nie.",
        "So many days may have passed since the team's last drill before a reminder; 0: never.",
        partial(between, 0, 3650),
    )
    responsible_email: str = setting(
        "",
        "Wer daran erinnert wird; leer: die Verwaltung.",
        "Who is reminded; empty: the administrators.",
        mail_address,
    )


MINUTES = partial(between, 0, 100_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What the authority wants to be able to do, as medians. docs/operate/figures.md says more."""

    detection_minutes: int = setting(
        30,
        "Vom ersten Beitrag bis zum Vorfall. Bei allen Zielen: 0 heißt kein Ziel.",
        "From the first post to the incident. For all targets: 0 means none.",
        MINUTES,
    )
    alert_minutes: int = setting(
        2,
        "Vom Vorfall, bis der Mailserver den Alarm angenommen hat.",
        "From the incident until the mail server has accepted the alert.",
        MINUTES,
    )
    acknowledgement_minutes: int = setting(
        10,
        "Vom Vorfall, bis jemand übernommen hat.",
        "From the incident until somebody has taken it.",
        MINUTES,
    )
    answer_minutes: int = setting(
        60,
        "Vom Vorfall bis zur ersten veröffentlichten Antwort.",
        "From the incident to the first published answer.",
        MINUTES,
    )
    correction_minutes: int = setting(
        90,
        "Vom ersten Beitrag bis zur Richtigstellung: so lange war das Gerücht allein unterwegs.",
        "From the first post to the correction: how long the rumour went round alone.",
        MINUTES,
    )


DAYS = partial(between, 1, 36_500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long things are kept. docs/operate/privacy.md says why."""

    seen_days: int = setting(
        30,
        "Prüfsummen gesehener Beiträge ohne Treffer; länger als Feeds alte Beiträge zeigen.",
        "Hashes of posts that matched nothing; longer than feeds repeat old posts.",
        DAYS,
    )
    posts_days: int = setting(
        90,
        "Text und Verfasser von Beiträgen in beendeten Vorfällen.",
        "Text and author of posts in incidents that ended.",
        DAYS,
    )
    outbox_days: int = setting(30, "Verschickte Mails.", "Mails that were sent.", DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Four eyes, and what holds when there is only one pair. docs/operate/emergency.md explains it."""

    emergency: bool = setting(
        False,
        "Ob eine Person im Notfall allein freigeben darf; alle mit der Rolle Freigabe erfahren es sofort.",
        "Whether one person may release alone in an emergency; all approvers are told at once.",
    )
    review_hours: int = setting(
        12,
        "So viele Stunden später muss spätestens eine zweite Person nachgesehen haben.",
        "So many hours later a second person must have looked.",
        partial(between, 1, 168),
    )
    two_approvals_from: str = setting(
        "high",
        "Ab diesem Risiko müssen zwei Personen eine Vorlage freigeben: „low“ (jede), „normal“, „high“"
        " oder „never“ (nie).",
        "From this risk on two people must approve a playbook: “low” (each), “normal”, “high” or"
        " “never”.",
        partial(one_of, ("low", "normal", "high", "never")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbooks:
    """Where prepared answers lie."""

    folder: str = setting(
        "",
        "Ordner der Vorlagen; leer: playbooks/ neben dem Programm.",
        "Folder of the playbooks; empty: playbooks/ beside the program.",
    )
    git: bool = setting(
        False,
        "Jede am Bildschirm gespeicherte Vorlage wird ein Commit im Namen dessen, der sie geschrieben hat."
        " Der Ordner wird dafür ein Git-Repository, wenn er noch keines ist.",
        "Every playbook saved on the desk becomes a commit in its author's name. The folder becomes a git"
        " repository for that if it is none yet.",
    )
    expiring_soon_days: int = setting(
        30,
        "So viele Tage vor Ablauf oder Prüfdatum einer Vorlage wird per Mail erinnert, noch einmal 7 Tage"
        " und 1 Tag davor; 0: nie.",
        "So many days before a playbook ends or should be read again a mail reminds of it, and again 7"
        " days and 1 day before; 0: never.",
        partial(between, 0, 365),
    )
