"""What may stand in a blank: what authors write, what people fill in."""

# ruff: noqa: DTZ001 - what people type has no zone

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.playbooks.blanks import fill, placeholders, typed, with_kinds
from crisis.playbooks.kinds import (
    GERMAN,
    WORDS,
    clock_words,
    day_words,
    example_of,
    input_value,
    limited,
    normal_value,
    problem_of,
    read_clock,
    read_day,
    read_moment,
    read_number,
    read_spec,
    spec_of,
    usable_choices,
)
from crisis.types import BlankKind, Placeholder

K = BlankKind
NOW = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


def blank(kind: BlankKind, **more: object) -> Placeholder:
    return Placeholder(name="x", kind=kind, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spec", "made"),
    [
        ("", blank(K.TEXT)),
        ("text", blank(K.TEXT)),
        ("Zeitpunkt", blank(K.DATETIME)),
        ("datetime(future)", blank(K.DATETIME, tense="future")),
        ("datum (vergangenheit)", blank(K.DATE, tense="past")),
        ("zahl(mindestens 1, höchstens 2,5 Meter)", None),  # a comma parts two checks
        ("number(min 1, max 10)", blank(K.NUMBER, least=1, most=10)),
        ("text(höchstens 60 Zeichen)", blank(K.TEXT, most=60)),
        ("auswahl(rot, gelb , grün, rot)", blank(K.CHOICE, choices=("rot", "gelb", "grün"))),
        ("choice(one)", None),
        ("choice()", None),
        ("number(min 10, max 1)", None),
        ("number(future)", None),
        ("date(max 3)", None),
        ("farbe", None),
        ("7", None),
    ],
)
def test_a_type_is_read_as_it_was_meant(spec: str, made: Placeholder | None) -> None:
    assert read_spec("x", spec) == made


@given(st.sampled_from(sorted(WORDS)))
def test_every_word_for_a_type_can_be_written_down_again(word: str) -> None:
    made = read_spec("x", f"{word}(ja, nein)" if WORDS[word] is K.CHOICE else word)
    assert made is not None
    assert read_spec("x", spec_of(made)) == made
    assert set(GERMAN) == set(K)


def test_limits_that_contradict_each_other_are_refused() -> None:
    assert limited(blank(K.NUMBER), ["min 3", "max 2"]) is None
    assert limited(blank(K.NUMBER), ["ab 3", "bis 20"]) == blank(K.NUMBER, least=3, most=20)


def test_choices_hold_no_commas_and_no_brackets() -> None:
    assert usable_choices(("ja", "nein"))
    assert not usable_choices(("ja, sicher", "nein"))
    assert not usable_choices(("ja", "nein}"))
    assert not usable_choices(("ja", "ja"))


def test_an_example_is_always_at_hand() -> None:
    assert example_of(Placeholder(name="ort", example="Hafen")) == "Hafen"
    assert example_of(Placeholder(name="ort")) == "ort"
    assert example_of(blank(K.CHOICE, choices=("ja", "nein"))) == "nein"
    for kind in K:
        if kind not in (K.TEXT, K.CHOICE):
            made = blank(kind)
            assert problem_of(made, example_of(made)) is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("24.11.2026", date(2026, 11, 24)),
        ("24. November 2026", date(2026, 11, 24)),
        ("Dienstag, 3. März 2026", date(2026, 3, 3)),
        ("3. Mai 2026", date(2026, 5, 3)),
        ("24 December 2026", date(2026, 12, 24)),
        ("heute", date(2026, 11, 23)),
        ("tomorrow", date(2026, 11, 24)),
        ("30.2.2026", None),
        ("24. Brumaire 2026", None),
        ("bald", None),
    ],
)
def test_a_day_is_understood(written: str, day: date | None) -> None:
    assert read_day(written, NOW) == day


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("18:30", time(18, 30)),
        ("18.30 Uhr", time(18, 30)),
        ("18 Uhr", time(18)),
        ("um 7 Uhr", time(7)),
        ("6 pm", time(18)),
        ("12 a.m.", time(0)),
        ("13 pm", None),
        ("24:00", None),
        ("18:61", None),
        ("18", None),
        ("abends", None),
    ],
)
def test_a_time_is_understood(written: str, clock: time | None) -> None:
    assert read_clock(written) == clock


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-24T18:30", datetime(2026, 11, 24, 18, 30)),
        ("24. November 2026, 18:30 Uhr", datetime(2026, 11, 24, 18, 30)),
        ("Dienstag, 24. November 2026, 18 Uhr", datetime(2026, 11, 24, 18)),
        ("24.11.2026 um 18 Uhr", datetime(2026, 11, 24, 18)),
        ("heute um 18 Uhr", datetime(2026, 11, 23, 18)),
        ("tomorrow at 6 pm", datetime(2026, 11, 24, 18)),
        ("heute", None),
        ("18 Uhr", None),
    ],
)
def test_a_moment_is_understood(written: str, moment: datetime | None) -> None:
    assert read_moment(written, NOW) == moment


@given(st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31)), st.sampled_from(["de", "en"]))
def test_what_was_put_into_words_can_be_read_again(moment: datetime, lang: str) -> None:
    moment = moment.replace(second=0, microsecond=0)
    assert read_day(day_words(moment.date(), lang)) == moment.date()
    assert read_clock(clock_words(moment.time(), lang)) == moment.time()
    typed_in = f"{moment:%Y}-{moment:%m}-{moment:%d}T{moment:%H:%M}"
    words = normal_value(blank(K.DATETIME), typed_in, lang=lang)
    assert read_moment(words) == moment
    assert normal_value(blank(K.DATETIME), words, lang=lang) == words
    assert input_value(blank(K.DATETIME), words) == typed_in
    assert problem_of(blank(K.DATETIME), words) is None


