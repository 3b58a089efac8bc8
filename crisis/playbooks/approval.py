"""May this text be used: who may approve it, and whether anybody has. Rules only.

An approval is bound to the exact text by its SHA-256: a playbook that was changed by one character
is not approved, whoever changed it. Keeps nothing: approvals are rows of the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from crisis.errors import FourEyesError, InvalidInputError, NotAllowedError
from crisis.playbooks.problem import Problem, has_errors
from crisis.rights import Act, may, require
from crisis.types import Approval, Person, Playbook, PlaybookVersion


class Standing(StrEnum):
    """How a playbook stands today."""

    DRAFT = "draft"  # nobody approved this text
    APPROVED = "approved"
    EXPIRED = "expired"  # approved, but its last day is over
    REVOKED = "revoked"  # was approved, and is no longer


def may_approve(
    person: Person,
    version: PlaybookVersion,
    *,
    problems: Sequence[Problem] = (),
    drill: bool = False,
) -> None:
    """Return if ``person`` may approve this text, for real or (``drill``) for exercises only.

    ``problems`` are those ``check`` finds in the text today.

    Raises:
        InvalidInputError: one of the problems is an error.
        NotAllowedError: not active, no approver, or somebody who exists only in exercises.
        FourEyesError: the person wrote this text.
    """
    require(person, Act.APPROVE, drill=drill)
    if version.written_by is not None and version.written_by == person.id:
        raise FourEyesError(
            "Diese Fassung haben Sie selbst geschrieben. Eine zweite Person muss sie freigeben.",
            "You wrote this version yourself. A second person has to approve it.",
        )
    if has_errors(problems):
        raise InvalidInputError(
            "Diese Vorlage hat noch Fehler. Erst wenn sie behoben sind, kann sie freigegeben werden.",
            "This playbook still has errors. It can be approved once they are corrected.",
        )


def may_replace(person: Person, *, in_use: bool) -> None:
    """Return if ``person`` may put another text in the place of this one.

    Raises NotAllowedError: it is ``in_use``, and they may only draft. Any change would take it out of use
    until it is approved again, which is as much as withdrawing it.
    """
    if in_use and not may(person, Act.REPLACE_APPROVED):
        raise NotAllowedError(
            "Diese Vorlage ist freigegeben und in Gebrauch; eine Änderung würde sie sperren. Speichern"
            " Sie Ihren Entwurf unter einem anderen Namen, oder bitten Sie die Redaktion.",
            "This playbook is approved and in use; a change would take it out of use. Save your draft"
            " under another name, or ask an author.",
        )


def valid_approval(
    playbook: Playbook, approvals: Iterable[Approval], *, drill: bool = False
) -> Approval | None:
    """The newest approval by which enough people stand for exactly this text, or None. Approvals given
    in an exercise count in exercises only. Does not look at the calendar: see ``standing``."""
    approvals = list(approvals)
    # In an exercise, too, a real approval is worth more than one given in play.
    for played in (False, True) if drill else (False,):
        found = given(playbook, approvals, drill=played)
        people = len({approval.person_id for approval in found})
        enough = [approval for approval in found if people >= approval.needed]
        if enough:
            return max(enough, key=lambda a: (a.at, a.id))
    return None


def given(
    playbook: Playbook, approvals: Iterable[Approval], *, drill: bool = False
) -> list[Approval]:
    """Approvals of exactly this text that were not revoked, be they enough or not: real ones or
    (``drill``) those of exercises."""
    return [
        approval
        for approval in approvals
        if _is_of(approval, playbook) and approval.revoked_at is None and approval.drill == drill
    ]


def standing(
    playbook: Playbook, approvals: Iterable[Approval], *, today: date, drill: bool = False
) -> Standing:
    """How ``playbook`` stands on ``today`` (the authority's calendar day), given all approvals.

    Approvals of other playbooks or other texts are passed over. The day ``valid_until`` itself
    still counts; a playbook without one does not expire.
    """
    approvals = [a for a in approvals if _is_of(a, playbook) and (drill or not a.drill)]
    if valid_approval(playbook, approvals, drill=drill) is None:
        revoked = any(approval.revoked_at is not None for approval in approvals)
        return Standing.REVOKED if revoked else Standing.DRAFT
    if playbook.valid_until is not None and playbook.valid_until < today:
        return Standing.EXPIRED
    return Standing.APPROVED


def _is_of(approval: Approval, playbook: Playbook) -> bool:
    return approval.name == playbook.name and approval.sha256 == playbook.sha256
