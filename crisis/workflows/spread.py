"""What a release, a correction or a withdrawal means for every channel: plan -> rows, in one transaction.

Called inside the transaction of ``workflows.respond`` that made the news. Sends nothing: ``publish`` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from crisis import audit
from crisis.channels.networks import NETWORKS, Network, Way
from crisis.channels.plan import (
    Going,
    Outlet,
    Piece,
    correct,
    key,
    payload,
    pieces,
    shortened,
    withdraw,
    withdrawn_subject,
    withdrawn_text,
)
from crisis.interfaces import Store
from crisis.types import Person, Publication, PublicationAct, PublicationState, Response
from crisis.workflows.publish import free_followers

_A, _S = PublicationAct, PublicationState
_NEW_WORDS = (_A.PUBLISH, _A.EDIT)


def release(store: Store, response: Response, going: Going, by: Person, now: datetime) -> None:
    """Queue a released answer for every channel chosen, and its correction for wherever the old text is.

    An exercise's goes nowhere. Raises InvalidInputError where a text cannot go onto its channel.
    """
    if response.drill:
        return
    old = store.publications.of_response(response.replaces) if response.replaces else []
    chosen = {outlet.code: outlet for outlet in going.outlets}
    held = dict.fromkeys(row.channel for row in old if row.act in _NEW_WORDS)
    for code in dict.fromkeys((*held, *chosen)):
        out = _out(store, [row for row in old if row.channel == code])
        if code not in chosen and not out:
            continue
        outlet = _outlet(code, chosen, out)
        made = pieces(outlet, response, going, now)
        _carry_over(store, response, outlet.network, out, made, now)
    _log(store, response, by, now, "publication.queued")


def add(store: Store, response: Response, going: Going, by: Person, now: datetime) -> None:
    """Queue a released answer for channels it has not gone to."""
    if response.drill:
        return
    for outlet in going.outlets:
        made = pieces(outlet, response, going, now)
        _carry_over(store, response, outlet.network, (), made, now)
    _log(store, response, by, now, "publication.queued")


def retract(store: Store, response: Response, going: Going, by: Person, now: datetime) -> None:
    """Stop what has not gone out, and take back what has. ``response`` is withdrawn already."""
    rows = store.publications.of_response(response.id)
    for code in dict.fromkeys(row.channel for row in rows):
        network = NETWORKS[code]
        for row in _out(store, [row for row in rows if row.channel == code]):
            _take_back(store, response, going, row, network, now)
    _log(store, response, by, now, "publication.taken_back")


def _take_back(
    store: Store,
    response: Response,
    going: Going,
    row: Publication,
    network: Network,
    now: datetime,
) -> None:
    act, link = withdraw(network.way, row.part), str(row.more.get("link", ""))
    more = dict(row.more)
    shown = link if network.link else ""
    text = shortened(withdrawn_text(response, shown, going.zone, now), shown, network.most, network)
    if network.code == "webhook":
        more["payload"] = payload(response, link, "withdrawn")
    if network.code == "press":
        more |= {"subject": withdrawn_subject(response), "answers": row.key}
    alone = replace(row, after=None)
    _add(store, alone, network, act, Piece(text=text, more=more), now, target=row)


def _out(store: Store, rows: Sequence[Publication]) -> list[Publication]:
    """What is out, or may be, of these rows of one channel; what is not is stopped."""
    out: dict[int, Publication] = {}
    for row in rows:
        if row.act in _NEW_WORDS:
            there = _there(store, row)
            if there is not None:
                out[there.part] = there
    return [out[part] for part in sorted(out)]


def _there(store: Store, row: Publication) -> Publication | None:
    """The row whose words people may see because of this one."""
    if row.state in (_S.SENT, _S.SENDING):
        return row
    if row.state in (_S.WAITING, _S.TODO):
        store.publications.change(replace(row, state=_S.CANCELLED))
        free_followers(store, row)
    elif row.state is _S.FAILED and row.begun is not None:
        return row  # nobody knows: it is looked for when it is taken back
    if row.act is _A.EDIT and row.target is not None:
        return _there(store, store.publications.get(row.target))
    return None


def _outlet(code: str, chosen: dict[str, Outlet], out: Sequence[Publication]) -> Outlet:
    """As chosen; a list of readers grows by those who got the old text."""
    outlet = chosen.get(code, Outlet(code=code))
    told = [str(row.more["to"]) for row in out if "to" in row.more]
    return replace(outlet, readers=tuple(dict.fromkeys((*told, *outlet.readers))))


def _carry_over(
    store: Store,
    response: Response,
    network: Network,
    out: Sequence[Publication],
    made: Sequence[Piece],
    now: datetime,
) -> None:
    keys = {row.more["to"]: row.key for row in out if "to" in row.more}
    made = [
        replace(piece, more={**piece.more, "answers": keys[piece.more["to"]]})
        if piece.more.get("to") in keys
        else piece
        for piece in made
    ]
    over = correct(out, made, network.way)
    home = Publication(
        response_id=response.id,
        incident_id=response.incident_id,
        channel=network.code,
        text="",
        key="",
        created=now,
        due=now,
    )
    last: Publication | None = None
    for part, (target, piece) in enumerate(over.edits, 1):
        row = replace(home, part=part)
        last = _add(store, row, network, _A.EDIT, piece, now, target=target)
    first: Publication | None = None
    for part, piece in enumerate(over.fresh, len(over.edits) + 1):
        row = replace(home, part=part, after=last.id if network.thread and last else None)
        last = _add(store, row, network, _A.PUBLISH, piece, now)
        first = first or last
    for target in over.gone:
        # The old words stay until the new ones are there.
        row = replace(target, after=first.id if first else None)
        _add(store, row, network, _A.REMOVE, Piece(text="", more=target.more), now, target=target)


def _add(
    store: Store,
    like: Publication,
    network: Network,
    act: PublicationAct,
    piece: Piece,
    now: datetime,
    *,
    target: Publication | None = None,
) -> Publication:
    at = now + timedelta(microseconds=like.part)  # parts of a thread stay in order
    return store.publications.add(
        Publication(
            response_id=like.response_id,
            incident_id=like.incident_id,
            channel=like.channel,
            act=act,
            part=like.part,
            text=piece.text,
            more={**piece.more, "at": at.isoformat(timespec="microseconds")},
            key=key(like.response_id, like.channel, act, like.part, now),
            after=like.after if act in (_A.PUBLISH, _A.REMOVE) else None,
            target=target.id if target is not None else None,
            state=_S.TODO if network.way is Way.HAND else _S.WAITING,
            created=now,
            due=now,
        )
    )


def _log(store: Store, response: Response, by: Person, now: datetime, action: str) -> None:
    channels = {row.channel: str(row.state) for row in store.publications.of_response(response.id)}
    if not channels:
        return
    store.audit.append(
        audit.entry(
            now,
            by,
            action,
            f"response:{response.id}",
            incident_id=response.incident_id,
            after={"channels": channels},
        )
    )
