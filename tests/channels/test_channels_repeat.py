"""A promised update as each channel gets it: the time is new, the words are not."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOON

from crisis.channels.plan import Going, Outlet
from crisis.channels.repeat import holds, next_line, repeated
from crisis.types import Response, ResponseState

BERLIN = ZoneInfo("Europe/Berlin")
GOING = Going(zone=BERLIN, page="https://a.example/{slug}")


def answer(lang: str = "de", title: str = "Das Wasser ist gut") -> Response:
    return Response(
        id=1,
        incident_id=1,
        playbook="wasser",
        playbook_sha256="0",
        approval_id=1,
        lang=lang,
        title=title,
        texts={"short": "Kurz.", "long": "**Lang** und breit."},
        state=ResponseState.RELEASED,
        slug="wasser",
        written_by=1,
        written_at=NOON,
    )


def test_a_mail_says_it_first_and_then_the_whole_text_to_each_reader() -> None:
    outlet = Outlet(code="press", readers=("a@x.example", "b@x.example"))
    one, two = repeated(outlet, answer(), GOING, NOON, NOON + timedelta(minutes=20))
    assert (one.more["to"], two.more["to"]) == ("a@x.example", "b@x.example")
    assert one.more["subject"] == "Stand 23.11.2026, 13:00 Uhr, unverändert: Das Wasser ist gut"
    assert one.text == (
        "Stand 23.11.2026, 13:00 Uhr, unverändert.\n\nNächste Meldung: 23.11.2026, 13:20 Uhr.\n\n"
        "Lang und breit.\n\nhttps://a.example/wasser"
    )


def test_an_english_answer_is_confirmed_in_english_and_the_last_promises_nothing() -> None:
    (piece,) = repeated(
        Outlet(code="mastodon"), answer("en", "The water is good"), GOING, NOON, None
    )
    assert piece.text == (
        "As of 23/11/2026, 13:00, unchanged: The water is good\n\nhttps://a.example/wasser"
    )
    assert next_line("en", NOON, BERLIN) == "Next update: 23/11/2026, 13:00."
    assert holds("de-AT", NOON, BERLIN).startswith("Stand ")


@pytest.mark.parametrize("code", ["mastodon", "bluesky", "x", "telegram", "instagram"])
def test_a_long_headline_still_fits_everywhere(code: str) -> None:
    outlet = Outlet(code=code)
    long = answer(title="Sehr langes Wasser " * 40)
    (piece,) = repeated(outlet, long, GOING, NOON, NOON + timedelta(days=1))
    assert outlet.limit is None or outlet.network.measure(piece.text) <= outlet.limit


def test_a_program_is_told_when_and_when_next() -> None:
    (piece,) = repeated(Outlet(code="webhook"), answer(), GOING, NOON, None)
    said = piece.more["payload"]
    assert said["event"] == "answer.confirmed" and said["next_at"] is None
    assert said["confirmed_at"] == NOON.isoformat()
