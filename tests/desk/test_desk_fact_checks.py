"""Published fact checks on the desk: taken with the form of a new rumour, added, or left."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import NOON, TICKED, source
from people import TownHall

from crisis.types import CheckState, FactCheck, RumourStatus, SourceKind

PATH = "/geruechte/faktenchecks/"
CHECK = FactCheck(
    claim="In Nordstadt stürzt die <b>Brücke</b> ein",
    claimed=True,
    url="https://pruefwerk.example/bruecke",
    verdict="Frei erfunden",
    status=RumourStatus.FALSE,
    publisher="Prüfwerk",
    lang="de",
)


@pytest.fixture
def offered(desk: TownHall) -> TownHall:
    """One check is offered."""
    with desk.store.transaction():
        found = desk.store.sources.add(
            source(url="https://pruefwerk.example/feed", kind=SourceKind.FACT_CHECKS)
        )
        desk.store.fact_checks.put([CHECK], found.id, NOON)
    return desk


def test_ben_sees_claim_verdict_and_article_and_no_markup_of_theirs(offered: TownHall) -> None:
    page = offered.ben.opens(PATH).text
    assert "&lt;b&gt;Brücke&lt;/b&gt;" in page
    assert "Frei erfunden" in page
    assert CHECK.url in page
    assert "Faktenchecks (1)" in offered.ben.opens("/geruechte/").text


def test_ben_takes_it_with_the_form_of_a_new_rumour(offered: TownHall) -> None:
    form = offered.ben.opens("/geruechte/neu?faktencheck=1").text
    assert "Prüfwerk: „Frei erfunden“" in form
    sent = {
        "faktencheck": "1",
        "text": "Die Brücke in Nordstadt stürzt ein",
        "status": "false",
        "lang": "de",
        "fakt-0-text": "Sie steht.",
    }
    assert offered.ben.presses("/geruechte/neu", sent | TICKED).status_code == 302
    check = offered.store.fact_checks.get(1)
    assert check.state is CheckState.TAKEN
    assert offered.store.rumours.get(check.rumour_id).text == sent["text"]
    assert "Zurücknehmen" in offered.ben.opens(PATH).text


def test_the_check_stays_offered_while_the_form_has_problems(offered: TownHall) -> None:
    answer = offered.ben.presses("/geruechte/neu", {"faktencheck": "1", "text": ""})
    assert answer.status_code == 422
    assert 'name="faktencheck" value="1"' in answer.text
    assert offered.store.fact_checks.waiting() == 1


def test_ben_adds_it_to_the_entry_it_sounds_like(offered: TownHall) -> None:
    with offered.store.transaction():
        offered.store.fact_checks.compare(1, "wasser", NOON)
    assert "Klingt wie" in offered.ben.opens(PATH).text
    offered.ben.presses(f"{PATH}1/dazu", {"geruecht": "wasser"})
    assert offered.store.rumours.get("wasser").facts[-1].url == CHECK.url


def test_ben_leaves_it_and_takes_that_back(offered: TownHall) -> None:
    offered.ben.presses(f"{PATH}1/nicht-noetig")
    assert "Nichts offen" in offered.ben.opens(PATH).text
    offered.ben.presses(f"{PATH}1/wieder-anbieten")
    assert offered.store.fact_checks.waiting() == 1


def test_older_ones_stand_on_the_next_page(offered: TownHall) -> None:
    many = [
        replace(CHECK, claim=f"Behauptung {n}", url=f"https://pruefwerk.example/{n}")
        for n in range(25)
    ]
    with offered.store.transaction():
        offered.store.fact_checks.put(many, 1, NOON)
    first = offered.ben.opens(PATH).text
    assert "Behauptung 24" in first
    assert "Ältere zeigen" in first
    second = offered.ben.opens(f"{PATH}?vor=7").text
    assert "Brücke" in second
    assert "Ältere zeigen" not in second


def test_a_stranger_and_people_who_do_not_write_change_nothing(offered: TownHall) -> None:
    assert offered.dev.opens(PATH).status_code == 302
    offered.dev.presses(f"{PATH}1/nicht-noetig")
    assert offered.store.fact_checks.waiting() == 1
