"""What an answer's page says about the way to its release: notes, comments, other words than approved.

Reads the store, decides nothing: see ``responses.wording`` and ``workflows.answer_review``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crisis.desk import here, words
from crisis.desk.words import _
from crisis.errors import CrisisError
from crisis.playbooks.approval import Standing, standing
from crisis.playbooks.difference import words as compared
from crisis.responses.limits import CHANNELS
from crisis.responses.release import may_release, may_review
from crisis.responses.wording import TITLE, approved_words, deviations
from crisis.rights import Act, may
from crisis.types import Playbook, Response, ResponseState, Review, ReviewState

Words = Sequence[tuple[str, str]]  # ("-" | "+" | " ", text)


@dataclass(frozen=True, slots=True)
class Text:
    """One channel's wording, to be changed."""

    code: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Mended:
    """What the second person put right when releasing."""

    who: int | None
    at: datetime
    parts: Sequence[tuple[str, Words]]


@dataclass(frozen=True, slots=True)
class Way:
    """All of it."""

    asked: Review | None  # open: somebody is asked
    comment: Review | None  # came back, and was not handed in again since
    deviations: Sequence[tuple[str, Words]]  # where it left the approved words
    texts: Sequence[Text]
    restorable: bool  # there are approved words to go back to
    readers: Sequence[tuple[object, str]]  # whom it can be handed to
    mended: Sequence[Mended]


def way(response: Response, playbook: Playbook | None) -> Way:
    """For the page of one answer."""
    store, me = here.store(), here.person()
    reviews = store.reviews.of_response(response.id)
    newest = reviews[0] if reviews else None
    draft = response.state is ResponseState.DRAFT
    back = newest is not None and newest.state is ReviewState.RETURNED
    found = deviations(response, playbook) if playbook else {}
    approved = approved_words(response, playbook) if playbook else {}
    codes = [code for code in dict.fromkeys([*approved, *response.texts]) if code != TITLE]
    mended = any(review.state is ReviewState.MENDED for review in reviews)
    return Way(
        asked=newest if newest and newest.state is ReviewState.OPEN else None,
        comment=newest if draft and back else None,
        deviations=[(_name(what), compared(*pair)) for what, pair in found.items()],
        texts=[Text(code, _name(code), response.texts.get(code, "")) for code in codes],
        restorable=bool(found) or set(codes) != set(response.texts),
        readers=[
            (person.id, person.name)
            for person in store.people.all()
            if may(person, Act.RELEASE) and person.id != me.id
        ],
        mended=_mended(response) if mended else [],
    )


def _mended(response: Response) -> list[Mended]:
    """From the log, which keeps what stood there before."""
    found = []
    for entry in here.store().audit.of_object(f"response:{response.id}"):
        if entry.action != "response.mended":
            continue
        kind, _colon, number = entry.actor.partition(":")
        old, new = _entered(entry.before), _entered(entry.after)
        parts = [
            (name, compared(old.get(name, ""), text))
            for name, text in new.items()
            if old.get(name, "") != text
        ]
        found.append(Mended(int(number) if kind == "person" else None, entry.at, parts))
    return found


def _entered(kept: object) -> dict[str, str]:
    """Headline and blanks as the log keeps them."""
    entries = kept if isinstance(kept, dict) else {}
    values = entries.get("values")
    filled = values if isinstance(values, dict) else {}
    return {_("Überschrift"): str(entries.get("title", ""))} | {
        str(name).replace("_", " "): str(value) for name, value in filled.items()
    }


def _name(code: str) -> str:
    if code == TITLE:
        return _("Überschrift")
    channel = CHANNELS.get(code)
    return words.either((channel.de, channel.en)) if channel else code


# --- who may let it out ----------------------------------------------------------------------


def refusal(response: Response, playbook: Playbook | None) -> str:
    """Why the person who looks may not release this, or "" if they may."""
    try:
        may_release(here.person(), response, standing=_standing(response, playbook))
    except CrisisError as error:
        return error.say(words.language())
    return ""


def may_alone(response: Response, playbook: Playbook | None) -> bool:
    """Whether the person who looks may let this out alone, in an emergency."""
    allowed = here.settings().release.emergency
    if not allowed or not may(here.person(), Act.RELEASE_ALONE, drill=response.drill):
        return False
    return playbook is not None and not deviations(response, playbook)


def may_look(response: Response) -> bool:
    """Whether they are the second person that an emergency release still lacks."""
    if response.reviewed_at is not None:
        return False
    try:
        may_review(here.person(), response)
    except CrisisError:
        return False
    return True


def _standing(response: Response, playbook: Playbook | None) -> Standing:
    if playbook is None:
        return Standing.DRAFT
    approvals = here.store().playbooks.approvals(response.playbook)
    return standing(playbook, approvals, today=here.today(), drill=response.drill)
