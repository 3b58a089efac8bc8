"""The words of the made-up town: places, rumours by topic, what people write around them, and answers.

Only words; ``making`` puts them together. ``{ort}`` is a place, ``{zeit}`` when it is said to have been.
"""

from __future__ import annotations

from typing import NamedTuple

PLACES = (
    *("Nordstadt", "Südstadt", "Altstadt", "Neustadt", "Weststadt", "Oststadt", "Bahnhofsviertel"),
    *(
        "Hafenviertel",
        "Mühlenau",
        "Lindenhof",
        "Rosenthal",
        "Birkenfeld",
        "Erlengrund",
        "Ulmenpark",
    ),
    *(
        "Eichholz",
        "Buchenrain",
        "Weidenau",
        "Kirchberg",
        "Klosterhof",
        "Schlossgarten",
        "Marktplatz",
    ),
    *(
        "Rathausviertel",
        "Kaiserfeld",
        "Königsau",
        "Burgweiler",
        "Steinbruch",
        "Sandheide",
        "Moorwiese",
    ),
    *("Seeufer", "Uferstraße", "Lindenstraße", "Goethestraße", "Schillerplatz", "Gartenstadt"),
    *(
        "Industriepark",
        "Gewerbegebiet Ost",
        "Gewerbegebiet West",
        "Universitätsviertel",
        "Klinikum",
    ),
    *("Stadion", "Messegelände", "Zoo", "Hauptbahnhof", "Busbahnhof", "Wochenmarkt", "Freibad"),
    *("Hallenbad", "Grundschule Mitte", "Realschule Nord", "Gymnasium am See", "Kita Sonnenblume"),
    *("Obere Vorstadt", "Untere Vorstadt", "Talgrund", "Bergheim", "Waldsiedlung", "Wiesental"),
    *("Auwald", "Hochfeld", "Tiefenbach", "Bruckmühle", "Kreuzweg", "Ringstraße", "Brunnengasse"),
)
TIMES = (
    *(
        "seit heute früh",
        "seit gestern",
        "seit dem Wochenende",
        "seit dem Gewitter",
        "seit der Nacht",
    ),
    *(
        "nach dem Stromausfall",
        "nach dem Rohrbruch",
        "nach dem Brand",
        "nach dem Fest",
        "ab morgen",
    ),
    *("ab Montag", "ab nächster Woche", "in den Ferien", "über Weihnachten", "bis auf Weiteres"),
)


class Topic(NamedTuple):
    """What a group of rumours is about. ``claims`` are (word to mark, sentence)."""

    name: str
    claims: tuple[tuple[str, str], ...]
    fact: str
    source: str


