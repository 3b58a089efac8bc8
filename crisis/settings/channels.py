"""The settings of channels: where answers go besides the website. Part of ``table``; reads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from crisis.settings.checks import between, known, mail_address, one_of, web_address
from crisis.settings.field import setting

AUTOMATIC = ("mastodon", "bluesky", "press", "partners", "webhook")
BY_HAND = ("facebook", "instagram", "x", "whatsapp", "telegram", "nextdoor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """What all channels have in common."""

    by_hand: tuple[str, ...] = setting(
        (),
        "Kanäle, auf denen ein Mensch veröffentlicht und abhakt: facebook, instagram, x, whatsapp, "
        "telegram, nextdoor.",
        "Channels where a person posts and ticks off: facebook, instagram, x, whatsapp, telegram, "
        "nextdoor.",
        partial(known, BY_HAND),
    )
    not_ticked: tuple[str, ...] = setting(
        (),
        "Kanäle, die bei der Freigabe ohne Häkchen erscheinen; alle anderen haben eines.",
        "Channels that appear without a tick at the release; all others have one.",
        partial(known, (*AUTOMATIC, *BY_HAND)),
    )
    picture: bool = setting(
        True,
        "Auf Mastodon und Bluesky geht das Teilbild der Richtigstellung mit, mit Beschreibung.",
        "On Mastodon and Bluesky the correction's share picture goes along, with its description.",
    )
    allowed_hosts: tuple[str, ...] = setting(
        (),
        "Rechner im eigenen Netz, denen Antworten geschickt werden dürfen, auch ohne TLS.",
        "Hosts on private networks that answers may be sent to, also without TLS.",
    )
    timeout_seconds: int = setting(
        15,
        "So lange darf ein Kanal für eine Anfrage brauchen; danach wird es wieder versucht.",
        "How long a channel may take for a request; then it is tried again.",
        partial(between, 1, 60),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mastodon:
    """A Mastodon account."""

    server: str = setting(
        "",
        "Adresse des Servers, zum Beispiel https://social.bund.de; leer: kein Mastodon.",
        "The server's address, such as https://social.bund.de; empty: no Mastodon.",
        web_address,
    )
    token_file: str = setting(
        "",
        "Datei mit dem Zugangsschlüssel (read, write:statuses, write:media).",
        "File with the access token (read, write:statuses, write:media).",
    )
    visibility: str = setting(
        "public",
        '"public" für alle, "unlisted" ohne öffentliche Zeitleisten, "private" nur für Folgende.',
        '"public", "unlisted" (not in public timelines) or "private" (followers only).',
        partial(one_of, ("public", "unlisted", "private")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bluesky:
    """A Bluesky account."""

    handle: str = setting(
        "",
        "Name des Kontos, zum Beispiel musterstadt.de; leer: kein Bluesky.",
        "The account's handle, such as musterstadt.de; empty: no Bluesky.",
    )
    password_file: str = setting("", "Datei mit dem App-Passwort.", "File with the app password.")
    server: str = setting(
        "https://bsky.social", "Server des Kontos.", "The account's server.", web_address
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Mails to press and partners. They leave by the mail server of [mail]."""

    enabled: bool = setting(
        False,
        "Antworten gehen an die bestätigten Adressen der Verteiler für Presse und Partner.",
        "Answers go to the confirmed addresses of the lists of press and partners.",
    )
    sender: str = setting(
        "",
        "Absender dieser Mails; leer: der aus [mail].",
        "Sender of these mails; empty: the one of [mail].",
        mail_address,
    )
    reply_to: str = setting(
        "",
        "Antworten der Presse gehen hierhin; leer: an den Absender.",
        "Where the press replies; empty: the sender.",
        mail_address,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A call to another program."""

    url: str = setting(
        "",
        "Adresse, die bei jeder Antwort angerufen wird; leer: keine.",
        "Address that is called with every answer; empty: none.",
        web_address,
    )
    secret_file: str = setting(
        "",
        "Datei mit dem gemeinsamen Geheimnis, mit dem unterschrieben wird.",
        "File with the shared secret that calls are signed with.",
    )
