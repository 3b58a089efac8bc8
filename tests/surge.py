"""A wave for tests and pictures: three hours of posts, many of them copies, from three sources and places."""

from __future__ import annotations

from datetime import timedelta

from builders import NOON, source
from people import TownHall

from crisis.types import Incident, Sighting, Stance, Verdict

TEXTS = (
    (
        "Leute, das Trinkwasser in Nordstadt ist vergiftet! Bitte teilen, bevor es gelöscht wird!!",
        "de",
    ),
    ("Weiß jemand, ob das mit dem Trinkwasser in der Südstadt stimmt? Es riecht nach Chlor.", "de"),
    ("Meine Nachbarin arbeitet beim Amt: Trinkwasser in Nordstadt nicht mehr trinken!", "de"),
    ("Nordstadt'ta Trinkwasser zehirli diyorlar, lütfen paylaşın, kimse söylemiyor bize!", "tr"),
    (
        "Die Stadt sagt, am Trinkwasser in Nordstadt ist nichts dran: alles geprüft, Falschmeldung.",
        "de",
    ),
)
LONG = " ".join(
    f"Absatz {number}: Ich habe heute lange mit Leuten aus dem Haus gesprochen, und alle sagen etwas anderes."
    for number in range(9)
)


def wave(hall: TownHall, posts: int = 90) -> Incident:
    """So many posts within three hours before noon; most in the second hour."""
    with hall.store.transaction():
        others = [
            hall.store.sources.add(source(url=f"http://feed.example/{name}", name=name, added=NOON))
            for name in ("Nachbarschaft Süd", "Lokalblatt")
        ]
    sources = [hall.source.id, hall.source.id, *(one.id for one in others)]
    begin = NOON - timedelta(hours=3)
    incident = None
    for number in range(posts):
        share = number / posts
        hall.now = begin + timedelta(minutes=round(180 * (share if share < 0.2 else share**0.6)))
        kind = (0, 0, 1, 0, 2, 0, 3, 0, 0, 4)[number % 10]
        text, lang = TEXTS[kind]
        stance = (Stance.SPREADS, Stance.ASKS, Stance.SPREADS, Stance.SPREADS, Stance.CORRECTS)[
            kind
        ]
        text = text if number % 3 else f"RT @person{number}: {text} https://kurz.example/{number}"
        if number == posts - 4:
            text = f"Trinkwasser: {LONG}"
        incident = (
            hall.sees(
                text,
                source_id=sources[number % 4],
                lang=lang,
                stance=stance,
                place="" if number % 5 == 4 else ("Nordstadt", "Südstadt")[kind == 1],
                reach=None if number % 4 else 40 * number + 7,
                edited=number == posts - 2,
            )
            or incident
        )
    hall.now = NOON
    assert incident is not None
    return incident


def judged(hall: TownHall, incident: Incident) -> None:
    """Ana has said something of three of them."""
    assert hall.ana.person is not None
    found: list[Sighting] = hall.store.sightings.of_incident(incident.id, limit=30)
    with hall.store.transaction():
        for number, verdict in (
            (7, Verdict.FITS),
            (4, Verdict.CORRECTS),
            (3, Verdict.DOES_NOT_FIT),
        ):
            hall.store.judgements.give(
                incident.id, [found[number].id], verdict, hall.ana.person.id, hall.now
            )
