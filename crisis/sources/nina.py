"""NINA, the warnings of the Bundesamt für Bevölkerungsschutz (BBK), for one district. Pure.

Asked is the dashboard of a district (``…/api31/dashboard/091620000000.json``: only active warnings), then
each warning that is new in it (``…/api31/warnings/<id>.json``). The key is an Amtlicher Regionalschlüssel
whose last seven digits are 0; warnings for single municipalities stand in their district's dashboard.
What stands there is described at https://github.com/bundesAPI/nina-api.
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlsplit

from crisis.errors import FeedError
from crisis.sources import warned
from crisis.sources.charset import decode
from crisis.sources.dates import from_iso
from crisis.sources.markup import line
from crisis.types import Bulletin, FeedContent, Lead, OfficialWarning

SERVER = "https://warnung.bund.de/api31"
MOST = 200  # warnings of one dashboard; in the worst weeks there were dozens
_DASHBOARD = re.compile(r"(https?://[^/]+(?:/[\w.-]+)*)/dashboard/(\d{12})\.json")
_KEY = re.compile(r"\d{5}(?:\d{3}|\d{4}|\d{7})?")
_SENDERS = {
    "MOWAS": "MoWaS",
    "DWD": "Deutscher Wetterdienst",
    "LHP": "Länderübergreifendes Hochwasserportal",
    "POLICE": "Polizei",
}


def dashboard(typed: str) -> str:
    """The address of a district's dashboard, from its key (5, 8, 9 or 12 digits) or address; "" if none."""
    text = typed.strip()
    key = "".join(text.split())
    if _KEY.fullmatch(key):
        return f"{SERVER}/dashboard/{key[:5]}0000000.json"
    found = _DASHBOARD.fullmatch(text)
    return f"{found[1]}/dashboard/{found[2][:5]}0000000.json" if found else ""


def district(url: str) -> str:
    """The five digits of a dashboard's district."""
    found = _DASHBOARD.fullmatch(url)
    return found[2][:5] if found else ""


def read(body: bytes, *, url: str = "") -> FeedContent:
    """A dashboard, or one warning of it. Raises FeedError for anything else."""
    text, _ = decode(body, "application/json")
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise _none() from error
    if isinstance(data, list):
        return FeedContent(bulletin=_list(data, url))
    if isinstance(data, dict) and "identifier" in data and "info" in data:
        return FeedContent(bulletin=_one(data, url))
    raise _none()


def _list(items: list[Any], url: str) -> Bulletin:
    found = _DASHBOARD.fullmatch(url)
    base = found[1] if found else SERVER
    leads, missed = [], 0
    for item in items[:MOST]:
        if not isinstance(item, dict) or not _text(item.get("id")):
            missed += 1
            continue
        stub = _stub(item, url)
        if stub is not None:
            version = sha256(json.dumps(item, sort_keys=True).encode()).hexdigest()[:16]
            address = f"{base}/warnings/{quote(_text(item['id']), safe='')}.json"
            leads.append(Lead(mark=version, url=address, stub=stub))
    return Bulletin(leads=tuple(leads), whole=not missed, missed=missed)


def _stub(item: dict[str, Any], url: str) -> OfficialWarning | None:
    """What the dashboard says of a warning; None for an all-clear."""
    payload = _dict(item.get("payload"))
    data = _dict(payload.get("data"))
    kinds = {_text(data.get("msgType")).lower(), _text(payload.get("type")).lower()}
    if kinds & warned.CALLED_OFF:
        return None
    title = _dict(item.get("i18nTitle"))
    german = _text(title.get("de")) or _text(data.get("headline"))
    provider = _text(data.get("provider")).upper()
    return OfficialWarning(
        key=_text(item["id"])[: warned.LONGEST_KEY],
        event=warned.event("", german or _text(title.get("en"))),
        lang="de" if german else "en",
        sender=_SENDERS.get(provider, line(provider, warned.LONGEST_NAME)),
        gravity=warned.gravity(_text(data.get("severity"))),
        url=_page(_text(item["id"]), url),
        sent=from_iso(item.get("sent")),
        onset=from_iso(item.get("onset")),
        expires=from_iso(item.get("expires")),
    )


def _one(data: dict[str, Any], url: str) -> Bulletin:
    """One warning at length: none where it is a test, an exercise, for a closed circle, or called off."""
    key = _text(data.get("identifier"))[: warned.LONGEST_KEY]
    infos = [one for one in _items(data.get("info")) if isinstance(one, dict)]
    sent_for_all = (_text(data.get("status")), _text(data.get("scope"))) == warned.SENT_FOR_ALL
    called_off = _text(data.get("msgType")).lower() in warned.CALLED_OFF
    if not key or not infos or not sent_for_all or called_off:
        return Bulletin(ended=(key,) if key else ())
    infos.sort(key=lambda one: warned.preference(_text(one.get("language"))))
    best = infos[0]
    warning = OfficialWarning(
        key=key,
        event=warned.event(_text(best.get("event")), _text(best.get("headline"))),
        lang=warned.lang(_text(best.get("language"))),
        sender=line(
            _text(best.get("senderName")) or _parameter(best, "sender_langname"),
            warned.LONGEST_NAME,
        ),
        gravity=warned.gravity(_text(best.get("severity"))),
        url=_page(key, url),
        sent=from_iso(data.get("sent")),
        onset=from_iso(best.get("onset")),
        expires=from_iso(best.get("expires")),
    )
    return Bulletin(warnings=(warning,))


def _page(key: str, url: str) -> str:
    """Where people read the warning."""
    parts = urlsplit(url or SERVER)
    return f"{parts.scheme}://{parts.netloc}/meldungen/{quote(key, safe='')}"


def _parameter(info: dict[str, Any], name: str) -> str:
    for one in _items(info.get("parameter")):
        if isinstance(one, dict) and one.get("valueName") == name:
            return _text(one.get("value"))
    return ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _none() -> FeedError:
    return FeedError(
        "Das ist keine Antwort von NINA. Gefragt wird das Dashboard eines Kreises, etwa 09162.",
        "This is no answer of NINA. Asked is the dashboard of a district, such as 09162.",
    )
