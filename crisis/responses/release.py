"""Who may let an answer out, and how an answer may move. Rules only: saves and publishes nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Mapping
from datetime import date
from types import MappingProxyType

from crisis.errors import FourEyesError, IllegalMoveError, InvalidInputError, NotAllowedError
from crisis.playbooks.approval import Standing
from crisis.responses.blanks import missing
from crisis.responses.holding import corrects
from crisis.responses.limits import CHANNELS, check_filled
from crisis.rights import Act, require
from crisis.types import Person, Response, ResponseState

MOST_SLUG = 60

_S = ResponseState
MOVES: Mapping[ResponseState, frozenset[ResponseState]] = MappingProxyType(
    {
        _S.DRAFT: frozenset({_S.SUBMITTED, _S.DISCARDED}),
        _S.SUBMITTED: frozenset({_S.DRAFT, _S.RELEASED, _S.DISCARDED}),
        _S.RELEASED: frozenset({_S.SUPERSEDED, _S.WITHDRAWN}),
        _S.SUPERSEDED: frozenset(),
        _S.WITHDRAWN: frozenset(),
        _S.DISCARDED: frozenset(),
    }
)
"""Where an answer may go from each state. What the public has seen never becomes a draft again:
it is superseded by a corrected version or withdrawn, visibly."""

_WORDS = {
    _S.DRAFT: ("ein Entwurf", "a draft"),
    _S.SUBMITTED: ("zur Freigabe vorgelegt", "waiting for release"),
    _S.RELEASED: ("veröffentlicht", "released"),
    _S.SUPERSEDED: ("durch eine neue Fassung ersetzt", "superseded by a corrected version"),
    _S.WITHDRAWN: ("zurückgezogen", "withdrawn"),
    _S.DISCARDED: ("verworfen", "discarded"),
}


def check_move(current: ResponseState, new: ResponseState) -> None:
    """Return if an answer may go from ``current`` to ``new``.

    Raises:
        IllegalMoveError: it may not.
    """
    if new in MOVES[current]:
        return
    was, becomes = _WORDS[current], _WORDS[new]
    raise IllegalMoveError(
        f"Diese Antwort ist {was[0]}. Sie kann jetzt nicht „{becomes[0]}“ werden.",
        f'This answer is {was[1]}. It cannot become "{becomes[1]}" now.',
    )


def may_submit(person: Person, response: Response) -> None:
    """Return if ``person`` may hand this draft to a second person.

    Raises:
        NotAllowedError: not active, or neither on duty nor an author nor an approver.
        IllegalMoveError: it is no draft.
        InvalidInputError: something is still open; says all of it.
    """
    require(person, Act.ANSWER, drill=response.drill)
    check_move(response.state, ResponseState.SUBMITTED)
    _refuse_open_points(response)


def may_release(person: Person, response: Response, *, standing: Standing) -> None:
    """Return if ``person`` may let this answer out. ``standing`` is that of the very text it was
    made from, today (``playbooks.approval.standing``).

    Raises:
        NotAllowedError: not active, no approver, only alive in exercises; or the playbook's text is
            no longer approved.
        FourEyesError: the person wrote the answer.
        IllegalMoveError: it was not submitted.
        InvalidInputError: a blank is open or a text too long for its channel; says all of it.
    """
    require(person, Act.RELEASE, drill=response.drill)
    if response.written_by == person.id:
        raise FourEyesError(
            "Diese Antwort haben Sie selbst geschrieben. Eine zweite Person muss sie freigeben.",
            "You wrote this answer yourself. A second person has to release it.",
        )
    check_move(response.state, ResponseState.RELEASED)
    if standing is not Standing.APPROVED:
        raise NotAllowedError(*_NOT_STANDING[standing])
    _refuse_open_points(response)


def may_release_alone(person: Person, response: Response, *, standing: Standing) -> None:
    """Return if ``person`` may let this answer out without a second one. Its text is approved as ever:
    only what was filled in goes unseen.

    Raises what ``may_release`` does, but FourEyesError.
    """
    require(person, Act.RELEASE_ALONE, drill=response.drill)
    if response.state is not ResponseState.SUBMITTED:
        check_move(response.state, ResponseState.SUBMITTED)
    if standing is not Standing.APPROVED:
        raise NotAllowedError(*_NOT_STANDING[standing])
    _refuse_open_points(response)


def may_review(person: Person, response: Response) -> None:
    """Return if ``person`` may say that they have looked at what somebody let out alone.

    Raises:
        NotAllowedError: no approver.
        FourEyesError: they let it out, or wrote it.
        IllegalMoveError: there is nothing to look at.
    """
    require(person, Act.RELEASE, drill=response.drill)
    if response.review_by is None:
        raise IllegalMoveError(
            "Diese Antwort wurde zu zweit freigegeben; nachzusehen ist nichts.",
            "Two people released this answer; there is nothing to look at.",
        )
    if person.id in (response.released_by, response.written_by):
        raise FourEyesError(
            "Diese Antwort haben Sie selbst freigegeben. Eine zweite Person muss nachsehen.",
            "You released this answer yourself. A second person has to look.",
        )


_NOT_STANDING = {
    Standing.DRAFT: (
        "Die Vorlage hinter dieser Antwort ist nicht freigegeben.",
        "The playbook behind this answer is not approved.",
    ),
    Standing.EXPIRED: (
        "Die Vorlage hinter dieser Antwort ist abgelaufen. Sie muss erneuert und freigegeben werden.",
        "The playbook behind this answer has expired. It must be renewed and approved.",
    ),
    Standing.REVOKED: (
        "Die Freigabe der Vorlage hinter dieser Antwort wurde zurückgenommen.",
        "The approval of the playbook behind this answer was revoked.",
    ),
}


def open_points(response: Response) -> list[tuple[str, str]]:
    """What is still to be done before this answer can go out, as sentences (de, en)."""
    if not any(text.strip() for text in response.texts.values()):
        return [("Die Antwort ist leer.", "The answer is empty.")]
    unknown = sorted(set(response.texts) - set(CHANNELS))
    if unknown:
        names = ", ".join(unknown)
        return [(f"Unbekannter Kanal: {names}.", f"Unknown channel: {names}.")]
    open_blanks = missing([response.title, *response.texts.values()], response.values)
    if open_blanks:
        names = ", ".join(open_blanks)
        return [
            (f"Noch auszufüllen: {names}.", f"Still to be filled in: {names}."),
        ]
    points = [
        (f"{CHANNELS[channel].de}: {de}", f"{CHANNELS[channel].en}: {en}")
        for channel, sentences in check_filled(response.texts, response.values).items()
        for de, en in sentences
    ]
    if corrects(response) and not response.change_note.strip():
        points.append(
            (
                "Sagen Sie öffentlich in einem Satz, was sich gegenüber der alten Fassung ändert.",
                "Say in public, in a sentence, what changes from the old version.",
            )
        )
    return points


def _refuse_open_points(response: Response) -> None:
    points = open_points(response)
    if points:
        raise InvalidInputError(" ".join(de for de, _ in points), " ".join(en for _, en in points))


def slug(title: str, released: date, taken: Container[str]) -> str:
    """The permanent part of an answer's public address: readable, ASCII, at most 60 characters.

    The title and the day of its release: "trinkwasser-ist-sicher-2026-11-23". If that is in
    ``taken``, a number follows. A title without Latin letters becomes "klarstellung".
    """
    day = released.isoformat()
    words = _ascii(title) or "klarstellung"
    for number in range(1, 100_000):
        end = f"-{day}" if number == 1 else f"-{day}-{number}"
        candidate = _shortened(words, MOST_SLUG - len(end)) + end
        if candidate not in taken:
            return candidate
    raise InvalidInputError(
        "Für diese Überschrift gibt es keine freie Adresse mehr. Ändern Sie die Überschrift.",
        "There is no free address for this title any more. Change the title.",
    )


def _ascii(title: str) -> str:
    german = str.maketrans(
        {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "ı": "i"}
    )
    # Composed first: "a" with a combining diaeresis is an "ä", too.
    lower = unicodedata.normalize("NFC", title).casefold().translate(german)
    plain = unicodedata.normalize("NFKD", lower).encode("ascii", "ignore").decode("ascii").lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain))


def _shortened(words: str, most: int) -> str:
    """``words`` cut between two words, or inside the first where it is too long by itself."""
    if len(words) <= most:
        return words
    head = words[: most + 1].rsplit("-", 1)[0]
    return head[:most].rstrip("-")
