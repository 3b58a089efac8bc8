"""What came back: replies of people, bounces, and machines, from mails as programs really write them."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.alerts.incoming import Automatic, Bounce, Reply, message_id, read
from crisis.alerts.replied import own_words

OURS = "<raised.12.1.2.1.1764210000000000@musterstadt.example>"
HEAD = f"""\
From: Ana <Ana@Musterstadt.example>
To: klarstellung@musterstadt.example
Subject: Re: [DRINGEND] Gerücht
Message-ID: <ana-1@musterstadt.example>
In-Reply-To: {OURS}
References: <first@musterstadt.example> {OURS}
"""


def mail(body: str, more: str = "", head: str = HEAD) -> bytes:
    return (head + more + "\n" + dedent(body)).replace("\n", "\r\n").encode()


def reply(body: str, more: str = "") -> Reply:
    found = read(mail(body, more))
    assert isinstance(found, Reply), found
    return found


def test_a_reply_says_who_wrote_what_to_which_mail() -> None:
    found = reply("Ich bin dran.\n")
    assert found.sender == "ana@musterstadt.example"
    assert found.refers_to == (OURS, "<first@musterstadt.example>")
    assert found.text == "Ich bin dran."
    assert message_id(mail("x")) == "<ana-1@musterstadt.example>"


QUOTED = {
    "german": """\
        Stadtwerke rufen in 10 Min. zurück.

        Am 23.11.2026 um 04:28 schrieb Musterstadt <klarstellung@musterstadt.example>:
        > Gerücht: Trinkwasser vergiftet
        > http://desk.example/a/geheim
        """,
    "german, wrapped": """\
        Stadtwerke rufen in 10 Min. zurück.

        Am Mo., 23. Nov. 2026 um 04:28 Uhr schrieb Musterstadt
        <klarstellung@musterstadt.example>:

        > Gerücht
        """,
    "english": """\
        Stadtwerke rufen in 10 Min. zurück.

        On Mon, 23 Nov 2026 at 04:28, Musterstadt <k@musterstadt.example> wrote:
        > Rumour
        """,
    "outlook": """\
        Stadtwerke rufen in 10 Min. zurück.

        Von: Musterstadt <klarstellung@musterstadt.example>
        Gesendet: Montag, 23. November 2026 04:28
        An: Ana
        Betreff: Gerücht

        http://desk.example/a/geheim
        """,
    "old outlook": """\
        Stadtwerke rufen in 10 Min. zurück.

        -----Ursprüngliche Nachricht-----
        http://desk.example/a/geheim
        """,
    "a rule of underscores": """\
        Stadtwerke rufen in 10 Min. zurück.
        ________________________________
        http://desk.example/a/geheim
        """,
    "below the quote": """\
        > Wer übernimmt?
        Stadtwerke rufen in 10 Min. zurück.
        """,
    "signature and telephone": """\
        Stadtwerke rufen in 10 Min. zurück.

        Von meinem iPhone gesendet
        --\x20
        Ana Muster, Amt 13
        """,
}


@pytest.mark.parametrize("body", QUOTED.values(), ids=list(QUOTED))
def test_only_ones_own_words_are_kept(body: str) -> None:
    assert reply(body).text == "Stadtwerke rufen in 10 Min. zurück."


def test_a_sentence_about_who_wrote_is_no_quote() -> None:
    said = "Am Montag schrieb Frau Meier:\nDas Wasser ist gut."
    assert own_words("Von: hier aus sieht es ruhig aus\n" + said) == (
        "Von: hier aus sieht es ruhig aus\n" + said
    )


def test_html_is_words_only_and_nothing_hidden_comes_through() -> None:
    found = reply(
        """\
        <html><head><style>p{}</style><title>x</title></head><body>
        <p>Ich bin &amp; bleibe dran.</p><script>alert(1)</script>
        <img src=x onerror=alert(1)><blockquote><p>geheimer Link</p></blockquote>
        <p>Bis 18&nbsp;Uhr.</p></body></html>
        """,
        "Content-Type: text/html; charset=utf-8\n",
    )
    assert found.text == "Ich bin & bleibe dran.\n\nBis 18 Uhr."


def test_attachments_are_named_not_taken() -> None:
    found = reply(
        """\
        --x
        Content-Type: text/plain

        Siehe Foto.
        --x
        Content-Type: image/jpeg
        Content-Disposition: attachment; filename="rohr\u202egpj.exe"

        AAAA
        --x
        Content-Type: text/plain
        Content-Disposition: attachment; filename="liste.txt"

        nicht lesen
        --x--
        """,
        'Content-Type: multipart/mixed; boundary="x"\n',
    )
    assert found.text == "Siehe Foto."
    assert len(found.attachments) == 2
    assert "liste.txt" in found.attachments
    assert "\u202e" not in "".join(found.attachments)


def test_what_our_own_server_found_forged_is_said() -> None:
    forged = "Authentication-Results: mx.musterstadt.example; dmarc=fail (p=reject)\n"
    assert reply("x", forged).failed_checks
    assert not reply("x", forged.replace("fail", "pass")).failed_checks


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated (vacation)",
        "X-Autoreply: yes",
        "Precedence: bulk",
        "Precedence: auto_reply",
        "Return-Path: <>",
        "List-Id: <presse.example>",
    ],
)
def test_a_machine_is_no_person(header: str) -> None:
    assert isinstance(read(mail("Ich bin bis 3.12. nicht da.", header + "\n")), Automatic)


@pytest.mark.parametrize(
    "subject", ["Automatische Antwort: Gerücht", "Abwesenheitsnotiz", "Out of Office: x"]
)
def test_a_holiday_notice_without_headers_is_known_by_its_subject(subject: str) -> None:
    head = HEAD.replace("Re: [DRINGEND] Gerücht", subject)
    assert isinstance(read(mail("Ich bin nicht da.", head=head)), Automatic)


def test_an_answer_by_hand_may_say_so() -> None:
    assert reply("Ja.", "Auto-Submitted: no\n").text == "Ja."


REPORT = f"""\
From: MAILER-DAEMON@relay.example
To: klarstellung@musterstadt.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="r"

