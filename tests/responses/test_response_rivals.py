"""Which other answers make a new one a second one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import NOON

from crisis.errors import SecondAnswerError
from crisis.responses.rivals import look_first, rivals
from crisis.types import Response, ResponseState

ONE = Response(
    id=1,
    incident_id=1,
    playbook="trinkwasser",
    playbook_sha256="1",
    approval_id=1,
    lang="de",
    title="Wasser",
    written_by=1,
    written_at=NOON,
)


@pytest.mark.parametrize(
    ("other", "holding", "warns"),
    [
        (ONE, False, True),
        (replace(ONE, state=ResponseState.SUBMITTED), False, True),
        (replace(ONE, state=ResponseState.RELEASED), False, True),
        (replace(ONE, state=ResponseState.WITHDRAWN), False, False),
        (replace(ONE, state=ResponseState.DISCARDED), False, False),
        (replace(ONE, state=ResponseState.SUPERSEDED), False, False),
        (replace(ONE, lang="en"), False, False),
        (replace(ONE, holding=True), False, False),
        (replace(ONE, holding=True), True, True),
        (ONE, True, False),
        (replace(ONE, state=ResponseState.RELEASED), True, True),
    ],
)
def test_the_same_said_to_the_same_people_is_a_second_answer(
    other: Response, holding: bool, warns: bool
) -> None:
    assert bool(rivals([other], lang="de", holding=holding)) is warns


def test_who_has_seen_them_goes_on() -> None:
    look_first([], ())
    look_first([ONE], (1, 5))
    with pytest.raises(SecondAnswerError) as told:
        look_first([ONE, replace(ONE, id=2)], (1,))
    assert told.value.rivals == (1, 2)
    assert "zweite" in told.value.de and "second" in told.value.en
