"""Playbooks, from file to approved text: record what is there -> approve, revoke -> write down who."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from crisis import audit
from crisis.errors import ConflictError, InvalidInputError, NotFoundError
from crisis.interfaces import Shelf, Store
from crisis.playbooks.approval import given, may_approve, may_replace, valid_approval
from crisis.playbooks.check import check
from crisis.playbooks.parse import parse, read
from crisis.playbooks.review import needed, not_returned, said
from crisis.rights import Act, require
from crisis.types import (
    Approval,
    Person,
    Playbook,
    PlaybookVersion,
    ReviewState,
    Risk,
)
from crisis.workflows import in_review


def record(store: Store, playbooks: Iterable[Playbook], now: datetime) -> list[Playbook]:
    """Remember texts that were not the newest known: somebody edited a file. Returns those."""
    with store.transaction():
        fresh = []
        for playbook in playbooks:
            latest = store.playbooks.latest(playbook.name)
            if latest is not None and latest.sha256 == playbook.sha256:
                continue
            writer = _owner(store, playbook)
            _record(store, playbook, writer.id if writer else None, now)
            entry = audit.entry(
                now, writer, "playbook.changed", f"playbook:{playbook.name}", after=_what(playbook)
            )
            store.audit.append(entry)
            fresh.append(playbook)
        return fresh


def approve(
    store: Store,
    playbook: Playbook,
    by: Person,
    now: datetime,
    *,
    today: date | None = None,
    comment: str = "",
    drill: bool = False,
    two_from: Risk | None = Risk.HIGH,
    shelf: Shelf | None = None,
) -> Approval:
    """``by`` stands for exactly this text; ``two_from`` and risks above take a second person, too.

    Raises FourEyesError where they wrote it, and refuses a text with errors. ``today`` is the
    authority's calendar day, by default that of UTC. ``shelf`` holds its pictures: their bytes are kept
    with the approval, so that whoever puts another file there changes nothing of it. Mails nobody: see
    ``hand_in``.
    """
    today = today or now.date()
    record(store, [playbook], now)
    with store.transaction():
        version = store.playbooks.version(playbook.name, playbook.sha256)
        if version is None:  # recorded just above
            raise NotFoundError("Dieser Text ist unbekannt.", "This text is unknown.")
        ids = store.rumours.ids()
        problems = check(playbook.name, playbook.text, today=today, rumour_ids=ids)
        may_approve(by, version, problems=problems, drill=drill)
        approvals = store.playbooks.approvals(playbook.name)
        known = valid_approval(playbook, approvals, drill=drill) or next(
            (a for a in given(playbook, approvals, drill=drill) if a.person_id == by.id), None
        )
        if known is not None:  # pressed twice, or nothing is missing
            return known
        if not drill:
            not_returned(playbook, store.reviews.of_playbook(playbook.name))
        _keep_pictures(store, playbook, shelf, now)
        approval = store.playbooks.approve(
            Approval(
                name=playbook.name,
                sha256=playbook.sha256,
                person_id=by.id,
                at=now,
                comment=said(comment),
                drill=drill,
                needed=1 if drill else needed_for(store, playbook, two_from),
            )
        )
        store.audit.append(
            audit.entry(
                now,
                by,
                "playbook.approved",
                f"playbook:{playbook.name}",
                after=_what(playbook) | {"comment": approval.comment, "needed": approval.needed},
                drill=drill,
            )
        )
        if not drill and valid_approval(playbook, [*approvals, approval]) is not None:
            asked = store.reviews.open_of(playbook.name)
            if asked is not None:
                in_review.end(store, asked, ReviewState.APPROVED, by, now)
        return approval


def _keep_pictures(store: Store, playbook: Playbook, shelf: Shelf | None, now: datetime) -> None:
    """The bytes that are approved. Raises ConflictError where they are no longer those of the text."""
    for picture in playbook.pictures:
        if store.pictures.has(picture.sha256):
            continue
        found = None if shelf is None else shelf.picture(picture.file)
        if found is None or store.pictures.keep(found, now) != picture.sha256:
            raise ConflictError(
                f"Das Bild „{picture.file}“ ist nicht mehr das, das Sie gesehen haben. Bitte laden Sie neu.",
                f'The picture "{picture.file}" is no longer the one you saw. Please reload.',
            )


def needed_for(store: Store, playbook: Playbook, two_from: Risk | None) -> int:
    """How many people must approve this text, given what was approved before it."""
    former = last_approved(store, playbook)
    return needed(playbook.risk, former.risk if former else None, two_from)


def last_approved(store: Store, playbook: Playbook) -> Playbook | None:
    """The last other text of this playbook that enough people stood for, whether that holds or not."""
    approvals = [a for a in store.playbooks.approvals(playbook.name) if not a.drill]
    for approval in approvals:
        same = [a for a in approvals if a.sha256 == approval.sha256]
        if approval.sha256 == playbook.sha256:
            continue
        if len({a.person_id for a in same}) >= approval.needed:
            text = store.playbooks.text(playbook.name, approval.sha256)
            found = read(playbook.name, text).playbook if text else None
            if found is not None:
                return found
    return None


def revoke(store: Store, approval_id: int, by: Person, now: datetime, *, reason: str) -> None:
    """This text's approval counts no longer, whoever gave it together with whom; answers that are out
    already stay out."""
    reason = reason.strip()
    if not reason or len(reason) > 1000:
        raise InvalidInputError(
            "Bitte schreiben Sie in einem Satz, warum (höchstens 1.000 Zeichen).",
            "Please write in a sentence why (at most 1,000 characters).",
        )
    with store.transaction():
        approval = next((a for a in store.playbooks.approvals() if a.id == approval_id), None)
        if approval is None:
            raise NotFoundError("Diese Freigabe gibt es nicht.", "There is no such approval.")
        require(by, Act.APPROVE, drill=approval.drill)
        if approval.revoked_at is not None:
            return
        for one in store.playbooks.approvals(approval.name):
            if (one.sha256, one.drill) == (approval.sha256, approval.drill):
                store.playbooks.revoke(one.id, now)
        store.audit.append(
            audit.entry(
                now,
                by,
                "playbook.approval_revoked",
                f"playbook:{approval.name}",
                before={"sha256": approval.sha256, "approved_by": approval.person_id},
                after={"reason": reason},
                drill=approval.drill,
            )
        )


def write(
    store: Store,
    shelf: Shelf,
    name: str,
    text: str,
    by: Person,
    now: datetime,
    *,
    expected_sha256: str | None,
) -> Playbook:
    """Save a playbook's file as ``by`` wrote it; ``expected_sha256`` is what they began from.

    Raises PlaybookError for a text that cannot be read, ConflictError if the file changed meanwhile.
    Any change takes the approval away, since that is bound to the exact text.
    """
    require(by, Act.WRITE_PLAYBOOKS)
    # As the folder keeps it, or the text recorded as theirs would not be the text in the file.
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    playbook = parse(name, shelf.whole(name, text))
    with store.transaction():
        # The row first: if saving fails the row goes too; if we crash in between, the next look at the
        # folder finds the old text and records it again.
        # What they began from may be newer than what we know: then the folder decides.
        latest = store.playbooks.latest(name)
        older = expected_sha256 and store.playbooks.version(name, expected_sha256) is not None
        if latest is not None and older and expected_sha256 != latest.sha256:
            raise ConflictError(
                "Jemand anderes hat diese Vorlage inzwischen geändert. Ihr Text ist noch im"
                " Eingabefeld; bitte vergleichen Sie.",
                "Somebody else has changed this playbook meanwhile. Your text is still in the field;"
                " please compare.",
            )
        if latest is not None and latest.sha256 != playbook.sha256:
            approvals = store.playbooks.approvals(name)
            in_use = valid_approval(replace(playbook, sha256=latest.sha256), approvals) is not None
            may_replace(by, in_use=in_use)
        _record(store, playbook, by.id, now)
        store.audit.append(
            audit.entry(
                now,
                by,
                "playbook.written",
                f"playbook:{name}",
                before={"sha256": latest.sha256 if latest else ""},
                after=_what(playbook),
            )
        )
        shelf.save(name, text, expected_sha256)
    return playbook


def _record(store: Store, playbook: Playbook, writer: int | None, now: datetime) -> None:
    version = PlaybookVersion(
        name=playbook.name, sha256=playbook.sha256, seen=now, written_by=writer
    )
    store.playbooks.record(version, playbook.text)
    asked = store.reviews.open_of(playbook.name)
    if asked is not None and asked.sha256 != playbook.sha256:
        # Whoever reads it must not approve another text than they were asked about.
        in_review.end(store, asked, ReviewState.CHANGED, None, now)


def _owner(store: Store, playbook: Playbook) -> Person | None:
    """The person a file names as its owner by e-mail address: the best guess at who edited it."""
    return store.people.by_email(playbook.owner) if "@" in playbook.owner else None


def _what(playbook: Playbook) -> dict[str, object]:
    return {"sha256": playbook.sha256, "title": playbook.title}
