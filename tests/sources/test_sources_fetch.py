"""Fetching, against a real server that behaves well, oddly and badly."""

from __future__ import annotations

import gzip
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from webserver import Asked, Server, certificate, drip

from crisis.errors import FetchError, ForbiddenAddressError, TooLargeError
from crisis.sources import refusals
from crisis.sources.addresses import is_allowed, is_public
from crisis.sources.fetch import HttpFetch, user_agent, web_url
from crisis.sources.network import CheckedNetwork, Deadline
from crisis.sources.unpack import PackedWronglyError, unpack

Page = Callable[[Asked], None]


def fetcher(server: Server, **options: object) -> HttpFetch:
    """A fetcher that may ask this server."""
    settings: dict[str, object] = {"allowed_hosts": [server.place], "timeout": 5, **options}
    return HttpFetch(**settings)  # type: ignore[arg-type]


def test_a_page_is_fetched_with_what_the_server_says_of_it(server: Server) -> None:
    server.pages["/feed"] = lambda asked: asked.say(
        body=b"<rss/>", Content_Type="text/xml", ETag='"1"', Last_Modified="gestern"
    )
    fetched = fetcher(server, contact="presse@stadt.example").fetch(server.url("/feed#oben"))
    assert fetched.body == b"<rss/>"
    assert fetched.url == server.url("/feed")
    assert (fetched.content_type, fetched.etag, fetched.last_modified) == (
        "text/xml",
        '"1"',
        "gestern",
    )
    assert not fetched.not_modified
    headers = server.asked[0].headers
    assert headers["host"] == server.place
    assert headers["user-agent"].startswith("Klarstellung/")
    assert "presse@stadt.example" in headers["user-agent"]
    assert "if-none-match" not in headers


def test_what_has_not_changed_is_not_sent_again(server: Server) -> None:
    server.pages["/"] = lambda asked: asked.say("304 Not Modified", ETag='"2"')
    fetched = fetcher(server).fetch(server.url(), etag='"1"', last_modified="gestern")
    assert fetched.not_modified
    assert (fetched.etag, fetched.last_modified, fetched.body) == ('"2"', "gestern", b"")
    assert server.asked[0].headers["if-none-match"] == '"1"'
    assert server.asked[0].headers["if-modified-since"] == "gestern"
    fetcher(server).fetch(server.url(), etag="a\r\nX-Evil: 1", last_modified="Tag")
    assert "x-evil" not in server.asked[1].headers
    assert "if-none-match" not in server.asked[1].headers


def test_not_modified_without_a_question_is_an_error(server: Server) -> None:
    server.pages["/"] = lambda asked: asked.say("304 Not Modified")
    with pytest.raises(FetchError, match="304"):
        fetcher(server).fetch(server.url())


def test_packed_bodies_are_unpacked(server: Server, packed: dict[str, bytes]) -> None:
    for encoding, body in packed.items():
        server.pages["/"] = lambda asked, e=encoding, b=body: asked.say(body=b, Content_Encoding=e)
        assert fetcher(server).fetch(server.url()).body == b"Wasser" * 1000
    assert server.asked[0].headers["accept-encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"nicht gepackt"),
        ("gzip", gzip.compress(b"halb" * 999, mtime=0)[:20]),
        ("deflate", b"\x78\x9cxx"),
    ],
)
def test_wrongly_packed_bodies_are_errors(server: Server, encoding: str, body: bytes) -> None:
    server.pages["/"] = lambda asked: asked.say(body=body, Content_Encoding=encoding)
    with pytest.raises(FetchError, match="compressed wrongly"):
        fetcher(server).fetch(server.url())


def test_a_packing_nobody_asked_for_is_an_error(server: Server) -> None:
    server.pages["/"] = lambda asked: asked.say(body=b"x", Content_Encoding="br")
    with pytest.raises(FetchError, match=r"\(br\)"):
        fetcher(server).fetch(server.url())


def test_a_gzip_bomb_is_stopped_at_its_unpacked_size(server: Server) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    server.pages["/"] = lambda asked: asked.say(body=bomb, Content_Encoding="gzip")
    with pytest.raises(TooLargeError, match=r"larger than 1\.0 MB"):
        fetcher(server, max_bytes=1_000_000).fetch(server.url())


