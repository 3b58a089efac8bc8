"""The way of a playbook's text to its approval: how many people it takes, and where it stands on the way.

Rules only. Who may approve is said by ``approval``; nothing is kept or mailed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from crisis.errors import FourEyesError, IllegalMoveError, InvalidInputError
from crisis.playbooks.approval import Standing, given
from crisis.rights import Act, require
from crisis.types import Approval, Person, Playbook, Review, ReviewState, Risk

LONGEST = 1000  # characters of a note or a comment
_ORDER = (Risk.LOW, Risk.NORMAL, Risk.HIGH)


class Stage(StrEnum):
    """Where a text stands, as people see it. Only APPROVED may be used."""

    DRAFT = "draft"
    REVIEW = "review"  # handed in, nobody has decided
    HALF = "half"  # one of two has approved it
    RETURNED = "returned"  # came back with a comment
    APPROVED = "approved"
    EXPIRED = "expired"
    REVOKED = "revoked"  # the approval was withdrawn


def needed(risk: Risk, former: Risk | None, two_from: Risk | None) -> int:
    """How many different people must approve a text of this ``risk``: 1 or 2.

    ``two_from``: the least risk that takes two (None: no risk does). ``former`` is the risk of the last
    approved text: who lowers the risk does not save the second approval by it.
    """
    if two_from is None:
        return 1
    highest = max(_ORDER.index(one) for one in (risk, former) if one is not None)
    return 2 if highest >= _ORDER.index(two_from) else 1


def stage(
    playbook: Playbook,
    standing: Standing,
    approvals: Iterable[Approval],
    review: Review | None,
) -> Stage:
    """Where the text stands. ``review`` is the newest of this playbook, whatever its text."""
    if standing is Standing.APPROVED:
        return Stage.APPROVED
    if standing is Standing.EXPIRED:
        return Stage.EXPIRED
    if given(playbook, approvals):
        return Stage.HALF
    mine = review if review is not None and review.sha256 == playbook.sha256 else None
    if mine is not None and mine.state is ReviewState.OPEN:
        return Stage.REVIEW
    if mine is not None and mine.state is ReviewState.RETURNED:
        return Stage.RETURNED
    return Stage.REVOKED if standing is Standing.REVOKED else Stage.DRAFT


def may_hand_in(person: Person, standing: Standing, *, errors: bool) -> None:
    """Return if ``person`` may hand in this text.

    Raises:
        NotAllowedError: they may not write playbooks.
        IllegalMoveError: it is approved already, or its day is over.
        InvalidInputError: it has errors.
    """
    require(person, Act.WRITE_PLAYBOOKS)
    if standing is Standing.APPROVED:
        raise IllegalMoveError(
            "Dieser Text ist schon freigegeben; einreichen müssen Sie nur eine Änderung.",
            "This text is approved already; only a change needs to be handed in.",
        )
    if standing is Standing.EXPIRED:
        raise IllegalMoveError(
            "Diese Vorlage ist abgelaufen. Setzen Sie zuerst ein neues „gueltig_bis“.",
            "This playbook has expired. First set a new “valid_until”.",
        )
    if errors:
        raise InvalidInputError(
            "Diese Vorlage hat noch Fehler. Erst wenn sie behoben sind, kann sie eingereicht werden.",
            "This playbook still has errors. It can be handed in once they are corrected.",
        )


def may_return(person: Person, review: Review, *, act: Act, drill: bool = False) -> None:
    """Return if ``person`` may give this text back. ``act`` is what approving it would be.

    Raises:
        NotAllowedError: they may not approve it either.
        IllegalMoveError: it is not in review.
        FourEyesError: it is their own text.
    """
    require(person, act, drill=drill)
    if review.state is not ReviewState.OPEN:
        raise not_in_review()
    if person.id == review.written_by:
        raise FourEyesError(
            "Diesen Text haben Sie selbst geschrieben. Holen Sie ihn zurück, um weiterzuschreiben.",
            "You wrote this text yourself. Take it back to go on writing.",
        )


def not_returned(playbook: Playbook, reviews: Sequence[Review]) -> None:
    """Return unless exactly this text came back with a comment. ``reviews``: the newest first.

    Raises IllegalMoveError: what somebody objected to is not approved behind their back.
    """
    newest = reviews[0] if reviews and reviews[0].sha256 == playbook.sha256 else None
    if newest is not None and newest.state is ReviewState.RETURNED:
        raise IllegalMoveError(
            "Dieser Text ist mit einer Anmerkung zurückgegeben worden. Er kann freigegeben werden,"
            " sobald er noch einmal eingereicht ist.",
            "This text was returned with a comment. It can be approved once it is handed in again.",
        )


def not_in_review() -> IllegalMoveError:
    """What is said where nothing is in review (any more)."""
    return IllegalMoveError(
        "Dieser Text wartet nicht (mehr) auf eine Freigabe. Bitte neu laden.",
        "This text does not wait for approval (any more). Please reload.",
    )


def said(text: str, *, required: bool = False) -> str:
    """A note or comment as it is kept. Raises InvalidInputError where it is too long, or missing."""
    text = text.strip().replace("\r\n", "\n")
    if required and not text:
        raise InvalidInputError(
            "Bitte schreiben Sie, was zu ändern ist. Ohne Anmerkung weiß niemand, was fehlt.",
            "Please write what is to be changed. Without a comment nobody knows what is missing.",
        )
    if len(text) > LONGEST:
        raise InvalidInputError(
            f"Das ist zu lang: höchstens {LONGEST} Zeichen.",
            f"This is too long: at most {LONGEST} characters.",
        )
    return text