TOPICS = (
    Topic(
        "trinkwasser",
        (
            ("Trinkwasser", "Das Trinkwasser in {ort} ist {zeit} verunreinigt."),
            ("Leitungswasser", "Das Leitungswasser in {ort} darf {zeit} nicht getrunken werden."),
            ("Chlor", "Die Stadt schüttet in {ort} {zeit} heimlich Chlor ins Wasser."),
            ("Wasser", "In {ort} wird {zeit} das Wasser abgestellt."),
        ),
        "Das Labor hat in {ort} Proben genommen: keine Auffälligkeit.",
        "Stadtwerke Musterstadt",
    ),
    Topic(
        "strom",
        (
            ("Strom", "In {ort} wird {zeit} der Strom abgeschaltet."),
            ("Blackout", "Für {ort} ist {zeit} ein Blackout geplant."),
            ("Umspannwerk", "Das Umspannwerk bei {ort} ist {zeit} ausgebrannt."),
            ("Notstrom", "Das Notstromaggregat in {ort} ist {zeit} kaputt."),
        ),
        "In {ort} ist keine Abschaltung geplant; das Netz läuft.",
        "Netzgesellschaft Musterstadt",
    ),
    Topic(
        "schule",
        (
            ("Schule", "Die Schule in {ort} bleibt {zeit} geschlossen."),
            ("Schulbus", "Der Schulbus nach {ort} fährt {zeit} nicht mehr."),
            ("Prüfungen", "Die Prüfungen in {ort} fallen {zeit} aus."),
            ("Schulessen", "Vom Schulessen in {ort} sind {zeit} Kinder krank geworden."),
        ),
        "Der Unterricht in {ort} findet statt wie geplant.",
        "Schulamt Musterstadt",
    ),
    Topic(
        "verkehr",
        (
            ("Brücke", "Die Brücke bei {ort} ist {zeit} einsturzgefährdet."),
            ("gesperrt", "Die Straße durch {ort} ist {zeit} gesperrt."),
            ("Blitzer", "In {ort} stehen {zeit} zwanzig neue Blitzer."),
            ("Parken", "Parken kostet in {ort} {zeit} zehn Euro am Tag."),
        ),
        "Die Prüfung bei {ort} ergab keine Schäden; die Straße ist frei.",
        "Tiefbauamt Musterstadt",
    ),
    Topic(
        "gesundheit",
        (
            ("Krankenhaus", "Das Krankenhaus in {ort} nimmt {zeit} niemanden mehr auf."),
            ("Masern", "In {ort} sind {zeit} die Masern ausgebrochen."),
            ("Impfung", "Die Impfung ist in {ort} {zeit} Pflicht."),
            ("Salmonellen", "Auf dem Fest in {ort} gab es {zeit} Salmonellen."),
        ),
        "Das Gesundheitsamt kennt aus {ort} keinen solchen Fall.",
        "Gesundheitsamt Musterstadt",
    ),
    Topic(
        "feuer",
        (
            ("Rauch", "Der Rauch über {ort} ist {zeit} giftig."),
            ("Explosion", "In {ort} gab es {zeit} eine Explosion mit vielen Verletzten."),
            ("Feuerwehr", "Die Feuerwehr rückt nach {ort} {zeit} nicht mehr aus."),
            ("Chemie", "In {ort} ist {zeit} ein Chemielager in Brand geraten."),
        ),
        "Die Messungen in {ort} lagen durchweg unter den Grenzwerten.",
        "Feuerwehr Musterstadt",
    ),
    Topic(
        "wahl",
        (
            ("Wahllokal", "Das Wahllokal in {ort} ist {zeit} geschlossen."),
            ("Stimmzettel", "In {ort} wurden {zeit} Stimmzettel weggeworfen."),
            ("Briefwahl", "Die Briefwahl in {ort} zählt {zeit} nicht."),
            ("Wahlhelfer", "Die Wahlhelfer in {ort} sind {zeit} alle aus einer Partei."),
        ),
        "Das Wahllokal in {ort} ist offen; jede Stimme wird öffentlich gezählt.",
        "Wahlamt Musterstadt",
    ),
    Topic(
        "hochwasser",
        (
            ("Damm", "Der Damm bei {ort} ist {zeit} gebrochen."),
            ("Hochwasser", "Ganz {ort} steht {zeit} unter Wasser."),
            ("Evakuierung", "{ort} wird {zeit} evakuiert."),
            ("Sandsäcke", "In {ort} gibt es {zeit} keine Sandsäcke mehr."),
        ),
        "Der Damm bei {ort} hält; er wird rund um die Uhr beobachtet.",
        "Wasserwirtschaftsamt",
    ),
    Topic(
        "sicherheit",
        (
            ("Einbrecher", "In {ort} gehen {zeit} Einbrecher als Handwerker um."),
            ("Kinder", "In {ort} spricht {zeit} jemand Kinder aus einem weißen Wagen an."),
            ("Giftköder", "In {ort} liegen {zeit} überall Giftköder."),
            ("Polizei", "Die Polizei verschweigt {zeit} einen Überfall in {ort}."),
        ),
        "Der Polizei liegt aus {ort} keine solche Meldung vor.",
        "Polizeiinspektion Musterstadt",
    ),
    Topic(
        "verwaltung",
        (
            ("Bürgerbüro", "Das Bürgerbüro in {ort} wird {zeit} für immer geschlossen."),
            ("Müll", "Der Müll wird in {ort} {zeit} nicht mehr abgeholt."),
            ("Grundsteuer", "Die Grundsteuer in {ort} wird {zeit} verdoppelt."),
            ("Turnhalle", "Die Turnhalle in {ort} wird {zeit} zur Unterkunft."),
        ),
        "Der Stadtrat hat zu {ort} nichts dergleichen beschlossen.",
        "Stadtverwaltung Musterstadt",
    ),
)
# What stands around a claim. {satz} is the claim, {wort} its main word, {ort} the place.
SPREADS = (
    "Leute, {satz} Bitte teilen!",
    "{satz} Hat mir gerade meine Nachbarin erzählt.",
    "Achtung!!! {satz}",
    "Kein Witz: {satz} Passt auf euch auf.",
    "{satz} Und in der Zeitung steht natürlich kein Wort davon.",
    "Weitergeleitet: {satz}",
    "Mein Schwager arbeitet dort und sagt: {satz}",
    "{satz} 😡",
    "Wusstet ihr das schon? {satz}",
    "Habe es selbst gesehen. {satz} Schickt das an alle in {ort}.",
    "{satz} Warum warnt uns niemand?",
    "Unbedingt lesen, bevor es gelöscht wird: {satz}",
)
ASKS = (
    "Stimmt das? {satz}",
    "Weiß jemand etwas über {wort} in {ort}? Man hört so einiges.",
    "In der Gruppe heißt es: {satz} Ist da etwas dran?",
    "Frage für meine Mutter: {satz} Wirklich?",
)
CORRECTS = (
    "Stimmt nicht: {satz} Die Stadt hat das längst richtiggestellt.",
    "Bitte nicht weiterschicken: „{satz}“ ist eine Falschmeldung.",
    "Habe angerufen. Das mit {wort} in {ort} ist Unsinn.",
)
NOTES = (
    "Mit {source} telefoniert: Es ist nichts bekannt, sie prüfen noch einmal.",
    "Rückruf von {source} bis 15 Uhr versprochen.",
    "Pressestelle weiß Bescheid, Text geht gleich hinaus.",
    "Derselbe Text kam schon im Frühjahr vorbei.",
    "In {ort} fragt eine Lokalzeitung nach; an die Pressestelle verwiesen.",
)
CLOSED = (
    "Seit der Richtigstellung kam nichts mehr dazu.",
    "Hat sich beruhigt; die Antwort wurde oft geteilt.",
    "Alter Beitrag, der neu aufkam. Beim nächsten Mal früher antworten.",
    "Erledigt, {source} hat selbst geantwortet.",
)
DISMISSED = (
    "Es geht um eine andere Stadt.",
    "Satire, als solche erkennbar.",
    "Zwei Beiträge von derselben Person, niemand greift es auf.",
)
SOURCES = (
    *("Stadtgespräch", "Nordstadt-Forum", "Lokalanzeiger", "Elternrunde", "Pendlergruppe"),
    *("Nachbarschaft Lindenhof", "Musterstadt aktuell", "Vereinsblatt", "Marktplatz-Chat"),
    *("Radio Mühlenau", "Seeufer-Blog", "Bürgerstimme"),
)
PEOPLE = ("Kim Albers", "Toni Brandt", "Robin Claasen", "Sascha Dorn", "Mika Ebers", "Jona Falk")
PLAYBOOK = """---
titel: Eine Falschmeldung richtigstellen
sprache: de
geruechte: []
themen: []
zielgruppe: Alle
kanaele: [website, kurz]
verantwortlich: Pressestelle
gueltig_bis: 2035-12-31
---

## Lage

Beispiel für einen gefüllten Arbeitsplatz.

## Schritte

1. Anrufen und fragen.

## Antwort: website

### Fakt

Was stimmt.

## Antwort: kurz

Was stimmt.
"""