def test_unpacking_never_runs_ahead() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(next(iter(unpack([bomb], "gzip")))) <= 65_536
    with pytest.raises(PackedWronglyError):
        list(unpack([b"\x1f"], "gzip"))
    assert list(unpack([], "gzip")) == []


def endless(asked: Asked) -> None:
    """More than anybody wants."""
    asked.raw(b"HTTP/1.1 200 OK\r\n\r\n")
    while not asked.server.over.is_set():
        asked.raw(b"x" * 65_536)


def test_an_endless_body_is_cut_off(server: Server) -> None:
    server.pages["/"] = endless
    with pytest.raises(TooLargeError):
        fetcher(server, max_bytes=1_000_000).fetch(server.url())


def test_a_body_announced_as_too_large_is_not_read(server: Server) -> None:
    server.pages["/"] = lambda asked: asked.say(body=b"x", Content_Length="9" * 15)
    with pytest.raises(TooLargeError):
        fetcher(server).fetch(server.url())


def silent(asked: Asked) -> None:
    """Takes the request and says nothing."""
    asked.server.over.wait(8)


def drip_headers(asked: Asked) -> None:
    """An answer whose headers never end."""
    asked.raw(b"HTTP/1.1 200 OK\r\n")
    while not asked.server.over.is_set():
        asked.raw(b"X-A: b\r\n")
        time.sleep(0.05)


@pytest.mark.parametrize("page", [drip, silent, drip_headers])
def test_a_slow_server_is_left_when_the_time_is_over(server: Server, page: Page) -> None:
    server.pages["/"] = page
    start = time.monotonic()
    with pytest.raises(TooLargeError, match="too slowly"):
        fetcher(server, timeout=1.2).fetch(server.url())
    assert time.monotonic() - start < 4


def test_the_time_holds_over_all_redirects(server: Server) -> None:
    def late(asked: Asked) -> None:
        asked.server.over.wait(0.5)
        asked.say("302 Found", Location=f"{asked.path}x")

    for length in range(6):
        server.pages["/" + "x" * length] = late
    with pytest.raises(TooLargeError):
        fetcher(server, timeout=1.2).fetch(server.url())


def test_a_length_that_lies_is_an_error(server: Server) -> None:
    server.pages["/"] = lambda asked: asked.say(body=b"kurz", Content_Length="1000")
    with pytest.raises(FetchError, match="half-way"):
        fetcher(server).fetch(server.url())


@pytest.mark.parametrize(
    "raw", [b"", b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 500_000, b"\0" * 9]
)
def test_what_is_no_http_is_an_error(server: Server, raw: bytes) -> None:
    server.pages["/"] = lambda asked: asked.raw(raw)
    with pytest.raises(FetchError) as caught:
        fetcher(server).fetch(server.url())
    assert caught.value.retry


def test_redirects_are_followed_to_the_end(server: Server) -> None:
    server.pages["/alt"] = lambda asked: asked.say("301 Moved Permanently", Location="neu?x=1")
    server.pages["/neu"] = lambda asked: asked.say(body=b"da")
    fetched = fetcher(server).fetch(server.url("/alt"))
    assert (fetched.body, fetched.url) == (b"da", server.url("/neu?x=1"))


@pytest.mark.parametrize(
    ("steps", "moved"),
    [
        (["301 Moved"], "/1"),
        (["308 Permanent", "301 Moved"], "/2"),
        (["301 Moved", "302 Found"], "/1"),
        (["302 Found", "301 Moved"], ""),
        ([], ""),
    ],
)
def test_where_a_page_has_moved_for_good_is_told_up_to_the_first_step_that_is_not(
    server: Server, steps: list[str], moved: str
) -> None:
    for at, status in enumerate(steps):
        server.pages[f"/{at}"] = partial(Asked.say, status=status, Location=f"/{at + 1}")
    server.pages[f"/{len(steps)}"] = partial(Asked.say, body=b"da", Cache_Control="max-age=900")
    fetched = fetcher(server).fetch(server.url("/0"))
    assert fetched.moved_to == (server.url(moved) if moved else "")
    assert fetched.fresh_for == 900


