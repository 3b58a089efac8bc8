"""How an incident may move from state to state. Does not say who may move it, nor keeps it.

::

    new <-> acknowledged --> answering --> corrected --> closed
      \\_________\\______________\\-------> dismissed
    closed, dismissed, corrected --(new wave, or a person)--> new
    any open one --(merged into another)--> closed --(parted again)--> as it was
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from crisis.errors import IllegalMoveError
from crisis.types import Incident
from crisis.types import IncidentState as State


class Move(StrEnum):
    """What can happen to an incident's state."""

    ACKNOWLEDGE = "acknowledge"
    HAND_BACK = "hand_back"  # whoever took it does nothing
    ANSWER = "answer"  # somebody writes an answer
    CORRECT = "correct"  # an answer was released
    WITHDRAW = "withdraw"  # the last released answer was taken back
    CLOSE = "close"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    MERGE = "merge"  # it goes on in another incident
    PART = "part"  # and no longer does


_TO: dict[Move, tuple[frozenset[State], State]] = {
    Move.ACKNOWLEDGE: (frozenset({State.NEW}), State.ACKNOWLEDGED),
    Move.HAND_BACK: (frozenset({State.ACKNOWLEDGED}), State.NEW),
    Move.ANSWER: (frozenset({State.NEW, State.ACKNOWLEDGED, State.ANSWERING}), State.ANSWERING),
    Move.CORRECT: (
        frozenset({State.NEW, State.ACKNOWLEDGED, State.ANSWERING, State.CORRECTED}),
        State.CORRECTED,
    ),
    Move.WITHDRAW: (frozenset({State.CORRECTED}), State.ANSWERING),
    Move.CLOSE: (
        frozenset({State.ACKNOWLEDGED, State.ANSWERING, State.CORRECTED}),
        State.CLOSED,
    ),
    Move.DISMISS: (frozenset({State.NEW, State.ACKNOWLEDGED, State.ANSWERING}), State.DISMISSED),
    Move.REOPEN: (frozenset({State.CORRECTED, State.CLOSED, State.DISMISSED}), State.NEW),
    Move.MERGE: (
        frozenset({State.NEW, State.ACKNOWLEDGED, State.ANSWERING, State.CORRECTED}),
        State.CLOSED,
    ),
    Move.PART: (frozenset({State.CLOSED}), State.NEW),
}
_STATES = {
    State.NEW: ("neu", "new"),
    State.ACKNOWLEDGED: ("übernommen", "acknowledged"),
    State.ANSWERING: ("in Antwort", "being answered"),
    State.CORRECTED: ("richtiggestellt", "corrected"),
    State.CLOSED: ("abgeschlossen", "closed"),
    State.DISMISSED: ("verworfen", "dismissed"),
}


def allowed(incident: Incident, move: Move) -> bool:
    """Whether the incident may move so from where it stands."""
    return incident.state in _TO[move][0]


def moved(incident: Incident, move: Move, now: datetime, *, reason: str = "") -> Incident:
    """The incident after the move; raises IllegalMoveError where it may not move so.

    Acknowledgement and correction keep the time they first happened in a wave; re-opening begins a new
    wave, whose times are its own.
    """
    if not allowed(incident, move):
        de, en = _STATES[incident.state]
        raise IllegalMoveError(
            f"Das geht nicht mehr: Der Vorfall ist inzwischen „{de}“. Bitte neu laden.",
            f"This is not possible any more: the incident is “{en}” by now. Please reload.",
        )
    ends = move in (Move.CLOSE, Move.DISMISS, Move.MERGE)
    taken = move in (Move.ACKNOWLEDGE, Move.ANSWER, Move.CORRECT)
    if move in (Move.REOPEN, Move.PART):
        incident = replace(incident, acknowledged_at=None, corrected_at=None, assignee=None)
    return replace(
        incident,
        state=_TO[move][1],
        updated=now,
        acknowledged_at=incident.acknowledged_at or (now if taken else None),
        corrected_at=incident.corrected_at or (now if move is Move.CORRECT else None),
        ended_at=now if ends else None,
        end_reason=reason if ends else "",
        wave=incident.wave + (move is Move.REOPEN),
    )
