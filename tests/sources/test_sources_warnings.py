"""Official warnings are read for what they are, from here, unforged, and never as posts. No network."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cap_messages import Office, atom, bundle, entry, message
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import CrisisError, FeedError, InvalidInputError
from crisis.sources import area, cap, kinds, nina, read, reader, warned, worker
from crisis.types import Bulletin, Gravity, SourceKind

AT = "https://warnungen.example/liste"


def told(body: bytes, place: str = "", certificate: str = "", url: str = AT) -> Bulletin:
    asked = f"{AT}#{place}" if place else AT
    found = cap.read(body, url=url, asked=asked, certificate=certificate).bulletin
    assert found is not None
    return found


# --- CAP ------------------------------------------------------------------------------------


def test_a_message_says_what_who_how_grave_until_when_and_where_to_read_it() -> None:
    (one,) = told(message()).warnings
    assert (one.event, one.sender, one.gravity) == ("Hochwasser", "Leitstelle Land", Gravity.SEVERE)
    assert one.url == "https://warnungen.example/LEITSTELLE-1"
    assert one.expires == datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
    assert "Lange Rede" not in repr(one), "no text is copied"


def test_where_the_event_says_nothing_the_headline_names_the_warning() -> None:
    (one,) = told(message(event="Gefahreninformation")).warnings
    assert one.event == "Amtliche Warnung vor Gefahreninformation"


@pytest.mark.parametrize(
    "changed",
    [{"status": "Exercise"}, {"status": "Test"}, {"status": "Draft"}, {"scope": "Restricted"}]
    + [{"kind": kind} for kind in ("Ack", "Error", "Cancel")],
    ids=str,
)
def test_exercises_tests_closed_circles_and_all_clears_warn_of_nothing(changed: Any) -> None:
    assert told(message(**changed)).warnings == ()


def test_an_update_ends_what_it_replaces_even_where_it_is_not_about_here_any_more() -> None:
    moved = message(
        "B", kind="Update", references="x@y,A,2026-11-23T10:00:00Z x@y,A0,2026-11-23T09:00:00Z"
    )
    bulletin = told(moved, "05")
    assert (bulletin.warnings, bulletin.ended) == ((), ("A", "A0"))


def test_an_exercise_ends_no_real_warning() -> None:
    assert told(message(kind="Cancel", status="Exercise", references="x,A,y")).ended == ()


def test_a_zip_is_whole_and_a_zip_of_changes_is_not() -> None:
    body = bundle(message("A"), message("B", kind="Update", references="s,A,t"))
    bulletin = told(body, url="https://dwd.example/LATEST_STATUS.zip")
    assert ([one.key for one in bulletin.warnings], bulletin.whole) == (["B"], True)
    assert not told(body, url="https://dwd.example/LATEST_DIFF.zip").whole


def test_one_broken_file_of_a_zip_hides_no_other_but_is_counted() -> None:
    bulletin = told(bundle(message("A"), b"<alert", b"<feed/>"))
    assert (len(bulletin.warnings), bulletin.missed, bulletin.whole) == (1, 2, False)


def test_a_list_leads_to_its_messages_and_changes_its_marks_when_they_do() -> None:
    first, second = told(atom(entry("/a.cap"), entry("https://b.example/b.cap", 2))).leads
    assert (first.url, second.url) == ("https://warnungen.example/a.cap", "https://b.example/b.cap")
    later = told(atom(entry("/a.cap", updated="2026-11-23T11:00:00Z"))).leads[0]
    assert later.mark != first.mark


def test_an_entry_without_message_is_no_silence() -> None:
    assert told(atom("<entry><id>x</id></entry>")).missed == 1


def test_messages_inside_a_list_or_a_distribution_are_taken_at_once() -> None:
    inner = message().decode().partition("?>")[2]
    assert len(told(atom(f"<entry><content>{inner}</content></entry>")).warnings) == 1
    edxl = f'<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0">{inner}</EDXLDistribution>'
    assert len(told(edxl.encode()).warnings) == 1


def test_german_goes_before_english_whatever_stands_first() -> None:
    english = message(event="Flood", language="en-GB").decode()
    german = message().decode()
    info = german[german.index("<info>") : german.index("</info>") + 7]
    both = english.replace("</info>", f"</info>{info}")
    (one,) = told(both.encode()).warnings
    assert (one.event, one.lang) == ("Hochwasser", "de")


@pytest.mark.parametrize(
    "body", [b"", b"Hallo", b"<html><p>Hallo</p></html>", b"{}", b"PK\x03\x04rest"]
)
def test_what_is_no_warning_is_refused(body: bytes) -> None:
    with pytest.raises(FeedError):
        told(body)


# --- attacks --------------------------------------------------------------------------------


ENTITY = b'<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "kind", [ENTITY, BOMB, b"<!DOCTYPE alert>", b'<!DOCTYPE a SYSTEM "http://x/d">']
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_encoding(kind: bytes, encoding: str) -> None:
    text = message(event="&x;").decode().partition("?>")[2]
    with pytest.raises(FeedError):
        told((kind.decode() + text).encode(encoding))


def test_a_file_with_a_document_type_inside_a_zip_is_not_read() -> None:
    bulletin = told(bundle(message(), ENTITY + message("X").partition(b"?>")[2]))
    assert ([one.key for one in bulletin.warnings], bulletin.missed) == (["LEITSTELLE-1"], 1)


def test_a_zip_that_unfolds_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cap, "MOST_UNPACKED", 10_000)
    with pytest.raises(FeedError, match="zip"):
        told(bundle(b" " * 9_000, b" " * 9_000))


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda t: message(event=t))))
def test_whatever_comes_is_a_bulletin_or_a_clear_error(body: bytes) -> None:
    for kind in (SourceKind.CAP, SourceKind.NINA):
        try:
            content = read(kind, body, url=AT, asked=AT)
        except CrisisError:
            continue
        assert content.posts == ()


# --- signatures -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office() -> Office:
    return Office()


@pytest.fixture(scope="module")
def letter(office: Office) -> bytes:
    return office.signs(message())


def test_a_good_signature_is_no_matter(letter: bytes) -> None:
    assert len(told(letter).warnings) == 1


@pytest.mark.parametrize("change", [(b"Hochwasser", b"Entwarnung"), (b"Severe", b"Minor")])
def test_a_message_changed_after_signing_is_refused(
    letter: bytes, change: tuple[bytes, bytes]
) -> None:
    with pytest.raises(FeedError, match="signature"):
        told(letter.replace(*change))


def test_with_a_certificate_only_its_owner_counts(letter: bytes, office: Office) -> None:
    assert len(told(letter, certificate=office.pem).warnings) == 1
    stranger = Office()
    for body in (stranger.signs(message()), message()):
        with pytest.raises(FeedError):
            told(body, certificate=office.pem)
    assert len(told(letter, certificate=stranger.pem + office.pem).warnings) == 1, "one of several"


def test_a_certificate_that_has_run_out_vouches_for_nothing() -> None:
    old = Office(ended=True)
    with pytest.raises(FeedError):
        told(old.signs(message()), certificate=old.pem)


def test_a_signed_message_inside_a_forged_one_is_refused(letter: bytes, office: Office) -> None:
    inner = letter.decode()
    forged = message("FORGED", extra=inner)
    signature = inner[inner.index("<ds:Signature") : inner.index("</ds:Signature>") + 15]
    for body in (
        forged,
        message("FORGED", extra=signature),
        message("FORGED", extra=signature * 2),
    ):
        for certificate in ("", office.pem):
            with pytest.raises(FeedError):
                told(body, certificate=certificate)


def test_a_list_of_signed_messages_keeps_their_signatures_whole(
    letter: bytes, office: Office
) -> None:
    body = atom(f"<entry><content>{letter.decode()}</content></entry>")
    assert len(told(body, certificate=office.pem).warnings) == 1


def test_a_key_that_is_only_named_is_like_no_signature(letter: bytes, office: Office) -> None:
    head, _, rest = letter.partition(b"<ds:KeyInfo>")
    named = head + b"<ds:KeyInfo><ds:KeyName>x</ds:KeyName>" + rest[rest.index(b"</ds:KeyInfo>") :]
    assert len(told(named).warnings) == 1
    assert len(told(named, certificate=office.pem).warnings) == 1, "the certificate is here"


# --- area -----------------------------------------------------------------------------------


def geocode(name: str, value: str) -> str:
    return f"<geocode><valueName>{name}</valueName><value>{value}</value></geocode>"


@pytest.mark.parametrize(
    ("where", "ours", "here"),
    [
        (geocode("WARNCELLID", "809162000"), "09162", True),
        (geocode("WARNCELLID", "109162000"), "09162000", True),
        (geocode("WARNCELLID", "809163000"), "09162", False),
        (geocode("ARS", "091620000000"), "09162", True),
        (geocode("ARS", "090000000000"), "09162", True),
        (geocode("AGS", "05770000"), "05774", False),
        (geocode("AGS", "05774032"), "05774", True),
        (geocode("AGS", "05774032"), "05774032", True),
        (geocode("AGS", "05774032"), "05774036", False),
        (geocode("SAME", "006109"), "09162", True),
        ("<polygon>48,11 48,12 49,12 49,11 48,11</polygon>", "48.5,11.5", True),
        ("<polygon>48,11 48,12 49,12 49,11 48,11</polygon>", "48.5,12.5", False),
        ("<circle>48.0,11.0 20</circle>", "48.1,11.1", True),
        ("<circle>48.0,11.0 5</circle>", "48.1,11.1", False),
        ("", "09162", True),
        (geocode("AGS", "05770000"), "", True),
    ],
)
def test_a_warning_counts_where_it_holds(where: str, ours: str, here: bool) -> None:
    assert bool(told(message(area=where), ours).warnings) is here


@pytest.mark.parametrize("text", ["Nordstadt", "1", "1234", "99.0,11.0", "09162;x", "1" * 13])
def test_an_area_that_is_none_is_said_so(text: str) -> None:
    with pytest.raises(InvalidInputError, match="area"):
        kinds.recognise(f"https://warnungen.example/a#{text}", SourceKind.CAP)


@given(st.lists(st.tuples(st.floats(-80, 80), st.floats(-170, 170)), min_size=3, max_size=8))
def test_a_point_far_outside_a_polygon_is_outside(corners: list[tuple[float, float]]) -> None:
    ring = (*corners, corners[0])
    assert not area.is_here(area.Area(rings=(ring,)), area.Wanted(points=((89.0, 0.0),)))


# --- NINA -----------------------------------------------------------------------------------


DASH = "https://warnung.bund.de/api31/dashboard/091620000000.json"


def line(key: str = "mow.DE-1", **data: str) -> dict[str, Any]:
    said = {"headline": "Ausfall des Notrufs", "provider": "MOWAS", "severity": "Severe", **data}
    return {"id": key, "payload": {"hash": "1", "data": said}, "sent": "2026-11-23T10:00:00+01:00"}


def detail(key: str = "mow.DE-1", status: str = "Actual", kind: str = "Alert") -> dict[str, Any]:
    info = {"language": "DE", "event": "Gefahreninformation", "severity": "Severe"}
    info |= {"headline": "Ausfall des Notrufs 112", "expires": "2026-11-23T22:00:00+01:00"}
    named = [{"valueName": "sender_langname", "value": "Leitstelle Musterstadt"}]
    return {
        "identifier": key,
        "status": status,
        "scope": "Public",
        "msgType": kind,
        "info": [{**info, "parameter": named}],
    }


def said(data: object, url: str = DASH) -> Bulletin:
    found = nina.read(json.dumps(data).encode(), url=url).bulletin
    assert found is not None
    return found


def test_a_dashboard_leads_to_each_warning_and_tells_it_in_short() -> None:
    (lead,) = said([line(), line("mow.DE-2", msgType="Cancel")]).leads
    assert lead.url == "https://warnung.bund.de/api31/warnings/mow.DE-1.json"
    assert lead.stub is not None
    assert (lead.stub.event, lead.stub.sender) == ("Ausfall des Notrufs", "MoWaS")
    assert lead.stub.url == "https://warnung.bund.de/meldungen/mow.DE-1"
    assert said([]).whole, "an empty dashboard says that nothing is warned of"


def test_a_warning_at_length_names_its_sender_and_its_end() -> None:
    (one,) = said(detail(), "https://warnung.bund.de/api31/warnings/mow.DE-1.json").warnings
    assert (one.event, one.sender) == ("Ausfall des Notrufs 112", "Leitstelle Musterstadt")
    assert one.expires == datetime(2026, 11, 23, 21, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "changed", [{"status": "Test"}, {"status": "Exercise"}, {"kind": "Cancel"}]
)
def test_a_test_of_nina_is_no_warning(changed: dict[str, str]) -> None:
    bulletin = said(detail(**changed))
    assert (bulletin.warnings, bulletin.ended) == ((), ("mow.DE-1",))


def test_damaged_lines_of_a_dashboard_are_counted() -> None:
    bulletin = said([line(), 7, {"payload": {}}])
    assert (len(bulletin.leads), bulletin.missed, bulletin.whole) == (1, 2, False)


@pytest.mark.parametrize(
    "typed",
    [
        "09162",
        "0916 2",
        "09162000",
        "091620000000",
        DASH,
        DASH.replace("091620000000", "091620004005"),
    ],
)
def test_a_district_is_found_however_its_key_is_typed(typed: str) -> None:
    assert kinds.recognise(typed, SourceKind.NINA) == (SourceKind.NINA, DASH)


@pytest.mark.parametrize("typed", ["", "München", "9162", "https://x.example/feed"])
def test_what_is_no_district_is_said_so(typed: str) -> None:
    with pytest.raises(InvalidInputError, match="five digits"):
        kinds.recognise(typed, SourceKind.NINA)


def test_the_same_warning_by_two_ways_is_one() -> None:
    key = "2.49.0.0.276.0.DWD.PVW.17.abc"
    assert warned.same(f"dwd.{key}.MUL") == warned.same(f"{key}.DEU") == key


# --- the pipe -------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [message(), atom(entry("/a.cap"))])
def test_bulletins_come_through_the_pipe_as_they_were(body: bytes) -> None:
    content = cap.read(body, url=AT, asked=AT)
    assert reader._content(json.loads(json.dumps(worker._plain(content)))) == content
    dash = nina.read(json.dumps([line()]).encode(), url=DASH)
    assert reader._content(json.loads(json.dumps(worker._plain(dash)))) == dash