def test_redirects_in_a_circle_and_without_end_are_errors(server: Server) -> None:
    server.pages["/a"] = lambda asked: asked.say("302 Found", Location="/b")
    server.pages["/b"] = lambda asked: asked.say("307 Temporary Redirect", Location="/a")
    with pytest.raises(FetchError, match="circle"):
        fetcher(server).fetch(server.url("/a"))
    server.pages["/c"] = lambda asked: asked.say(
        "302 Found", Location=f"/c?{len(asked.server.asked)}"
    )
    with pytest.raises(FetchError, match="too often"):
        fetcher(server).fetch(server.url("/c"))
    assert len(server.asked) < 12


@pytest.mark.parametrize(
    "target",
    ["http://10.0.0.1/", "http://169.254.169.254/latest/", "file:///etc/passwd", "gopher://x/"],
)
def test_a_redirect_leads_nowhere_private(server: Server, target: str) -> None:
    server.pages["/"] = lambda asked: asked.say("302 Found", Location=target)
    with pytest.raises(ForbiddenAddressError):
        fetcher(server).fetch(server.url())


def test_whether_a_page_is_there_is_asked_without_taking_it(server: Server) -> None:
    def large(asked: Asked) -> None:
        asked.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n")

    def no_head(asked: Asked) -> None:
        head = asked.head.startswith(b"HEAD")
        asked.say("405 Method Not Allowed" if head else "410 Gone")

    server.pages["/there"] = large
    server.pages["/old"] = lambda asked: asked.say("301 Moved", Location="/there")
    server.pages["/gone"] = lambda asked: asked.say("404 Not Found")
    server.pages["/no-head"] = no_head
    server.pages["/busy"] = lambda asked: asked.say("429 Too Many", Retry_After="9")
    ask = fetcher(server).status
    said = {
        page: ask(server.url(page)) for page in ("/there", "/old", "/gone", "/no-head", "/busy")
    }
    assert said == {"/there": 200, "/old": 200, "/gone": 404, "/no-head": 410, "/busy": 429}
    assert server.asked[0].head.startswith(b"HEAD /there")
    server.pages["/round"] = lambda asked: asked.say("302 Found", Location="/round")
    assert ask(server.url("/round")) == 302
    for forbidden in ("http://10.0.0.1/", "file:///etc/passwd"):
        with pytest.raises(ForbiddenAddressError):
            ask(forbidden)
        server.pages["/away"] = partial(Asked.say, status="302 Found", Location=forbidden)
        with pytest.raises(ForbiddenAddressError):
            ask(server.url("/away"))


def test_a_redirect_without_target_is_an_error(server: Server) -> None:
    server.pages["/"] = lambda asked: asked.say("302 Found")
    with pytest.raises(FetchError, match="302"):
        fetcher(server).fetch(server.url())


