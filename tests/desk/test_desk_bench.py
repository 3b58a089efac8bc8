"""The test bench: what would become of a pasted post, and what another wording would change."""

from __future__ import annotations

from dataclasses import replace

from builders import rumour
from people import POST, TownHall

from crisis.types import Rumour

BENCH = "/geruechte/ausprobieren/"
DAM = Rumour(id="damm", text="Der Staudamm bei Oberau bricht heute Nacht.", lang="de")
EDIT = "/geruechte/damm/bearbeiten"


def keep(hall: TownHall, *rumours: Rumour) -> None:
    with hall.store.transaction():
        for one in rumours:
            hall.store.rumours.put(one, hall.now)


def test_everybody_may_try_and_strangers_may_not(desk: TownHall) -> None:
    for visitor in (desk.ana, desk.ben, desk.chloe, desk.vera):
        assert "Text des Beitrags" in visitor.opens(BENCH).text
        assert visitor.presses(BENCH, {"beitrag": POST}).status_code == 200
    assert desk.dev.opens(BENCH).status_code == 302
    assert desk.dev.presses(BENCH, {"beitrag": POST}).status_code == 403


def test_a_pasted_post_is_compared_and_explained(desk: TownHall) -> None:
    before = desk.store.audit.head()
    text = "Leute, der Staudamm bei Oberau bricht heute Nacht! <b>Weitersagen</b>"
    keep(desk, DAM)
    answer = desk.ben.presses(BENCH, {"beitrag": text, "geruecht": "damm"})
    assert answer.status_code == 200
    for said in (
        "dieses Gerücht",
        "<mark>Staudamm</mark>",
        "&lt;b&gt;Weitersagen",
        "Warum?",
        "eröffnet einen Vorfall",
        "entsteht ein Vorfall.",
    ):
        assert said in answer.text
    assert desk.store.audit.head() == before
    assert desk.store.posts.waiting() == 0


def test_the_runner_up_and_the_gap_are_named(desk: TownHall) -> None:
    keep(desk, DAM, Rumour(id="damm2", text="Der Staudamm bei Unterau bricht heute.", lang="de"))
    answer = desk.ana.presses(BENCH, {"beitrag": DAM.text})
    assert "An zweiter Stelle" in answer.text
    assert "Unterau" in answer.text


def test_a_post_about_something_else_fits_nothing(desk: TownHall) -> None:
    answer = desk.ana.presses(BENCH, {"beitrag": "Zzyzx qwrtp", "geruecht": "wasser"})
    assert "Kein Gerücht des Katalogs" in answer.text
    assert "ist nicht unter den drei nächsten" in answer.text


def test_several_posts_are_told_apart(desk: TownHall) -> None:
    pasted = f"{POST}\n\nHeute ist Markt.\n" + "Noch einer\n" * 30
    answer = desk.ana.presses(BENCH, {"beitrag": pasted, "mehrere": "1"})
    assert "Das würde aus den 20 Beiträgen" in answer.text
    assert "12 weitere Beiträge wurden nicht verglichen" in answer.text
    alone = desk.ana.presses(BENCH, {"beitrag": pasted})
    assert "Das würde daraus" in alone.text


def test_an_empty_post_is_asked_for(desk: TownHall) -> None:
    answer = desk.ana.presses(BENCH, {"beitrag": "  ", "geruecht": "gibt-es-nicht"})
    assert answer.status_code == 422
    assert "Bitte fügen Sie einen Beitrag ein." in answer.text


# --- an unsaved wording ------------------------------------------------------------------------


def wording(hall: TownHall, **changes: str) -> dict[str, str]:
    form = {"text": DAM.text, "lang": "de", "status": "suspected", "variants": "", "probe": "1"}
    found = hall.store.rumours.get("damm").updated
    assert found is not None
    return form | {"fassung": found.isoformat()} | changes


def test_a_wording_is_tried_on_last_week_s_posts_before_it_is_kept(desk: TownHall) -> None:
    keep(desk, DAM)
    desk.rumour_spreads(1, text="In Kleinheim ist die Sporthalle eingestürzt, alle reden davon!")
    desk.later(days=1)
    new = wording(desk, text="In Kleinheim ist die Sporthalle eingestürzt.")
    answer = desk.ben.presses(EDIT, new)
    assert answer.status_code == 200
    assert "So hätte es in den letzten 7 Tagen gewirkt" in answer.text
    assert "Kämen hinzu: 1" in answer.text
    assert 'value="1"' in answer.text
    assert desk.store.rumours.get("damm").text == DAM.text
    again = desk.ben.presses(EDIT, wording(desk))
    assert "Kein Beitrag wäre anders behandelt worden." in again.text


def test_a_wording_that_loses_posts_says_which(desk: TownHall) -> None:
    keep(desk, DAM)
    desk.rumour_spreads(1, text="Der Staudamm bei Oberau bricht heute Nacht!")
    answer = desk.ben.presses(EDIT, wording(desk, text="Am Montag fällt überall die Schule aus."))
    assert "Fielen weg: 1" in answer.text


def test_without_posts_there_is_nothing_to_try_on(desk: TownHall) -> None:
    keep(desk, DAM)
    desk.rumour_spreads(1)
    desk.later(days=8)
    answer = desk.ben.presses(EDIT, wording(desk))
    assert "kein Beitrag der letzten 7 Tage" in answer.text


def test_a_wording_that_cannot_be_taken_is_not_tried(desk: TownHall) -> None:
    keep(desk, DAM, replace(rumour(), id="anderes"))
    assert desk.ben.presses(EDIT, wording(desk, text=" ")).status_code == 422


def test_a_new_entry_can_be_tried_before_it_is_kept(desk: TownHall) -> None:
    desk.rumour_spreads(1, text="In Kleinheim ist die Sporthalle eingestürzt, alle reden davon!")
    form = {"text": "In Kleinheim ist die Sporthalle eingestürzt.", "lang": "de", "probe": "1"}
    answer = desk.ben.presses("/geruechte/neu", form)
    assert "Kämen hinzu: 1" in answer.text
    assert len(desk.store.rumours.all()) == 1
