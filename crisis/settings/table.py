"""Every setting, once: its default, why it is there, and what it may be.

The settings file, the example and the reference page are made from this and cannot drift apart.
Reads nothing: see ``reading``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from crisis.settings import channels as outlets
from crisis.settings.checks import (
    Words,
    between,
    filled,
    iso_date,
    mail_address,
    one_of,
    origins,
    web_address,
    zone,
)
from crisis.settings.colour import own_colour
from crisis.settings.duty import (
    Alerts,
    Drills,
    Learning,
    Playbooks,
    Release,
    Retention,
    Rota,
    Targets,
)
from crisis.settings.field import setting
from crisis.settings.inbox import Inbox
from crisis.settings.watching import Watchdog

__all__ = [
    "SECTIONS",
    "Accessibility",
    "Alerts",
    "Authority",
    "Desk",
    "Inbox",
    "Learning",
    "Mail",
    "Matching",
    "Monitor",
    "Playbooks",
    "Public",
    "Release",
    "Retention",
    "Settings",
    "Targets",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who speaks here."""

    name: str = setting(
        "Musterstadt",
        "So heißt die Behörde in Mails und auf Seiten.",
        "In mails and on pages.",
        filled,
    )
    short_name: str = setting(
        "",
        "Kurzname für Betreffzeilen; leer: der volle Name.",
        "For subject lines; empty: the name.",
    )
    language: str = setting(
        "de",
        'Sprache der Seiten, solange niemand eine andere wählt: "de" oder "en".',
        'Language of pages until somebody chooses: "de" or "en".',
        partial(one_of, ("de", "en")),
    )
    timezone: str = setting(
        "Europe/Berlin", "In dieser Zeitzone werden Zeiten gezeigt.", "Times are shown in it.", zone
    )
    contact_email: str = setting(
        "",
        "Kontakt unter Richtigstellungen; leer: keiner.",
        "Contact below corrections; empty: none.",
        mail_address,
    )
    contact_phone: str = setting(
        "", "Bürgertelefon unter Richtigstellungen.", "Citizens' phone below corrections."
    )
    public_url: str = setting(
        "",
        "So erreichen Menschen diese Seite; leer: http://host:port. Steht in Mails und Feeds.",
        "How people reach this site; empty: http://host:port. Goes into mails and feeds.",
        web_address,
    )
    imprint_url: str = setting(
        "", "Adresse des Impressums; für öffentliche Seiten Pflicht.", "Legal notice.", web_address
    )
    logo: str = setting(
        "",
        "Ihr Zeichen oben links: eine PNG- oder SVG-Datei in diesem Ordner; leer: das des Programms.",
        "Your sign at the top left: a PNG or SVG file in this folder; empty: the program's own.",
    )
    colour: str = setting(
        "",
        'Ihre Farbe für Knöpfe, Verweise und den Streifen oben, zum Beispiel "#1a3f8f"; leer: KERN-Blau. '
        "Sie muss auf hellem Grund zu lesen sein.",
        'Your colour for buttons, links and the stripe at the top, such as "#1a3f8f"; empty: KERN\'s '
        "blue. It must be readable on a light ground.",
        partial(own_colour, False),
    )
    colour_dark: str = setting(
        "",
        "Dieselbe für dunkle Ansicht; leer: eine hellere Stufe, die zu lesen ist.",
        "The same for dark mode; empty: a lighter shade that can be read.",
        partial(own_colour, True),
    )
    privacy_url: str = setting(
        "", "Adresse der Datenschutzerklärung.", "Privacy statement.", web_address
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Public:
    """The citizens' pages. docs/operate/public.md explains it."""

    embed_hosts: tuple[str, ...] = setting(
        (),
        'Websites, die unsere Klarstellungen in einem Rahmen zeigen dürfen ("https://www.stadt.de").',
        'Websites that may show our corrections in a frame ("https://www.town.example").',
        origins,
    )
    websub_hub: str = setting(
        "",
        "WebSub-Verteiler, der Abonnenten sofort Bescheid gibt; leer: keiner.",
        "A WebSub hub that tells subscribers at once; empty: none.",
        web_address,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessibility:
    """What the statement of accessibility says. docs/operate/accessibility.md explains it."""

    assessed_on: str = setting(
        "",
        "Tag Ihrer letzten eigenen Prüfung (2026-11-23); leer: nur die des Herstellers wird genannt.",
        "Day of your own last check (2026-11-23); empty: only the maker's is named.",
        iso_date,
    )
    known_barriers: tuple[str, ...] = setting(
        (),
        "Barrieren, die Sie kennen, je ein Satz; sie stehen in der Erklärung.",
        "Barriers you know of, a sentence each; the statement lists them.",
    )
    enforcement_name: str = setting(
        "",
        "Schlichtungs- oder Durchsetzungsstelle, die für Sie zuständig ist; sie gehört in die Erklärung.",
        "The body people may turn to if you do not remove a barrier; it belongs into the statement.",
    )
    enforcement_url: str = setting(
        "", "Adresse dieser Stelle.", "That body's address.", web_address
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The web server of the desk."""

    host: str = setting(
        "127.0.0.1",
        "Nur dieser Rechner; nach außen gehört ein Webserver mit TLS davor.",
        "This machine only; put a web server with TLS in front for others.",
        filled,
    )
    port: int = setting(
        8000, "Auch: PORT=8001 make run.", "Also: PORT=8001 make run.", partial(between, 1, 65535)
    )
    session_hours: int = setting(
        12,
        "So lange gilt eine Anmeldung ohne Tätigkeit: eine Schicht.",
        "How long an idle sign-in lasts: one shift.",
        partial(between, 1, 720),
    )
    workers: int = setting(
        2, "Prozesse; einer je Kern genügt.", "Processes; one per core.", partial(between, 1, 64)
    )
    threads: int = setting(
        4,
        "Gleichzeitige Anfragen je Prozess.",
        "Requests at once per process.",
        partial(between, 1, 64),
    )
    trusted_proxies: int = setting(
        0,
        "Wie viele Webserver davor stehen; nur deren X-Forwarded-Angaben gelten.",
        "How many web servers stand in front; only their X-Forwarded headers count.",
        partial(between, 0, 5),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """The mail server that alerts leave by."""

    host: str = setting(
        "",
        "Leer: es geht keine Mail hinaus, alle liegen in instance/outbox.",
        "Empty: no mail leaves, all lie in instance/outbox.",
    )
    port: int = setting(
        587,
        "587 für starttls, 465 für tls.",
        "587 for starttls, 465 for tls.",
        partial(between, 1, 65535),
    )
    security: str = setting(
        "starttls",
        '"starttls", "tls" oder "none"; "none" nur im eigenen Netz.',
        '"starttls", "tls" or "none"; "none" only inside your own network.',
        partial(one_of, ("starttls", "tls", "none")),
    )
    user: str = setting("", "Leer: ohne Anmeldung.", "Empty: no sign-in.")
    password_file: str = setting(
        "",
        "Datei mit dem Kennwort, damit es nicht hier steht.",
        "File with the password, so that it is not here.",
    )
    sender: str = setting("", "Absender aller Mails.", "Sender of all mails.", mail_address)
    dkim_key_file: str = setting(
        "",
        "Schlüssel, mit dem Mails signiert werden (DKIM); leer: nicht. „crisis mail dkim“ macht ihn.",
        "Key that signs mails (DKIM); empty: none does. “crisis mail dkim” makes it.",
    )
    dkim_selector: str = setting(
        "klarstellung",
        "Unter diesem Namen steht der Schlüssel im DNS.",
        "The name under which the key stands in the DNS.",
        filled,
    )
    timeout_seconds: int = setting(
        20,
        "Danach gilt der Mailserver als nicht erreichbar; es wird wieder versucht.",
        "After that the mail server counts as unreachable; it is tried again.",
        partial(between, 1, 300),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """How sources are asked."""

    interval_seconds: int = setting(
        300,
        "So oft wird eine neue Quelle gefragt; öfter als jede Minute gilt als unhöflich.",
        "How often a new source is asked; more than once a minute is impolite.",
        partial(between, 10, 86_400),
    )
    timeout_seconds: int = setting(
        20,
        "So lange darf eine Quelle für ihre ganze Antwort brauchen.",
        "How long a source may take for its whole answer.",
        partial(between, 1, 300),
    )
    max_bytes: int = setting(
        5_000_000,
        "Größere Antworten werden abgelehnt; Feeds sind selten über 1 MB.",
        "Larger answers are refused; feeds are rarely above 1 MB.",
        partial(between, 10_000, 100_000_000),
    )
    allowed_hosts: tuple[str, ...] = setting(
        (),
        "Rechner im eigenen Netz, die doch gefragt werden dürfen, etwa das Intranet.",
        "Hosts on private networks that may be asked all the same, such as the intranet.",
    )
    places: tuple[str, ...] = setting(
        (),
        "Ortsteile und Orte, die in Beiträgen erkannt werden, etwa Nordstadt; danach lässt sich ordnen.",
        "Districts and places to be recognised in posts, such as Nordstadt; posts can be sorted by them.",
    )
    user_agent_contact: str = setting(
        "",
        "Wer hier abruft: Adresse oder E-Mail für die Betreiber der Quellen.",
        "Who is fetching: address or e-mail for those who run the sources.",
    )
    pushed_per_minute: int = setting(
        60_000,
        "So viele Beiträge darf ein anderes Programm in einer Minute übergeben.",
        "How many posts another program may hand in within a minute.",
        partial(between, 1, 10_000_000),
    )
    step_seconds: int = setting(
        2,
        "So lange ruht der Beobachter zwischen zwei Runden.",
        "How long the monitor rests between two rounds.",
        partial(between, 1, 60),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Where the two bands begin, and whether meaning counts beside words."""

    encoder: str = setting(
        "auto",
        "Sprachmodell, das auch den Sinn vergleicht: „auto“ (das mitinstallierte, falls vorhanden), "
        "„none“ oder ein Ordner mit einem eigenen (sentence-transformers oder ONNX).",
        "Language model that compares meaning as well: “auto” (the one that was installed along, if "
        "any), “none”, or a folder with one of your own (sentence-transformers or ONNX).",
    )
    raise_at: float | None = setting(
        None,
        "Ab hier entsteht ein Vorfall (0 bis 1); sonst der Wert des Modells. Der Arbeitsplatz geht vor.",
        "From here an incident opens (0 to 1); else the model's own. The desk's choice goes first.",
        partial(between, 0, 1),
    )
    suggest_at: float | None = setting(
        None,
        "Ab hier entscheidet ein Mensch; sonst der Wert des Modells. Der Arbeitsplatz geht vor.",
        "From here a person decides; else the model's own. The desk's choice goes first.",
        partial(between, 0, 1),
    )
    false_alarms_per_week: int = setting(
        2,
        "So viele falsche Meldungen in der Woche sind zu verkraften; daraus wird vorgeschlagen.",
        "How many false alarms a week are bearable; proposals are made from it.",
        partial(between, 0, 10_000),
    )
    suggestions_per_day: int = setting(
        20,
        "So viele Vorschläge am Tag schafft Ihre Bereitschaft; daraus wird vorgeschlagen.",
        "How many suggestions a day your duty officers manage; proposals are made from it.",
        partial(between, 0, 10_000),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of it, and the folder it was read for."""

    instance: Path
    authority: Authority = field(default_factory=Authority)
    accessibility: Accessibility = field(default_factory=Accessibility)
    public: Public = field(default_factory=Public)
    desk: Desk = field(default_factory=Desk)
    mail: Mail = field(default_factory=Mail)
    inbox: Inbox = field(default_factory=Inbox)
    monitor: Monitor = field(default_factory=Monitor)
    matching: Matching = field(default_factory=Matching)
    learning: Learning = field(default_factory=Learning)
    alerts: Alerts = field(default_factory=Alerts)
    rota: Rota = field(default_factory=Rota)
    drills: Drills = field(default_factory=Drills)
    watchdog: Watchdog = field(default_factory=Watchdog)
    targets: Targets = field(default_factory=Targets)
    retention: Retention = field(default_factory=Retention)
    release: Release = field(default_factory=Release)
    playbooks: Playbooks = field(default_factory=Playbooks)
    channels: outlets.Channels = field(default_factory=outlets.Channels)
    channels_mastodon: outlets.Mastodon = field(default_factory=outlets.Mastodon)
    channels_bluesky: outlets.Bluesky = field(default_factory=outlets.Bluesky)
    channels_press: outlets.Press = field(default_factory=outlets.Press)
    channels_webhook: outlets.Webhook = field(default_factory=outlets.Webhook)
    mail_password: str = field(default="", repr=False)
    dkim_key: str = field(default="", repr=False)  # PEM
    inbox_password: str = field(default="", repr=False)
    outside_password: str = field(default="", repr=False)
    channel_secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # by channel
    warnings: tuple[Words, ...] = ()

    def section(self, name: str) -> Any:
        """The section of this name: "mail", "channels.mastodon"."""
        return getattr(self, name.replace(".", "_"))

    @property
    def database(self) -> Path:
        """The one file that holds everything."""
        return self.instance / "crisis.db"

    @property
    def base_url(self) -> str:
        """How people reach the desk, without a slash at the end: for links in mails and feeds."""
        return self.authority.public_url.rstrip("/") or self.local_url

    @property
    def local_url(self) -> str:
        """How this machine reaches the desk, without a slash at the end."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.desk.host, self.desk.host)  # noqa: S104
        return (
            f"http://[{host}]:{self.desk.port}"
            if ":" in host
            else f"http://{host}:{self.desk.port}"
        )

    @property
    def dkim_key_file(self) -> Path | None:
        """The file with the key that signs mails; an absolute one wins over the instance folder."""
        named = self.mail.dkim_key_file
        return self.instance / named if named else None

    @property
    def outbox(self) -> Path:
        """Where mails lie while there is no mail server."""
        return self.instance / "outbox"

    @property
    def playbook_folder(self) -> Path:
        """Where authors write. Relative settings count from the instance folder's parent."""
        if self.playbooks.folder:
            return self.instance.parent / self.playbooks.folder  # an absolute one wins
        beside = Path(__file__).resolve().parents[2] / "playbooks"
        return beside if beside.is_dir() else self.instance / "playbooks"


SECTIONS: dict[str, type[Any]] = {
    "authority": Authority,
    "accessibility": Accessibility,
    "public": Public,
    "desk": Desk,
    "mail": Mail,
    "inbox": Inbox,
    "monitor": Monitor,
    "matching": Matching,
    "learning": Learning,
    "alerts": Alerts,
    "rota": Rota,
    "drills": Drills,
    "watchdog": Watchdog,
    "targets": Targets,
    "retention": Retention,
    "release": Release,
    "playbooks": Playbooks,
    "channels": outlets.Channels,
    "channels.mastodon": outlets.Mastodon,
    "channels.bluesky": outlets.Bluesky,
    "channels.press": outlets.Press,
    "channels.webhook": outlets.Webhook,
}
