"""Mails handed to a real mail server, in all its moods."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import Any

import pytest
from mails import mail
from post_office import Counter, knows, open_office, own_tls, trusting
from test_dkim import SIGNER, record, verify

from crisis.alerts.smtp import SmtpMailer, check
from crisis.errors import AddressRefusedError, MailError, PermanentMailError, StoppedError


def mailer(port: int, **changes: Any) -> SmtpMailer:
    known: dict[str, Any] = {
        "host": "127.0.0.1",
        "port": port,
        "security": "none",
        "sender": "lage@musterstadt.example",
        "authority": "Stadt Köln",
        "timeout": 5,
    }
    return SmtpMailer(**{**known, **changes})


def refused(counter: Counter, **changes: Any) -> MailError:
    """What comes of one mail that does not go."""
    with open_office(counter) as port, pytest.raises(MailError) as raised:
        mailer(port).send(mail(**changes))
    assert raised.value.de
    assert raised.value.en
    return raised.value


def test_a_mail_arrives_whole_once_at_the_one_address() -> None:
    counter = Counter()
    with open_office(counter) as port:
        mailer(port).send(mail(subject="Gerücht – Trinkwasser 😱"))
    (got,) = counter.mails
    assert counter.recipients == [["ana@stadt.example"]]
    assert got["Subject"] == "Gerücht – Trinkwasser 😱"
    assert got["From"] == "Stadt Köln <lage@musterstadt.example>"
    body = got.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == mail().text
    assert counter.greeted == ["[127.0.0.1]"]


def test_a_signed_mail_arrives_as_it_was_signed() -> None:
    raw: list[bytes] = []
    counter = Counter(raw=raw)
    with open_office(counter) as port:
        mailer(port, sign=SIGNER.sign).send(mail(subject="Gerücht – Trinkwasser", text=".\n..\nx"))
    verify(raw[0], record())


def test_several_mails_share_a_connection_and_a_refusal_harms_no_other() -> None:
    counter = Counter()
    with open_office(counter) as port:
        box = mailer(port)
        with box.together():
            box.send(mail())
            counter.moods["RCPT"] = ["550 5.1.1 unknown"]
            with pytest.raises(AddressRefusedError):
                box.send(mail())
            box.send(mail())
            box.send(mail())
    assert len(counter.mails) == 3
    assert len(counter.greeted) == 2, "one more after the refusal"


def test_a_shared_connection_that_the_server_closed_is_opened_again() -> None:
    counter = Counter()
    with open_office(counter) as port:
        box = mailer(port)
        with box.together():
            box.send(mail())
            assert box._shared is not None
            assert box._shared.sock is not None
            box._shared.sock.shutdown(socket.SHUT_RDWR)
            box.send(mail())
    assert len(counter.mails) == 2


def test_what_is_stopped_at_the_last_moment_does_not_go() -> None:
    def stop() -> None:
        raise StoppedError("zu spät", "too late")

    counter = Counter()
    with open_office(counter) as port:
        box = mailer(port)
        with box.together():
            with pytest.raises(StoppedError):
                box.send(mail(), stop)
            box.send(mail())
    assert len(counter.mails) == 1
    assert len(counter.greeted) == 1


def test_with_starttls_the_mail_goes_encrypted_after_sign_in() -> None:
    counter = Counter()
    with open_office(
        counter,
        tls_context=own_tls(),
        require_starttls=True,
        authenticator=knows,
        auth_required=True,
    ) as port:
        mailer(
            port,
            host="localhost",
            security="starttls",
            context=trusting(),
            user="lage",
            password="geheim",
        ).send(mail())
    assert counter.encrypted == [True]


def test_with_tls_the_mail_goes_encrypted_from_the_first_byte() -> None:
    counter = Counter()
    with open_office(counter, ssl_context=own_tls()) as port:
        mailer(port, host="localhost", security="tls", context=trusting()).send(mail())
    assert len(counter.mails) == 1


@pytest.mark.parametrize(
    ("security", "option"), [("tls", "ssl_context"), ("starttls", "tls_context")]
)
def test_a_certificate_nobody_vouches_for_stops_the_mail_for_now(
    security: str, option: str
) -> None:
    counter = Counter()
    with open_office(counter, **{option: own_tls()}) as port:
        with pytest.raises(MailError, match="certificate") as raised:
            mailer(port, host="localhost", security=security).send(mail())
        assert raised.value.retry
    assert counter.mails == []


def test_without_the_encryption_asked_for_nothing_is_sent() -> None:
    counter = Counter()
    with open_office(counter) as port, pytest.raises(MailError, match="does not offer") as raised:
        mailer(port, security="starttls").send(mail())
    assert raised.value.retry
    assert counter.mails == []


def test_a_wrong_password_is_ours_to_correct_and_not_for_good() -> None:
    counter = Counter()
    with (
        open_office(counter, authenticator=knows, auth_require_tls=False) as port,
        pytest.raises(MailError, match="sign-in") as raised,
    ):
        mailer(port, user="lage", password="falsch").send(mail())
    assert raised.value.retry
    assert counter.mails == []


def test_a_server_without_sign_in_says_so() -> None:
    with open_office(Counter()) as port, pytest.raises(MailError, match="does not offer"):
        mailer(port, user="lage", password="geheim").send(mail())


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("answer", ["451 4.3.0 later", "421 4.3.2 closing"])
def test_what_fails_for_now_succeeds_the_next_time(stage: str, answer: str) -> None:
    counter = Counter({stage: [answer]})
    with open_office(counter) as port:
        with pytest.raises(MailError) as raised:
            mailer(port).send(mail())
        assert raised.value.retry
        assert answer[:3] in raised.value.en
        mailer(port).send(mail())
    assert len(counter.mails) == 1


@pytest.mark.parametrize(
    ("stage", "answer", "permanent"),
    [
        ("RCPT", "550 5.1.1 no such user", True),
        ("RCPT", "552 5.2.2 mailbox full", True),
        ("RCPT", "550 no such user", True),
        ("RCPT", "554 5.7.1 relay access denied", False),
        ("RCPT", "530 5.7.0 sign in first", False),
        ("MAIL", "553 5.7.1 sender not allowed", False),
        ("DATA", "554 5.6.0 message refused", True),
        ("DATA", "552 5.3.4 message too big", True),
        ("DATA", "530 5.7.0 sign in first", False),
    ],
)
def test_what_is_for_good_concerns_this_address_or_mail_and_not_our_set_up(
    stage: str, answer: str, permanent: bool
) -> None:
    error = refused(Counter({stage: [answer]}))
    assert isinstance(error, PermanentMailError) == permanent
    assert error.retry != permanent
    assert answer in error.de


def test_a_server_that_hangs_up_in_the_middle_is_tried_again_with_the_same_message_id() -> None:
    counter = Counter({"DATA": ["hang up"]})
    with open_office(counter) as port:
        with pytest.raises(MailError) as raised:
            mailer(port).send(mail())
        assert raised.value.retry
        mailer(port).send(mail())
    assert [m["Message-ID"] for m in counter.mails] == [mail().message_id]


def test_bad_manners_at_parting_do_not_send_the_mail_twice() -> None:
    counter = Counter({"QUIT": ["421 4.3.2 leave me alone"]})
    with open_office(counter) as port:
        mailer(port).send(mail())
    assert len(counter.mails) == 1


def test_where_nobody_listens_it_is_tried_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(MailError, match="takes no connection") as raised:
        mailer(port).send(mail())
    assert raised.value.retry


def test_an_unknown_host_is_tried_again() -> None:
    with pytest.raises(MailError, match=r"name is unknown|no connection") as raised:
        mailer(25, host="mail.invalid").send(mail())
    assert raised.value.retry


@pytest.fixture
def listening() -> Any:
    """A port that takes connections; ``says`` is what it sends to each before it falls silent."""
    ports: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def listen(says: bytes, *, close: bool = False) -> int:
        server = socket.create_server(("127.0.0.1", 0))
        ports.append(server)

        def serve() -> None:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client:
                client.sendall(says)
                while not close and client.recv(100):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        threads.append(thread)
        return int(server.getsockname()[1])

    yield listen
    for server in ports:
        server.close()
    for thread in threads:
        thread.join(5)


@pytest.mark.parametrize("says", [b"", b"220 hello\r\n"])
def test_a_silent_server_is_given_up_after_the_timeout(listening: Any, says: bytes) -> None:
    with pytest.raises(MailError, match="does not answer") as raised:
        mailer(listening(says), timeout=0.2).send(mail())
    assert raised.value.retry


@pytest.mark.parametrize("says", [b"554 go away\r\n", b"", b"220 hello\r\n"])
def test_a_server_that_sends_us_away_is_tried_again(listening: Any, says: bytes) -> None:
    with pytest.raises(MailError, match="cannot be reached") as raised:
        mailer(listening(says, close=True), timeout=2).send(mail())
    assert raised.value.retry


def test_something_that_is_no_mail_server_is_tried_again(listening: Any) -> None:
    port = listening(b"HTTP/1.1 400 Bad Request\r\n\r\n", close=True)
    with pytest.raises(MailError) as raised:
        mailer(port, timeout=2).send(mail())
    assert raised.value.retry


@pytest.mark.parametrize(
    "to", ["ana", "", "ana@stadt.example\r\nBcc: x@example.org", "a@b, c@d", "jürgen@stadt.example"]
)
def test_an_address_that_is_none_is_refused_before_any_server_is_asked(to: str) -> None:
    with pytest.raises(PermanentMailError) as raised:
        mailer(1).send(mail(to=to))
    assert "Adresse" in raised.value.de or "Zeilenumbruch" in raised.value.de


def test_an_address_refused_beside_others_is_not_overlooked() -> None:
    check({})
    with pytest.raises(PermanentMailError, match="no such user"):
        check({"ana@stadt.example": (550, b"5.1.1 no such user")})
    with pytest.raises(MailError, match="greylisted") as raised:
        check({"ana@stadt.example": (450, b"4.2.0 greylisted")})
    assert raised.value.retry


def test_what_the_server_says_is_shown_on_one_line_without_controls() -> None:
    with pytest.raises(MailError) as raised:
        check({"a@b": (550, b"5.1.1 no\x1b[31m\r\n such \xff user " + b"x" * 900)})
    assert raised.value.de.isprintable()
    assert len(raised.value.de) < 320


def test_another_kind_of_security_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="ssl3"):
        mailer(25, security="ssl3")


def test_certificates_are_verified_unless_told_whom_to_trust() -> None:
    context = mailer(25)._trust()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_no_mail_of_an_exercise_ever_came_this_way() -> None:
    assert mailer(25).forget_exercise() == 0
