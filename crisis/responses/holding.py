"""The first statement on an incident, for the minutes in which little is known. Rules only.

It claims nothing: neither that the rumour is false nor that it is true. So it has a headline of its
own, and releasing it does not make an incident answered.
"""

from __future__ import annotations

from collections.abc import Mapping

from crisis.errors import InvalidInputError
from crisis.playbooks.parts import titled
from crisis.types import Playbook, Response

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
