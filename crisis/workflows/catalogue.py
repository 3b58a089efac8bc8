"""What people do with the catalogue: check -> save -> write down who did it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from crisis import audit, scope
from crisis.errors import ConflictError, InvalidInputError, NotFoundError
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.rumours import history, phrasing
from crisis.rumours.entry import problems
from crisis.rumours.union import united
from crisis.types import Fact, Person, Rumour
from crisis.workflows import vouch


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, by rumour id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def save(
    store: Store,
    rumour: Rumour,
    by: Person | None,
    now: datetime,
    *,
    began: Rumour | None = None,
    confirmed: Collection[str] = (),
) -> Rumour:
    """Keep a rumour, new or changed. Raises InvalidInputError where it cannot be taken.

    ``confirmed``: for a new one, what of the checklist (``scope.RUMOUR``) somebody has confirmed; raises
    ScopeError where that is not all.

    ``began``: the entry that was changed, if it was read before. Raises ConflictError where another version
    stands there now.
    """
    require(by, Act.WRITE_RUMOURS)
    rumour = _checked(rumour)
    codes: tuple[str, ...] = ()
    if store.rumours.find(rumour.id) is None:
        codes = vouch.asked(store, "rumour", scope.RUMOUR, confirmed, by, now)
    with store.transaction():
        before = store.rumours.find(rumour.id)
        if began is not None and (before is None or before.updated != began.updated):
            raise ConflictError(
                "Jemand anderes hat diesen Eintrag eben gespeichert. Von Ihnen ist noch nichts gespeichert.",
                "Somebody else has just saved this entry. Nothing of yours has been saved yet.",
            )
        if before is not None and not _differences(before, rumour):
            return before
        kept = store.rumours.put(rumour, now)
        vouched = {}
        if before is None:
            vouched = {"confirmed": list(codes), "checklist": scope.VERSION}
            vouch.keep(store, f"rumour:{kept.id}", by, now)
        _log(store, before, kept, by, now, more=vouched)
        return kept


def add_phrasing(
    store: Store, rumour_id: str, text: str, by: Person | None, now: datetime
) -> Rumour:
    """Keep one more phrasing of a rumour, so that posts which say it so are found from now on.

    The text is cleaned once more. Raises InvalidInputError for one that is too short or too long, and
    ConflictError where the rumour has it, or nearly so, already.
    """
    require(by, Act.WRITE_RUMOURS)
    said = " ".join(text.split())
    if len(said) > phrasing.LONGEST:
        raise InvalidInputError(
            f"Das ist zu lang: höchstens {phrasing.LONGEST} Zeichen. Lassen Sie nur die Behauptung"
            " stehen.",
            f"This is too long: at most {phrasing.LONGEST} characters. Leave the claim only.",
        )
    said = phrasing.cleaned(said)
    if phrasing.too_short(said):
        raise InvalidInputError(
            f"Das ist zu kurz, um daran etwas zu erkennen: bitte mindestens {phrasing.FEWEST_WORDS}"
            " Wörter.",
            f"This is too short to find anything by: please at least {phrasing.FEWEST_WORDS} words.",
        )
    with store.transaction():
        rumour = store.rumours.get(rumour_id)
        known = phrasing.known_as(said, rumour)
        if known:
            raise ConflictError(
                f"Das Gerücht kennt diese Formulierung schon: „{known}“",
                f"The rumour knows this phrasing already: “{known}”",
            )
        return save(store, replace(rumour, variants=(*rumour.variants, said)), by, now)


def enrich(
    store: Store, rumour_id: str, said: str, fact: Fact, by: Person | None, now: datetime
) -> Rumour:
    """Add a phrasing, unless it is known or "", and a fact, unless its address is there already."""
    require(by, Act.WRITE_RUMOURS)
    with store.transaction():
        rumour = store.rumours.get(rumour_id)
        said = phrasing.cleaned(" ".join(said.split()))
        if said and not phrasing.too_short(said) and not phrasing.known_as(said, rumour):
            rumour = replace(rumour, variants=(*rumour.variants, said))
        if not any(known.url == fact.url for known in rumour.facts):
            rumour = replace(rumour, facts=(*rumour.facts, fact))
        return save(store, rumour, by, now)


def retire(store: Store, rumour_id: str, by: Person | None, now: datetime) -> Rumour:
    """It raises nothing any more, and stays readable."""
    return _set_retired(store, rumour_id, True, by, now)


def restore(store: Store, rumour_id: str, by: Person | None, now: datetime) -> Rumour:
    """It counts again."""
    return _set_retired(store, rumour_id, False, by, now)


def go_back(
    store: Store, rumour_id: str, entry_id: int, by: Person | None, now: datetime
) -> Rumour:
    """Write a rumour again as it stood before the change that this line of the log tells of.

    Whether it is retired stays as it is. Raises NotFoundError where the log has no such version.
    """
    require(by, Act.WRITE_RUMOURS)
    with store.transaction():
        before = store.rumours.get(rumour_id)
        old = earlier(store, before, entry_id)
        wanted = _checked(replace(old, retired=before.retired, created=before.created))
        if not _differences(before, wanted):
            return before
        kept = store.rumours.put(wanted, now)
        _log(store, before, kept, by, now, "rumour.went_back")
        return kept


def earlier(store: Store, rumour: Rumour, entry_id: int) -> Rumour:
    """The rumour as it stood before the change that this line of the log tells of."""
    entries = store.audit.of_object(f"rumour:{rumour.id}")
    for version in history.versions(rumour, entries):
        if version.entry.id == entry_id and version.before is not None:
            return version.before
    raise NotFoundError(
        "Diese Fassung gibt es nicht.",
        "There is no such version.",
    )


def merge(store: Store, kept_id: str, gone_id: str, by: Person | None, now: datetime) -> Rumour:
    """Put everything of a second entry into the first, and retire the second.

    Its incidents and posts stay with it and stay readable. Raises InvalidInputError for an entry with
    itself or where both together are too much for one, ConflictError where one of them is retired.
    """
    require(by, Act.WRITE_RUMOURS)
    if kept_id == gone_id:
        raise InvalidInputError(
            "Ein Eintrag lässt sich nicht mit sich selbst zusammenlegen.",
            "An entry cannot be merged with itself.",
        )
    with store.transaction():
        before, gone = store.rumours.get(kept_id), store.rumours.get(gone_id)
        if before.retired or gone.retired:
            raise ConflictError(
                "Einer der beiden Einträge liegt bei den Akten. Nehmen Sie ihn erst wieder auf.",
                "One of the two entries is retired. Restore it first.",
            )
        kept = store.rumours.put(_checked(united(before, gone)), now)
        _log(store, before, kept, by, now, "rumour.merged", {"from": gone.id})
        retired = store.rumours.put(replace(gone, retired=True), now)
        _log(store, gone, retired, by, now, "rumour.merged_away", {"into": kept.id})
        return kept


def import_rows(
    store: Store,
    rumours: Sequence[Rumour],
    by: Person | None,
    now: datetime,
    *,
    confirmed: Collection[str] = (),
) -> ImportReport:
    """Keep all of these or, if one cannot be taken, none.

    The checklist is confirmed once for all that are new; raises ScopeError where it is not.
    """
    require(by, Act.WRITE_RUMOURS)
    if any(store.rumours.find(rumour.id) is None for rumour in rumours):
        vouch.asked(store, "rumour", scope.RUMOUR, confirmed, by, now)
    added: list[str] = []
    changed: list[str] = []
    unchanged: list[str] = []
    with store.transaction():
        for rumour in rumours:
            before = store.rumours.find(rumour.id)
            kept = save(store, rumour, by, now, confirmed=confirmed)
            if before is None:
                added.append(kept.id)
            else:
                (changed if _differences(before, kept) else unchanged).append(kept.id)
    return ImportReport(tuple(added), tuple(changed), tuple(unchanged))


def _set_retired(
    store: Store, rumour_id: str, retired: bool, by: Person | None, now: datetime
) -> Rumour:
    require(by, Act.WRITE_RUMOURS)
    with store.transaction():
        before = store.rumours.get(rumour_id)
        if before.retired == retired:
            return before
        kept = store.rumours.put(replace(before, retired=retired), now)
        _log(store, before, kept, by, now)
        return kept


def _checked(rumour: Rumour) -> Rumour:
    """The rumour, if nothing keeps it out of the catalogue; otherwise says all that does."""
    wrong = [sentence for _, sentence in problems(rumour)]
    if wrong:
        raise InvalidInputError(
            f"Gerücht „{rumour.id[:80]}“: " + " ".join(de for de, _ in wrong),
            f"Rumour “{rumour.id[:80]}”: " + " ".join(en for _, en in wrong),
        )
    return rumour


def _differences(before: Rumour, after: Rumour) -> list[str]:
    return [
        f.name
        for f in fields(Rumour)
        if f.name in (*history.WRITTEN, "retired")
        and getattr(before, f.name) != getattr(after, f.name)
    ]


def _log(
    store: Store,
    before: Rumour | None,
    after: Rumour,
    by: Person | None,
    now: datetime,
    action: str = "",
    more: Mapping[str, object] | None = None,
) -> None:
    names = ["text"] if before is None else _differences(before, after)
    store.audit.append(
        audit.entry(
            now,
            by,
            action or _action(before, after, names),
            f"rumour:{after.id}",
            before={name: getattr(before, name) for name in names} if before else {},
            after={name: getattr(after, name) for name in names} | dict(more or {}),
        )
    )


def _action(before: Rumour | None, after: Rumour, names: Sequence[str]) -> str:
    if before is None:
        return "rumour.added"
    if "retired" in names:
        return "rumour.retired" if after.retired else "rumour.restored"
    return "rumour.changed"
