"""The link of an alert mail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from crisis.alerts.links import AcknowledgeClaim, AcknowledgeLinks, fingerprint
from crisis.errors import CrisisError, InvalidInputError, NotAllowedError

SECRET = b"a secret of enough bytes"
LINKS = AcknowledgeLinks(SECRET, "https://desk.example/", 24)


def token(links: AcknowledgeLinks = LINKS) -> str:
    return links.acknowledge(12, 3, NOON).removeprefix("https://desk.example/a/")


def test_a_link_names_incident_person_and_time() -> None:
    assert LINKS.read(token(), NOON) == AcknowledgeClaim(12, 3, NOON + timedelta(hours=24))


def test_a_link_fits_into_an_address_and_onto_a_line() -> None:
    assert token().replace("-", "").replace("_", "").replace(".", "").isalnum()
    assert len(LINKS.acknowledge(10**9, 10**6, NOON)) < 130


def test_a_link_works_until_its_last_second_and_not_after() -> None:
    end = NOON + timedelta(hours=24)
    assert LINKS.read(token(), end - timedelta(seconds=1)).person_id == 3
    with pytest.raises(NotAllowedError, match="expired"):
        LINKS.read(token(), end)


def test_a_link_of_another_desk_is_refused() -> None:
    other = AcknowledgeLinks(b"another secret, as long", "https://desk.example", 24)
    with pytest.raises(InvalidInputError):
        LINKS.read(token(other), NOON)


@given(st.integers(0, 200), st.characters(codec="utf-8"))
def test_a_link_with_any_character_changed_is_refused(place: int, char: str) -> None:
    good = token()
    place %= len(good)
    forged = good[:place] + char + good[place + 1 :]
    if forged == good:
        return
    # The last character of base64 carries unused bits; whatever is read must be what was written.
    try:
        assert LINKS.read(forged, NOON) == LINKS.read(good, NOON)
    except InvalidInputError:
        return
    assert place == len(good) - 1


@given(st.text(max_size=600))
def test_garbage_is_refused_in_plain_words(garbage: str) -> None:
    with pytest.raises(CrisisError) as raised:
        LINKS.read(garbage, NOON)
    assert raised.value.de
    assert raised.value.en


@pytest.mark.parametrize(
    "payload", [[1, 2], [1, 2, 3, 4], "x", None, [1, 2, 10**30], [1, 2, "soon"], [[], 2, 3], {}]
)
def test_a_signed_payload_of_another_shape_is_refused(payload: object) -> None:
    signed = LINKS._serializer.dumps(payload)
    with pytest.raises(InvalidInputError):
        LINKS.read(str(signed), NOON)


def test_a_token_signed_for_another_purpose_is_refused() -> None:
    foreign = URLSafeSerializer(SECRET, salt="session").dumps([12, 3, 4_000_000_000])
    with pytest.raises(InvalidInputError):
        LINKS.read(str(foreign), NOON)


def test_a_short_secret_is_no_secret() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        AcknowledgeLinks(b"short", "https://desk.example", 24)


@given(st.text(max_size=100))
def test_a_fingerprint_is_64_hex_digits_whatever_came(text: str) -> None:
    assert len(fingerprint(text)) == 64
    assert fingerprint(text) == fingerprint(text)


def test_different_people_get_different_links() -> None:
    assert LINKS.acknowledge(1, 2, NOON) != LINKS.acknowledge(1, 3, NOON)
