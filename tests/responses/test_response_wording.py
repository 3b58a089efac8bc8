"""The words of an answer beside those that were approved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import NOON, PLAYBOOK, playbook
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import InvalidInputError, NotAllowedError
from crisis.responses.holding import first_statement, is_first_statement
from crisis.responses.wording import (
    MOST_CHARACTERS,
    approved_words,
    as_approved,
    checked,
    deviations,
    fingerprint,
)
from crisis.types import Response

WATER = playbook(
    PLAYBOOK
    + "\n## Erste Meldung: website\n\n# Wir prüfen das\n\nWir sehen nach, {{ naechste_info }}.\n"
)
ANSWER = Response(
    incident_id=1,
    playbook="trinkwasser",
    playbook_sha256=WATER.sha256,
    approval_id=1,
    lang="de",
    title=WATER.title,
    texts=dict(WATER.answers),
    written_by=1,
    written_at=NOON,
)


def test_an_answer_as_approved_says_what_was_approved_whatever_fills_its_blanks() -> None:
    assert deviations(ANSWER, WATER) == {}
    assert deviations(replace(ANSWER, values={"naechste_info": "heute"}), WATER) == {}
    assert deviations(replace(ANSWER, texts={"short": WATER.answers["short"]}), WATER) == {}
    as_approved(ANSWER, WATER)


def test_other_words_and_another_headline_are_found() -> None:
    texts = dict(ANSWER.texts) | {"short": "Alles gut. {{ naechste_info }}"}
    found = deviations(replace(ANSWER, title="Alles gut", texts=texts), WATER)
    assert found == {
        "title": (WATER.title, "Alles gut"),
        "short": (WATER.answers["short"], "Alles gut. {{ naechste_info }}"),
    }
    with pytest.raises(NotAllowedError):
        as_approved(replace(ANSWER, texts=texts), WATER)


def test_a_first_statement_is_compared_with_the_first_statement() -> None:
    assert WATER.holding
    title, texts = first_statement(WATER)
    begun = replace(ANSWER, title=title, texts=dict(texts), holding=True)
    assert approved_words(begun, WATER) == {"title": title, **texts}
    changed = replace(begun, texts={"website": "Wir wissen noch nichts."})
    assert is_first_statement(changed, WATER), "other words make it no other statement"
    assert set(deviations(changed, WATER)) == {"website"}


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Anders"},
        {"values": {"naechste_info": "morgen"}},
        {"texts": {"short": "Anders"}},
        {"change_note": "Uhrzeit berichtigt"},
        {"claim": "Das Wasser ist vergiftet."},
    ],
)
def test_whatever_the_public_reads_is_in_the_fingerprint(change: dict[str, object]) -> None:
    assert fingerprint(replace(ANSWER, **change)) != fingerprint(ANSWER)  # type: ignore[arg-type]


@given(st.integers(1, 99), st.integers(1, 99))
def test_what_the_public_does_not_read_is_not(version: int, by: int) -> None:
    assert fingerprint(replace(ANSWER, version=version, written_by=by)) == fingerprint(ANSWER)


def test_new_words_are_for_known_channels_and_not_endless() -> None:
    known = {"website": "a", "short": "b"}
    assert checked({"website": " neu\r\n", "short": " "}, known) == {"website": "neu"}
    for texts in ({"fax": "neu"}, {"website": "x" * (MOST_CHARACTERS + 1)}, {"website": " "}, {}):
        with pytest.raises(InvalidInputError):
            checked(texts, known)
