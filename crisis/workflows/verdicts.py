"""What people say of posts: load -> one word for all of them -> write down who said it; and undo.

Moves no post and raises nothing. What is learned of verdicts: see ``workflows.note``. A suggestion that
fits is taken up by ``handle.take_up``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from crisis import audit
from crisis.errors import ConflictError, InvalidInputError, NotFoundError
from crisis.interfaces import Store
from crisis.rights import Act, require
from crisis.types import Judgement, Person, Sighting, Verdict

MOST_AT_ONCE = 20_000
UNDO_WITHIN = timedelta(hours=12)  # a shift; what was said longer ago is judged anew instead


def judge(
    store: Store, sighting_id: int, verdict: Verdict | None, by: Person, now: datetime
) -> Sighting:
    """Write down whether a post fits the rumour; None takes the word back."""
    with store.transaction():
        sighting = store.sightings.get(sighting_id)
        require(by, Act.HANDLE, drill=sighting.post.drill)
        store.judgements.give(sighting.incident_id, [sighting_id], verdict, by.id, now)
        store.audit.append(
            audit.entry(
                now,
                by,
                "sighting.judged",
                f"sighting:{sighting_id}",
                incident_id=sighting.incident_id,
                before={"verdict": sighting.verdict},
                after={"verdict": verdict},
                drill=sighting.post.drill,
            )
        )
        return store.sightings.get(sighting_id)


def judge_all(
    store: Store,
    incident_id: int,
    sighting_ids: Sequence[int],
    verdict: Verdict | None,
    by: Person,
    now: datetime,
) -> Judgement:
    """Say the same of many posts of one incident: all or none, one line in the audit log.

    Raises InvalidInputError where none or too many are given, NotFoundError where one of them is not
    (any more) in this incident.
    """
    wanted = sorted(set(sighting_ids))
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise InvalidInputError(
            "Bitte wählen Sie zuerst Beiträge aus. Geändert wurde nichts.",
            "Please select posts first. Nothing was changed.",
        )
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.HANDLE, drill=incident.drill)
        before = store.sightings.verdicts(incident_id, wanted)
        if len(before) != len(wanted):
            raise NotFoundError(
                "Einige dieser Beiträge gehören nicht mehr zu diesem Vorfall. Geändert wurde nichts."
                " Bitte laden Sie die Seite neu.",
                "Some of these posts are no longer part of this incident. Nothing was changed."
                " Please reload the page.",
            )
        kept = store.judgements.give(incident_id, wanted, verdict, by.id, now)
        store.audit.append(
            audit.of_incident(
                now,
                by,
                "sighting.judged_many",
                incident,
                before={"verdicts": dict(Counter(before.values()))},
                after={"verdict": verdict, "posts": len(wanted), "sightings": ranges(wanted)},
            )
        )
        return kept


def undo(store: Store, incident_id: int, by: Person, now: datetime) -> tuple[Judgement, int]:
    """Take back what this person said last in this incident: one post or many, as it was given.

    Says of how many posts it was put back; where somebody else has spoken since, their word stays.
    Raises ConflictError where there is nothing to take back.
    """
    with store.transaction():
        incident = store.incidents.get(incident_id)
        require(by, Act.HANDLE, drill=incident.drill)
        last = store.judgements.latest(incident_id, by.id, since=now - UNDO_WITHIN)
        if last is None:
            raise ConflictError(
                "Hier gibt es kein Urteil von Ihnen, das sich zurücknehmen ließe.",
                "There is no verdict of yours here that could be taken back.",
            )
        restored = store.judgements.undo(last, now)
        store.audit.append(
            audit.of_incident(
                now,
                by,
                "sighting.undone",
                incident,
                before={"verdict": last.verdict},
                after={"posts": restored, "judgement": last.id},
            )
        )
        return last, restored


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers, short: "3-5,9"."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
