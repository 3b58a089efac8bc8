"""What corrections and withdrawals say in both languages, and mails that do not get through."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from zoneinfo import ZoneInfo

import pytest
from builders import NOON

from crisis.channels.list_links import ListLinks
from crisis.channels.plan import (
    Going,
    Outlet,
    corrected_line,
    payload,
    pieces,
    withdrawn_subject,
    withdrawn_text,
)
from crisis.channels.press import Press
from crisis.errors import (
    ChannelError,
    GoneError,
    InvalidInputError,
    MailError,
    PermanentChannelError,
    PermanentMailError,
    StoppedError,
)
from crisis.types import (
    Image,
    Picture,
    Publication,
    PublicationAct,
    Response,
    ResponseState,
    Subscriber,
)

BERLIN = ZoneInfo("Europe/Berlin")
GOING = Going(zone=BERLIN, page="https://a.example/{slug}")
ANSWER = Response(
    id=1,
    incident_id=1,
    playbook="wasser",
    playbook_sha256="0",
    approval_id=1,
    lang="en",
    title="The water is good",
    texts={"press": "Good.", "long": "Good. " * 500},
    state=ResponseState.RELEASED,
    slug="water",
    change_note="The hour was wrong.",
    written_by=1,
    written_at=NOON,
)
MIA = Subscriber(id=1, address="mia@a.example", name="Mia", added_by=1, added=NOON, due=NOON)


@pytest.mark.parametrize(
    ("lang", "follows", "said", "subject"),
    [
        ("de", False, "Berichtigt am 23.11.2026, 13:00 Uhr", "Berichtigung: "),
        ("de", True, "Aktualisiert am 23.11.2026, 13:00 Uhr", "Aktualisierung: "),
        ("en", False, "Corrected on 23/11/2026, 13:00", "Correction: "),
        ("en", True, "Updated on 23/11/2026, 13:00", "Update: "),
    ],
)
def test_what_takes_the_place_of_older_words_says_so(
    lang: str, subject: str, said: str, *, follows: bool
) -> None:
    newer = replace(ANSWER, lang=lang, follows=follows, replaces=7)
    assert corrected_line(newer, BERLIN, NOON).startswith(said)
    (mail,) = pieces(Outlet(code="press", readers=("a@b.example",)), newer, GOING, NOON)
    assert str(mail.more["subject"]).startswith(subject)


def test_a_withdrawal_says_so_in_the_language_of_the_answer() -> None:
    gone = replace(ANSWER, state=ResponseState.WITHDRAWN)
    assert withdrawn_subject(gone) == "Withdrawn: The water is good"
    assert withdrawn_subject(replace(gone, lang="de")).startswith("Zurückgezogen: ")
    assert withdrawn_text(gone, "", BERLIN, NOON).startswith("Withdrawn on 23/11/2026, 13:00: “The")


def test_a_text_that_fits_nowhere_is_refused_with_its_length() -> None:
    outlet = Outlet(code="instagram")
    with pytest.raises(InvalidInputError, match="2200"):
        pieces(outlet, replace(ANSWER, texts={"long": "Good. " * 500}), GOING, NOON)


class Box:
    """A letterbox that fails as it is told."""

    def __init__(self, error: MailError | None = None) -> None:
        self.error, self.mails = error, list[EmailMessage]()

    def post(self, mail: EmailMessage, go: object = None) -> None:
        if self.error:
            raise self.error
        self.mails.append(mail)

    def greet(self) -> None:
        if self.error:
            raise self.error


def press(box: Box, subscriber: Subscriber | None = MIA) -> Press:
    return Press(
        box,
        ListLinks(b"0123456789abcdef", "http://a.example"),
        lambda address: subscriber,
        sender="stadt@a.example",
        authority="Musterstadt",
        picture=lambda named: MAP,
    )


ROW = Publication(
    response_id=1,
    incident_id=1,
    channel="press",
    text="Good.",
    key="k",
    created=NOON,
    due=NOON,
    more={"to": "mia@a.example", "subject": "Good", "at": NOON.isoformat(), "lang": "en"},
)


def test_who_has_left_gets_nothing_more() -> None:
    box = Box()
    with pytest.raises(StoppedError):
        press(box, None).publish(ROW, None, lambda: None)
    assert box.mails == []


def test_a_newer_version_is_a_mail_and_none_can_be_called_back() -> None:
    box = Box()
    assert press(box).edit(ROW, ROW, lambda: None).remote == "<k@a.example>"
    assert "To leave it" in box.mails[0].get_content()
    assert press(box).look_up(ROW) is None
    with pytest.raises(GoneError):
        press(box).remove(ROW, ROW, lambda: None)


def test_a_mail_server_that_is_away_is_tried_again_and_a_refusal_is_not() -> None:
    assert press(Box()).account().name == "stadt@a.example"
    away = press(Box(MailError("Weg.", "Away.")))
    with pytest.raises(ChannelError) as later:
        away.publish(ROW, None, lambda: None)
    assert later.value.retry
    with pytest.raises(ChannelError):
        away.account()
    with pytest.raises(PermanentChannelError):
        press(Box(PermanentMailError("Nein.", "No."))).publish(ROW, None, lambda: None)


MAP = Image(
    content=b"\x89PNG" + bytes(range(200)), media_type="image/png", alt="Karte: hier ist es trüb"
)


def test_a_thread_of_the_playbook_goes_out_post_by_post_with_the_address_in_the_last() -> None:
    answer = replace(ANSWER, texts={"thread": "Eins. 1/2\n\n---\n\nZwei. 2/2", "long": "Lang."})
    for code, last in (
        ("mastodon", "Zwei.\n\nhttps://a.example/water (2/2)"),
        ("bluesky", "Zwei. (2/2)"),
        ("x", "Zwei.\n\nhttps://a.example/water (2/2)"),
    ):
        assert [p.text for p in pieces(Outlet(code=code), answer, GOING, NOON)] == [
            "Eins. (1/2)",
            last,
        ]


def test_another_program_gets_the_thread_parted_and_unnumbered() -> None:
    answer = replace(ANSWER, texts={"thread": "Eins. 1/2\n\n---\n\nZwei. 2/2", "short": "Am 1/2"})
    texts = payload(answer, "", "published")["answer"]["texts"]
    assert texts == {"thread": "Eins.\n\n---\n\nZwei.", "short": "Am 1/2"}


def test_press_and_partners_get_the_pictures_as_files_with_their_words() -> None:
    answer = replace(
        ANSWER,
        lang="de",
        pictures=(Picture(file="bilder/karte.png", alt=MAP.alt, source="Stadt", sha256="a" * 64),),
    )
    (piece,) = pieces(Outlet(code="press", readers=("mia@a.example",)), answer, GOING, NOON)
    row = replace(ROW, text=piece.text, more={**ROW.more, **piece.more, "at": NOON.isoformat()})
    box = Box()
    press(box).publish(row, None, lambda: None)
    mail = message_from_bytes(box.mails[0].as_bytes(), policy=SMTP)
    assert isinstance(mail, EmailMessage)
    (file,) = mail.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("karte.png", "image/png")
    assert (file.get_content(), file["Content-Description"]) == (MAP.content, MAP.alt)
    text = mail.get_body(("plain",))
    assert text is not None
    assert "Bilder im Anhang:\n- karte.png: Karte: hier ist es trüb (Bild: Stadt)" in (
        text.get_content().replace("\r\n", "\n")
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_withdrawal_and_a_picture_that_is_gone_bring_no_files() -> None:
    named = [{"sha256": "a" * 64, "alt": MAP.alt, "file": "bilder/karte.png"}]
    row = replace(ROW, more={**ROW.more, "pictures": named})
    box = Box()
    press(box).publish(replace(row, act=PublicationAct.RETRACT), None, lambda: None)
    gone = Press(
        box,
        ListLinks(b"0123456789abcdef", "http://a.example"),
        lambda address: MIA,
        sender="stadt@a.example",
        authority="Musterstadt",
    )
    gone.publish(row, None, lambda: None)
    assert [mail.is_multipart() for mail in box.mails] == [False, False]