@pytest.mark.parametrize(
    ("status", "word", "gone"),
    [
        ("400 Bad Request", "Adresse", False),
        ("401 Unauthorized", "Anmeldung", False),
        ("403 Forbidden", "verweigert", False),
        ("404 Not Found", "nichts", False),
        ("410 Gone", "eingestellt", True),
        ("418 I'm a teapot", "unerwartet", False),
        ("429 Too Many Requests", "seltener", False),
        ("500 Oops", "Fehler bei sich", False),
        ("503 Unavailable", "vorübergehend", False),
    ],
)
def test_refusals_are_told_in_plain_words(
    server: Server, status: str, word: str, gone: bool
) -> None:
    server.pages["/"] = lambda asked: asked.say(status, Retry_After="120")
    with pytest.raises(FetchError) as caught:
        fetcher(server).fetch(server.url())
    error = caught.value
    assert word in error.de
    assert (error.status, error.retry_after, error.gone) == (int(status[:3]), 120, gone)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-7"}, None),
        ({"retry-after": "bald"}, None),
        ({"retry-after": "9" * 400}, None),
        ({"retry-after": "Tue, 03 Nov 2026 10:01:00 GMT"}, None),
        (
            {
                "retry-after": "Tue, 03 Nov 2026 10:01:00 GMT",
                "date": "Tue, 03 Nov 2026 10:00:00 GMT",
            },
            60,
        ),
        (
            {
                "retry-after": "Tue, 03 Nov 2026 09:00:00 GMT",
                "date": "Tue, 03 Nov 2026 10:00:00 GMT",
            },
            None,
        ),
    ],
)
def test_how_long_to_wait_is_read_from_the_answer(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert refusals.retry_after(headers) == seconds


# --- where we never go -----------------------------------------------------------------------

PRIVATE = [
    "127.0.0.1", "0.0.0.0", "10.1.2.3", "172.20.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.0.8", "198.18.0.1", "203.0.113.9", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1",
    "2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "kein.name", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_is_ever_asked(address: str) -> None:
    assert not is_public(address)
    fetch = HttpFetch(timeout=2, resolver=lambda _host, _port: [address])
    with pytest.raises(ForbiddenAddressError) as caught:
        fetch.fetch("http://freundlich.example/")
    assert "allowed_hosts" in caught.value.en


@pytest.mark.parametrize("address", ["8.8.8.8", "193.99.144.80", "2a02:2e0:3fe:1001::1"])
def test_public_addresses_are_asked(address: str) -> None:
    assert is_public(address)


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    fetch = HttpFetch(timeout=2, resolver=lambda _host, _port: ["8.8.8.8", "127.0.0.1"])
    with pytest.raises(ForbiddenAddressError):
        fetch.fetch("http://gemischt.example/")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "127.1"]
)
def test_other_spellings_of_loopback_are_seen_through(server: Server, host: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        HttpFetch(timeout=3).fetch(server.url(host=host))
    assert server.asked == []


def test_a_name_that_changes_its_address_gains_nothing(server: Server) -> None:
    """DNS rebinding: the name is resolved once for each connection, and checked each time."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["127.0.0.1"]])
    asked: list[str] = []

    def resolver(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    server.pages["/"] = lambda asked: asked.say(
        "302 Found", Location=f"http://wechsel.example:{server.port}/"
    )
    fetch = HttpFetch(timeout=3, allowed_hosts=[f"erst.example:{server.port}"], resolver=resolver)
    with pytest.raises(ForbiddenAddressError):
        fetch.fetch(server.url(host="erst.example"))
    assert asked == ["erst.example", "wechsel.example"]
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("entry", "host", "port", "allowed"),
    [
        ("intranet", "intranet", 80, True),
        ("Intranet ", "INTRANET.", 8080, True),
        ("intranet:8080", "intranet", 8080, True),
        ("intranet:8080", "intranet", 80, False),
        ("intranet", "intranet.evil.example", 80, False),
        ("10.0.0.7", "10.0.0.7", 80, True),
        ("[::1]:80", "::1", 80, True),
        ("[::1]", "[::1]", 81, True),
        ("::1", "::1", 81, True),
        ("", "", 80, True),
    ],
)
def test_the_settings_name_who_may_be_asked_all_the_same(
    entry: str, host: str, port: int, allowed: bool
) -> None:
    assert is_allowed(host, port, [entry]) is allowed


@given(st.ip_addresses(v=4))
def test_an_address_hidden_in_another_is_never_public(address: object) -> None:
    assert not is_public(f"::ffff:{address}")
    assert not is_public(f"64:ff9b::{address}")


# --- names, connections, certificates --------------------------------------------------------


def test_an_unknown_name_is_told(server: Server) -> None:
    def resolver(_host: str, _port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    with pytest.raises(FetchError, match="not known"):
        fetcher(server, resolver=resolver).fetch("http://vertippt.example/")
    with pytest.raises(FetchError, match="not known"):
        fetcher(server, resolver=lambda _host, _port: []).fetch("http://leer.example/")


def test_a_silent_name_server_holds_nobody_up(server: Server) -> None:
    def resolver(_host: str, _port: int) -> list[str]:
        server.over.wait(5)
        return []

    start = time.monotonic()
    with pytest.raises(FetchError, match="not known"):
        fetcher(server, resolver=resolver, timeout=1.0).fetch("http://langsam.example/")
    assert time.monotonic() - start < 3


def test_the_next_address_is_tried_where_one_does_not_answer(server: Server) -> None:
    server.pages["/"] = lambda asked: asked.say(body=b"da")
    fetch = fetcher(
        server,
        allowed_hosts=["zwei.example"],
        resolver=lambda _host, _port: ["127.0.0.2", "127.0.0.1"],
    )
    assert fetch.fetch(server.url(host="zwei.example")).body == b"da"


def test_a_refused_connection_is_told(server: Server) -> None:
    with pytest.raises(FetchError, match="refuses the connection"):
        fetcher(server, allowed_hosts=["127.0.0.1"]).fetch("http://127.0.0.1:1/")


def test_an_unreachable_network_is_told() -> None:
    error = refusals.of_failure(refusals.httpcore.ConnectError("weg"), "a.example")
    assert "nicht erreichbar" in error.de


def test_time_that_is_over_stays_over() -> None:
    deadline = Deadline(0, 1)
    network = CheckedNetwork(deadline, (), lambda _host, _port: ["8.8.8.8"])
    with pytest.raises(refusals.httpcore.ReadTimeout):
        network.connect_tcp("a.example", 80)


@pytest.fixture
def safe(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What a server with a certificate of its own needs, and a client that trusts it."""
    cert, key = certificate(tmp_path, "-addext", "subjectAltName=DNS:muster.example")
    there = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    there.load_cert_chain(cert, key)
    return there, ssl.create_default_context(cafile=str(cert))


def test_a_trusted_certificate_is_taken_and_others_are_not(
    safe: tuple[ssl.SSLContext, ssl.SSLContext],
) -> None:
    server = Server(safe[0])
    server.pages["/"] = lambda asked: asked.say(body=b"sicher")
    options = {
        "allowed_hosts": ["muster.example", "anderer.example"],
        "timeout": 5,
        "resolver": lambda _host, _port: ["127.0.0.1"],
    }
    try:
        trusting = HttpFetch(tls=safe[1], **options)  # type: ignore[arg-type]
        assert trusting.fetch(server.url(host="muster.example")).body == b"sicher"
        with pytest.raises(FetchError, match="another name"):
            trusting.fetch(server.url(host="anderer.example"))
        with pytest.raises(FetchError, match="self-signed"):
            HttpFetch(**options).fetch(server.url(host="muster.example"))  # type: ignore[arg-type]
    finally:
        server.close()


def test_an_expired_certificate_is_told_and_nothing_is_read(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "muster.example")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2021, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("muster.example")]), False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = tmp_path / "both.pem"
    file.write_bytes(secret + made.public_bytes(pem))
    there = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    there.load_cert_chain(file)
    server = Server(there)
    server.pages["/"] = lambda asked: asked.say(body=b"veraltet")
    try:
        trusting = HttpFetch(
            tls=ssl.create_default_context(cafile=str(file)),
            allowed_hosts=["muster.example"],
            timeout=5,
            resolver=lambda _host, _port: ["127.0.0.1"],
        )
        with pytest.raises(FetchError, match="has expired") as caught:
            trusting.fetch(server.url(host="muster.example"))
        assert "abgelaufen" in caught.value.de
        assert server.asked == []
    finally:
        server.close()


