"""What people do with an answer's channels: try again, stop, tick off by hand, add a channel afterwards.

Every move is one transaction with its line in the log. Sends nothing: ``publish`` does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from crisis import audit
from crisis.channels.plan import FRESH, NEW_WORDS, Going
from crisis.errors import IllegalMoveError, InvalidInputError
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.types import (
    Person,
    Publication,
    PublicationAct,
    PublicationState,
    Response,
    ResponseState,
)
from crisis.workflows import spread
from crisis.workflows.publish import free_followers, settle_target

LONGEST_ADDRESS = 2000
_A, _S = PublicationAct, PublicationState


def again(store: Store, publication_id: int, by: Person, now: datetime) -> Publication:
    """Try once more what failed for good. Raises IllegalMoveError where it must not go out any more."""
    with store.transaction():
        row, response = _of(store, publication_id, by)
        if row.state is not _S.FAILED:
            raise _too_late()
        if row.act in NEW_WORDS and response.state is not ResponseState.RELEASED:
            raise IllegalMoveError(
                "Diese Fassung ist nicht mehr öffentlich und geht nicht mehr hinaus.",
                "This version is no longer public and does not go out any more.",
            )
        after = replace(
            row,
            # What may have arrived is looked for first.
            state=_S.SENDING if row.begun is not None else _S.WAITING,
            created=now,
            due=now,
            attempts=0,
            problem_de="",
            problem_en="",
        )
        return _keep(store, after, by, now, "publication.again")


def stop(store: Store, publication_id: int, by: Person, now: datetime) -> Publication:
    """Do not publish there, while nothing has gone out. Its followers of a thread go with it."""
    with store.transaction():
        row, _ = _of(store, publication_id, by)
        if row.state not in (_S.WAITING, _S.TODO, _S.FAILED) or row.act not in FRESH:
            raise _too_late()
        after = replace(row, state=_S.CANCELLED, done_by=by.id)
        free_followers(store, after)
        return _keep(store, after, by, now, "publication.stopped")


def done(store: Store, publication_id: int, url: str, by: Person, now: datetime) -> Publication:
    """A person has posted, changed or removed it; ``url`` says where it can be seen, if anywhere."""
    url = url.strip()
    if url and not _is_address(url):
        raise InvalidInputError(
            "Das ist keine Adresse. Sie beginnt mit https:// – oder lassen Sie das Feld leer.",
            "This is no address. It begins with https:// – or leave the field empty.",
        )
    with store.transaction():
        row, _ = _of(store, publication_id, by)
        if row.state is not _S.TODO:
            raise _too_late()
        after = replace(row, state=_S.SENT, sent_at=now, url=url, done_by=by.id)
        kept = _keep(store, after, by, now, "publication.done_by_hand")
        settle_target(store, kept)
        return kept


def not_done(store: Store, publication_id: int, by: Person, now: datetime) -> Publication:
    """Take the tick back."""
    with store.transaction():
        row, _ = _of(store, publication_id, by)
        if row.state is not _S.SENT or row.done_by is None:
            raise _too_late()
        after = replace(row, state=_S.TODO, sent_at=None, url="", done_by=None)
        if row.target is not None:
            target = store.publications.get(row.target)
            store.publications.change(replace(target, state=_S.SENT))
        return _keep(store, after, by, now, "publication.not_done")


def also(store: Store, response_id: int, going: Going, by: Person, now: datetime) -> Response:
    """Send a released answer to more channels; those it goes to already are left as they are."""
    with store.transaction():
        response = store.responses.get(response_id)
        require(by, Act.RELEASE, drill=response.drill)
        if response.state is not ResponseState.RELEASED:
            raise IllegalMoveError(
                "Nur eine veröffentlichte Antwort kann auf weitere Kanäle gehen.",
                "Only a released answer can go onto more channels.",
            )
        held = {row.channel for row in store.publications.of_response(response_id)}
        fresh = tuple(one for one in going.outlets if one.code not in held)
        if not fresh:
            raise InvalidInputError(
                "Bitte wählen Sie mindestens einen weiteren Kanal.",
                "Please choose at least one more channel.",
            )
        spread.add(store, response, replace(going, outlets=fresh), by, now)
        return response


def _of(store: Store, publication_id: int, by: Person) -> tuple[Publication, Response]:
    row = store.publications.get(publication_id)
    response = store.responses.get(row.response_id)
    require(by, Act.SPREAD, drill=response.drill)
    return row, response


def _too_late() -> IllegalMoveError:
    return IllegalMoveError(
        "Das hat sich gerade geändert. Bitte sehen Sie nach, wie es jetzt steht.",
        "This has just changed. Please look how it stands now.",
    )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    fits = len(url) <= LONGEST_ADDRESS and url.isprintable() and " " not in url
    return fits and parts.scheme in ("https", "http") and bool(parts.hostname)


def _keep(store: Store, row: Publication, by: Person, now: datetime, action: str) -> Publication:
    store.publications.change(row)
    store.audit.append(
        audit.entry(
            now,
            by,
            action,
            f"publication:{row.id}",
            incident_id=row.incident_id,
            after={"channel": row.channel, "act": row.act, "part": row.part, "url": row.url},
        )
    )
    return store.publications.get(row.id)
