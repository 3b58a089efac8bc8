"""Playbooks, from file to approved text: record what is there -> approve, revoke -> write down who."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from crisis import audit
from crisis.errors import ConflictError, InvalidInputError, NotFoundError
from crisis.interfaces import Shelf, Store
from crisis.playbooks.approval import may_approve
from crisis.playbooks.check import check
from crisis.playbooks.parse import parse
from crisis.rights import Act, require
from crisis.types import Approval, Person, Playbook, PlaybookVersion


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
) -> Approval:
    """``by`` stands for exactly this text.

    Raises FourEyesError where they wrote it, and refuses a text with errors. ``today`` is the
    authority's calendar day, by default that of UTC.
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
        for known in store.playbooks.approvals(playbook.name):
            same = known.sha256 == playbook.sha256 and known.revoked_at is None
            if same and (known.drill == drill or not known.drill):
                return known
        approval = store.playbooks.approve(
            Approval(
                name=playbook.name,
                sha256=playbook.sha256,
                person_id=by.id,
                at=now,
                comment=comment.strip()[:1000],
                drill=drill,
            )
        )
        store.audit.append(
            audit.entry(
                now,
                by,
                "playbook.approved",
                f"playbook:{playbook.name}",
                after=_what(playbook) | {"comment": approval.comment},
                drill=drill,
            )
        )
        return approval


def revoke(store: Store, approval_id: int, by: Person, now: datetime, *, reason: str) -> None:
    """The approval counts no longer; answers that are out already stay out."""
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
        store.playbooks.revoke(approval_id, now)
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


def _owner(store: Store, playbook: Playbook) -> Person | None:
    """The person a file names as its owner by e-mail address: the best guess at who edited it."""
    return store.people.by_email(playbook.owner) if "@" in playbook.owner else None


def _what(playbook: Playbook) -> dict[str, object]:
    return {"sha256": playbook.sha256, "title": playbook.title}
