"""Answers are measured as readers get them: filled and without markup."""

from __future__ import annotations

import pytest

from crisis.errors import InvalidInputError
from crisis.responses.limits import check_filled


def test_only_channels_that_are_too_long_are_named() -> None:
    texts = {"website": "a" * 9999, "short": "**{{ a }}**" + "b" * 279, "sms": "{{ a }}"}
    assert check_filled(texts, {"a": "x"}) == {}
    found = check_filled(texts, {"a": "xyz"})
    assert list(found) == ["short"]
    assert found["short"][0][1] == "2 characters too long for X (282 of 280)."


def test_an_open_blank_cannot_be_measured() -> None:
    with pytest.raises(InvalidInputError):
        check_filled({"short": "{{ a }}"}, {})
