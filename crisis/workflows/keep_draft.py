"""What an author has written and not saved: kept by itself, offered on every machine, gone once it is saved.

check -> keep. A draft belongs to one person and is no text of the authority yet; so no audit line is
written, and nobody else can read it. Saving a playbook is in ``approve``.
"""

from __future__ import annotations

from dataclasses import replace

from crisis.errors import InvalidInputError
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.types import Person, PlaybookDraft

MOST_CHARACTERS = 200_000  # as many as a file may have
MOST_DRAFTS = 50  # of one person


def keep(store: Store, draft: PlaybookDraft, by: Person, *, saved: str) -> bool:
    """Keep it, or drop it where it says no more than ``saved``, the file as it stands.

    Says whether it was kept.
    Raises InvalidInputError for one that is too long, and where somebody has too many.
    """
    require(by, Act.WRITE_PLAYBOOKS)
    draft = replace(draft, person_id=by.id, name=draft.name[:200], typed=draft.typed[:200])
    if len(draft.text) > MOST_CHARACTERS or len(draft.began) > 3 * MOST_CHARACTERS:
        raise InvalidInputError(
            "Der Text ist zu lang, um gesichert zu werden.", "The text is too long to be kept."
        )
    with store.transaction():
        if draft.text.rstrip() == saved.rstrip():
            store.drafts.drop(by.id, draft.name)
            return False
        others = [one for one in store.drafts.of_person(by.id) if one.name != draft.name]
        if len(others) >= MOST_DRAFTS:
            raise InvalidInputError(
                f"Mehr als {MOST_DRAFTS} Entwürfe lassen sich nicht sichern. Bitte werfen Sie alte weg.",
                f"No more than {MOST_DRAFTS} drafts can be kept. Please throw old ones away.",
            )
        store.drafts.keep(draft)
        return True


def drop(store: Store, name: str, by: Person) -> None:
    """Saved or thrown away; one that is not there is gone already."""
    with store.transaction():
        store.drafts.drop(by.id, name)
