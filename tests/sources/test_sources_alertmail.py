"""Mails that bring posts: alerts cut into finds, forwarded ones without names, hostile ones harmless."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import FeedError
from crisis.sources import alertmail

SAMPLES = Path(__file__).parents[1] / "data" / "recipes"


@pytest.mark.parametrize("name", ["google_alert_plain", "google_alert_html"])
def test_an_alert_is_cut_into_its_finds(name: str) -> None:
    content = alertmail.read((SAMPLES / f"{name}.eml").read_bytes())
    first, second = content.posts
    assert first.url.startswith("https://blatt.example/wasser")
    assert second.url == "https://blatt.example/bruecke"
    assert "vergiftet?" in first.text
    assert "In der Nordstadt riecht" in first.text
    assert second.text.startswith("Brücke gesperrt")
    for post in content.posts:
        assert post.key == post.url  # the same find in two alerts counts once
        for word in ("google", "Abmelden", "<", "alert(1)"):
            assert word not in post.text


def test_a_forwarded_mail_is_one_post_that_names_nobody() -> None:
    (post,) = alertmail.read((SAMPLES / "forwarded.eml").read_bytes()).posts
    assert post.text.startswith("Wasser vergiftet\nBitte ansehen")
    assert "Das Trinkwasser ist vergiftet" in post.text
    assert post.url == "https://x.example/a"
    assert (post.author, post.key) == ("", "<2@stadt.example>")
    for word in ("Bernd", "bernd@", "ana@", "Ana Beispiel", "Gesendet", "Tel. 123", "WG:"):
        assert word not in post.text


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://www.google.com/url?sa=t&url=https://a.example/%3Fx%3D1&ct=ga", "https://a.example/?x=1"),
        ("https://www.google.de/url?q=https://a.example/", "https://a.example/"),
        ("https://alerts.talkwalker.com/go?u=https%3A%2F%2Fa.example", "https://a.example"),
        ("https://www.talkwalker.com/x/y?id=7&anders=https%3A%2F%2Fa.example%2F1", "https://a.example/1"),
        ("https://alerts.talkwalker.com/go/https%3A%2F%2Fa.example%2F1", "https://a.example/1"),
        ("https://alerts.talkwalker.com/go?d=aHR0cHM6Ly9hLmV4YW1wbGUvMQ", "https://a.example/1"),
        ("https://alerts.talkwalker.com/go?d=aHR0cXXXXXXX", "https://alerts.talkwalker.com/go?d=aHR0cXXXXXXX"),
        ("https://alerts.talkwalker.com/go?id=7", "https://alerts.talkwalker.com/go?id=7"),
        ("https://www.google.com/url?url=https://www.google.com/url?url=https://a.example", "https://a.example"),
        ("https://www.google.com/url?url=javascript:alert(1)", "https://www.google.com/url?url=javascript:alert(1)"),
        ("https://google.com.evil.example/url?url=https://a.example", "https://google.com.evil.example/url?url=https://a.example"),
        ("https://a.example/?url=https://b.example", "https://a.example/?url=https://b.example"),
    ],
)  # fmt: skip
def test_the_way_round_by_a_counting_server_is_left_out(url: str, leads: str) -> None:
    assert alertmail.unwrapped(url) == leads


def test_markup_becomes_text_and_attachments_are_left_alone() -> None:
    mail = b"""Subject: Hinweis
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p onclick=x>Das <b>Wasser</b><script>alert(1)</script><img src=http://spur.example/1.gif> ist gelb</p>
--b
Content-Type: text/plain
Content-Disposition: attachment; filename=a.txt

Anhang
--b--
"""
    (post,) = alertmail.read(mail).posts
    assert post.text == "Hinweis\nDas Wasser ist gelb"


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"\x00\xff" * 100,
        b"Content-Type: text/plain; charset=gibtsnicht\n\nHallo",
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n--x\n--x",
        b"Content-Type: multipart/mixed\n\nohne Grenze",
        b"Subject: =?utf-8?b?kaputt\nDate: gestern\n\nText",
        b"Content-Transfer-Encoding: base64\n\n!!!!",
        b"From: googlealerts-noreply@google.com\n\nnichts gefunden",
    ],
)
def test_odd_mails_are_read_as_far_as_they_go(mail: bytes) -> None:
    assert len(alertmail.read(mail).posts) == 1


@given(st.binary(max_size=2_000))
def test_no_bytes_do_more_than_be_refused(mail: bytes) -> None:
    try:
        content = alertmail.read(mail)
    except FeedError:
        return
    assert all(post.author == "" for post in content.posts)
