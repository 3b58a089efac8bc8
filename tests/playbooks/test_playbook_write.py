"""Parse, write, parse gives the same playbook; and the new parts are read as they were meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.playbooks.limits import CHANNELS
from crisis.playbooks.parse import parse
from crisis.playbooks.parts import checks, correction, points, questions
from crisis.playbooks.write import quoted, write
from crisis.types import (
    BlankKind,
    Picture,
    Placeholder,
    Playbook,
    PlaybookCheck,
    QuestionAnswer,
    Risk,
)

FULL = """---
titel: Der Damm hält
sprache: de
geruechte: [damm-bricht]
themen: [hochwasser]
kanaele: [website, kurz, faden, einfache sprache]
verantwortlich: Pressestelle
kontakt: presse@stadt.example
risiko: hoch
gueltig_bis: 2027-12-31
pruefen_bis: 30.06.2027
platzhalter:
  - name: pegel
    typ: zahl
    pruefung: mindestens 0, höchstens 20
    hinweis: Pegel in Metern
    beispiel: 4,2
  - name: stufe
    auswahl: [gelb, rot]
bilder:
  - datei: bilder/karte.png
    alternativtext: Karte des Damms
    quelle: Stadt
  - bilder/pegel.jpg
quellen:
  - Deichverband
---

## Lage

Es heißt, der Damm sei gebrochen.

## Wann nicht

Wenn er gebrochen **ist**.

## Vorher prüfen

- [ ] Deichwache anrufen: *Hält* der Damm?
- [x] Pegel ablesen
  und aufschreiben
- [ ] Pegel ablesen und aufschreiben

## Schritte

1. Ausfüllen.

## Erste Meldung

Wir prüfen das. Nächste Meldung: {{ naechste_info: zeitpunkt(zukunft) }}.

## Erste Meldung: kurz

Wir prüfen das.

## Antwort: Website

### Fakt
Der Damm hält. Pegel: {{ pegel }} m, Stufe {{ stufe }}.

## Antwort: kurz

Der Damm hält. Mehr {{ naechste_info }}.

## Antwort: Faden

Erster.

---

Zweiter.

## Antwort: einfache Sprache

Der Damm hält.

## Fragen und Antworten

### Kann ich zu Hause bleiben?

Ja. {{ naechste_info }}

### Wer misst?

Der Verband.

## Unbequeme Fragen

### Warum wurde *nicht* gewarnt?

