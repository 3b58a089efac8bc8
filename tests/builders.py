"""What tests are made of: nouns with everything filled in but what the test is about."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from crisis import scope
from crisis.types import (
    Band,
    Incident,
    Match,
    Person,
    Playbook,
    Post,
    Role,
    Rumour,
    Sighting,
    Source,
    SourceKind,
    Stance,
)

# Whoever takes something new in a test has gone through its checklist, unless that is the test.
FEED_IN_SCOPE = frozenset(one.code for one in scope.of_source(SourceKind.FEED))
RUMOUR_IN_SCOPE = frozenset(one.code for one in scope.RUMOUR)
TICKED = {"pruefung": sorted(FEED_IN_SCOPE | RUMOUR_IN_SCOPE | {"no-name", "consent"})}

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

PLAYBOOK = """---
titel: "Das Trinkwasser ist in Ordnung"
sprache: de
geruechte: [wasser]
themen: [trinkwasser]
zielgruppe: Alle
kanaele: [website, kurz]
verantwortlich: Pressestelle
gueltig_bis: 2027-12-31
platzhalter:
  - name: naechste_info
    hinweis: Wann kommt die nächste Meldung?
    beispiel: heute um 18 Uhr
---
## Lage

Nach einem Rohrbruch heißt es, das Wasser sei vergiftet.

## Schritte

1. Beim Labor anrufen.

## Antwort: website

### Fakt

Das Wasser ist geprüft und in Ordnung.

### Achtung, Falschmeldung

Im Netz steht, es sei vergiftet.

### Warum das nicht stimmt

Das Labor hat um 9 Uhr Proben untersucht.

### Fakt noch einmal

Sie können das Wasser trinken.

### Nächste Information

Wir melden uns {{ naechste_info }}.

## Antwort: kurz

Das Wasser ist in Ordnung. Nächste Meldung: {{ naechste_info }}.
"""


def source(**changes: Any) -> Source:
    return replace(
        Source(url="http://feed.example/rss", name="Stadtgespräch", lang="de"), **changes
    )


def post(**changes: Any) -> Post:
    return replace(
        Post(source_id=1, key="k1", text="#wasser Das Wasser ist vergiftet!", seen=NOON, lang="de"),
        **changes,
    )


def rumour(**changes: Any) -> Rumour:
    return replace(
        Rumour(
            id="wasser",
            text="Das Trinkwasser ist vergiftet.",
            title="Trinkwasser vergiftet",
            lang="de",
            topics=("trinkwasser",),
        ),
        **changes,
    )


def match(**changes: Any) -> Match:
    return replace(
        Match(rumour_id="wasser", score=0.93, band=Band.RAISE, phrasing="Das Wasser ist vergiftet"),
        **changes,
    )


def sighting(**changes: Any) -> Sighting:
    return replace(Sighting(post=post(id=1), match=match(), found=NOON), **changes)


def incident(**changes: Any) -> Incident:
    return replace(Incident(rumour_id="wasser", opened=NOON, updated=NOON), **changes)


def person(name: str = "Ana", *roles: Role, **changes: Any) -> Person:
    return replace(
        Person(name=name, email=f"{name.lower()}@stadt.example", roles=frozenset(roles)), **changes
    )


def playbook(text: str = PLAYBOOK, name: str = "trinkwasser") -> Playbook:
    from crisis.playbooks.parse import parse

    return parse(name, text)


def corrects() -> Stance:
    return Stance.CORRECTS


def drawn(form: str = "PNG", size: tuple[int, int] = (200, 100), **how: Any) -> bytes:
    """A picture's bytes."""
    from io import BytesIO

    from PIL import Image

    kept = BytesIO()
    Image.new("RGB", size, how.pop("colour", "teal")).save(kept, form, **how)
    return kept.getvalue()


def pictured(picture: bytes, alt: str = "Der Wasserturm von Norden") -> Playbook:
    """A playbook with one picture, tied to its bytes as the folder does it."""
    sha256 = hashlib.sha256(picture).hexdigest()
    head = f"bilder:\n  - datei: bilder/turm.png\n    alternativtext: {alt}\n"
    head += f"pruefsummen: [bilder/turm.png {sha256}]\n---\n## Lage"
    return playbook(PLAYBOOK.replace("---\n## Lage", head))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
