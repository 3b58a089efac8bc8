"""The index: what holds for any text, order of rumours, expiry, language, bands."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.errors import InvalidInputError
from crisis.matching import Bands, Index, say, shipped_model
from crisis.types import Band, Match, Rumour, Stance

WATER = Rumour(
    id="water",
    lang="de",
    title="Vergiftetes Trinkwasser",
    text="Das Trinkwasser in Musterstadt ist nach dem Rohrbruch vergiftet.",
    variants=("Leitungswasser in Musterstadt ist giftig",),
)
WOLF = Rumour(id="wolf", lang="de", text="Ein Wolf hat im Stadtpark ein Kind angegriffen.")
BRIDGE = Rumour(id="bridge", lang="en", text="The harbour bridge is about to collapse.")
RUMOURS = (WATER, WOLF, BRIDGE)
POST = "Ein Wolf hat gestern im Stadtpark ein Kind angegriffen!"

ANY_TEXT = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(
            ["Wolf", "Stadtpark", "Kind", "angegriffen", "harbour", "bridge", "nicht", "?", "#Wolf",
             "@a", "5.000", "\u200b", "é", "ﷺ", "Trinkwasser", "\ud800", "\x00"]
        ),
        max_size=30,
    ).map(" ".join),
)  # fmt: skip


@pytest.fixture(scope="module")
def index() -> Index:
    return Index.build(RUMOURS)


def only(index: Index, post: str, lang: str = "de") -> Match:
    return index.match([post], [lang], top=1)[0][0]


@settings(max_examples=300, deadline=None)  # the first one loads scipy
@given(ANY_TEXT, st.sampled_from(["de", "en", "", "zz"]))
def test_any_text_gets_a_sane_answer(text: str, lang: str) -> None:
    for match in Index.build(RUMOURS).match([text], [lang], top=5)[0]:
        assert 0 <= match.score <= 1
        assert match.phrasing
        end = 0
        for start, stop in match.marks:
            assert end <= start < stop <= len(text)
            end = stop
        for reason in match.reasons:
            assert say(reason, "de")
            assert say(reason, "en")


@given(ANY_TEXT, st.permutations(RUMOURS))
def test_the_order_of_the_catalogue_changes_nothing(text: str, order: list[Rumour]) -> None:
    one = Index.build(RUMOURS).match([text], ["de"])[0]
    other = Index.build(order).match([text], ["de"])[0]
    assert [m.rumour_id for m in one] == [m.rumour_id for m in other]
    assert [m.score for m in one] == pytest.approx([m.score for m in other])


@given(st.lists(ANY_TEXT, max_size=5))
def test_a_batch_answers_as_one_by_one(texts: list[str]) -> None:
    index = Index.build(RUMOURS)
    together = index.match(texts, ["de"] * len(texts))
    assert together == [index.match([text], ["de"])[0] for text in texts]


def test_scores_fall_and_every_rumour_comes_once(index: Index) -> None:
    matches = index.match(["Wolf am Trinkwasser im Stadtpark, Kind vergiftet"], ["de"], top=5)[0]
    assert len({m.rumour_id for m in matches}) == len(matches) > 1
    assert [m.score for m in matches] == sorted((m.score for m in matches), reverse=True)


def test_marks_show_the_words_that_agree(index: Index) -> None:
    match = only(index, POST)
    assert [POST[start:end] for start, end in match.marks] == [
        "Wolf",
        "Stadtpark",
        "Kind",
        "angegriffen",
    ]


def test_a_misspelt_word_is_marked_too(index: Index) -> None:
    post = "Im Stadtparck hat ein Wolf ein Kind angegrifen"
    assert "angegrifen" in [post[start:end] for start, end in only(index, post).marks]


def test_an_expired_rumour_is_suggested_at_most() -> None:
    past = Rumour(id="wolf", lang="de", text=WOLF.text, valid_until=date(2026, 11, 1))
    assert only(Index.build([past, WATER], today=date(2026, 11, 1)), POST).band is Band.RAISE
    late = only(Index.build([past, WATER], today=date(2026, 11, 2)), POST)
    assert late.band is Band.SUGGEST
    assert "expired" in {reason.code for reason in late.reasons}
    assert only(Index.build([past, WATER]), POST).band is Band.RAISE


def test_a_retired_rumour_is_not_found() -> None:
    gone = Rumour(id="wolf", lang="de", text=WOLF.text, retired=True)
    index = Index.build([gone, WATER])
    assert len(index) == 1
    assert all(m.rumour_id == "water" for m in index.match([POST], ["de"])[0])


def test_a_post_without_words_has_no_match(index: Index) -> None:
    assert index.match(["", "😂", "https://t.co/x"]) == [[], [], []]


def test_an_empty_catalogue_finds_nothing() -> None:
    assert Index.build([]).match([POST]) == [[]]
    assert Index.build([Rumour(id="x", text=" ")]).match([POST]) == [[]]
    assert Index.build([Rumour(id="x", text="😂")]).match([POST]) == [[]]


def test_a_rumour_of_one_word_never_raises_alone() -> None:
    assert (
        only(Index.build([Rumour(id="x", text="Wolf", lang="de")]), "Wolf").band is not Band.RAISE
    )


def test_many_phrasings_are_taken() -> None:
    many = Rumour(
        id="m", lang="de", text=WOLF.text, variants=tuple(f"Wolf {i}" for i in range(500))
    )
    assert only(Index.build([many]), POST).rumour_id == "m"


def test_the_variant_that_fits_is_shown(index: Index) -> None:
    match = only(index, "Leitungswasser in Musterstadt soll giftig sein")
    assert match.phrasing == WATER.variants[0]


@pytest.mark.parametrize(
    ("post", "phrasing"),
    [
        ("Vergiftetes Trinkwasser!", WATER.title),
        ("Nach dem Rohrbruch in Musterstadt ist das Trinkwasser vergiftet", WATER.text),
    ],
)
def test_of_title_and_text_the_closer_one_is_shown(index: Index, post: str, phrasing: str) -> None:
    assert only(index, post).phrasing == phrasing


def test_a_rumour_may_have_only_a_title() -> None:
    index = Index.build([Rumour(id="t", text="", title=WOLF.text, lang="de"), WATER])
    assert only(index, POST).phrasing == WOLF.text


def test_the_fast_way_leaves_out_what_has_no_band(index: Index) -> None:
    assert index.match([POST, "Guten Morgen"], ["de", "de"], banded=True)[1] == []
    assert index.match([POST], ["de"], banded=True)[0][0].rumour_id == "wolf"


def test_explanations_can_be_left_out(index: Index) -> None:
    match = index.match([POST], ["de"], top=1, explained=False)[0][0]
    assert match.marks == ()
    assert match.reasons == ()
    assert match.band is Band.RAISE


def test_a_correction_is_shown_but_not_raised(index: Index) -> None:
    match = only(index, "Stimmt nicht: Ein Wolf hat im Stadtpark kein Kind angegriffen.")
    assert match.stance is Stance.CORRECTS
    assert match.band is Band.SUGGEST
    assert match.reasons[0].code == "corrects"


def test_every_match_names_the_model(index: Index) -> None:
    assert only(index, POST).model == shipped_model().version


def test_asking_for_no_match_is_a_mistake(index: Index) -> None:
    with pytest.raises(ValueError, match="top"):
        index.match([POST], top=0)


def test_stated_thresholds_hold() -> None:
    strict = Index.build(RUMOURS, bands=Bands(1.0, 1.0))
    assert only(strict, POST).band is Band.NONE


@pytest.mark.parametrize(("high", "low"), [(0.2, 0.5), (1.2, 0.5), (0.5, -0.1)])
def test_senseless_thresholds_are_refused(high: float, low: float) -> None:
    with pytest.raises(InvalidInputError):
        Bands(high, low)


def test_thresholds_rise_with_the_catalogue() -> None:
    model = shipped_model()
    sizes = [1, 20, 21, 80, 300, 1_000, 100_000]
    bands = [Bands.of(model, size) for size in sizes]
    assert [b.raise_at for b in bands] == sorted(b.raise_at for b in bands)
    assert [b.suggest_at for b in bands] == sorted(b.suggest_at for b in bands)
    assert bands[0].raise_at == model.bands[0].raise_at
    assert bands[-1].raise_at == model.bands[-1].raise_at


@pytest.mark.parametrize("post", ["Wolf gebissen!", "wolf gebissen"])
def test_a_short_post_that_says_a_title_in_full_is_suggested(post: str) -> None:
    bitten = Rumour(
        id="b", lang="de", title="Wolf gebissen", text="Der Wolf ist von Hunden gebissen."
    )
    assert only(Index.build([bitten, WATER]), post).band is Band.SUGGEST


def test_half_a_title_says_nothing_in_full() -> None:
    assert only(Index.build([WATER, BRIDGE]), "harbour").band is Band.NONE
