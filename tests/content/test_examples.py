"""What a newcomer gets: catalogue, playbooks, exercise. Each is good by our own rules; they fit."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from crisis import drills, wiring
from crisis.matching import Index
from crisis.playbooks.blocks import located
from crisis.playbooks.check import check
from crisis.playbooks.folder import Folder
from crisis.responses.limits import CHANNELS
from crisis.rumours import quality
from crisis.rumours.exchange import read_rows, write_rows
from crisis.types import Band, Match, Playbook, Rumour, Stance

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"
TODAY = date(2026, 11, 23)
FOLDER = Folder(PLAYBOOKS)

# Seconds at which posts of the exercise carry the rumour, ask about it, correct it, tell the truth.
SPREADS = frozenset({15, 20, 23, 28, 31, 35, 38, 41, 44, 47, 50, 53, 56})
ASKS = frozenset({27, 40})
CORRECTS = frozenset({46})
TRUE_NEWS = frozenset({7, 8, 14, 24, 34, 49})

# The kinds of rumours German authorities meet.
KINDS = {
    "trinkwasser-vergiftet", "damm-gebrochen", "bombe-evakuierung", "schulen-geschlossen",
    "stromausfall-blackout", "kind-entfuehrt-transporter", "falsche-sms-stadt",
    "falscher-brief-gebuehr", "impfpflicht-schule", "unterkunft-beschlossen", "wahllokal-verlegt",
    "sirenen-luftalarm", "wolf-kindergarten", "krankenhaus-aufnahmestopp", "rauch-giftig",
    "bruecke-einsturz", "spenden-verbrannt",
}  # fmt: skip


@cache
def catalogue() -> tuple[Rumour, ...]:
    text = files("crisis").joinpath("examples/rumours.jsonl").read_text("utf-8")
    return tuple(read_rows(text, "jsonl"))


@cache
def playbooks() -> tuple[Playbook, ...]:
    return FOLDER.load().playbooks


@cache
def exercise() -> drills.Scenario:
    path = PLAYBOOKS / "uebungen" / f"{wiring.EXERCISE}.md"
    return drills.parse(wiring.EXERCISE, path.read_text("utf-8"))


@cache
def played() -> dict[int, list[Match]]:
    """What the shipped model makes of every post of the exercise, by its second."""
    lines = exercise().lines
    index = Index.build(catalogue(), today=TODAY)
    found = index.match([line.text for line in lines], ["de"] * len(lines), banded=True)
    return {int(line.after): matches for line, matches in zip(lines, found, strict=True)}


# --- the catalogue ---


def test_the_catalogue_covers_what_german_authorities_meet() -> None:
    ids = [rumour.id for rumour in catalogue()]
    assert set(ids) >= KINDS
    assert len(ids) == len(set(ids))
    assert Counter(rumour.lang for rumour in catalogue())["en"] == 4


@pytest.mark.parametrize("rumour", catalogue(), ids=lambda rumour: rumour.id)
def test_an_example_rumour_is_complete(rumour: Rumour) -> None:
    assert rumour.title
    assert rumour.topics
    assert 3 <= len(rumour.variants) <= 6
    assert any("?" in variant for variant in rumour.variants), "nobody asks"
    assert rumour.facts
    assert all(fact.text and fact.source and fact.date for fact in rumour.facts)
    assert rumour.valid_until is None or rumour.valid_until > TODAY


@pytest.mark.parametrize("rumour", catalogue(), ids=lambda rumour: rumour.id)
def test_our_own_advice_finds_nothing_to_improve_in_an_example_rumour(rumour: Rumour) -> None:
    assert quality.hints(rumour, catalogue(), today=TODAY) == []


def test_sources_of_example_facts_lead_to_reserved_addresses_only() -> None:
    urls = [fact.url for rumour in catalogue() for fact in rumour.facts if fact.url]
    assert all(url.startswith("https://www.example.org/") for url in urls)


def test_the_catalogue_survives_a_round_trip() -> None:
    assert read_rows(write_rows(catalogue(), "csv"), "csv") == list(catalogue())


# --- the playbooks ---


@pytest.mark.parametrize("name", FOLDER.names())
def test_a_shipped_playbook_has_no_problem_of_any_kind(name: str) -> None:
    ids = {rumour.id for rumour in catalogue()}
    made = FOLDER.whole(name, FOLDER.text(name))
    found = located(check(name, made.text, today=TODAY, rumour_ids=ids), made)
    assert found == []


def test_there_are_enough_playbooks_in_both_languages() -> None:
    langs = Counter(playbook.lang for playbook in playbooks())
    assert langs["de"] >= 12
    assert langs["en"] >= 4


def test_an_english_playbook_stands_beside_its_german_one() -> None:
    by_name = {playbook.name: playbook for playbook in playbooks()}
    for playbook in playbooks():
        if playbook.lang == "en":
            german = by_name[playbook.name.removesuffix(".en")]
            assert set(german.rumours) <= set(playbook.rumours)
            assert len(german.placeholders) == len(playbook.placeholders)


def test_every_common_rumour_has_its_playbook() -> None:
    assert {rumour for playbook in playbooks() for rumour in playbook.rumours} >= KINDS


@pytest.mark.parametrize("playbook", playbooks(), ids=lambda playbook: playbook.name)
def test_a_shipped_playbook_says_how_we_work_what_we_do_not_know_and_whom_to_call(
    playbook: Playbook,
) -> None:
    website = playbook.answers["website"]
    said = ("### So arbeiten wir", "### Was wir noch nicht wissen", "### Nächste Information")
    says = ("### How we work", "### What we do not know yet", "### Next information")
    assert all(heading in website for heading in (said if playbook.lang == "de" else says))
    assert {"website", "short", "press"} <= set(playbook.answers)
    numbers = [p for p in playbook.placeholders if "telefon" in p.name or p.name == "helpline"]
    assert len(numbers) == 1
    assert f"{{{{ {numbers[0].name} }}}}" in website
    # Numbers set aside for films and books: nobody is rung up by accident.
    assert numbers[0].example.startswith("030 23125 ")


@pytest.mark.parametrize("playbook", playbooks(), ids=lambda playbook: playbook.name)
def test_a_shipped_playbook_is_ready_for_the_first_minutes_and_for_the_telephone(
    playbook: Playbook,
) -> None:
    assert playbook.not_when and len(playbook.checks) >= 2
    assert {"website", "short"} <= set(playbook.holding)
    # Whoever answers in the first minutes knows no more than where, and when they will say more.
    known = {"naechste_info", "next_info"}
    assert all(any(name in text for name in known) for text in playbook.holding.values())
    assert sum(question.uncomfortable for question in playbook.questions) >= 3
    assert sum(not question.uncomfortable for question in playbook.questions) >= 3
    assert playbook.review_by is not None


def test_the_showpiece_has_a_text_for_every_channel() -> None:
    showpiece = next(p for p in playbooks() if p.name == "trinkwasser")
    assert set(showpiece.answers) == set(CHANNELS)
    assert sum("plain" in playbook.answers for playbook in playbooks()) >= 6


# --- the exercise ---


def test_the_exercise_names_a_rumour_and_a_playbook_that_exist() -> None:
    scenario = exercise()
    playbook = next(p for p in playbooks() if p.name == scenario.playbook)
    assert scenario.rumour_id in playbook.rumours
    assert scenario.rumour_id in {rumour.id for rumour in catalogue()}
    assert scenario.guide.startswith("## Worum es geht")


def test_the_exercise_is_a_minute_of_town_talk_with_one_rumour_in_it() -> None:
    scenario = exercise()
    seconds = [int(line.after) for line in scenario.lines]
    assert 30 <= len(seconds) <= 60
    assert seconds == sorted(set(seconds))
    assert seconds[-1] < scenario.seconds == 60
    about = SPREADS | ASKS | CORRECTS
    assert about <= set(seconds)
    assert len(about) < len(seconds) / 2
    assert all(line.author for line in scenario.lines)
    assert len({line.text for line in scenario.lines}) == len(seconds)


def test_the_rumour_of_the_exercise_spreads_faster_and_faster() -> None:
    halves = Counter(second < 30 for second in SPREADS | ASKS)
    assert halves[False] >= 2 * halves[True] > 0


def test_no_post_of_the_exercise_is_copied_from_the_catalogue() -> None:
    known = {phrasing for rumour in catalogue() for phrasing in rumour.phrasings}
    assert not known & {line.text for line in exercise().lines}


@pytest.mark.parametrize("second", sorted(SPREADS | ASKS))
def test_a_post_that_carries_the_rumour_is_found(second: int) -> None:
    best = played()[second][0]
    assert best.rumour_id == exercise().rumour_id
    assert best.band in (Band.RAISE, Band.SUGGEST)


def test_most_posts_that_carry_the_rumour_raise_the_alarm() -> None:
    raised = [s for s in SPREADS | ASKS if played()[s][0].band is Band.RAISE]
    assert len(raised) >= 6
    assert min(raised) <= 20, "the participant waits too long"


@pytest.mark.parametrize("second", sorted(ASKS))
def test_a_question_is_seen_as_one(second: int) -> None:
    assert played()[second][0].stance is Stance.ASKS


@pytest.mark.parametrize("second", sorted(CORRECTS))
def test_a_contradiction_raises_nothing(second: int) -> None:
    best = played()[second][0]
    assert best.stance is Stance.CORRECTS
    assert best.band is Band.SUGGEST


def test_town_talk_and_true_news_raise_nothing() -> None:
    about = SPREADS | ASKS | CORRECTS
    others = {second: found for second, found in played().items() if second not in about}
    assert set(others) >= TRUE_NEWS
    raised = {s: m for s, found in others.items() for m in found if m.band is Band.RAISE}
    assert raised == {}
    # A suggestion now and then is what suggestions are for; a wall of them would teach nothing.
    assert sum(bool(found) for found in others.values()) <= 2


def test_true_news_of_the_burst_main_are_not_taken_for_the_rumour() -> None:
    assert {second: played()[second] for second in TRUE_NEWS if played()[second]} == {}


# --- drills of the team ---

TEAM = tuple(
    name
    for name in sorted(path.stem for path in (PLAYBOOKS / "uebungen").glob("*.md"))
    if name != wiring.EXERCISE
)


def team(name: str) -> drills.Scenario:
    return drills.parse(name, (PLAYBOOKS / "uebungen" / f"{name}.md").read_text("utf-8"))


def test_four_situations_are_there_to_practise() -> None:
    assert {"damm", "evakuierung-nachts", "giftwolke", "trinkwasser-team"} <= set(TEAM)


@pytest.mark.parametrize("name", TEAM)
def test_a_scenario_for_the_team_is_whole(name: str) -> None:
    scenario = team(name)
    playbook = next(p for p in playbooks() if p.name == scenario.playbook)
    assert scenario.rumour_id in playbook.rumours
    assert scenario.rumour_id in {rumour.id for rumour in catalogue()}
    assert scenario.title.startswith("Übung: ") and scenario.title_en.startswith("Exercise: ")
    assert playbook.holding, "a first statement is expected"
    assert [one.minute for one in scenario.expected] == sorted(o.minute for o in scenario.expected)
    assert scenario.lines[-1].after < scenario.seconds
    assert "## Danach besprechen" in scenario.guide
    known = {phrasing for rumour in catalogue() for phrasing in rumour.phrasings}
    texts = [line.text for line in scenario.lines]
    assert len(set(texts)) == len(texts)
    assert not known & set(texts)


@pytest.mark.parametrize("name", TEAM)
def test_its_rumour_is_recognised_in_time_and_nothing_else_is(name: str) -> None:
    scenario = team(name)
    index = Index.build(catalogue(), today=TODAY)
    found = index.match(
        [line.text for line in scenario.lines], ["de"] * len(scenario.lines), banded=True
    )
    pairs = list(zip(scenario.lines, found, strict=True))
    raised = [(line, m[0]) for line, m in pairs if m and m[0].band is Band.RAISE]
    assert {match.rumour_id for _line, match in raised} == {scenario.rumour_id}
    assert len(raised) >= 6
    begins = raised[0][0].after / 60
    assert begins <= 6, "the team waits too long"
    assert scenario.expected[0].minute >= begins + 5, "nobody could be so fast"
    assert any(m and m[0].stance is Stance.CORRECTS for _line, m in pairs)
    assert sum(not m for _line, m in pairs) >= 3, "there must be everyday talk, too"
