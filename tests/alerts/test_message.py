"""The mail for the wire, and back."""

from __future__ import annotations

import tomllib
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mails import draft, mail, posted

from crisis.alerts.message import message
from crisis.errors import InvalidInputError
from crisis.types import Alert, AlertKind

CASES = tomllib.loads((Path(__file__).parents[1] / "data/mail/headers.toml").read_text("utf-8"))
SENDER = "lage@musterstadt.example"


def travelled(alert: Alert, **kw: Any) -> EmailMessage:
    """The mail as its reader's program parses it."""
    sent = message(alert, SENDER, **kw).as_bytes()
    assert max(len(line) for line in sent.split(b"\r\n")) <= 998
    assert b"\n" not in sent.replace(b"\r\n", b"")
    assert sent.isascii()
    return BytesParser(policy=policy.default).parsebytes(sent)


def parts(parsed: EmailMessage) -> tuple[str, str]:
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def test_a_mail_has_the_headers_that_keep_machines_from_answering() -> None:
    parsed = travelled(mail(in_reply_to="<first@musterstadt.example>"), authority="Stadt Köln 😀")
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["X-Auto-Response-Suppress"] == "All"
    assert parsed["Importance"] == "high"
    assert parsed["Precedence"] is None
    assert parsed["Content-Language"] == "de"
    assert parsed["In-Reply-To"] == parsed["References"] == "<first@musterstadt.example>"
    assert parsed["From"].addresses[0].display_name == "Stadt Köln 😀"
    assert parsed["From"].addresses[0].addr_spec == SENDER
    assert parsed["To"].addresses[0].addr_spec == "ana@stadt.example"
    assert parsed["Date"].datetime == mail().created
    assert parsed["Reply-To"] is None
    assert parsed.get_content_type() == "multipart/alternative"
    assert not parsed.defects


def test_the_first_mail_of_an_incident_answers_nothing() -> None:
    parsed = travelled(mail())
    assert parsed["In-Reply-To"] is None
    assert parsed["References"] is None


def test_replies_go_where_they_are_read() -> None:
    parsed = travelled(mail(), reply_to="dienst@musterstadt.example")
    assert parsed["Reply-To"] == "dienst@musterstadt.example"


def test_what_nobody_waits_for_is_marked_as_bulk() -> None:
    parsed = travelled(mail(kind=AlertKind.TAKEN))
    assert parsed["Precedence"] == "bulk"
    assert parsed["Importance"] is None


@pytest.mark.parametrize(
    "subject", ["Gerücht – ÄÖÜß", "😱 " * 40, "x" * 300, "ü" * 300, "", "=?utf-8?q?x?="]
)
def test_subjects_arrive_as_they_were_written(subject: str) -> None:
    parsed = travelled(mail(subject=subject))
    assert parsed["Subject"].rstrip() in (subject.rstrip(), "x" if subject.startswith("=?") else "")


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=200))
def test_no_subject_adds_a_header(subject: str) -> None:
    plain, parsed = travelled(mail(subject="x")), travelled(mail(subject=subject))
    assert parsed.keys() == plain.keys()


def test_a_long_post_arrives_whole_in_both_parts() -> None:
    long = mail(text="Wörter " * 700 + "\n.\n\n..x\nFrom hier\n", html="<p>" + "ü" * 5000 + "</p>")
    text, html = parts(travelled(long))
    assert text.replace("\r\n", "\n").strip() == long.text.strip()
    assert html.strip() == long.html


def test_what_was_composed_arrives_as_composed() -> None:
    written = draft(sightings=[posted("Ä😱 " * 2500)])
    text, html = parts(travelled(mail(text=written.text, html=written.html)))
    assert text.replace("\r\n", "\n") == written.text
    assert html.replace("\r\n", "\n") == written.html


def test_the_same_alert_makes_the_same_message() -> None:
    assert message(mail(), SENDER).as_bytes() == message(mail(), SENDER).as_bytes()


def test_a_mail_that_does_not_say_its_language_is_german() -> None:
    assert travelled(mail(html="<p>x</p>"))["Content-Language"] == "de"


def test_a_domain_with_an_umlaut_is_written_for_the_wire() -> None:
    assert travelled(mail(to="ana@köln.example"))["To"] == "ana@xn--kln-sna.example"


@pytest.mark.parametrize("case", CASES["case"], ids=lambda c: repr(c)[:50])
def test_headers_that_could_smuggle_are_refused(case: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError) as raised:
        message(mail(**{case["field"]: case["value"]}), SENDER)
    assert raised.value.de
    assert raised.value.en


def test_a_name_with_a_line_break_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        message(mail(), SENDER, None, "Stadt\r\nBcc: x@example.org")
