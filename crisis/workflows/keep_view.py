"""How somebody likes to see a list: keep a view under a name, drop it again.

check the name -> keep. A view belongs to one person and changes nothing for others; so no audit line is
written: it would say what somebody likes to look at.
"""

from __future__ import annotations

from datetime import datetime

from crisis.errors import InvalidInputError, NotFoundError
from crisis.interfaces import Store
from crisis.lists import LONGEST_NAME, LONGEST_QUERY, MOST_VIEWS
from crisis.types import Person, View


def keep(store: Store, name: str, of: str, query: str, by: Person, now: datetime) -> View:
    """Keep the view of list ``of`` with this query; one of the same name takes its place."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInputError(
            f"Die Ansicht braucht einen Namen mit höchstens {LONGEST_NAME} Zeichen.",
            f"The view needs a name of at most {LONGEST_NAME} characters.",
        )
    if len(query) > LONGEST_QUERY:
        raise InvalidInputError(
            "So viele Filter lassen sich nicht merken.", "So many filters cannot be kept."
        )
    view = View(person_id=by.id, list=of, name=name, query=query, kept=now)
    with store.transaction():
        others = [kept for kept in store.lists.views(by.id, of) if kept.name != name]
        if len(others) >= MOST_VIEWS:
            raise InvalidInputError(
                f"Mehr als {MOST_VIEWS} Ansichten lassen sich je Liste nicht merken. Bitte löschen"
                " Sie zuerst eine.",
                f"No more than {MOST_VIEWS} views of a list can be kept. Please delete one first.",
            )
        store.lists.keep_view(view)
    return view


def drop(store: Store, view_id: int, by: Person) -> None:
    """Forget a view of one's own."""
    with store.transaction():
        if not store.lists.drop_view(view_id, by.id):
            raise NotFoundError("Diese Ansicht gibt es nicht.", "There is no such view.")
