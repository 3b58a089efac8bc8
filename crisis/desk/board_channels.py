"""Answers that did not get through to a channel, or wait for somebody's hand: for the board.

Reads only; trying again and ticking off happens on the answer's own page (``publishing``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from crisis.channels.networks import NETWORKS
from crisis.desk import here, words
from crisis.desk.previews import headline
from crisis.desk.words import _
from crisis.rights import Act, may
from crisis.types import PublicationState, Stuck

SHOWN = 5  # the rest stands on the pages of its answers
LOOKED_BACK = timedelta(
    days=14
)  # nobody is helped by an answer older than that on one more channel
_S = PublicationState


@dataclass(frozen=True, slots=True)
class Line:
    """One answer with the channels it has the same trouble with. ``bad``: it will not go out by itself."""

    text: str
    address: str
    at: datetime
    bad: bool


def lines() -> Sequence[Line]:
    """For the person signed in, if they may do something about it; what failed for good first."""
    if not may(here.person(), Act.SPREAD):
        return []
    found: dict[tuple[int, PublicationState], list[Stuck]] = {}
    for one in here.store().publications.stuck(here.now() - LOOKED_BACK):
        found.setdefault((one.response_id, one.state), []).append(one)
    made = [_line(state, same) for (_id, state), same in found.items()]
    return sorted(made, key=lambda line: (not line.bad, line.at))[:SHOWN]


def _line(state: PublicationState, same: Sequence[Stuck]) -> Line:
    german = words.language() == "de"
    names = ", ".join(
        network.de if german else network.en
        for network in dict.fromkeys(NETWORKS[one.channel] for one in same)
    )
    first = min(same, key=lambda one: one.due)
    title = headline(first.title, first.values)
    if state is _S.FAILED:
        text = _("Ging nicht hinaus auf %(names)s: %(title)s", names=names, title=title)
    elif state is _S.TODO:
        text = _("Von Hand zu tun auf %(names)s: %(title)s", names=names, title=title)
    else:
        text = _(
            "Noch nicht hinaus auf %(names)s, nächster Versuch %(time)s: %(title)s",
            names=names,
            time=words.clock(max(first.due, here.now())),
            title=title,
        )
    return Line(
        text=text,
        address=url_for("responses.show", response_id=first.response_id, _anchor="kanaele"),
        at=first.created,
        bad=state is _S.FAILED,
    )
