"""Which other answers to the same rumour make a new one a second one. Rules only: warns, forbids nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from crisis.errors import SecondAnswerError
from crisis.types import Response, ResponseState

_LIVE = (ResponseState.DRAFT, ResponseState.SUBMITTED, ResponseState.RELEASED)


def rivals(answers: Iterable[Response], *, lang: str, holding: bool) -> list[Response]:
    """Those of ``answers`` (all to one rumour) that say the same to the same people.

    An answer in another language is none. A first statement goes before an answer and so is none to it;
    beside what is public already, another first statement makes no sense either.
    """
    return [
        answer
        for answer in answers
        if answer.lang == lang
        and answer.state in _LIVE
        and (answer.holding == holding or (holding and answer.state is ResponseState.RELEASED))
    ]


def look_first(found: Iterable[Response], seen: Collection[int]) -> None:
    """Return if the person has seen all of them. Raises SecondAnswerError otherwise."""
    numbers = [answer.id for answer in found]
    if set(numbers) - set(seen):
        raise SecondAnswerError(
            "Zu diesem Gerücht gibt es schon eine Antwort. Sehen Sie erst nach, bevor Sie eine zweite"
            " beginnen.",
            "There is an answer to this rumour already. Have a look before you begin a second one.",
            rivals=numbers,
        )
