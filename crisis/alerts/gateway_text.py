"""What a gateway is told: a short text of at most 160 characters, the payload, and a template filled with it.

Pure; sends nothing (``channels.gateway``). The short text keeps to letters that one SMS of 160 takes
(GSM 03.38): a single other letter would halve it. What strangers wrote can neither break out of JSON nor
add a header: every value is escaped for the place it goes to.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from crisis.alerts import quote, wording
from crisis.alerts.draft import t
from crisis.errors import InvalidInputError
from crisis.types import Gateway, Incident, Request, Ring, Rumour, Severity

LONGEST = 160  # characters of one SMS
TEST, SEVERAL, TAKEN = "test", "several", "taken"
FIELDS = ("text", "title", "link", "to", "name", "event", "severity", "incident", "id", "posts")
METHODS = ("POST", "PUT")
KINDS = ("application/json", "application/x-www-form-urlencoded", "text/plain")
_BLANK = re.compile(r"\{(\w+)\}")
# GSM 03.38 without what counts twice there.
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_LIKE = str.maketrans(
    {"„": '"', "“": '"', "”": '"', "‚": "'", "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."}
    | {"[": "(", "]": ")", "{": "(", "}": ")", "€": "EUR", "\u00a0": " ", "ẞ": "SS"}
)


def gsm(text: str) -> str:
    """The text in letters that an SMS takes as one: what has no like becomes its base letter or "?"."""
    found = []
    for letter in " ".join(text.translate(_LIKE).split()):
        if letter in _GSM:
            found.append(letter)
        else:
            base = unicodedata.normalize("NFKD", letter)[:1]
            found.append(base if base in _GSM else "?")
    return "".join(found)


def short_text(title: str, link: str, *, longest: int = LONGEST) -> str:
    """Title and link in at most ``longest`` characters; the title gives way, never the link."""
    room = longest - len(link) - 1
    said = gsm(title)
    if len(said) > room:
        said = said[: max(room - 2, 0)].rstrip() + ".."
    return f"{said} {link}" if room > 8 else gsm(title)[:longest]


def headline(event: str, incident: Incident, rumour: Rumour, lang: str) -> str:
    """What the message is about, the urgent word first."""
    name = quote.line(rumour.title or rumour.text, 120)
    level = wording.severity(incident.severity, lang)
    loud = level.upper() if incident.severity is Severity.URGENT else level.capitalize()
    drill = t(lang, "ÜBUNG ", "EXERCISE ") if incident.drill else ""
    if event == "still":
        return drill + t(lang, f"Noch offen: {name}", f"Still open: {name}")
    if event == TAKEN:
        return drill + t(
            lang, f"Erledigt, nichts zu tun: {name}", f"Settled, nothing to do: {name}"
        )
    return f"{drill}{loud}: {name}"


def payload(
    *,
    event: str,
    title: str,
    link: str,
    name: str,
    address: str,
    incident: Incident | None = None,
    posts: int = 0,
    count: int = 0,
) -> dict[str, Any]:
    """The fields that a template may use and that the signed JSON holds."""
    return {
        "event": event,
        "title": title,
        "text": short_text(title, link),
        "link": link,
        "name": name,
        "to": address,
        "severity": "" if incident is None else incident.severity.name.lower(),
        "incident": 0 if incident is None else incident.id,
        "posts": posts,
        "count": count,
    }


def request(gateway: Gateway, ring: Ring) -> Request:
    """What goes over the wire for this message."""
    said = {**ring.payload, "id": ring.key}
    if gateway.body:
        body = _filled(gateway.body, said, gateway.content_type)
        kind = gateway.content_type
    else:
        body, kind = json.dumps(said, ensure_ascii=False, sort_keys=True), "application/json"
    return Request(
        method=gateway.method,
        url=_filled(gateway.url, said, "url"),
        headers=gateway.headers,
        content_type=kind
        if kind == "application/x-www-form-urlencoded"
        else f"{kind}; charset=utf-8",
        body=body.encode(),
        key=ring.key,
        secret=gateway.secret,
    )


def problem(gateway: Gateway) -> tuple[str, str] | None:
    """What cannot be right about a gateway, German and English; None if nothing is."""
    parts = urlsplit(gateway.url)
    if parts.scheme not in ("http", "https") or not parts.hostname or "{" in parts.netloc:
        return (
            "Die Adresse muss mit https:// beginnen und einen festen Rechnernamen haben.",
            "The address must begin with https:// and have a fixed host name.",
        )
    if parts.username or parts.password:
        return (
            "Kennwörter gehören nicht in die Adresse, sondern in das Feld Geheimnis.",
            "Passwords do not belong into the address but into the field for the secret.",
        )
    if gateway.method not in METHODS or gateway.content_type not in KINDS:
        return "Diese Art der Übergabe gibt es nicht.", "There is no such way of handing over."
    for line in gateway.headers:
        name, colon, value = line.partition(":")
        if not colon or not re.fullmatch(r"[A-Za-z0-9-]+", name) or not value.strip().isprintable():
            return (
                f"„{line}“ ist keine Kopfzeile der Form „Name: Wert“.",
                f"“{line}” is no header of the form “Name: value”.",
            )
    return _unknown(gateway) or _broken(gateway)


def _unknown(gateway: Gateway) -> tuple[str, str] | None:
    known = ", ".join(f"{{{name}}}" for name in FIELDS)
    for text in (gateway.url, gateway.body):
        for name in _BLANK.findall(text):
            if name not in FIELDS:
                return (
                    f"{{{name}}} gibt es nicht. Möglich sind {known}.",
                    f"There is no {{{name}}}. Possible are {known}.",
                )
    return None


def _broken(gateway: Gateway) -> tuple[str, str] | None:
    if not gateway.body or gateway.content_type != "application/json":
        return None
    try:
        json.loads(_filled(gateway.body, dict.fromkeys(FIELDS, 'x"ä'), gateway.content_type))
    except (ValueError, InvalidInputError):
        de = "Die Vorlage ergibt ausgefüllt kein gültiges JSON. Text steht in Anführungszeichen."
        en = "Filled in, the template is no valid JSON. Text stands in quotation marks."
        return de, en
    return None


def _filled(template: str, said: Mapping[str, Any], place: str) -> str:
    return _BLANK.sub(lambda found: _escaped(str(said.get(found[1], "")), place), template)


def _escaped(value: str, place: str) -> str:
    if place == "application/json":
        return json.dumps(value, ensure_ascii=False)[1:-1]
    if place in ("url", "application/x-www-form-urlencoded"):
        return percent(value, safe="")
    return value
