"""Two people change the same thing at once: a clear question, and nothing is lost."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from people import TownHall, Visitor
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from crisis.desk import conflict
from crisis.desk.conflict import Part, Question
from crisis.errors import ConflictError
from crisis.types import Role
from crisis.workflows import catalogue


def fields(page: TestResponse | str) -> dict[str, list[str]]:
    """Every hidden field of the page's form, as a browser would send it."""
    text = page if isinstance(page, str) else page.text
    main = text.partition("<main")[2]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", main):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        assert name is not None
        if name[1] != "csrf_token":
            found.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    return found


def person_form(desk: TownHall, **changes: object) -> dict[str, object]:
    """The form of Ana, as Vera's browser shows it now, with these changes."""
    assert desk.ana.person is not None
    number = desk.ana.person.id
    page = desk.vera.opens(f"/personen/{number}")
    ana = desk.store.people.get(number)
    typed = {"name": ana.name, "email": ana.email, "roles": ["duty"], "lang": ana.lang}
    return {**fields(page), **typed, **changes}


def number(visitor: Visitor) -> int:
    assert visitor.person is not None
    return visitor.person.id


# --- the comparison itself ---------------------------------------------------------------------

PARTS = [Part("Eins", ("a",)), Part("Zwei", ("b", "c"), rows=2)]


def test_what_only_one_of_them_changed_is_no_question() -> None:
    start = {"a": ["1"], "b": ["2"], "c": ["3"]}
    found = conflict.compare(PARTS, start, {**start, "a": ["9"]}, {**start, "c": ["8"]})
    assert found.questions == []
    assert found.settled == {"a": ["9"], "b": ["2"], "c": ["8"]}
    assert found.from_them == ["Zwei"]


def test_what_both_changed_alike_is_no_question_either() -> None:
    start = {"a": ["1"]}
    both = {"a": ["2"], "b": ["x\r\ny"]}
    found = conflict.compare(PARTS, start, both, {"a": ["2"], "b": ["x\ny"]})
    assert found.questions == []
    assert found.from_them == []


def test_without_knowing_the_beginning_every_difference_is_asked() -> None:
    found = conflict.compare(PARTS, {}, {"a": ["1"]}, {"a": ["2"]})
    assert [question.part.label for question in found.questions] == ["Eins"]
    assert found.questions[0].combined == "1 2"


def test_an_answer_becomes_the_form_that_would_have_been_sent() -> None:
    asked = MultiDict(
        [
            ("fragen", "3"),
            *(("wahl-0", "jene"), ("ihre-0", '{"a": ["1"]}'), ("jene-0", '{"a": ["2"]}')),
            *(("wahl-1", "beide"), ("ihre-1", '{"b": ["x"]}'), ("beide-1", "x und y")),
            ("ihre-2", '{"rollen": ["eins", "zwei"]}'),
            ("titel", "Gleich"),
        ]
    )
    form = conflict.resolved(asked)
    assert (form["a"], form["b"], form["titel"]) == ("2", "x und y", "Gleich")
    assert form.getlist("rollen") == ["eins", "zwei"]


def test_an_answer_made_up_by_hand_breaks_nothing() -> None:
    for text in ("", "[]", "{", '{"a": 1}', "[" * 2000):
        form = MultiDict([("fragen", "99999999"), ("wahl-0", "ihre"), ("ihre-0", text)])
        assert "a" not in conflict.resolved(form)


# --- people ------------------------------------------------------------------------------------


def test_two_administrators_change_different_things_and_both_hold(desk: TownHall) -> None:
    path = f"/personen/{number(desk.ana)}"
    mine = person_form(desk, name="Ana Neu")
    assert desk.vera.presses(path, person_form(desk, lang="en")).status_code == 302
    asked = desk.vera.presses(path, mine)
    assert asked.status_code == 409
    assert "beides passt zusammen" in asked.text
    assert "Sprache" in asked.text
    done = desk.vera.presses(path, dict(fields(asked)))
    assert done.status_code == 302
    ana = desk.store.people.get(number(desk.ana))
    assert (ana.name, ana.lang) == ("Ana Neu", "en")


def test_what_both_changed_is_asked_and_the_choice_holds(desk: TownHall) -> None:
    path = f"/personen/{number(desk.ana)}"
    mine = person_form(desk, name="Ana <Eins>", roles=["duty", "approver"])
    desk.vera.presses(path, person_form(desk, name="Ana Zwei", roles=["duty", "admin"]))
    asked = desk.vera.presses(path, mine)
    text = asked.text
    assert "Fassung von Vera" in text
    assert "Ana &lt;Eins&gt;" in text
    assert "Ana Zwei" in text
    assert desk.store.people.get(number(desk.ana)).name == "Ana Zwei"  # not saved yet
    choice = {**fields(asked), "wahl-0": "ihre", "wahl-1": "jene"}
    assert desk.vera.presses(path, choice).status_code == 302
    ana = desk.store.people.get(number(desk.ana))
    assert (ana.name, ana.roles) == ("Ana <Eins>", {Role.DUTY, Role.ADMIN})