def test_a_server_without_encryption_is_told(server: Server) -> None:
    with pytest.raises(FetchError, match="encrypted"):
        fetcher(server).fetch(server.url().replace("http:", "https:"))


# --- addresses -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "wire"),
    [
        (" https://Müller.example/ä b?q=ö#x ", "https://xn--mller-kva.example/%C3%A4%20b?q=%C3%B6"),
        ("http://a.example", "http://a.example/"),
        ("http://a.example.:80/%C3%A4", "http://a.example/%C3%A4"),
        ("https://a.example:8443/x", "https://a.example:8443/x"),
        ("http://[2A02::1]:80/", "http://[2a02::1]/"),
    ],
)
def test_addresses_go_over_the_wire_in_ascii(url: str, wire: str) -> None:
    assert web_url(url) == wire


@pytest.mark.parametrize(
    "url",
    [
        "", "feed.xml", "ftp://a.example/", "file:///etc/passwd", "http://", "http://[::1", "http://a:x/",
        "http://a b/", "http://a\\b/", "http://" + "ä" * 80 + "/", "http://kim:geheim@a.example/",
        "http://[fe80::1%25eth0]/", "http://a.example/" + "x" * 3_000, "javascript:alert(1)",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        web_url(url)


def test_who_asks_is_said_without_line_ends() -> None:
    assert "\n" not in user_agent("a\r\nX: y(z)")
    assert user_agent().startswith("Klarstellung/")


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://", "http://a.example/"]))
def test_any_text_is_an_address_or_refused(text: str, start: str) -> None:
    try:
        wire = web_url(start + text)
    except ForbiddenAddressError:
        return
    assert wire.isascii()
    assert wire.startswith(("http://", "https://"))
    assert web_url(wire) == wire
