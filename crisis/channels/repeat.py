"""A promised update without news, as every channel gets it: that the answer still holds, when, and when next.

Pure. Only the time is new in it; the words are those that were approved.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from crisis.channels.plan import Going, Outlet, Piece, payload, shortened
from crisis.playbooks.blanks import fill, fill_plain
from crisis.playbooks.render import to_text
from crisis.types import Response


def repeated(
    outlet: Outlet, response: Response, going: Going, now: datetime, following: datetime | None
) -> list[Piece]:
    """One post, one mail a reader, or one call. ``following``: when the next update is promised."""
    network, link = outlet.network, going.link(response)
    title = fill_plain(response.title, response.values)
    more: dict[str, Any] = {"title": title, "lang": response.lang, "link": link}
    head = holds(response.lang, now, going.zone)
    foot = next_line(response.lang, following, going.zone)
    shown = link if network.link else ""
    text = "\n\n".join(part for part in (f"{head}: {title}", foot, shown) if part)
    if outlet.code == "webhook":
        said = payload(response, link, "confirmed")
        said["confirmed_at"] = now.isoformat()
        said["next_at"] = following.isoformat() if following else None
        return [Piece(text=text, more=more | {"payload": said})]
    if network.mail:
        whole = next((t for c in network.texts if (t := response.texts.get(c, "")).strip()), "")
        body = to_text(fill(whole, response.values))
        text = "\n\n".join(part for part in (f"{head}.", foot, body, link) if part)
        more["subject"] = f"{head}: {title}"
        return [Piece(text=text, more=more | {"to": address}) for address in outlet.readers]
    return [Piece(text=shortened(text, shown, outlet.limit, network), more=more)]


def holds(lang: str, now: datetime, zone: tzinfo) -> str:
    """ "Stand 23.11.2026, 06:20 Uhr, unverändert"."""
    local = now.astimezone(zone)
    if lang.startswith("de"):
        return f"Stand {local:%d.%m.%Y}, {local:%H:%M} Uhr, unverändert"
    return f"As of {local:%d/%m/%Y, %H:%M}, unchanged"


def next_line(lang: str, following: datetime | None, zone: tzinfo) -> str:
    """When people hear again; "" where nothing more is promised."""
    if following is None:
        return ""
    local = following.astimezone(zone)
    if lang.startswith("de"):
        return f"Nächste Meldung: {local:%d.%m.%Y}, {local:%H:%M} Uhr."
    return f"Next update: {local:%d/%m/%Y, %H:%M}."
