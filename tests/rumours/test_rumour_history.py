"""Earlier versions of an entry, what differs between two, and two entries as one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from builders import NOON
from hypothesis import given
from hypothesis import strategies as st

from crisis.rumours.history import Piece, changes, versions, word_diff
from crisis.rumours.quality import around, languages
from crisis.rumours.union import united
from crisis.types import AuditEntry, Band, Fact, Match, Rumour, RumourStatus

FIRST = Rumour(
    id="damm",
    text="Der Damm bricht.",
    title="Damm",
    variants=("Raus aus Oberau",),
    topics=("hochwasser",),
    facts=(Fact(text="Er ist dicht.", source="THW", date=date(2026, 1, 2)),),
    valid_until=date(2027, 1, 1),
)


def line(number: int, action: str, **before: Any) -> AuditEntry:
    return AuditEntry(
        id=number, at=NOON, actor="person:1", action=action, what="rumour:damm", before=before
    )


def test_every_version_is_worked_out_from_the_log() -> None:
    second = replace(FIRST, text="Der Staudamm bricht.", status=RumourStatus.FALSE, facts=())
    third = replace(second, valid_until=None, variants=("a", "b"), topics=())
    fact = {"text": "Er ist dicht.", "source": "THW", "url": "", "date": "2026-01-02"}
    log = [
        line(1, "rumour.added"),
        line(2, "rumour.changed", text=FIRST.text, status="suspected", facts=[fact]),
        line(3, "rumour.retired", retired=False),
        line(4, "rumour.changed", valid_until="2027-01-01", variants=["Raus aus Oberau"],
             topics=["hochwasser"]),
    ]  # fmt: skip
    found = versions(third, log)
    assert [(v.entry.id, v.before, v.after) for v in found] == [
        (4, second, third),
        (2, FIRST, second),
        (1, None, FIRST),
    ]


def test_a_line_that_says_something_odd_is_passed_over() -> None:
    log = [line(1, "rumour.changed", status="quatsch", facts=[{"text": "x"}], title="Alt")]
    (found,) = versions(FIRST, log)
    assert found.before == replace(FIRST, title="Alt")


def test_what_came_and_went_is_said_word_by_word() -> None:
    assert word_diff("Der Damm bricht heute.", "Der Deich bricht.") == [
        Piece("same", "Der "),
        Piece("old", "Damm"),
        Piece("new", "Deich"),
        Piece("same", " bricht"),
        Piece("old", " heute"),
        Piece("same", "."),
    ]


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_stand_in_their_difference(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert "".join(p.text for p in pieces if p.kind != "new") == old
    assert "".join(p.text for p in pieces if p.kind != "old") == new


def test_only_what_differs_is_listed() -> None:
    after = replace(FIRST, variants=("neu", "Raus aus Oberau!", "noch eine"), valid_until=None)
    found = {change.name: change.lines for change in changes(FIRST, after)}
    assert set(found) == {"variants", "valid_until"}
    assert found["valid_until"] == [[Piece("old", "2027-01-01")]]
    assert [piece.kind for line in found["variants"] for piece in line].count("new") >= 2
    assert changes(FIRST, FIRST) == []
    names = [change.name for change in changes(None, FIRST)]
    assert names == ["text", "title", "variants", "topics", "status", "facts", "valid_until"]
    gone = {c.name: c.lines for c in changes(FIRST, replace(FIRST, variants=(), facts=()))}
    assert gone["variants"] == [[Piece("old", "Raus aus Oberau")]]


def test_two_entries_become_one_and_nothing_stands_twice() -> None:
    other = Rumour(
        id="deich",
        text="Der Deich hält nicht.",
        title="Deich",
        variants=("RAUS aus Oberau!", "Alle weg hier, der Deich!"),
        topics=("hochwasser", "deich"),
        facts=(Fact(text="er ist dicht"), Fact(text="Kein Alarm.")),
        valid_until=date(2028, 1, 1),
    )
    one = united(FIRST, other)
    assert one.variants == ("Raus aus Oberau", "Der Deich hält nicht.", "Alle weg hier, der Deich!")
    assert one.topics == ("hochwasser", "deich")
    assert [fact.text for fact in one.facts] == ["Er ist dicht.", "Kein Alarm."]
    assert one.valid_until == date(2028, 1, 1)
    assert (one.id, one.text, one.title) == (FIRST.id, FIRST.text, FIRST.title)
    assert united(FIRST, replace(other, valid_until=None)).valid_until is None
    assert united(one, other) == one
    assert json.dumps(one.variants)


# --- what the matcher sees around an entry ------------------------------------------------------


def seen(rumour_id: str, score: float) -> Match:
    return Match(rumour_id=rumour_id, score=score, band=Band.RAISE, phrasing="")


def test_an_entry_that_would_be_raised_by_the_same_posts_is_named() -> None:
    near = Rumour(id="nah", text="Der Deich bei Oberau hält vielleicht nicht mehr lange.")
    others = {"nah": near, "fern": replace(near, id="fern")}
    matches = [[seen("damm", 0.99), seen("nah", 0.9)], [seen("fern", 0.5), seen("weg", 0.95)]]
    (hint,) = around(FIRST, others, matches, raise_at=0.8)
    assert (hint.code, hint.other, hint.name) == ("overlap", "nah", near.text)
    assert near.text in hint.say("de")
    assert near.text in hint.say("en")
    assert not around(FIRST, others, matches, raise_at=0.96)
    assert not around(FIRST, {"nah": replace(near, retired=True)}, matches, raise_at=0.8)


def test_an_entry_in_the_same_words_is_a_double_not_an_overlap() -> None:
    twin = replace(FIRST, id="zwilling")
    (hint,) = around(FIRST, {"zwilling": twin}, [[seen("zwilling", 0.9)]], raise_at=0.8)
    assert (hint.code, hint.place) == ("double", "other")


def test_one_language_alone_is_said() -> None:
    german = replace(FIRST, lang="de")
    assert [hint.code for hint in languages(german)] == ["only-german"]
    both = replace(german, variants=("They say that the dam is about to burst",))
    assert languages(both) == []
    english = Rumour(id="x", text="The dam is about to burst and nobody says so.", lang="en")
    assert [hint.code for hint in languages(english)] == ["only-english"]
    assert languages(replace(FIRST, text="Baraj patladı", title="", variants=(), lang="tr")) == []
