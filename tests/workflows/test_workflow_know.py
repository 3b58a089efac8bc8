"""Published fact checks are offered once, and become part of the catalogue by somebody's decision only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import NOON, source
from town import Town

from crisis.errors import ConflictError, NotAllowedError, NotFoundError
from crisis.store import Store
from crisis.types import CheckState, FactCheck, FeedContent, Fetched, RumourStatus, SourceKind
from crisis.workflows import know, subscribe, watch

CHECK = FactCheck(
    claim="Das Trinkwasser in Nordstadt ist mit Chlor vergiftet, #wasser",
    claimed=True,
    url="https://pruefwerk.example/wasser",
    verdict="Falsch",
    status=RumourStatus.FALSE,
    publisher="Prüfwerk",
    lang="de",
)


@pytest.fixture
def desk_of_facts(town: Town) -> Town:
    """The town follows a fact-check desk, which has published one check."""
    with town.store.transaction():
        found = town.store.sources.add(source(kind=SourceKind.FACT_CHECKS))
    brings(town, found.id, CHECK)
    return town


def brings(town: Town, source_id: int, *checks: FactCheck) -> int:
    asked = watch.Outcome(
        town.store.sources.get(source_id),
        fetched=Fetched(body=b"", url="https://pruefwerk.example"),
        content=FeedContent(checks=checks),
    )
    return watch.keep(town.store, asked, town.now)


def only(store: Store) -> FactCheck:
    (check,) = store.fact_checks.offered(limit=10)
    return check


def test_a_check_is_knowledge_and_never_a_post(desk_of_facts: Town) -> None:
    assert desk_of_facts.store.posts.waiting() == 0
    assert only(desk_of_facts.store).claim == CHECK.claim


def test_the_same_article_or_claim_is_offered_once(desk_of_facts: Town) -> None:
    store = desk_of_facts.store
    source_id = only(store).source_id
    elsewhere = replace(CHECK, claim=CHECK.claim.upper() + "!", url="https://b.example/1")
    assert brings(desk_of_facts, source_id, CHECK, elsewhere) == 0
    assert store.fact_checks.waiting() == 1


def test_a_verdict_that_was_corrected_is_taken_over_while_nobody_has_decided(
    desk_of_facts: Town,
) -> None:
    store = desk_of_facts.store
    brings(
        desk_of_facts,
        only(store).source_id,
        replace(CHECK, verdict="Irreführend", status=RumourStatus.MISLEADING),
    )
    assert (only(store).verdict, only(store).status) == ("Irreführend", RumourStatus.MISLEADING)


def test_what_the_catalogue_has_already_is_found(desk_of_facts: Town) -> None:
    assert know.compare(desk_of_facts.house, NOON) == 1
    assert only(desk_of_facts.store).like == "wasser"
    assert know.compare(desk_of_facts.house, NOON) == 0, "once is enough"


def test_ben_adds_a_check_to_the_entry_that_says_the_same(desk_of_facts: Town) -> None:
    town, store = desk_of_facts, desk_of_facts.store
    rumour = know.add_to(store, only(store).id, "wasser", town.ben, town.now)
    assert rumour.variants[-1].startswith("Das Trinkwasser in Nordstadt ist mit Chlor vergiftet")
    assert rumour.facts[-1].url == CHECK.url
    assert "Falsch" in rumour.facts[-1].text
    assert store.fact_checks.waiting() == 0
    assert store.audit.of_object("check:1")[-1].action == "check.taken"


def test_ben_leaves_a_check_and_takes_that_back(desk_of_facts: Town) -> None:
    town, store = desk_of_facts, desk_of_facts.store
    left = know.leave(store, only(store).id, town.ben, town.now)
    assert left.state is CheckState.LEFT
    brings(town, left.source_id, CHECK)
    assert store.fact_checks.waiting() == 0, "what was left does not come again"
    know.offer_again(store, left.id, town.ben, town.now)
    assert only(store).id == left.id


def test_two_people_do_not_decide_differently(desk_of_facts: Town) -> None:
    town, store = desk_of_facts, desk_of_facts.store
    check = only(store)
    know.leave(store, check.id, town.ben, town.now)
    know.leave(store, check.id, town.ben, town.now)
    with pytest.raises(ConflictError, match="already"):
        know.take(store, check.id, "wasser", town.ben, town.now)


def test_dev_may_not_decide_and_nothing_is_taken_into_an_entry_that_is_not_there(
    desk_of_facts: Town,
) -> None:
    town, store = desk_of_facts, desk_of_facts.store
    for act in (know.leave, know.offer_again):
        with pytest.raises(NotAllowedError):
            act(store, only(store).id, town.dev, town.now)
    with pytest.raises(NotFoundError):
        know.take(store, only(store).id, "gibt-es-nicht", town.ben, town.now)
    with pytest.raises(NotFoundError):
        know.leave(store, 99, town.ben, town.now)


def test_a_removed_source_takes_what_nobody_decided_on_along(desk_of_facts: Town) -> None:
    town, store = desk_of_facts, desk_of_facts.store
    source_id = only(store).source_id
    brings(town, source_id, replace(CHECK, claim="Etwas ganz anderes", url="https://b.example/2"))
    know.leave(store, store.fact_checks.offered(limit=9)[0].id, town.ben, town.now)
    subscribe.remove(store, source_id, None, town.now)
    assert store.fact_checks.waiting() == 0
    assert len(store.fact_checks.decided(limit=9)) == 1