def test_a_third_change_is_asked_about_again(desk: TownHall) -> None:
    path = f"/personen/{number(desk.ana)}"
    mine = person_form(desk, name="Ana Eins")
    desk.vera.presses(path, person_form(desk, name="Ana Zwei"))
    asked = desk.vera.presses(path, mine)
    desk.vera.presses(path, person_form(desk, name="Ana Drei"))
    again = desk.vera.presses(path, {**fields(asked), "wahl-0": "ihre"})
    assert again.status_code == 409
    assert "Ana Eins" in again.text
    assert "Ana Drei" in again.text


# --- answers -----------------------------------------------------------------------------------


def test_an_answer_filled_in_by_two_is_asked_about_and_handed_over(desk: TownHall) -> None:
    desk.chloe_approves()
    draft = desk.draft(desk.rumour_spreads())
    path = f"/antworten/{draft.id}"
    begun = fields(desk.ana.opens(path))
    assert json.loads(begun["begann"][0])["b-naechste_info"] == [""]
    desk.chloe.presses(path, {**begun, "titel": draft.title, "b-naechste_info": "heute um 20 Uhr"})
    asked = desk.ana.presses(
        path,
        {
            **begun,
            "titel": draft.title,
            "b-naechste_info": "heute um 18 Uhr",
            "weiter": "freigabe",
        },
    )
    assert asked.status_code == 409
    assert "Fassung von Chloe" in asked.text
    assert "heute um 18 Uhr" in asked.text
    done = desk.ana.presses(
        path, {**fields(asked), "wahl-0": "beide", "beide-0": "heute um 18 und um 20 Uhr"}
    )
    assert done.status_code == 302
    kept = desk.store.responses.get(draft.id)
    assert kept.values["naechste_info"] == "heute um 18 und um 20 Uhr"
    assert kept.submitted_at is not None


def test_an_answer_that_is_out_already_is_not_asked_about(desk: TownHall) -> None:
    desk.chloe_approves()
    released = desk.released(desk.rumour_spreads())
    form = {"titel": "x", "b-naechste_info": "y", "version": "1"}
    assert desk.ana.presses(f"/antworten/{released.id}", form).status_code in (409, 422)
    assert desk.store.responses.get(released.id) == released


# --- rumours -----------------------------------------------------------------------------------


def test_an_entry_changed_by_two_keeps_what_each_wrote(desk: TownHall) -> None:
    path = "/geruechte/wasser/bearbeiten"
    begun = fields(desk.ben.opens(path))
    stands = json.loads(begun["begann"][0])
    with desk.store.transaction():
        before = desk.store.rumours.get("wasser")
        theirs = replace(before, title="Ihr Titel", topics=("wasser", "strom"))
        desk.store.rumours.put(theirs, desk.later(minutes=1))
    typed = {name: values[0] for name, values in stands.items()}
    mine = {**begun, **typed, "title": "Mein Titel", "text": "Das Wasser sei vergiftet."}
    mine |= {"fakt-0-text": "Das Labor fand nichts.", "fakt-0-source": "", "fakt-0-url": ""}
    asked = desk.ben.presses(path, {**mine, "fakt-0-date": ""})
    assert asked.status_code == 409
    assert "Mein Titel" in asked.text
    assert "Ihr Titel" in asked.text
    assert "Themen" in asked.text.partition("Übernommen")[2]
    done = desk.ben.presses(path, {**fields(asked), "wahl-0": "jene"})
    assert done.status_code == 302
    kept = desk.store.rumours.get("wasser")
    assert (kept.title, kept.text) == ("Ihr Titel", "Das Wasser sei vergiftet.")
    assert kept.topics == ("wasser", "strom")
    assert [fact.text for fact in kept.facts] == ["Das Labor fand nichts."]


def test_who_saves_an_entry_between_reading_and_writing_is_not_overwritten(desk: TownHall) -> None:
    """The version is compared inside the transaction that writes, not only before it."""
    read = desk.store.rumours.get("wasser")
    with desk.store.transaction():
        desk.store.rumours.put(replace(read, title="Ihr Titel"), desk.later(minutes=1))
    with pytest.raises(ConflictError):
        catalogue.save(
            desk.store, replace(read, title="Mein Titel"), desk.ben.person, desk.now, began=read
        )
    assert desk.store.rumours.get("wasser").title == "Ihr Titel"


def test_both_versions_together_say_what_they_share_only_once() -> None:
    question = Question(0, Part("Lage", ("t",), rows=4), {"t": ["a\nx\nz"]}, {"t": ["a\ny\nz"]})
    assert question.combined == "a\nx\ny\nz"
