"""Who may do what, in one table. Pure: does not know who is signed in (``desk``) or who acts (workflows).

What the system does by itself, and the command line of somebody who can read the database anyway, acts
as nobody (``None``) and is let through; the audit log says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from crisis.errors import NotAllowedError
from crisis.types import Person, Role


class Act(StrEnum):
    """What people do that not everybody may."""

    HANDLE = "handle"  # incidents, notes, verdicts
    ANSWER = "answer"  # draft, fill in, submit
    ANSWER_ALARM = (
        "answer_alarm"  # whose draft takes an incident over, so that nobody else is called
    )
    SPREAD = "spread"  # see to it that a released answer gets onto its channels
    RELEASE = "release"
    RELEASE_ALONE = "release_alone"  # in an emergency, where the settings allow it
    WRITE_RUMOURS = "write_rumours"
    WRITE_PLAYBOOKS = "write_playbooks"
    REPLACE_APPROVED = "replace_approved"  # change a text in use, which then cannot be used
    APPROVE = "approve"
    MANAGE_SOURCES = "manage_sources"
    MANAGE_PEOPLE = "manage_people"
    PLAN_DUTY = "plan_duty"  # layers, shifts, absences of others, the rules of alerting
    OWN_DUTY = "own_duty"  # one's own absences and swaps
    MANAGE_SUBSCRIBERS = "manage_subscribers"  # the list that answers are mailed to
    CHANGE_SETTINGS = "change_settings"
    TUNE = "tune"  # which model judges, from which score on it raises
    EXERCISE = "exercise"
    READ_AUDIT = "read_audit"


RIGHTS: Mapping[Act, frozenset[Role]] = {
    Act.HANDLE: frozenset({Role.DUTY, Role.APPROVER}),
    Act.ANSWER: frozenset({Role.DUTY, Role.AUTHOR, Role.DRAFTER, Role.APPROVER}),
    Act.ANSWER_ALARM: frozenset({Role.DUTY, Role.AUTHOR, Role.APPROVER}),
    Act.SPREAD: frozenset({Role.DUTY, Role.AUTHOR, Role.APPROVER}),
    Act.RELEASE: frozenset({Role.APPROVER}),
    Act.RELEASE_ALONE: frozenset({Role.DUTY, Role.APPROVER}),
    Act.WRITE_RUMOURS: frozenset({Role.DUTY, Role.AUTHOR, Role.APPROVER}),
    Act.WRITE_PLAYBOOKS: frozenset({Role.AUTHOR, Role.DRAFTER}),
    Act.REPLACE_APPROVED: frozenset({Role.AUTHOR}),
    Act.APPROVE: frozenset({Role.APPROVER}),
    Act.MANAGE_SOURCES: frozenset({Role.ADMIN}),
    Act.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
    Act.PLAN_DUTY: frozenset({Role.ADMIN}),
    Act.OWN_DUTY: frozenset({Role.DUTY, Role.APPROVER, Role.ADMIN}),
    Act.MANAGE_SUBSCRIBERS: frozenset({Role.AUTHOR, Role.APPROVER, Role.ADMIN}),
    Act.CHANGE_SETTINGS: frozenset({Role.ADMIN}),
    Act.TUNE: frozenset({Role.APPROVER, Role.ADMIN}),
    Act.EXERCISE: frozenset({Role.ADMIN, Role.DUTY, Role.APPROVER}),
    Act.READ_AUDIT: frozenset({Role.ADMIN, Role.APPROVER}),
}
_ROLES = {
    Role.DUTY: ("Bereitschaft", "duty officer"),
    Role.AUTHOR: ("Redaktion", "author"),
    Role.DRAFTER: ("Entwürfe", "drafter"),
    Role.APPROVER: ("Freigabe", "approver"),
    Role.ADMIN: ("Verwaltung", "administrator"),
}


def may(by: Person | None, act: Act, *, drill: bool = False) -> bool:
    """Whether ``by`` may do this; people of an exercise may in the exercise only."""
    if by is None:
        return True
    return by.active and (drill or not by.drill) and bool(by.roles & RIGHTS[act])


def require(by: Person | None, act: Act, *, drill: bool = False) -> None:
    """Raise NotAllowedError unless ``by`` may do this; says which roles may, or what else is in the way."""
    if by is None or may(by, act, drill=drill):
        return
    if not by.active:
        raise NotAllowedError(
            "Dieses Konto ist nicht mehr aktiv.", "This account is no longer active."
        )
    if by.drill and not drill:
        raise NotAllowedError(
            "Diese Person gibt es nur in Übungen. Sie kann nichts Echtes tun.",
            "This person exists in exercises only and cannot do anything real.",
        )
    roles = sorted(RIGHTS[act])
    raise NotAllowedError(
        "Das dürfen nur Personen mit der Rolle "
        + " oder ".join(_ROLES[role][0] for role in roles)
        + ". Fragen Sie Ihre Verwaltung, wenn Sie die Rolle brauchen.",
        "Only people with the role "
        + " or ".join(_ROLES[role][1] for role in roles)
        + " may do this. Ask your administrator if you need the role.",
    )
