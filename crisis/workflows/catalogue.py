"""What people do with the catalogue: check -> save -> write down who did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from crisis import audit
from crisis.errors import ConflictError, InvalidInputError
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.rumours import phrasing
from crisis.rumours.entry import problems
from crisis.types import Person, Rumour

_WRITTEN = ("text", "title", "variants", "lang", "topics", "status", "facts", "valid_until")


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, by rumour id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()


def save(store: Store, rumour: Rumour, by: Person | None, now: datetime) -> Rumour:
    """Keep a rumour, new or changed. Raises InvalidInputError where it cannot be taken."""
    require(by, Act.WRITE_RUMOURS)
    rumour = _checked(rumour)
    with store.transaction():
        before = store.rumours.find(rumour.id)
        if before is not None and not _differences(before, rumour):
            return before
        kept = store.rumours.put(rumour, now)
        _log(store, before, kept, by, now)
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


def retire(store: Store, rumour_id: str, by: Person | None, now: datetime) -> Rumour:
    """It raises nothing any more, and stays readable."""
    return _set_retired(store, rumour_id, True, by, now)


def restore(store: Store, rumour_id: str, by: Person | None, now: datetime) -> Rumour:
    """It counts again."""
    return _set_retired(store, rumour_id, False, by, now)


def import_rows(
    store: Store, rumours: Sequence[Rumour], by: Person | None, now: datetime
) -> ImportReport:
    """Keep all of these or, if one cannot be taken, none."""
    require(by, Act.WRITE_RUMOURS)
    added: list[str] = []
    changed: list[str] = []
    unchanged: list[str] = []
    with store.transaction():
        for rumour in rumours:
            before = store.rumours.find(rumour.id)
            kept = save(store, rumour, by, now)
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
        if f.name in (*_WRITTEN, "retired") and getattr(before, f.name) != getattr(after, f.name)
    ]


def _log(
    store: Store, before: Rumour | None, after: Rumour, by: Person | None, now: datetime
) -> None:
    if before is None:
        action, names = "rumour.added", ["text"]
    else:
        names = _differences(before, after)
        action = "rumour.changed"
        if "retired" in names:
            action = "rumour.retired" if after.retired else "rumour.restored"
    store.audit.append(
        audit.entry(
            now,
            by,
            action,
            f"rumour:{after.id}",
            before={name: getattr(before, name) for name in names} if before else {},
            after={name: getattr(after, name) for name in names},
        )
    )
