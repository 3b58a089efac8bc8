"""An index that changes by one rumour, and one that comes back from bytes: as if built anew."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.matching import Index, counts, stored
from crisis.matching.counts import Phrasing, counted
from crisis.matching.kept import keep, left_behind
from crisis.types import Band, Match, Rumour

WORDS = [
    *("Wolf", "Stadtpark", "Kind", "angegriffen", "Trinkwasser", "vergiftet", "Staudamm"),
    *("gebrochen", "Brücke", "Sirene", "Trinkwasserleitung", "Leitung", "Sporthalle"),
    *("gesperrt", "harbour", "bridge", "collapse", "nicht", "5000"),
]
# No deadlines below: whichever test comes first loads scipy or scikit-learn.
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
RUMOURS = st.lists(
    st.builds(
        Rumour,
        id=st.sampled_from("abcdefgh"),
        text=TEXTS,
        title=st.one_of(st.just(""), TEXTS),
        variants=st.lists(TEXTS, max_size=3).map(tuple),
        lang=st.sampled_from(["de", "en", ""]),
    ),
    max_size=6,
    unique_by=lambda rumour: rumour.id,
)
DAM = Rumour(id="dam", text="Der Staudamm oberhalb der Stadt ist gebrochen.", lang="de")
WOLF = Rumour(id="wolf", text="Ein Wolf hat im Stadtpark ein Kind angegriffen.", lang="de")
POST = "Achtung, der Staudamm oberhalb der Stadt ist gebrochen!"


def said(index: Index, post: str) -> list[Match]:
    return index.match([post], ["de"], top=10)[0]


def same(one: Index, other: Index, post: str) -> None:
    """Both say the same of a post, but for the last digits of sums."""
    mine, theirs = said(one, post), said(other, post)
    assert [m.rumour_id for m in mine] == [m.rumour_id for m in theirs]
    assert [m.score for m in mine] == pytest.approx([m.score for m in theirs], abs=1e-6)
    assert [m.marks for m in mine] == [m.marks for m in theirs]


@settings(max_examples=60, deadline=None)
@given(RUMOURS, RUMOURS, TEXTS)
def test_an_index_made_from_another_is_as_one_built_anew(
    before: list[Rumour], after: list[Rumour], post: str
) -> None:
    same(Index.build(after, like=Index.build(before)), Index.build(after), post)


@settings(max_examples=60, deadline=None)
@given(RUMOURS, RUMOURS, TEXTS)
def test_an_index_made_from_bytes_is_as_one_built_anew(
    before: list[Rumour], after: list[Rumour], post: str
) -> None:
    same(Index.load(Index.build(before).dump(), after), Index.build(after), post)


@settings(max_examples=30, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=20))
def test_many_texts_are_counted_as_few_are(texts: list[str]) -> None:
    phrasings = [Phrasing(0, text, "de") for text in texts]
    few = counted(phrasings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counts, "_IN_BULK", 1)  # so many that scikit-learn's import pays
        many = counted(phrasings)
    assert many.keys == few.keys
    for term, column in few.columns.items():
        other = many.matrix[:, many.columns[term]]
        assert (few.matrix[:, column] != other).nnz == 0
    assert few.phrasings_with_gram == many.phrasings_with_gram


def test_a_new_rumour_counts_and_only_it_is_read() -> None:
    index = Index.build([WOLF])
    assert not [m for m in said(index, POST) if m.band is not Band.NONE]
    larger = index.with_rumour(DAM)
    assert larger.newly_read == 1
    assert said(larger, POST)[0].rumour_id == "dam"
    assert said(larger, POST)[0].band is Band.RAISE
    assert len(index) == 1  # the index asked before stays what it is


def test_a_changed_rumour_takes_the_place_of_the_old_one() -> None:
    index = Index.build([WOLF, DAM], today=date(2026, 11, 23))
    changed = index.with_rumour(Rumour(id="wolf", text="Im Zoo ist ein Tiger los.", lang="de"))
    assert len(changed) == 2
    assert said(changed, "Im Zoo ist ein Tiger los!")[0].rumour_id == "wolf"


def test_a_rumour_taken_out_is_not_found() -> None:
    index = Index.build([WOLF, DAM]).without("dam")
    assert [m.rumour_id for m in said(index, POST)] in ([], ["wolf"])
    assert index.without("dam") is index
    assert len(index.without("wolf")) == 0
    assert said(index.without("wolf"), POST) == []


def test_another_day_reads_nothing_again() -> None:
    index = Index.build([WOLF, DAM])
    assert Index.build([WOLF, DAM], like=index, today=date(2026, 11, 23)).newly_read == 0
    again = Index.load(index.dump(), [WOLF, DAM])
    assert again.newly_read == 0
    assert Index.load(index.dump(), [WOLF]).newly_read == 0


def test_bytes_do_not_keep_words_that_are_gone() -> None:
    index = Index.build([WOLF, DAM]).without("dam")
    assert b"staudamm" not in index.dump()
    assert b"stadtpark" in index.dump()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"",
        lambda data: b"something else",
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"wolf", b"golf"),
        lambda data: data.replace(b'"format": 1', b'"format": 2'),
        lambda data: data.replace(b'"rows": 2', b'"rows": 3'),
        lambda data: data.replace(b'"rows": 2', b'"rows": -5'),
        lambda data: data.replace(b'"entries"', b'"entrances"'),
        lambda data: data.split(b"\n")[0] + b"\n[1]\n",
        lambda data: data.split(b"\n")[0] + b"\n" + b"[" * 100_000,
    ],
)
def test_damaged_bytes_are_noticed_and_not_used(spoil: object) -> None:
    data = Index.build([WOLF, DAM]).dump()
    assert callable(spoil)
    index = Index.load(spoil(data), [WOLF, DAM])
    assert index.newly_read == 2
    same(index, Index.build([WOLF, DAM]), POST)


@given(st.integers(0, 2_000), st.integers(0, 255))
def test_any_changed_byte_is_noticed(at: int, value: int) -> None:
    data = bytearray(Index.build([WOLF, DAM]).dump())
    at %= len(data)
    unchanged = data[at] == value
    data[at] = value
    assert (stored.loaded(bytes(data)) is not None) == unchanged or at < data.rindex(b"}")


def test_arrays_that_do_not_fit_are_not_used() -> None:
    data = Index.build([WOLF, DAM]).dump()
    first, head, body = data.split(b"\n", 2)
    for name, value in (("rows", 1), ("entries", 3)):
        said_wrong = json.dumps({**json.loads(head), name: value}).encode()
        assert stored.loaded(b"\n".join((first, said_wrong, body))) is None


def test_bytes_of_another_text_reader_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    data = Index.build([WOLF, DAM]).dump()
    monkeypatch.setattr(stored, "reader", lambda: "another")
    assert stored.loaded(data) is None


def test_a_file_keeps_an_index_for_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "matching.index"
    assert left_behind(file) == b""
    assert keep(Index.build([WOLF, DAM]), file)
    assert Index.load(left_behind(file), [WOLF, DAM]).newly_read == 0
    assert [path.name for path in tmp_path.iterdir()] == ["matching.index"]


def test_a_file_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    index = Index.build([WOLF])
    assert not keep(index, tmp_path / "nowhere" / "file")
    (tmp_path / "folder").mkdir()
    assert not keep(index, tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
    assert left_behind(tmp_path / "folder") == b""