def test_readers_get_words_not_codes() -> None:
    assert normal_value(blank(K.DATE), "2026-11-24") == "24. November 2026"
    assert normal_value(blank(K.DATE), "2026-11-24", lang="uk") == "2026-11-24"
    assert normal_value(blank(K.TIME), "18:30", lang="en") == "18:30"
    today = normal_value(blank(K.DATETIME), "heute um 18 Uhr", local=NOW)
    assert today == "23. November 2026, 18:00 Uhr"
    assert normal_value(blank(K.DATETIME), " bald ") == "bald"
    assert normal_value(blank(K.CHOICE, choices=("Ja", "Nein")), "ja") == "Ja"
    assert normal_value(blank(K.CHOICE, choices=("Ja", "Nein")), "jein") == "jein"
    assert input_value(blank(K.DATE), "24. November 2026") == "2026-11-24"
    assert input_value(blank(K.TIME), "18 Uhr") == "18:00"
    assert input_value(blank(K.DATE), "bald") == ""
    assert input_value(blank(K.PHONE), "115") == "115"


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (K.NUMBER, ["3", "1.200", "1 200,5", "-2"], ["drei", "3 Stück", ""]),
        (K.PHONE, ["115", "030 23125-100", "+49 (0)30 1"], ["anrufen", "--", "1"]),
        (K.EMAIL, ["presse@stadt.example"], ["presse", "a b@c.de", "@c.de"]),
        (
            K.URL,
            ["https://stadt.example/x"],
            ["stadt.example", "javascript:alert(1)", "https://[x"],
        ),
        (K.PLACE, ["Hafen", "3. Bezirk"], ["12", "!"]),
        (K.DATE, ["24.11.2026"], ["bald"]),
        (K.TIME, ["18 Uhr"], ["abends"]),
        (K.DATETIME, ["24.11.2026, 18 Uhr"], ["18 Uhr"]),
        (K.TEXT, ["was auch immer"], []),
    ],
)
def test_a_value_must_be_of_its_kind(kind: BlankKind, good: list[str], bad: list[str]) -> None:
    assert [problem_of(blank(kind), value) for value in good] == [None] * len(good)
    for value in bad:
        found = problem_of(blank(kind), value)
        assert found is not None
        assert all(sentence.endswith((".", "://", "100", "example")) for sentence in found)


def test_limits_hold() -> None:
    number = blank(K.NUMBER, least=1, most=5)
    assert [problem_of(number, value) is None for value in ("0", "1", "5", "6")] == [
        False, True, True, False,
    ]  # fmt: skip
    text = blank(K.TEXT, least=3, most=5)
    assert [problem_of(text, "x" * n) is None for n in (2, 3, 5, 6)] == [False, True, True, False]
    choice = blank(K.CHOICE, choices=("ja", "nein"))
    assert problem_of(choice, "ja") is None
    assert problem_of(choice, "jein") == (
        "Bitte eines davon: ja, nein.",
        "One of these, please: ja, nein.",
    )


def test_a_promise_lies_ahead_where_the_clock_is_known() -> None:
    ahead = blank(K.DATETIME, tense="future")
    assert problem_of(ahead, "23.11.2026, 20 Uhr") is None
    assert problem_of(ahead, "23.11.2026, 20 Uhr", local=NOW) is not None
    assert problem_of(ahead, "23.11.2026, 21 Uhr", local=NOW) is None
    day = blank(K.DATE, tense="future")
    assert problem_of(day, "23.11.2026", local=NOW) is None
    assert problem_of(day, "22.11.2026", local=NOW) is not None
    past = blank(K.DATETIME, tense="past")
    assert problem_of(past, "23.11.2026, 21 Uhr", local=NOW) is not None
    assert problem_of(past, "23.11.2026, 20 Uhr", local=NOW) is None


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1.200", 1200.0), ("1,200", 1200.0), ("1.234.567", 1234567.0), ("12,5", 12.5),
        ("1.200,50", 1200.5), ("1,200.50", 1200.5), ("3", 3.0), ("", None), ("1,2,3", None),
    ],
)  # fmt: skip
def test_a_number_is_read_in_both_ways_of_writing(written: str, number: float | None) -> None:
    assert read_number(written) == number


@given(st.text(max_size=40), st.sampled_from(list(K)))
def test_any_value_is_judged_without_a_crash(value: str, kind: BlankKind) -> None:
    made = blank(kind, choices=("a", "b"))
    problem_of(made, value, local=NOW)
    input_value(made, value)
    normal = normal_value(made, value, local=NOW)
    assert normal_value(made, normal, local=NOW) == normal


def test_a_text_knows_its_blanks_and_their_kinds() -> None:
    text = "{{ ort }} {{ wann: datetime(future) }} {{ ort: place }} {{ farbe: bunt }}"
    assert [(name, spec) for name, spec, _ in typed(text)] == [
        ("ort", ""), ("wann", "datetime(future)"), ("ort", "place"), ("farbe", "bunt"),
    ]  # fmt: skip
    found = placeholders(text)
    assert list(found) == ["ort", "wann", "farbe"]
    assert found["ort"].kind is K.PLACE
    assert found["wann"].tense == "future"
    assert found["farbe"].kind is K.TEXT
    whole = with_kinds("{{ ort }}, {{wann}} und {{ rest: text }}", found | {"rest": blank(K.TEXT)})
    assert whole == "{{ ort: place }}, {{ wann: datetime(future) }} und {{ rest }}"
    assert fill(whole, {"ort": "Hafen", "wann": "morgen", "rest": "*"}) == "Hafen, morgen und \\*"
