"""The page on matching: figures, models, and thresholds that are looked at before they hold."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from builders import NOON
from people import TownHall
from test_desk_rights import call

from crisis.matching import Bands, learned, shipped_model
from crisis.matching.histogram import NOTHING, bin_of
from crisis.types import Band, LearnedModel, Stance
from crisis.workflows import learn, tune

MODEL = shipped_model().version
FIRST = f"{MODEL}+desk.1"
OWN = Bands.of(shipped_model(), 1)
BETWEEN = OWN.suggest_at + 0.3 * (OWN.raise_at - OWN.suggest_at)  # a suggestion, no more


@pytest.fixture
def month(desk: TownHall) -> TownHall:
    """Two weeks of counted posts, three posts that were kept, a verdict on each."""
    with desk.store.transaction():
        for age in range(14):
            counts = {NOTHING: 500, bin_of(BETWEEN): 30, bin_of(0.95): 2}
            desk.store.scores.add(NOON.date() - timedelta(days=age), MODEL, counts)
        desk.store.scores.add(NOON.date(), "älter", {NOTHING: 3})
    incident = desk.rumour_spreads(2)
    desk.sees("Trinkwasser schmeckt komisch", band=Band.SUGGEST)
    one, other = desk.store.sightings.of_incident(incident.id)
    desk.ana.judges(incident, one, "fits")
    desk.ana.judges(incident, other, "corrects")
    return desk


def learned_one(desk: TownHall, **figures: object) -> None:
    """A model was learned, and is on file."""
    text = learned.write(shipped_model(), FIRST, {})
    with desk.store.transaction():
        desk.store.models.add(
            LearnedModel(
                version=FIRST,
                parent=MODEL,
                made=NOON,
                made_by=None,
                text=text,
                sha256=learned.digest(text),
                figures=figures,
                better=True,
                lessons=60,
                up_to=0,
            )
        )


def test_before_any_post_the_page_says_what_holds(desk: TownHall) -> None:
    page = desk.ben.opens("/abgleich/").text
    assert "hat noch keine Beiträge gesehen" in page
    assert f"{OWN.raise_at:.0%}".replace("%", " %") in page and f"{MODEL} (mitgeliefert)" in page
    assert "noch kein Urteil" in page
    assert "Zurück zu denen davor" not in page


def test_the_last_month_is_told_in_figures_a_picture_and_a_table(month: TownHall) -> None:
    page = month.ana.opens("/abgleich/").text
    assert "<dd>28</dd>" in page and "<dd>420</dd>" in page
    assert page.count("data-chart=") == 2 and "Zusammen 420, höchstens 30 an einem Tag." in page
    assert "Gemeldete Beiträge: Von 2 mit Urteil passten 1. Einer stellte richtig." in page
    assert "3 Beiträge aus dieser Zeit, die ein anderes Modell bewertet hat" in page
    assert "<td" in page and "Montag, 23. November 2026" in page


def test_a_budget_is_looked_at_switched_on_and_taken_back(month: TownHall) -> None:
    path = "/abgleich/schwellen?meldungen=1&vorschlaege=5,5&tage=90"
    page = month.vera.opens(path).text
    assert "Noch ist nichts geändert" in page
    assert "5,5" in page and "Zusammen 420, höchstens 30 an einem Tag." not in page
    before = month.house.index().bands  # type: ignore[attr-defined]
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    form.pop("nach", None)
    assert month.vera.presses("/abgleich/schwellen", form).status_code == 302
    held = tune.standing(month.house)
    assert held.bands.suggest_at > before.suggest_at
    assert held.use is not None and held.use.suggestions_per_day == 5.5
    assert month.house.index().bands == held.bands  # type: ignore[attr-defined]
    shown = month.vera.opens("/abgleich/").text
    assert "Eingeschaltet:" in shown and "Vera" in shown and 'value="5,5"' in shown
    assert month.vera.presses("/abgleich/schwellen", form).status_code == 409
    month.vera.presses("/abgleich/schwellen/zurueck")
    assert tune.standing(month.house).bands == before
    again = month.vera.opens("/abgleich/").text
    assert "zurück zum Modell" in again
    assert "Zurück zu denen davor" not in again
    protocol = month.vera.opens("/protokoll/").text
    assert "Schwellen eingeschaltet." in protocol and "Zurück zu den Schwellen davor." in protocol


def test_thresholds_typed_by_hand_name_the_posts_that_change(month: TownHall) -> None:
    page = month.chloe.opens("/abgleich/schwellen?nach=schwellen&melden=95,5&vorschlagen=60 %").text
    assert "gemeldet → vorgeschlagen" in page and "vorgeschlagen → unbeachtet" in page
    assert "Das Trinkwasser ist vergiftet." in page
    assert "passt" in page and "stellt richtig" in page
    assert 'name="melden" value="0.955"' in page
    english = month.chloe.opens(
        "/abgleich/schwellen?nach=schwellen&melden=99.95&vorschlagen=&tage=1&lang=en"
    ).text
    assert "99.95%" in english and "raised → suggested" in english


def test_more_posts_than_anybody_reads_are_counted(month: TownHall) -> None:
    month.rumour_spreads(32)  # two of them were said before, word for word
    page = month.chloe.opens("/abgleich/schwellen?nach=schwellen&melden=96&vorschlagen=").text
    assert "… und 12 weitere." in page


def test_what_holds_already_cannot_be_switched_on(month: TownHall) -> None:
    page = month.chloe.opens("/abgleich/schwellen?nach=schwellen&melden=&vorschlagen=").text
    assert "Diese Schwellen gelten schon." in page
    assert "Diese Schwellen einschalten" not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("meldungen=viele&vorschlaege=1", "Bitte geben Sie eine Zahl ein."),
        ("meldungen=1&vorschlaege=-3", "Zahlen zwischen 0 und 100.000"),
        ("nach=schwellen&melden=x&vorschlagen=", "zwischen 0 und 100"),
        ("nach=schwellen&melden=120&vorschlagen=", "zwischen 0 und 100"),
        ("nach=schwellen&melden=50&vorschlagen=60", "darf nicht über"),
    ],
)
def test_what_is_no_number_is_said_beside_its_field(desk: TownHall, query: str, said: str) -> None:
    answer = desk.vera.opens(f"/abgleich/schwellen?{query}")
    assert answer.status_code == 422
    assert said in answer.text and 'aria-invalid="true"' in answer.text


def test_without_any_post_a_look_says_so(desk: TownHall) -> None:
    page = desk.vera.opens("/abgleich/schwellen").text
    assert "sind keine Zahlen da" in page
    assert "ändert sich keiner" in page


@pytest.mark.parametrize("form", [{}, {"melden": "0.5", "vorschlagen": "0.9"}, {"melden": "nan"}])
def test_a_form_that_no_page_of_ours_sent_is_refused(desk: TownHall, form: dict[str, str]) -> None:
    assert desk.vera.presses("/abgleich/schwellen", form).status_code == 422
    assert tune.standing(desk.house).use is None


def test_who_may_not_tune_sees_no_button_and_is_refused(month: TownHall) -> None:
    for visitor in (month.ana, month.ben):
        page = visitor.opens("/abgleich/schwellen?meldungen=1&vorschlaege=5").text
        assert "Diese Schwellen einschalten" not in page
        assert "mit der Rolle Freigabe oder Verwaltung" in page
        for path in ("schwellen", "schwellen/zurueck", "modell", "modell/zurueck"):
            assert call(visitor, "POST", f"/abgleich/{path}") == 403


def test_a_learned_model_is_taken_into_use_and_left_again(month: TownHall) -> None:
    learned_one(month, recall=[0.5, 0.625])
    page = month.vera.opens("/abgleich/").text
    assert "hätte es 62 % gefunden, das Modell davor 50 %" in page
    assert "Nachweislich besser." in page
    month.vera.presses("/abgleich/modell", {"modell": FIRST})
    assert learn.in_use(month.store).version == FIRST
    shown = month.vera.opens("/abgleich/").text
    assert f"Es urteilt das Modell {FIRST}." in shown and "Zurück zum Modell davor" in shown
    month.vera.presses("/abgleich/modell/zurueck")
    assert learn.in_use(month.store).version == learn.SHIPPED
    assert month.vera.presses("/abgleich/modell", {"modell": "9"}).status_code == 404


def test_a_damaged_model_is_told_of(month: TownHall) -> None:
    learned_one(month)
    learn.use(month.house, FIRST, None, month.now)
    with month.store.transaction():
        month.store._db.execute("update models set text = 'x'")
    page = month.vera.opens("/abgleich/").text
    assert "lässt sich nicht verwenden" in page and "Solange urteilt das mitgelieferte" in page


def test_a_click_never_raises_what_only_corrects(month: TownHall) -> None:
    """Very low thresholds raise no correction: a look at them counts it as suggested at most."""
    month.sees("Das stimmt nicht, Trinkwasser ist rein", stance=Stance.CORRECTS)
    found = tune.replay(month.house, Bands(0.0, 0.0), month.now)
    corrected = [c for c in found.changes if c.scored.stance is Stance.CORRECTS]
    assert all(change.after is not Band.RAISE for change in corrected)
