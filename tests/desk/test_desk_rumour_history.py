"""Earlier versions of an entry on the desk, hints with a way to follow them, and two entries as one."""

from __future__ import annotations

import re
from dataclasses import replace

from builders import RUMOUR_IN_SCOPE, TICKED, rumour
from people import TownHall, Visitor

from crisis.types import Fact, Rumour, RumourStatus
from crisis.workflows import catalogue, review

DAM = Rumour(
    id="damm",
    text="Der Staudamm bei Oberau bricht heute Nacht.",
    variants=("Raus aus Oberau", "Der Damm hält nicht mehr", "Oberau steht gleich unter Wasser"),
    lang="de",
)
TWIN = replace(DAM, id="staudamm", title="Staudamm", variants=("Alle weg aus Oberau!",))


def writes(hall: TownHall, *rumours: Rumour) -> None:
    for one in rumours:
        hall.later(minutes=1)
        catalogue.save(hall.store, one, hall.ben.person, hall.now, confirmed=RUMOUR_IN_SCOPE)


def last_line(hall: TownHall, rumour_id: str = "damm") -> int:
    return hall.store.audit.of_object(f"rumour:{rumour_id}")[-1].id


def stamp(visitor: Visitor, path: str) -> str:
    found = re.search(r'name="fassung" value="([^"]*)"', visitor.opens(path).text)
    assert found
    return found[1]


def test_a_change_is_shown_word_by_word(desk: TownHall) -> None:
    writes(desk, DAM, replace(DAM, text="Der Staudamm bei Oberau hält heute Nacht."))
    path = f"/geruechte/damm/verlauf/{last_line(desk)}"
    assert path in desk.vera.opens("/geruechte/damm").text
    text = desk.vera.opens(path).text
    assert re.search(r"<del>.*?bricht</del><ins>.*?hält</ins>", text)
    assert "Fassung davor wiederherstellen" not in text  # Vera may read, not write
    assert desk.dev.opens(path).status_code == 302


def test_ana_brings_an_old_version_back_and_both_stay_in_the_log(desk: TownHall) -> None:
    writes(desk, DAM, replace(DAM, text="Unsinn", status=RumourStatus.FALSE))
    path = f"/geruechte/damm/verlauf/{last_line(desk)}"
    form = {"fassung": stamp(desk.ana, path)}
    desk.later(minutes=1)
    assert desk.ana.presses(path, form).status_code == 302
    kept = desk.store.rumours.get("damm")
    assert (kept.text, kept.status) == (DAM.text, RumourStatus.SUSPECTED)
    text = desk.ana.opens("/geruechte/damm").text
    assert "Frühere Fassung des Gerüchts wiederhergestellt." in text
    assert "steht schon genau so da" in desk.ana.opens(path).text
    again = {"fassung": kept.updated.isoformat() if kept.updated else ""}
    before = len(desk.store.audit.of_object("rumour:damm"))
    desk.ana.presses(path, again)
    assert len(desk.store.audit.of_object("rumour:damm")) == before


def test_who_has_seen_an_older_entry_changes_nothing(desk: TownHall) -> None:
    writes(desk, DAM, replace(DAM, text="Unsinn"))
    path = f"/geruechte/damm/verlauf/{last_line(desk)}"
    form = {"fassung": stamp(desk.ana, path)}
    writes(desk, replace(DAM, text="Doch etwas anderes"))
    assert desk.ana.presses(path, form).status_code == 409
    assert desk.store.rumours.get("damm").text == "Doch etwas anderes"


def test_a_version_nobody_wrote_is_not_found(desk: TownHall) -> None:
    writes(desk, DAM)
    assert desk.ana.opens("/geruechte/damm/verlauf/999999").status_code == 404
    updated = desk.store.rumours.get("damm").updated
    assert updated is not None
    first = f"/geruechte/damm/verlauf/{last_line(desk)}"
    assert "Was sich geändert hat" in desk.ana.opens(first).text
    form = {"fassung": updated.isoformat()}
    assert desk.ana.presses(first, form).status_code == 404  # nothing stands before the first
    assert desk.vera.presses(first, form).status_code == 403


def test_a_state_is_named_in_words(desk: TownHall) -> None:
    writes(desk, DAM, replace(DAM, status=RumourStatus.OUT_OF_CONTEXT))
    text = desk.ana.opens(f"/geruechte/damm/verlauf/{last_line(desk)}").text
    assert "aus dem Zusammenhang gerissen</ins>" in text


# --- two entries as one ------------------------------------------------------------------------


def test_the_nearest_entries_are_offered_and_others_can_be_searched(desk: TownHall) -> None:
    writes(desk, DAM, TWIN, replace(DAM, id="weg", retired=True))
    text = desk.ana.opens("/geruechte/damm/zusammenlegen").text
    assert "Womit zusammenlegen?" in text
    assert "mit=staudamm" in text
    assert "mit=weg" not in text
    with desk.store.transaction():  # what was found when somebody last looked stands first
        desk.store.hints.put(
            "damm", [("near", "wasser"), ("short", ""), ("repeats", "weg")], desk.now
        )
    text = desk.ana.opens("/geruechte/damm/zusammenlegen").text
    assert 0 < text.index("mit=wasser") < text.index("mit=staudamm")
    assert "mit=weg" not in text
    found = desk.ana.opens("/geruechte/damm/zusammenlegen?suche=trinkwasser").text
    assert "mit=wasser" in found
    assert "Kein anderer" in desk.ana.opens("/geruechte/damm/zusammenlegen?suche=ufo").text
    assert desk.vera.opens("/geruechte/damm/zusammenlegen").status_code == 403


