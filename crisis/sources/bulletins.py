"""Bulletins as plain data and back, as they go through the pipe of the reading process. Pure."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from crisis.types import Bulletin, Gravity, Lead, OfficialWarning

_MOMENTS = ("sent", "onset", "expires")


def plain(bulletin: Bulletin | None) -> dict[str, Any] | None:
    """What JSON can carry."""
    if bulletin is None:
        return None
    return {
        **asdict(bulletin),
        "warnings": [_plain(one) for one in bulletin.warnings],
        "leads": [
            {"mark": lead.mark, "url": lead.url, "stub": _plain(lead.stub) if lead.stub else None}
            for lead in bulletin.leads
        ],
    }


def made(row: dict[str, Any] | None) -> Bulletin | None:
    """The bulletin that was made plain."""
    if row is None:
        return None
    return Bulletin(
        warnings=tuple(_made(one) for one in row["warnings"]),
        ended=tuple(row["ended"]),
        standing=tuple(row["standing"]),
        whole=row["whole"],
        leads=tuple(
            Lead(
                mark=lead["mark"],
                url=lead["url"],
                stub=_made(lead["stub"]) if lead["stub"] else None,
            )
            for lead in row["leads"]
        ),
        missed=row["missed"],
    )


def _plain(warning: OfficialWarning) -> dict[str, Any]:
    row = asdict(warning)
    for name in _MOMENTS:
        row[name] = row[name].isoformat() if row[name] else None
    return row


def _made(row: dict[str, Any]) -> OfficialWarning:
    moments = {name: datetime.fromisoformat(row[name]) if row[name] else None for name in _MOMENTS}
    return OfficialWarning(**{**row, **moments, "gravity": Gravity(row["gravity"])})
