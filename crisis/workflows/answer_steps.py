"""What every move of an answer needs: the right one, in the right state, kept with its line in the log.

Belongs into the transactions of ``respond``, ``answer_review`` and ``emergency``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from crisis import audit
from crisis.errors import ConflictError, IllegalMoveError, InvalidInputError, NotFoundError
from crisis.interfaces import Store
from crisis.playbooks.approval import Standing, standing
from crisis.playbooks.parse import parse
from crisis.responses.blanks import MOST_CHARACTERS, blanks
from crisis.responses.wording import fingerprint
from crisis.rights import Act, may, require
from crisis.types import Person, Playbook, Response, ResponseState, Review, ReviewState
from crisis.workflows import in_review

LONGEST_TITLE = 200  # characters
UNRELEASED = (ResponseState.DRAFT, ResponseState.SUBMITTED)


def unreleased(store: Store, response_id: int, by: Person) -> Response:
    """An answer that ``by`` may still change."""
    response = store.responses.get(response_id)
    require(by, Act.ANSWER, drill=response.drill)
    if response.state not in UNRELEASED:
        raise IllegalMoveError(
            "Diese Antwort ist schon veröffentlicht oder verworfen. Bitte neu laden.",
            "This answer has been released or discarded already. Please reload.",
        )
    return response


def seen(response: Response, version: int | None) -> Response:
    """The answer, if it is the version that was on the page; None asks nothing."""
    if version is None or response.version == version:
        return response
    raise ConflictError(
        "Diese Antwort hat gerade jemand anderes geändert. Bitte neu laden und vergleichen,"
        " bevor Sie weitermachen.",
        "Somebody else has just changed this answer. Please reload and compare before you go on.",
    )


def entered(before: Response, title: str, values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Headline and blanks as they are kept. Raises InvalidInputError for what is missing or too long."""
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise InvalidInputError(
            f"Bitte geben Sie eine Überschrift mit höchstens {LONGEST_TITLE} Zeichen ein.",
            f"Please enter a title of at most {LONGEST_TITLE} characters.",
        )
    wanted = set(blanks(title + "\n" + "\n".join(before.texts.values())))
    kept = {name: value.strip() for name, value in values.items() if name in wanted}
    for name, value in kept.items():
        if len(value) > MOST_CHARACTERS:
            raise InvalidInputError(
                f"„{name}“ ist zu lang: höchstens {MOST_CHARACTERS} Zeichen.",
                f"“{name}” is too long: at most {MOST_CHARACTERS} characters.",
            )
    return title, kept


def source_of(store: Store, response: Response) -> Playbook:
    """The very playbook from which the answer was made, whatever the file says by now."""
    text = store.playbooks.text(response.playbook, response.playbook_sha256)
    if text is None:
        raise NotFoundError(
            "Der freigegebene Text dieser Antwort ist nicht mehr da. Bitte beginnen Sie neu.",
            "The approved text of this answer is gone. Please begin anew.",
        )
    return parse(response.playbook, text)


def standing_of(store: Store, response: Response, today: date) -> Standing:
    """How that text stands today."""
    return standing(
        source_of(store, response),
        store.playbooks.approvals(response.playbook),
        today=today,
        drill=response.drill,
    )


# --- in review -------------------------------------------------------------------------------


def asked_for(
    store: Store, response: Response, by: Person, now: datetime, *, note: str, to: int | None
) -> Review:
    """That ``by`` hands over exactly this text."""
    if to is not None:
        person = store.people.get(to)
        if to == by.id or not may(person, Act.RELEASE, drill=response.drill):
            raise InvalidInputError(
                "Diese Person kann die Antwort nicht freigeben. Bitte wählen Sie eine andere.",
                "This person cannot release the answer. Please choose another one.",
            )
    return Review(
        response_id=response.id,
        sha256=fingerprint(response),
        written_by=by.id,
        handed_by=by.id,
        handed_at=now,
        note=note,
        to=to,
    )


def changed(store: Store, before: Response, by: Person, now: datetime) -> None:
    """It is edited: whoever was asked must not release another text than they were asked about."""
    end_review(store, before, ReviewState.CHANGED, by, now)


def end_review(
    store: Store, response: Response, state: ReviewState, by: Person, now: datetime
) -> None:
    """Nobody is asked any more."""
    asked = store.reviews.open_of(response_id=response.id)
    if asked is not None:
        in_review.end(store, asked, state, by, now)


def other_text() -> ConflictError:
    """What is said where it is not the text that was handed over."""
    return ConflictError(
        "Die Antwort ist nicht mehr die, die eingereicht wurde. Laden Sie neu und prüfen Sie den"
        " Text noch einmal.",
        "The answer is no longer the one that was handed over. Reload and check the text again.",
    )


# --- kept --------------------------------------------------------------------------------------


def keep(
    store: Store, after: Response, by: Person, now: datetime, action: str, **more: object
) -> Response:
    """Save it, and write down who did what. ConflictError if somebody was faster."""
    kept = store.responses.update(after)
    log(store, kept, by, now, action, before=None, **more)
    return kept


def log(
    store: Store,
    response: Response,
    by: Person,
    now: datetime,
    action: str,
    *,
    before: Mapping[str, object] | None = None,
    **after: object,
) -> None:
    """A line in the log."""
    store.audit.append(
        audit.entry(
            now,
            by,
            action,
            f"response:{response.id}",
            incident_id=response.incident_id,
            before=before,
            after={"state": response.state, **after},
            drill=response.drill,
        )
    )