--r
Content-Type: text/plain

I'm sorry to have to inform you …
--r
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; Ana@musterstadt.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--r
Content-Type: message/rfc822

From: klarstellung@musterstadt.example
Message-ID: {OURS}

Gerücht
--r--
"""


def bounced(text: str) -> Bounce:
    found = read(text.replace("\n", "\r\n").encode())
    assert isinstance(found, Bounce), found
    return found


def test_a_bounce_names_the_mail_the_address_and_why() -> None:
    found = bounced(REPORT)
    assert found == Bounce(
        refers_to=(OURS,),
        address="ana@musterstadt.example",
        for_good=True,
        said="550 5.1.1 User unknown",
    )


def test_a_delay_is_not_the_end() -> None:
    assert not bounced(REPORT.replace("Action: failed", "Action: delayed")).for_good


def test_a_server_that_gave_up_after_days_has_given_up() -> None:
    assert bounced(REPORT.replace("Status: 5.1.1", "Status: 4.4.1")).for_good


def test_only_headers_of_the_mail_may_come_back() -> None:
    headers = REPORT.replace("message/rfc822\n", "text/rfc822-headers\n")
    assert bounced(headers).refers_to == (OURS,)


def test_an_old_server_names_the_address_in_a_header() -> None:
    text = (
        "From: Mailer-Daemon@relay.example\nX-Failed-Recipients: ana@musterstadt.example\n"
        f"Subject: Mail failed\n\nYour message {OURS} could not be delivered.\n"
    )
    assert bounced(text).refers_to == (OURS,)
    assert bounced(text).for_good


def test_a_receipt_is_no_bounce() -> None:
    read_it = REPORT.replace("delivery-status", "disposition-notification")
    assert isinstance(read(read_it.encode()), Automatic)
    delivered = REPORT.replace("Action: failed", "Action: delivered")
    assert isinstance(read(delivered.encode()), Automatic)


@given(st.binary(max_size=400), st.sampled_from([HEAD.encode(), REPORT.encode()[:700], b""]))
def test_no_bytes_break_it(noise: bytes, head: bytes) -> None:
    read(head + noise)
    message_id(noise)


@given(st.text(max_size=300))
def test_own_words_never_grow(text: str) -> None:
    assert len(own_words(text)) <= len(text)


@pytest.mark.parametrize("charset", ["nonsense", "utf-8\x00", "iso-8859-1", "utf-7"])
def test_a_strange_character_set_is_read_as_far_as_it_goes(charset: str) -> None:
    assert "dran" in reply("Ich bin dran", f"Content-Type: text/plain; charset={charset}\n").text