def test_two_entries_become_one_after_a_look(desk: TownHall) -> None:
    incident = desk.rumour_spreads(2)
    writes(desk, DAM)
    path = "/geruechte/damm/zusammenlegen"
    asked = desk.ana.opens(path + "?mit=wasser").text
    assert "Der andere geht gerade um." in asked
    form = {"fassung": stamp(desk.ana, path + "?mit=wasser"), "mit": "wasser"}
    assert not desk.store.rumours.get("wasser").retired
    desk.later(minutes=1)
    assert desk.ana.presses(path, form).status_code == 302
    kept, gone = desk.store.rumours.get("damm"), desk.store.rumours.get("wasser")
    assert rumour().text in kept.variants
    assert gone.retired
    assert desk.store.incidents.get(incident.id).rumour_id == "wasser"
    assert "Mit einem zweiten Eintrag zusammengelegt." in desk.ana.opens("/geruechte/damm").text
    assert "In einen anderen Eintrag" in desk.ana.opens("/geruechte/wasser").text
    assert desk.ana.presses(path, form).status_code == 409  # pressed twice


def test_an_entry_is_not_merged_with_itself_or_a_retired_one(desk: TownHall) -> None:
    writes(desk, DAM, replace(TWIN, retired=True))
    path = "/geruechte/damm/zusammenlegen"
    fresh = {"fassung": stamp(desk.ana, path + "?mit=wasser")}
    assert desk.ana.presses(path, fresh | {"mit": "damm"}).status_code == 422
    assert desk.ana.presses(path, fresh | {"mit": "staudamm"}).status_code == 409
    assert desk.ana.presses(path, fresh | {"mit": "nichts"}).status_code == 404
    assert desk.vera.presses(path, fresh | {"mit": "wasser"}).status_code == 403
    assert desk.store.rumours.get("damm").variants == DAM.variants


# --- hints -------------------------------------------------------------------------------------


def test_a_double_is_found_when_it_is_saved_and_leads_to_merging(desk: TownHall) -> None:
    writes(desk, DAM)
    form = {"text": DAM.text, "title": "Staudamm", "lang": "de", "status": "suspected"}
    desk.ben.presses("/geruechte/neu", form | TICKED)
    text = desk.ben.opens("/geruechte/staudamm").text
    assert "steht fast gleich schon im Katalog" in text
    assert "/geruechte/staudamm/zusammenlegen?mit=damm" in text
    assert "steht fast gleich noch einmal da (1)" in desk.ben.opens("/geruechte/").text
    assert "Staudamm" in desk.ben.opens("/geruechte/?hinweis=double").text
    review.some(desk.house, desk.later(minutes=1))  # likeness goes both ways
    assert "/geruechte/damm/zusammenlegen?mit=staudamm" in desk.ben.opens("/geruechte/damm").text


def test_each_hint_has_a_button_that_leads_there(desk: TownHall) -> None:
    writes(desk, replace(DAM, id="kurz", text="Alles weg", variants=(), lang="",
                         facts=(Fact(text="Nichts ist weg."),)))  # fmt: skip
    text = desk.ana.opens("/geruechte/kurz").text
    for anchor in ("#text", "#variants", "#facts", "#lang"):
        assert f"/geruechte/kurz/bearbeiten{anchor}" in text
    assert "Keine Vorlage nennt dieses Gerücht" in text
    assert "Zu den Vorlagen" in text


def test_the_playbook_s_rumour_has_no_such_hint(desk: TownHall) -> None:
    assert "Keine Vorlage nennt" not in desk.ana.opens("/geruechte/wasser").text
    assert "Trinkwasser" not in desk.ana.opens("/geruechte/?hinweis=no-playbook&suche=wasser").text


def test_hints_go_when_the_reason_goes(desk: TownHall) -> None:
    writes(desk, DAM, TWIN)
    review.some(desk.house, desk.now)
    assert ("double", "damm") in desk.store.hints.of("staudamm")
    catalogue.merge(desk.store, "damm", "staudamm", None, desk.later(minutes=1))
    assert "mit=staudamm" not in desk.ana.opens("/geruechte/damm").text
    desk.later(minutes=1)
    while review.some(desk.house, desk.now):
        pass
    assert "double" not in dict(desk.store.hints.of("damm"))


def test_looking_again_finds_nothing_to_do_until_tomorrow(desk: TownHall) -> None:
    writes(desk, DAM)
    now = desk.later(minutes=1)
    assert review.some(desk.house, now) == 2
    assert review.some(desk.house, now) == 0
    assert review.some(desk.house, desk.later(days=1, minutes=1)) == 2
    review.review(desk.house, [], now)
    retired = catalogue.retire(desk.store, "damm", None, desk.now)
    review.review(desk.house, [retired], desk.now)
    assert desk.store.hints.of("damm") == []