Weil keine Gefahr bestand.
"""


def test_every_part_is_read() -> None:
    made = parse("damm", FULL)
    assert made.risk is Risk.HIGH
    assert made.review_by == date(2027, 6, 30)
    assert made.contact == "presse@stadt.example"
    assert [(p.name, p.kind, p.least, p.most) for p in made.placeholders] == [
        ("pegel", BlankKind.NUMBER, 0, 20),
        ("stufe", BlankKind.CHOICE, None, None),
        ("naechste_info", BlankKind.DATETIME, None, None),
    ]
    assert made.placeholders[1].choices == ("gelb", "rot")
    assert made.placeholders[2].tense == "future"
    assert made.pictures == (
        Picture(file="bilder/karte.png", alt="Karte des Damms", source="Stadt"),
        Picture(file="bilder/pegel.jpg"),
    )
    assert made.not_when == "Wenn er gebrochen **ist**."
    assert [check.text for check in made.checks] == [
        "Deichwache anrufen: Hält der Damm?",
        "Pegel ablesen und aufschreiben",
    ]
    assert list(made.holding) == ["website", "short"]
    assert list(made.answers) == ["website", "short", "thread", "plain"]
    assert (
        "{{ pegel: number(min 0, max 20) }} m, Stufe {{ stufe: choice(gelb, rot) }}"
        in (made.answers["website"])
    )
    assert "{{ naechste_info: datetime(future) }}" in made.answers["short"]
    assert [(q.question, q.uncomfortable) for q in made.questions] == [
        ("Kann ich zu Hause bleiben?", False),
        ("Wer misst?", False),
        ("Warum wurde nicht gewarnt?", True),
    ]
    assert made.questions[0].answer == "Ja. {{ naechste_info: datetime(future) }}"


def same(made: Playbook) -> Playbook:
    """Without what is of the text itself."""
    return replace(made, text="", sha256="")


def test_writing_a_playbook_and_reading_it_gives_the_same() -> None:
    made = parse("damm", FULL)
    again = parse("damm", write(made))
    assert same(again) == same(made)
    assert write(again) == write(made)
    english = replace(made, lang="en")
    assert same(parse("damm", write(english))) == same(english)
    assert "## Check first" in write(english)


words = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp")),
    min_size=1,
    max_size=40,
).map(lambda text: " ".join(text.split()))
some_words = words.filter(bool)
lines = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp")), max_size=40
).filter(lambda line: not line.lstrip().startswith(("#", "```", "~~~", "{{")) and "{" not in line)
texts = (
    st.lists(lines, min_size=1, max_size=4)
    .map("\n".join)
    .map(lambda text: text.strip("\n").rstrip())
    .filter(lambda text: bool(text.strip()) and bool(text.split("\n")[0].strip()))
)
names = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True).filter(
    lambda name: name not in ("block", "baustein", "include")
)
kinds = st.one_of(
    st.builds(dict, kind=st.sampled_from([BlankKind.PHONE, BlankKind.TIME, BlankKind.TEXT])),
    st.builds(dict, kind=st.just(BlankKind.DATE), tense=st.sampled_from(["", "future", "past"])),
    st.builds(
        dict,
        kind=st.just(BlankKind.NUMBER),
        least=st.none() | st.integers(-5, 5).map(float),
        most=st.none() | st.integers(6, 90).map(float),
    ),
    st.just({"kind": BlankKind.CHOICE, "choices": ("ja", "nein: nie", "it's")}),
)


@st.composite
def playbooks(draw: st.DrawFn) -> Playbook:
    """A playbook as an author might have meant it, with the strangest words."""
    some = st.lists(some_words, max_size=3, unique=True).map(tuple)
    channels = st.sampled_from(sorted(CHANNELS))
    blanks = draw(st.lists(names, max_size=3, unique=True))
    return Playbook(
        name="x",
        sha256="",
        text="",
        title=draw(some_words),
        lang=draw(st.sampled_from(["de", "en", "uk"])),
        rumours=draw(st.lists(st.from_regex(r"[a-z0-9][a-z0-9._-]*", fullmatch=True), max_size=2, unique=True)
                     .map(tuple)),
        topics=draw(some),
        audience=draw(words),
        owner=draw(some_words),
        contact=draw(words),
        risk=draw(st.sampled_from(Risk)),
        valid_until=draw(st.dates()),
        review_by=draw(st.none() | st.dates()),
        placeholders=tuple(
            Placeholder(name=name, hint=draw(words), example=draw(words), **draw(kinds))
            for name in blanks
        ),
        pictures=draw(
            st.lists(st.builds(Picture, file=st.sampled_from(["bilder/a.png", "karte-2.jpg"]), alt=words,
                               source=words, sha256=st.sampled_from(["", "0" * 64, "9f" * 32])),
                     max_size=2, unique_by=lambda one: one.file)
            .map(tuple)
        ),
        sources=draw(some),
        situation=draw(texts),
        not_when=draw(texts),
        steps=draw(texts),
        checks=tuple(
            {c.key: c for text in draw(some) for c in [check_of(text)] if c.text == text}.values()
        ),
        questions=tuple(
            sorted(
                (QuestionAnswer(question=q, answer=a, uncomfortable=u)
                 for q, a, u in draw(st.lists(st.tuples(some_words, texts | st.just(""), st.booleans()),
                                              max_size=3, unique_by=lambda one: one[0]))),
                key=lambda one: one.uncomfortable,
            )
        ),
        holding=draw(st.dictionaries(channels, texts, max_size=2)),
        answers=draw(st.dictionaries(channels, texts, max_size=3)),
    )  # fmt: skip


def check_of(text: str) -> PlaybookCheck:
    from crisis.playbooks.parts import _key

    return PlaybookCheck(key=_key(text), text=text)


@settings(max_examples=300, deadline=None)
@given(playbooks())
def test_any_playbook_survives_being_written_down(made: Playbook) -> None:
    first = parse("x", write(made))
    assert same(parse("x", write(first))) == same(first)
    for name in ("title", "lang", "rumours", "topics", "audience", "owner", "contact", "risk",
                 "valid_until", "review_by", "placeholders", "pictures", "sources",
                 "situation", "not_when", "steps", "holding", "answers"):  # fmt: skip
        assert getattr(first, name) == getattr(made, name), name
    assert [c.text for c in first.checks] == [c.text for c in made.checks]
    assert [q.question for q in first.questions] == [q.question for q in made.questions]


@given(st.text(max_size=60))
def test_any_text_can_be_cut_into_parts(text: str) -> None:
    assert all(part.text is not None for part in correction(text).values())
    assert len(points(text)) >= len(checks(text))
    questions(text)


def test_values_are_quoted_only_where_they_must_be() -> None:
    assert quoted("Pressestelle") == "Pressestelle"
    assert quoted("Achtung: Gift") == "'Achtung: Gift'"
    assert quoted("it's") == "'it''s'"
    assert quoted("a, b", flow=True) == "'a, b'"


def test_the_parts_of_a_correction_are_found_in_both_languages() -> None:
    german = "### Fakt\nA\n### Achtung, Falschmeldung\nB\n### Warum das nicht stimmt\nC\n"
    german += "### Fakt noch einmal\nD\n### So arbeiten wir\nE\n### Was wir noch nicht wissen\nF\n"
    german += "### Nächste Information\nG\n### Fußnote\nH"
    found = correction(german)
    assert {name: part.text for name, part in found.items()} == {
        "fact": "A", "warning": "B", "why": "C", "again": "D", "how": "E", "unknown": "F", "next": "G",
    }  # fmt: skip
    assert found["why"].line == 4
    assert list(correction("### The fact\n### Fact\nx\n### False\n### How we work")) == [
        "fact", "warning", "how",
    ]  # fmt: skip
