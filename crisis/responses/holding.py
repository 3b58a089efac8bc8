"""The first statement on an incident, for the minutes in which little is known. Rules only.

It claims nothing: neither that the rumour is false nor that it is true. So it has a headline of its
own, and releasing it does not make an incident answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from crisis.errors import InvalidInputError
from crisis.playbooks.parts import titled
from crisis.types import Playbook, Response, ResponseState

_FOLLOWED = {
    "de": "Auf unsere erste Meldung folgt nun, was wir geprüft haben.",
    "en": "Our first statement is followed by what we have checked.",
}
_HEADLINES = {"de": "Wir prüfen das", "en": "We are looking into this"}


def first_statement(playbook: Playbook) -> tuple[str, Mapping[str, str]]:
    """Headline and texts of the playbook's first statement. The headline is the heading its website
    text begins with.

    Raises:
        InvalidInputError: the playbook has none.
    """
    if not playbook.holding:
        raise InvalidInputError(
            "Diese Vorlage hat keine erste Meldung.", "This playbook has no holding statement."
        )
    title, text = titled(playbook.holding.get("website", ""))
    texts = {code: text if code == "website" else said for code, said in playbook.holding.items()}
    fallback = _HEADLINES["de" if playbook.lang == "de" else "en"]
    return title or fallback, {code: said for code, said in texts.items() if said}


def is_first_statement(response: Response, playbook: Playbook) -> bool:
    """Whether the answer was begun as the playbook's first statement."""
    if not playbook.holding:
        return False
    return response.holding or dict(response.texts) == dict(first_statement(playbook)[1])


def to_follow(answers: Iterable[Response], lang: str) -> Response | None:
    """The first statement of an incident whose place an answer in this language takes, if one is public.

    ``answers``: all of the incident.
    """
    public = [
        answer
        for answer in answers
        if answer.holding and answer.state is ResponseState.RELEASED and answer.lang == lang
    ]
    return max(public, key=lambda answer: answer.id, default=None)


def corrects(response: Response) -> bool:
    """Whether the answer puts right what another one said."""
    return response.replaces is not None and not response.follows


def placed(response: Response, answers: Sequence[Response]) -> tuple[Response, Response | None]:
    """The answer as it goes out, and the one whose place it takes. ``answers``: all of its incident.

    A correction takes the place of what it corrects. Any other answer takes that of a first statement that
    is public by then, whether or not it was when the answer was begun.
    """
    old = next((answer for answer in answers if answer.id == response.replaces), None)
    if corrects(response) or response.holding:
        return response, old
    found = to_follow(answers, response.lang)
    if found is None:
        alone = replace(response, replaces=None, follows=False)
        return (replace(alone, change_note="") if response.replaces else alone), None
    note = response.change_note.strip() or followed_note(response.lang)
    return replace(response, replaces=found.id, follows=True, change_note=note), found


def followed_note(lang: str) -> str:
    """What stands in public under an answer that takes the place of a first statement."""
    return _FOLLOWED["de" if lang.startswith("de") else "en"]
