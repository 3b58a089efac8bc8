"""A playbook begun in the middle of an incident: the skeleton, filled with what is known. Saves nothing.

What is not known stays as the skeleton's question; nothing is made up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from crisis.playbooks.skeleton import skeleton
from crisis.playbooks.write import quoted
from crisis.types import Rumour


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the incident tells: when it began, how many posts, which places they name."""

    since: datetime
    posts: int
    sources: int
    places: Sequence[str] = ()


def begun(rumour: Rumour, known: Known, *, today: date, zone: tzinfo, contact: str = "") -> str:
    """The text of a new file for this rumour, in its language as far as there is a skeleton."""
    lang = "en" if rumour.lang.startswith("en") else "de"
    german = lang == "de"
    facts = [_line(fact.text) for fact in rumour.facts]
    text = skeleton(
        today=today,
        lang=lang,
        title=facts[0].rstrip(".!") if facts else "",
        claim=_line(rumour.text),
        contact=contact,
    )
    topics = ", ".join(quoted(topic, flow=True) for topic in rumour.topics)
    sources = [_line(fact.source) for fact in rumour.facts if fact.source]
    for old, new in (
        ("geruechte: []" if german else "rumours: []", f"[{quoted(rumour.id, flow=True)}]"),
        ("themen: [anderes]" if german else "topics: [other]", f"[{topics}]" if topics else ""),
    ):
        if new:
            text = text.replace(old, f"{old.partition(':')[0]}: {new}", 1)
    text = _under(text, "## Lage" if german else "## When to use", _situation(known, zone, german))
    why = "### Warum das nicht stimmt" if german else "### Why this is false"
    text = _under(text, why, " ".join(facts[1:]))
    return _listed(text, "quellen:" if german else "sources:", sources)


def _situation(known: Known, zone: tzinfo, german: bool) -> str:
    at = known.since.astimezone(zone)
    places = ", ".join(_line(place) for place in known.places)
    if german:
        about = f" Genannte Orte: {places}." if places else ""
        return (
            f"Erster Beitrag am {at:%d.%m.%Y}, {at:%H:%M} Uhr; bis jetzt {known.posts} Beiträge aus"
            f" {known.sources} Quellen.{about}"
        )
    about = f" Places named: {places}." if places else ""
    return (
        f"First post on {at:%d/%m/%Y}, {at:%H:%M}; so far {known.posts} posts from {known.sources}"
        f" sources.{about}"
    )


def _under(text: str, heading: str, said: str) -> str:
    """``said`` before what the skeleton asks there, which stays to be answered."""
    return text.replace(f"{heading}\n\n", f"{heading}\n\n{said}\n\n", 1) if said else text


def _listed(text: str, field: str, items: Sequence[str]) -> str:
    if not items:
        return text
    head, found, rest = text.partition(f"\n{field}\n")
    if not found:
        return text
    after = rest.partition("\n")[2]  # without the skeleton's own line
    lines = "".join(f"  - {quoted(item)}\n" for item in items)
    return f"{head}{found}{lines}{after}"


def _line(text: str) -> str:
    """One line that cannot open a blank, a heading or a list."""
    plain = text.replace("{", "(").replace("}", ")").replace("<", "‹").replace(">", "›")
    plain = "".join(sign if sign.isprintable() else " " for sign in plain)
    return " ".join(plain.split()).lstrip("#-*>+ ")
