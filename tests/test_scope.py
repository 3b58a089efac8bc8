"""What may be followed at all: every way in goes through the checklist, and every answer is logged."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import FEED_IN_SCOPE, NOON, RUMOUR_IN_SCOPE, TICKED, rumour, source
from click.testing import CliRunner
from people import TownHall
from town import Town

from crisis import scope, wiring
from crisis.cli import main
from crisis.errors import NotAllowedError, ScopeError
from crisis.rumours import quality
from crisis.settings import load
from crisis.sources.opml import Listed
from crisis.types import Scope, Source, SourceKind
from crisis.workflows import catalogue, push, subscribe, vouch

KINDS = [kind for kind in SourceKind if not kind.warns]
FRESH = rumour(id="neu", text="In Nordstadt ist der Strom weg", title="", variants=())


# --- the list ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_each_sentence_stands_in_both_languages_with_its_reason(kind: SourceKind) -> None:
    for one in (*scope.of_source(kind), *scope.RUMOUR):
        assert one.say("de") != one.say("en")
        assert min(len(one.why("de")), len(one.why("en"))) > 30


def test_warnings_are_about_nobody_and_need_no_list() -> None:
    assert scope.of_source(SourceKind.NINA) == scope.of_source(SourceKind.CAP) == ()


def test_words_are_asked_about_names_and_mailboxes_about_consent() -> None:
    words = {one.code for one in scope.of_source(SourceKind.JETSTREAM)}
    box = {one.code for one in scope.of_source(SourceKind.MAILBOX)}
    assert ("no-name" in words, "no-person" in words) == (True, False)
    assert ("consent" in box, "public" in box) == (True, False)


@pytest.mark.parametrize("missing", sorted(RUMOUR_IN_SCOPE))
def test_one_sentence_that_is_not_confirmed_refuses_and_says_why(missing: str) -> None:
    with pytest.raises(ScopeError) as refused:
        scope.check(scope.RUMOUR, RUMOUR_IN_SCOPE - {missing})
    assert refused.value.missing == (missing,)
    reason = next(one.why_de for one in scope.RUMOUR if one.code == missing)
    assert reason in refused.value.de


def test_all_sentences_may_be_confirmed_at_once_and_the_log_says_so() -> None:
    codes = scope.check(scope.RUMOUR, [scope.ALL])
    assert set(codes) == RUMOUR_IN_SCOPE | {scope.ALL}
    assert scope.check((), [scope.ALL]) == ()


# --- every way in -----------------------------------------------------------------------------


def refused(town: Town) -> list[str]:
    return [entry.action for entry in town.store.audit.of_object("rumour")]


@pytest.mark.parametrize("kind", KINDS)
def test_no_source_comes_in_unconfirmed(town: Town, kind: SourceKind) -> None:
    wanted = source(url="https://privat.example/@erika", kind=kind)
    with pytest.raises(ScopeError):
        subscribe.add(town.store, wanted, None, NOON, confirmed=["public"])
    assert town.store.sources.all() == []
    (entry,) = town.store.audit.of_object("source")
    assert entry.action == "source.refused"
    assert "erika" not in json.dumps([entry.after, entry.what]), (
        "what is refused is not kept either"
    )


def test_a_confirmed_source_carries_who_and_what_in_the_log(town: Town) -> None:
    kept = subscribe.add(town.store, source(), None, NOON, confirmed=FEED_IN_SCOPE)
    (entry,) = town.store.audit.of_object(f"source:{kept.id}")
    assert set(entry.after["confirmed"]) == FEED_IN_SCOPE  # type: ignore[call-overload]
    assert town.store.vouched.at(f"source:{kept.id}") == NOON


def test_warnings_and_exercises_come_in_without(town: Town) -> None:
    subscribe.add(town.store, source(kind=SourceKind.NINA), None, NOON)
    played = Source(url="http://127.0.0.1/x", name="Übung", interval=1, drill=True)
    subscribe.add(town.store, played, None, NOON)
    assert town.store.vouched.open_sources() == []


def test_a_list_of_feeds_is_confirmed_once_for_all_or_none_comes_in(town: Town) -> None:
    listed = [Listed("https://a.example/f", "A"), Listed("https://b.example/f", "B")]
    with pytest.raises(ScopeError):
        subscribe.add_all(town.store, listed, 300, None, NOON)
    assert town.store.sources.all() == []
    assert subscribe.add_all(town.store, listed, 300, None, NOON, confirmed=FEED_IN_SCOPE) == 2
    assert subscribe.add_all(town.store, listed, 300, None, NOON) == 0, "nothing new, nothing asked"
    assert town.store.vouched.open_sources() == []


def test_no_rumour_comes_in_unconfirmed_and_changing_one_asks_nothing(town: Town) -> None:
    with pytest.raises(ScopeError):
        catalogue.save(town.store, FRESH, town.ben, NOON)
    with pytest.raises(ScopeError):
        catalogue.import_rows(town.store, [rumour(title="Anders"), FRESH], town.ben, NOON)
    assert town.store.rumours.find("neu") is None
    assert town.store.rumours.get("wasser").title != "Anders", "all or nothing"
    assert refused(town) == ["rumour.refused", "rumour.refused"]
    catalogue.save(town.store, rumour(title="Anders"), town.ben, NOON)
    catalogue.save(town.store, FRESH, town.ben, NOON, confirmed=RUMOUR_IN_SCOPE)
    assert town.store.vouched.at("rumour:neu") == NOON
    (entry,) = town.store.audit.of_object("rumour:neu")
    assert set(entry.after["confirmed"]) == RUMOUR_IN_SCOPE  # type: ignore[call-overload]


# --- what is there already --------------------------------------------------------------------


def test_what_is_there_already_waits_and_goes_on(town: Town) -> None:
    with town.store.transaction():
        old = town.store.sources.add(source())
    assert town.store.vouched.open_sources() == [old.id]
    assert town.store.vouched.waiting() == (1, 1)
    assert town.store.sources.get(old.id).active
    with pytest.raises(ScopeError):
        vouch.source(town.store, old.id, ["public"], None, NOON)
    vouch.source(town.store, old.id, FEED_IN_SCOPE, None, NOON)
    assert vouch.rumours(town.store, ["wasser", "weg"], RUMOUR_IN_SCOPE, town.ben, NOON) == 1
    assert town.store.vouched.waiting() == (0, 0)


def test_who_may_not_change_it_may_not_vouch_for_it(town: Town) -> None:
    with pytest.raises(NotAllowedError):
        vouch.rumours(town.store, ["wasser"], RUMOUR_IN_SCOPE, town.dev, NOON)
    with pytest.raises(NotAllowedError):
        vouch.source(town.store, 1, FEED_IN_SCOPE, town.ana, NOON)


def test_what_is_removed_and_added_anew_is_asked_anew(town: Town) -> None:
    kept = subscribe.add(town.store, source(), None, NOON, confirmed=FEED_IN_SCOPE)
    subscribe.remove(town.store, kept.id, None, NOON)
    assert town.store.vouched.at(f"source:{kept.id}") is None


# --- hints ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "opinion"),
    [
        ("Ich finde das neue Rathaus hässlich", True),
        ("Der Bürgermeister ist eine Schande für unsere Stadt", True),
        ("Das Trinkwasser in Nordstadt ist vergiftet", False),
        ("", False),
    ],
)
def test_what_sounds_like_an_opinion_is_hinted_at(text: str, opinion: bool) -> None:
    assert quality.sounds_like_opinion(text, "de") is opinion


@pytest.mark.parametrize(
    ("opinions", "posts", "said"), [(3, 3, False), (2, 4, True), (4, 9, False)]
)
def test_a_source_of_opinions_is_hinted_at(opinions: int, posts: int, said: bool) -> None:
    assert scope.sounds_like_opinions(opinions, posts) is said


# --- the desk ---------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(tmp_path)
    made.everybody_signs_in()
    yield made
    made.close()


FORM = {"text": "Ich finde, in Nordstadt ist alles hässlich", "lang": "de", "title": "Nordstadt"}


def test_ben_ticks_each_sentence_and_loses_nothing_where_he_forgot_one(desk: TownHall) -> None:
    page = desk.ben.opens("/geruechte/neu").text
    assert all(one.de in page and one.why_de in page for one in scope.RUMOUR)
    answer = desk.ben.presses("/geruechte/neu", FORM | {"pruefung": ["fact", "duty"]})
    assert answer.status_code == 422
    assert 'href="#pruefung"' in answer.text
    assert "klingt eher nach einer Meinung" in answer.text, "advice, no refusal"
    assert 'value="Nordstadt"' in answer.text
    ticks = re.findall(r'name="pruefung" value="([\w-]+)" checked', answer.text)
    assert ticks == ["fact", "duty"]
    assert desk.ben.presses("/geruechte/neu", FORM | TICKED).status_code == 302
    assert "klingt nach Meinung" in desk.ben.opens("/geruechte/?hinweis=opinion").text


def test_who_changes_an_entry_is_not_asked(desk: TownHall) -> None:
    assert "Gehört es hierher?" not in desk.ben.opens("/geruechte/wasser/bearbeiten").text


def test_the_page_lists_what_nobody_has_gone_through(desk: TownHall) -> None:
    assert "Bei einer Quelle hat noch niemand geprüft" in desk.vera.opens("/quellen/").text
    assert "Bei einem Gerücht hat noch niemand geprüft" in desk.ben.opens("/geruechte/").text
    one = f"/pruefliste/quelle/{desk.source.id}"
    assert desk.vera.presses(one, {"pruefung": ["public"]}).status_code == 422
    assert desk.vera.presses(one, TICKED).status_code == 302
    path = "/pruefliste/geruechte"
    assert desk.ben.presses(path, TICKED).status_code == 422, "none ticked"
    assert desk.ben.presses(path, {"geruecht": ["wasser"]}).status_code == 422
    assert desk.ben.presses(path, {"geruecht": ["wasser"], **TICKED}).status_code == 302
    assert "Alles geprüft" in desk.ana.opens("/pruefliste/").text
    assert "hat noch niemand geprüft" not in desk.vera.opens("/quellen/").text
    log = desk.vera.opens("/protokoll/").text
    for said in (
        "Prüfliste der Quelle bestätigt.",
        "Prüfliste des Gerüchts bestätigt.",
        "abgelehnt",
    ):
        assert said in log


def test_a_list_that_is_not_confirmed_is_shown_again_as_it_was_ticked(desk: TownHall) -> None:
    form = {
        "nimm": "2",
        "url-1": "https://a.example/f",
        "url-2": "https://b.example/f",
        "name-2": "B",
    }
    answer = desk.vera.presses("/quellen/einlesen/uebernehmen", form)
    assert answer.status_code == 422
    assert 'id="nimm-2" name="nimm" value="2" checked' in answer.text
    assert 'id="nimm-1" name="nimm" value="1" checked' not in answer.text


def test_a_file_of_rumours_is_confirmed_once(desk: TownHall) -> None:
    text = json.dumps({"id": "neu", "text": "In Nordstadt ist der Strom weg."})
    form = {"form": "jsonl", "text": text}
    answer = desk.ben.presses("/geruechte/einlesen/uebernehmen", form)
    assert answer.status_code == 422
    assert "In Nordstadt ist der Strom weg." in answer.text
    assert desk.ben.presses("/geruechte/einlesen/uebernehmen", form | TICKED).status_code == 302


# --- the command line -------------------------------------------------------------------------


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CRISIS_INSTANCE", str(tmp_path))
    monkeypatch.setenv("CRISIS_LANG", "de")
    return tmp_path


def test_the_command_line_asks_each_sentence(instance: Path) -> None:
    words = ["rumours", "add", "In Nordstadt ist der Strom weg.", "--id", "neu"]

    def answers(text: str) -> int:
        return CliRunner().invoke(main, words, input=text).exit_code

    assert answers("") == 1, "nobody there to ask"
    assert answers("j\nj\nn\nj\n") == 1
    assert answers("y\ny\ny\ny\n") == 0
    with wiring.open_store(load(instance, {})) as store:
        assert store.vouched.at("rumour:neu") is not None
    assert CliRunner().invoke(main, [*words[:-1], "zwei", "--in-scope"]).exit_code == 0


def test_a_program_that_hands_in_posts_is_a_source_as_any_other(town: Town) -> None:
    with pytest.raises(ScopeError):
        push.make(town.store, "Ohr", Scope.POSTS, 30, None, NOON)
    assert (town.store.sources.all(), town.store.tokens.all()) == ([], [])
    push.make(town.store, "Ohr", Scope.POSTS, 30, None, NOON, confirmed=FEED_IN_SCOPE)
    push.make(town.store, "Messwerte", Scope.METRICS, 30, None, NOON)
    assert town.store.vouched.open_sources() == []
    assert "confirmed" in town.store.audit.of_object("token:1")[0].after


def test_the_form_for_a_token_keeps_what_was_typed(desk: TownHall) -> None:
    form = {"name": "Ohr", "scope": "posts", "tage": "90", "pruefung": ["public"]}
    answer = desk.vera.presses("/quellen/zugaenge/", form)
    assert answer.status_code == 422
    assert 'value="Ohr"' in answer.text
    assert re.findall(r'name="pruefung" value="([\w-]+)" checked', answer.text) == ["public"]
