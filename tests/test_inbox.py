"""A folder of a mailbox, read from a real IMAP server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from threading import Thread
from typing import Any

import pytest
from alerts.post_office import trusting
from mail_drop import Drop, open_drop

from crisis.errors import InboxError, RefusedInboxError
from crisis.inbox import ImapInbox
from crisis.types import InboxMark

LETTER = "From: ana@musterstadt.example\nSubject: Re: Wasser\n\nIch kümmere mich.\n"


class Post:
    """A mailbox, its server and somebody who reads it."""

    def __init__(self) -> None:
        self.drop = Drop()
        self._stack = ExitStack()

    def reader(self, security: str = "none", **changes: Any) -> ImapInbox:
        served = changes.pop("served", security)
        port = self._stack.enter_context(open_drop(self.drop, served))
        told: dict[str, Any] = {
            "host": "localhost",
            "port": port,
            "security": security,
            "user": "lage",
            "password": "geheim",
            "context": trusting(),
            "timeout": 5,
        }
        inbox = ImapInbox(**told | changes)
        self._stack.callback(inbox.close)
        return inbox

    def close(self) -> None:
        self._stack.close()


@pytest.fixture
def post() -> Iterator[Post]:
    made = Post()
    yield made
    made.close()


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_mails_are_read_whole_whatever_the_encryption(post: Post, security: str) -> None:
    post.drop.put(LETTER)
    bag = post.reader(security).fetch(None)
    (mail,) = bag.mails
    assert mail.content == LETTER.replace("\n", "\r\n").encode()
    assert mail.whole
    assert bag.mark == InboxMark(numbering=7, uid=1)
    assert not bag.more and not bag.renumbered
    assert post.drop.flags(1) == set(), "reading marks nothing as seen"


def test_only_what_is_new_comes_the_next_time(post: Post) -> None:
    inbox = post.reader()
    post.drop.put(LETTER)
    first = inbox.fetch(None)
    assert inbox.fetch(first.mark).mails == ()
    post.drop.put(LETTER)
    assert [mail.uid for mail in inbox.fetch(first.mark).mails] == [2]


def test_many_mails_come_in_portions_the_oldest_first(post: Post) -> None:
    for _ in range(5):
        post.drop.put(LETTER)
    inbox = post.reader()
    first = inbox.fetch(None, limit=3)
    assert ([mail.uid for mail in first.mails], first.more) == ([1, 2, 3], True)
    second = inbox.fetch(first.mark, limit=3)
    assert ([mail.uid for mail in second.mails], second.more) == ([4, 5], False)


def test_a_huge_mail_is_cut_and_says_so(post: Post) -> None:
    post.drop.put(LETTER + "x" * 100_000)
    (mail,) = post.reader(most=10_000).fetch(None).mails
    assert (len(mail.content), mail.whole) == (10_000, False)
    assert mail.size > 100_000


def test_a_mailbox_that_is_numbered_anew_is_read_again_from_the_day_asked_for(post: Post) -> None:
    post.drop.put(LETTER, date(2026, 1, 2))
    post.drop.put(LETTER, date(2026, 11, 23))
    mark = post.reader().fetch(None).mark
    post.drop.renumber()
    bag = post.reader().fetch(mark, since=date(2026, 11, 1))
    assert bag.renumbered
    assert [mail.uid for mail in bag.mails] == [2]
    assert bag.mark.numbering == 8


def test_dealt_with_mails_are_marked_or_moved(post: Post) -> None:
    for _ in range(3):
        post.drop.put(LETTER)
    inbox = post.reader()
    inbox.seen([2, 99])
    inbox.seen([])
    inbox.move([1, 3], "Erledigt")
    assert post.drop.flags(2) == {"\\Seen"}
    assert [kept.uid for kept in post.drop.folders["Erledigt"]] == [1, 3]


def test_a_server_without_move_copies_and_deletes(post: Post) -> None:
    post.drop.can = ""
    post.drop.put(LETTER)
    post.reader().move([1], "Erledigt")
    assert post.drop.folders["INBOX"] == []
    assert len(post.drop.folders["Erledigt"]) == 1


def test_waiting_ends_when_a_mail_comes(post: Post) -> None:
    inbox = post.reader()
    mark = inbox.fetch(None).mark

    def comes() -> None:
        assert post.drop.idling.wait(5)
        post.drop.put(LETTER)

    sender = Thread(target=comes)
    sender.start()
    assert inbox.wait(10)
    sender.join()
    assert len(inbox.fetch(mark).mails) == 1


def test_waiting_in_vain_is_no_error(post: Post) -> None:
    assert not post.reader().wait(0.05)
    post.drop.can = ""
    assert post.reader().wait(0.05), "a server without IDLE is worth a look"


def test_a_reader_that_waits_can_be_called_off(post: Post) -> None:
    inbox = post.reader()
    inbox.fetch(None)
    ended: list[InboxError] = []

    def waits() -> None:
        with pytest.raises(InboxError) as caught:
            inbox.wait(20)
        ended.append(caught.value)

    waiting = Thread(target=waits)
    waiting.start()
    assert post.drop.idling.wait(5)
    inbox.close()
    waiting.join(5)
    assert not waiting.is_alive()
    assert ended[0].retry


def test_a_connection_that_the_server_closed_is_opened_again(post: Post) -> None:
    post.drop.put(LETTER)
    inbox = post.reader()
    mark = inbox.fetch(None).mark
    post.drop.hang_up_at = "NOOP"
    post.drop.put(LETTER)
    assert [mail.uid for mail in inbox.fetch(mark).mails] == [2]


def test_a_server_that_hangs_up_on_a_new_connection_is_tried_later(post: Post) -> None:
    post.drop.hang_up_at = "NOOP"
    with pytest.raises(InboxError) as caught:
        post.reader().fetch(None)
    assert caught.value.retry


@pytest.mark.parametrize(
    ("answer", "retry"),
    [
        ("[AUTHENTICATIONFAILED] no", False),
        ("no", False),
        ("[UNAVAILABLE] the directory sleeps", True),
        ("[LIMIT] too many", True),
    ],
)
def test_a_refused_sign_in_says_whether_trying_again_helps(
    post: Post, answer: str, retry: bool
) -> None:
    post.drop.sign_in = answer
    with pytest.raises(InboxError) as caught:
        post.reader().fetch(None)
    assert caught.value.retry is retry
    assert "geheim" not in caught.value.de + caught.value.en


def test_a_wrong_folder_needs_somebody(post: Post) -> None:
    with pytest.raises(RefusedInboxError, match="folder"):
        post.reader(folder="Gibtsnicht").fetch(None)
    post.drop.put(LETTER)
    with pytest.raises(RefusedInboxError, match="folder"):
        post.reader().move([1], "Gibtsnicht")


def test_a_certificate_of_somebody_else_is_refused_before_the_password(post: Post) -> None:
    for security in ("tls", "starttls"):
        with pytest.raises(RefusedInboxError, match="secure"):
            post.reader(security, context=None).fetch(None)
    assert "LOGIN" not in post.drop.commands


def test_no_password_leaves_without_encryption_where_it_is_asked_for(post: Post) -> None:
    with pytest.raises(RefusedInboxError, match="STARTTLS"):
        post.reader("starttls", served="none").fetch(None)
    assert "LOGIN" not in post.drop.commands


def test_an_unknown_encryption_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="security"):
        ImapInbox(host="x", port=1, security="ssl", user="", password="")


def test_nobody_listening_is_tried_again() -> None:
    inbox = ImapInbox(
        host="127.0.0.1", port=1, security="none", user="lage", password="x", timeout=1
    )
    with pytest.raises(InboxError) as caught:
        inbox.fetch(None)
    assert caught.value.retry
