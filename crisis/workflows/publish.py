"""From a released answer to its channels: claim -> look again -> send -> write down what became of it.

At most once: before anything goes onto the wire the row says so, and one that stands so after a crash is
looked for on the channel first. A withdrawn text never goes out: whether it still may is asked when the
row is claimed and again, in a transaction of its own, right before it is sent. What is to be sent is laid
down by ``workflows.spread``.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.alerts.draft import addressed
from crisis.alerts.letters import unpublished
from crisis.channels.backoff import next_try
from crisis.channels.networks import NETWORKS, Way
from crisis.channels.plan import FRESH, NEW_WORDS, may_go
from crisis.errors import ChannelError, GoneError, PermanentChannelError, StoppedError
from crisis.interfaces import Channel, House, Store
from crisis.types import Posted, Publication, PublicationAct, PublicationState
from crisis.workflows import letterhead
from crisis.workflows.tell import in_line

BATCH = 3  # few, since alerts wait while a slow channel is spoken to
_A, _S = PublicationAct, PublicationState


def publish(house: House, claimant: str, now: datetime) -> int:
    """Do what is due; says how many got through.

    Where a channel does not answer, its other rows are left for later: each would wait as long.
    """
    rows = _claim(house.store, claimant, now)
    through, tired = 0, set()
    for row in rows:
        if row.channel in tired:
            continue
        sending = _Sending(house, row, claimant, now)
        try:
            posted = sending.through()
        except StoppedError:
            _stopped(house.store, row, claimant, now)
        except ChannelError as error:
            _failed(house, sending, error, claimant, now)
            if error.retry:
                tired.add(row.channel)
        else:
            _sent(house.store, row, posted, claimant, now)
            through += 1
    with house.store.transaction():
        house.store.publications.give_back(claimant)
    return through


def _claim(store: Store, claimant: str, now: datetime) -> list[Publication]:
    """Rows that are due and whose answer still stands. What is in doubt is kept, to be looked for."""
    with store.transaction():
        mine = []
        for row in store.publications.claim(BATCH, claimant, now):
            if row.state is _S.SENDING or may_go(row, store.responses.get(row.response_id)):
                mine.append(row)
            else:
                _cancel(store, row, claimant, now)
        return mine


class _Sending:
    """One row on its way."""

    def __init__(self, house: House, row: Publication, claimant: str, now: datetime) -> None:
        self._house, self.row, self._claimant, self._now = house, row, claimant, now
        store = house.store
        self._target = store.publications.get(row.target) if row.target is not None else None
        self.doubt = row.state is _S.SENDING  # an earlier try may have arrived
        self.gone = False  # this one was put onto the wire

    def through(self) -> Posted:
        """Send it, or find that it was sent. Raises StoppedError and ChannelError."""
        channel = self._house.channels.get(self.row.channel)
        if channel is None:
            raise PermanentChannelError(
                "Dieser Kanal ist in den Einstellungen nicht (mehr) eingerichtet.",
                "This channel is not set up in the settings (any more).",
            )
        row, target = self.row, self._target
        if row.act in FRESH or target is None or self._never_out(target):
            return self._anew(channel)
        if row.act is _A.RETRACT and NETWORKS[row.channel].way is Way.TELLS:
            return self._anew(channel)
        if not target.remote:
            found = channel.look_up(target)
            if found is None:
                raise _stop()
            target = replace(target, remote=found.remote, url=found.url)
        if row.act is _A.REMOVE:
            with suppress(GoneError):  # somebody was there before us
                channel.remove(row, target, self._go)
            return Posted(remote=target.remote, url=target.url)
        if row.state is _S.SENDING and not self._may():
            return Posted(
                remote=target.remote, url=target.url
            )  # it may stand there: retract it there
        return channel.edit(row, target, self._go)

    def _never_out(self, target: Publication) -> bool:
        """New words whose old ones never went out are simply published."""
        if self.row.act is not _A.EDIT:
            return False
        return target.state in (_S.CANCELLED, _S.FAILED) and not target.remote

    def _anew(self, channel: Channel) -> Posted:
        row, store = self.row, self._house.store
        if row.state is _S.SENDING:
            found = channel.look_up(row)
            if found is not None:
                return found
            if not channel.knows and not self._may():
                return Posted(remote=row.key)  # as good as sent: the withdrawal must follow it
            self.doubt = not channel.knows
        before = store.publications.get(row.after) if row.after is not None else None
        return channel.publish(row, before, self._go)

    def _may(self) -> bool:
        store = self._house.store
        return may_go(self.row, store.responses.get(self.row.response_id))

    def _go(self) -> None:
        """Right before the wire: still ours, still to go out? Then it counts as on its way."""
        store = self._house.store
        with store.transaction():
            row = store.publications.get(self.row.id)
            if row.claimed_by != self._claimant or not may_go(
                row, store.responses.get(row.response_id)
            ):
                raise _stop()
            begun = replace(row, state=_S.SENDING, begun=self._now)
            store.publications.keep(begun, self._claimant)
        self.gone = True


def _stop() -> StoppedError:
    return StoppedError(
        "Das geht nicht mehr hinaus: Die Antwort wurde zurückgezogen oder ersetzt.",
        "This does not go out any more: the answer was withdrawn or replaced.",
    )


# --- what became of it --------------------------------------------------------------------------


def _sent(store: Store, row: Publication, posted: Posted, claimant: str, now: datetime) -> None:
    with store.transaction():
        after = replace(
            store.publications.get(row.id),
            state=_S.SENT,
            sent_at=now,
            attempts=row.attempts + 1,
            remote=posted.remote,
            url=posted.url,
            problem_de="",
            problem_en="",
            claimed_by=None,
        )
        if not store.publications.keep(after, claimant):
            return
        settle_target(store, after)
        note(store, after, now, {"url": posted.url, "tries": after.attempts})


def settle_target(store: Store, row: Publication) -> None:
    """What a change that got through means for the post it changed."""
    if row.target is None:
        return
    target = store.publications.get(row.target)
    became = _S.REPLACED if row.act is _A.EDIT else _S.REMOVED
    if target.state in (_S.SENT, _S.REPLACED, _S.SENDING):
        store.publications.change(replace(target, state=became))


def _stopped(store: Store, row: Publication, claimant: str, now: datetime) -> None:
    with store.transaction():
        if store.publications.get(row.id).claimed_by == claimant:
            _cancel(store, row, claimant, now)


def _cancel(store: Store, row: Publication, claimant: str, now: datetime) -> None:
    after = replace(row, state=_S.CANCELLED, claimed_by=None)
    if store.publications.keep(after, claimant):
        free_followers(store, after)
        note(store, after, now, {})


def free_followers(store: Store, row: Publication) -> None:
    """What waits for a post that will never come need not wait: to take away older words, above all."""
    for other in store.publications.waiting_for(row.id):
        if other.act in NEW_WORDS:
            store.publications.change(replace(other, state=_S.CANCELLED))
            free_followers(store, other)
        else:
            store.publications.change(replace(other, after=None))


def _failed(
    house: House, sending: _Sending, error: ChannelError, claimant: str, now: datetime
) -> None:
    store = house.store
    with store.transaction():
        current = store.publications.get(sending.row.id)
        if current.claimed_by != claimant:
            return
        doubt = sending.doubt or (sending.gone and error.doubt)
        tried = replace(current, attempts=current.attempts + 1)
        again = next_try(tried, now, error.retry_after) if error.retry else None
        after = replace(
            tried,
            state=_S.FAILED if again is None else _S.SENDING if doubt else _S.WAITING,
            begun=current.begun if doubt else None,
            due=again or current.due,
            problem_de=error.de,
            problem_en=error.en,
            claimed_by=None,
        )
        if store.publications.keep(after, claimant) and again is None:
            note(store, after, now, {"why": error.en, "tries": after.attempts})
            _tell(house, after, now)


def _tell(house: House, failed: Publication, now: datetime) -> None:
    """A mail to whoever is on call: once an answer and channel, however many posts or readers."""
    store = house.store
    fellows = store.publications.of_response(failed.response_id)
    if any(
        other.state is _S.FAILED and other.channel == failed.channel and other.id != failed.id
        for other in fellows
    ):
        return
    incident = store.incidents.get(failed.incident_id)
    line = in_line(house, incident, now)
    if not line:
        return
    terms, network = house.terms, NETWORKS[failed.channel]
    person = line[0].person
    mail = unpublished(
        person=person,
        title=str(failed.more.get("title", "")),
        channel=(network.de, network.en),
        why=(failed.problem_de, failed.problem_en),
        link=house.links.incident(failed.incident_id),
        number=failed.id,
        sender=letterhead.sender(terms),
        now=now,
    )
    store.alerts.put(addressed(mail, person, now))


def note(store: Store, row: Publication, now: datetime, more: dict[str, object]) -> None:
    """The line in the log."""
    store.audit.append(
        audit.entry(
            now,
            None,
            f"publication.{row.state}",
            f"publication:{row.id}",
            incident_id=row.incident_id,
            after={"channel": row.channel, "act": row.act, "part": row.part, **more},
        )
    )
