"""Warnings from servers that behave badly, over a real line and through the real reading process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import source
from cap_messages import Office, atom, bundle, entry, message
from webserver import Asked, Server

from crisis.errors import CrisisError, ForbiddenAddressError
from crisis.settings.certificates import UNREADABLE, certificate
from crisis.sources.fetch import HttpFetch
from crisis.sources.reader import FeedReader
from crisis.types import Bulletin, Source, SourceKind
from crisis.workflows.heed import heed, incomplete

DASH = "/api31/dashboard/091620000000.json"
LINE = {
    "id": "w1",
    "payload": {"data": {"headline": "Kurz", "provider": "DWD", "severity": "Minor"}},
    "sent": "2026-11-23T10:00:00Z",
}
DETAIL = {
    "identifier": "w1",
    "status": "Actual",
    "scope": "Public",
    "msgType": "Alert",
    "info": [{"language": "DE", "event": "Sturm", "severity": "Severe"}],
}


@pytest.fixture(scope="module")
def office() -> Office:
    return Office()


@pytest.fixture(scope="module")
def reader(office: Office) -> Iterator[FeedReader]:
    """Of hosts called "localhost" only what the office has signed counts."""
    with FeedReader(
        certificate=lambda host: office.pem if host.startswith("localhost") else ""
    ) as made:
        yield made


def says(body: bytes, **headers: str) -> Callable[[Asked], None]:
    return lambda asked: asked.say(body=body, **headers)


def asked(server: Server, reader: FeedReader, at: Source) -> Bulletin:
    places = [server.place, f"localhost:{server.port}"]
    fetch = HttpFetch(allowed_hosts=places, timeout=1.5, max_bytes=1_000_000)
    _, content = heed(fetch, reader, at)
    assert content is not None
    assert content.bulletin is not None
    assert (incomplete(content) is None) is (content.bulletin.missed == 0)
    return content.bulletin


def nina(server: Server) -> Source:
    server.pages[DASH] = says(json.dumps([LINE]).encode())
    return source(url=server.url(DASH), kind=SourceKind.NINA)


def test_a_district_is_read_over_the_line(server: Server, reader: FeedReader) -> None:
    at = nina(server)
    server.pages["/api31/warnings/w1.json"] = says(json.dumps(DETAIL).encode())
    (one,) = asked(server, reader, at).warnings
    assert (one.event, one.url) == ("Sturm", server.url("/meldungen/w1"))


FAULTS: dict[str, Callable[[Asked], None]] = {
    "hangs": lambda asked: asked.server.over.wait(3) and None,
    "hangs up": lambda asked: asked.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{"),
    "503": lambda asked: asked.say("503 Service Unavailable", Retry_After="600"),
    "404": lambda asked: asked.say("404 Not Found"),
    "a page": says(b"<html>Wartung</html>", Content_Type="text/html"),
    "too much": says(b"[" + b"0," * 600_000 + b"0]"),
    "too deep": says(b"[" * 300_000),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_happens_to_one_warning_its_line_in_the_list_is_told(
    server: Server, reader: FeedReader, fault: str
) -> None:
    at = nina(server)
    server.pages["/api31/warnings/w1.json"] = FAULTS[fault]
    bulletin = asked(server, reader, at)
    assert ([one.event for one in bulletin.warnings], bulletin.missed) == (["Kurz"], 1)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_list_that_cannot_be_read_is_an_error_and_never_an_empty_list(
    server: Server, reader: FeedReader, fault: str
) -> None:
    server.pages[DASH] = FAULTS[fault]
    with pytest.raises(CrisisError):
        asked(server, reader, source(url=server.url(DASH), kind=SourceKind.NINA))


def test_a_list_leads_into_no_private_network(server: Server, reader: FeedReader) -> None:
    server.pages["/list"] = says(atom(entry("http://169.254.169.254/latest/meta-data/")))
    with pytest.raises(ForbiddenAddressError):
        asked(server, reader, source(url=server.url("/list"), kind=SourceKind.CAP))


def test_what_must_be_signed_is_held_to_it_wherever_it_is_sent_on(
    server: Server, reader: FeedReader, office: Office
) -> None:
    """The certificate is the asked host's: neither a list nor a redirect leads around it."""
    at = source(url=server.url("/zip", host="localhost"), kind=SourceKind.CAP)
    server.pages["/zip"] = lambda asked: asked.say("302 Found", Location=server.url("/real"))
    server.pages["/real"] = says(bundle(office.signs(message("A")), message("FORGED")))
    bulletin = asked(server, reader, at)
    assert ([one.key for one in bulletin.warnings], bulletin.missed) == (["A"], 1)


def test_certificates_stand_in_the_instance_folder_by_host(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    folder.mkdir()
    (folder / "w.example.pem").write_text("PEM")
    assert certificate(tmp_path, "W.example") == "PEM"
    assert certificate(tmp_path, "other.example") == ""
    assert certificate(tmp_path, "../secret") == ""
    (folder / "w.example.pem").write_bytes(b"\xff\xfe")
    assert certificate(tmp_path, "w.example") == UNREADABLE, "nothing counts as signed by it"
