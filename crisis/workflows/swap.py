"""Two people swap: offer -> the other accepts or declines -> both shifts are entered -> mail to both.

Each step is one transaction with its audit line and its mail. Nobody's duty changes before the other has
said yes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from crisis import audit
from crisis.alerts.draft import Draft, addressed
from crisis.alerts.rota_letters import swap_letter
from crisis.errors import IllegalMoveError, InvalidInputError, NotAllowedError
from crisis.interfaces import House
from crisis.oncall.duty import periods
from crisis.rights import Act, may, require
from crisis.types import Person, Shift, Swap, SwapState
from crisis.workflows import letterhead, roster
from crisis.workflows.plan_duty import LONGEST_NOTE, note_change


def offer(house: House, swap: Swap, by: Person, now: datetime) -> Swap:
    """Ask somebody to take over a time of one's own duty, perhaps for a time of theirs in return.

    Raises InvalidInputError where the times are not theirs to give, or over.
    """
    require(by, Act.OWN_DUTY)
    if swap.from_id != by.id:
        require(by, Act.PLAN_DUTY)
    store = house.store
    with store.transaction():
        giver, taker = store.people.get(swap.from_id), store.people.get(swap.to_id)
        if giver.id == taker.id or not taker.active or not may(taker, Act.OWN_DUTY):
            raise InvalidInputError(
                "Bitte wählen Sie jemand anderen, der Bereitschaft leisten darf.",
                "Please choose somebody else who may be on call.",
            )
        _check(house, swap, giver, taker, now)
        kept = store.oncall.add_swap(swap)
        _log(house, kept, by, now, "swap.offered")
        _mail(house, kept, giver, taker, taker, now)
        return kept


def answer(house: House, swap_id: int, accept: bool, by: Person, now: datetime) -> Swap:
    """The person who was asked says yes or no. With a yes both times change hands at once."""
    require(by, Act.OWN_DUTY)
    store = house.store
    with store.transaction():
        swap = store.oncall.swap(swap_id)
        if swap.to_id != by.id:
            raise NotAllowedError(
                "Antworten kann nur, wer gefragt wurde.", "Only the person asked can answer."
            )
        giver = store.people.get(swap.from_id)
        if accept:
            _check(house, swap, giver, by, now)
        _settle(house, swap, SwapState.ACCEPTED if accept else SwapState.DECLINED, now)
        if accept:
            _hand(house, giver.id, by.id, swap.level, swap.start, swap.end, by, now)
            if swap.back_start is not None and swap.back_end is not None:
                _hand(house, by.id, giver.id, swap.level, swap.back_start, swap.back_end, by, now)
        after = store.oncall.swap(swap_id)
        _log(house, after, by, now, "swap.accepted" if accept else "swap.declined")
        for person in (giver, by) if accept else (giver,):
            _mail(house, after, giver, by, person, now)
        return after


def withdraw(house: House, swap_id: int, by: Person, now: datetime) -> Swap:
    """Take an offer back that was not answered yet."""
    store = house.store
    with store.transaction():
        swap = store.oncall.swap(swap_id)
        if swap.from_id != by.id:
            require(by, Act.PLAN_DUTY)
        _settle(house, swap, SwapState.WITHDRAWN, now)
        after = store.oncall.swap(swap_id)
        _log(house, after, by, now, "swap.withdrawn")
        giver, taker = store.people.get(swap.from_id), store.people.get(swap.to_id)
        _mail(house, after, giver, taker, taker, now)
        return after


def _check(house: House, swap: Swap, giver: Person, taker: Person, now: datetime) -> None:
    back = (swap.back_start, swap.back_end)
    if not swap.start < swap.end or (back[0] is None) != (back[1] is None):
        raise InvalidInputError(
            "Das Ende muss nach dem Beginn liegen.", "The end must come after the beginning."
        )
    if swap.end <= now or (swap.back_end is not None and swap.back_end <= now):
        raise InvalidInputError("Diese Zeit ist schon vorbei.", "This time is over already.")
    if len(swap.note) > LONGEST_NOTE:
        raise InvalidInputError(
            f"Die Bemerkung ist zu lang: höchstens {LONGEST_NOTE} Zeichen.",
            f"The remark is too long: {LONGEST_NOTE} characters at most.",
        )
    _owns(house, giver, swap.level, max(swap.start, now), swap.end, now)
    if back[0] is not None and back[1] is not None:
        if not back[0] < back[1]:
            raise InvalidInputError(
                "Das Ende muss nach dem Beginn liegen.", "The end must come after the beginning."
            )
        _owns(house, taker, swap.level, max(back[0], now), back[1], now)


def _owns(
    house: House, person: Person, level: int, start: datetime, end: datetime, now: datetime
) -> None:
    """Only one's own time can be given."""
    planned = roster.of_house(house, now)
    theirs = [p for p in periods(planned, start, end, levels=(level,)) if p.person_id == person.id]
    covered = start
    for period in theirs:
        if period.start > covered:
            break
        covered = max(covered, period.end)
    if covered < end:
        raise InvalidInputError(
            f"{person.name} hat in dieser Zeit nicht durchgehend Bereitschaft. Tauschen lässt sich nur,"
            " was einem gehört.",
            f"{person.name} is not on call during all of this time. Only one's own time can be swapped.",
        )


def _settle(house: House, swap: Swap, state: SwapState, now: datetime) -> None:
    if not house.store.oncall.settle_swap(swap.id, state, now):
        raise IllegalMoveError(
            "Dieser Tausch ist schon beantwortet oder zurückgezogen.",
            "This swap has been answered or withdrawn already.",
        )


def _hand(
    house: House, old: int, new: int, level: int, start: datetime, end: datetime, by: Person,
    now: datetime,
) -> None:  # fmt: skip
    """The time is the new person's; of what was entered by hand for the old one the rest stays."""
    store = house.store
    for shift in store.people.shifts(now):
        theirs = shift.person_id == old and shift.level == level and not shift.drill
        if not theirs or shift.end <= start or shift.start >= end:
            continue
        before = store.oncall.raw("shift", shift.id)
        store.people.remove_shift(shift.id)
        note_change(store, "shift", shift.id, before, by, now)
        for begins, ends in ((shift.start, start), (end, shift.end)):
            if begins < ends:
                _enter(house, replace(shift, id=0, start=begins, end=ends), by, now)
    _enter(house, Shift(person_id=new, start=start, end=end, level=level), by, now)


def _enter(house: House, shift: Shift, by: Person, now: datetime) -> None:
    kept = house.store.people.add_shift(shift)
    note_change(house.store, "shift", kept.id, None, by, now)


def _mail(
    house: House, swap: Swap, giver: Person, taker: Person, to: Person, now: datetime
) -> None:
    terms = house.terms
    sender = letterhead.sender(terms)
    letter: Draft = swap_letter(
        swap=swap, giver=giver, taker=taker, to=to, link=house.links.rota(), sender=sender, now=now
    )
    house.store.alerts.put(addressed(letter, to, now))


def _log(house: House, swap: Swap, by: Person, now: datetime, action: str) -> None:
    said = {"from": swap.from_id, "to": swap.to_id, "start": swap.start, "end": swap.end}
    house.store.audit.append(audit.entry(now, by, action, f"swap:{swap.id}", after=said))
