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
from crisis.channels.repeat import repeated
from crisis.interfaces import Store
from crisis.types import Person, Publication, PublicationAct, PublicationState, Response
from crisis.workflows.publish import free_followers

_A, _S = PublicationAct, PublicationState
_NEW_WORDS = (_A.PUBLISH, _A.EDIT)
_COMING = (_S.WAITING, _S.TODO)


def release(store: Store, response: Response, going: Going, by: Person, now: datetime) -> None:
    """Queue a released answer for every channel chosen, and its correction for wherever the old text is.

    An exercise's goes nowhere. Raises InvalidInputError where a text cannot go onto its channel.
    """
    if response.drill:
        return
    old = store.publications.of_response(response.replaces) if response.replaces else []
    chosen = {outlet.code: outlet for outlet in going.outlets}
    held = dict.fromkeys(row.channel for row in old)
    for code in dict.fromkeys((*held, *chosen)):
        rows = [row for row in old if row.channel == code]
        queued = [row for row in rows if row.act in _NEW_WORDS and row.state in _COMING]
        out = _out(store, rows)
        network = NETWORKS[code]
        _clear_repeats(store, rows, network, now)
        # What was to go there and is not out yet goes there all the same, with the new words at once.
        if code not in chosen and not out and not queued:
            continue
        outlet = _outlet(code, chosen, [*out, *queued])
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


def repeat(
    store: Store,
    response: Response,
    going: Going,
    turn: int,
    following: datetime | None,
    by: Person,
    now: datetime,
) -> None:
    """Queue a promised update without news, below the answer where that is out. What is left of earlier
    ones does not go out any more."""
    if response.drill:
        return
    stop_repeats(store, response)
    rows = store.publications.of_response(response.id)
    for outlet in going.outlets:
        there = next((r for r in rows if r.channel == outlet.code and r.act in _NEW_WORDS), None)
        answered = there.id if there and there.state in (_S.SENT, _S.REPLACED) else None
        network = outlet.network
        for part, piece in enumerate(repeated(outlet, response, going, now, following), 1):
            more = {**piece.more, "answers": there.key} if there and "to" in piece.more else None
            row = Publication(
                response_id=response.id,
                incident_id=response.incident_id,
                channel=outlet.code,
                text="",
                key="",
                part=part,
                turn=turn,
                after=answered if network.thread else None,
                created=now,
                due=now,
            )
            _add(store, row, network, _A.REPEAT, replace(piece, more=more or piece.more), now)
    _log(store, response, by, now, "publication.queued")


def queue(
    store: Store,
    row: Publication,
    network: Network,
    act: PublicationAct,
    piece: Piece,
    by: Person,
    now: datetime,
) -> Publication:
    """One more post of a released answer; belongs into the transaction that found it fitting."""
    made = _add(store, row, network, act, piece, now)
    _log(store, store.responses.get(row.response_id), by, now, "publication.queued")
    return made


def stop_repeats(store: Store, response: Response) -> None:
    """What has not gone out of promised updates does not go out any more."""
    for row in store.publications.of_response(response.id):
        if row.act is _A.REPEAT:
            _there(store, row)


def retract(store: Store, response: Response, going: Going, by: Person, now: datetime) -> None:
    """Stop what has not gone out, and take back what has. ``response`` is withdrawn already."""
    rows = store.publications.of_response(response.id)
    for code in dict.fromkeys(row.channel for row in rows):
        network = NETWORKS[code]
        for row in _out(store, [row for row in rows if row.channel == code]):
            _take_back(store, response, going, row, network, now)
        _clear_repeats(store, [row for row in rows if row.channel == code], network, now)
    _log(store, response, by, now, "publication.taken_back")


def _clear_repeats(
    store: Store, rows: Sequence[Publication], network: Network, now: datetime
) -> None:
    """Take away what repeats the old words, or says that they still hold; where that cannot be, the new
    message says it."""
    for row in rows:
        if row.act not in (_A.REPEAT, _A.REPLY):
            continue
        there = _there(store, row)
        if there is not None and network.way is not Way.TELLS:
            alone = replace(there, after=None)
            gone = Piece(text="", more=there.more)
            _add(store, alone, network, _A.REMOVE, gone, now, target=there)


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
    if network.mail:
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
            turn=like.turn,
            key=key(like.response_id, like.channel, act, like.part, now, like.turn),
            after=like.after if act in (_A.PUBLISH, _A.REPEAT, _A.REMOVE) else None,
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
