"""Whatever several people do, in whatever order: nothing unapproved is ever public.

A machine makes random moves of people with overlapping roles on one playbook and its answers, on the real
store; most are refused. It keeps books of its own, from what it saw succeed, and compares. The one way
round a second person is the emergency, and then somebody must look afterwards.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from builders import PLAYBOOK, playbook
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from town import Town

from crisis.errors import CrisisError
from crisis.interfaces import House
from crisis.responses.wording import deviations, fingerprint
from crisis.store import Store
from crisis.types import Incident, Person, Playbook, Response, ResponseState, Risk, Role
from crisis.workflows import answer_review, approve, emergency, hand_in, place, respond, tell

NAME = "trinkwasser"
ROLES = {
    "Ida": frozenset({Role.DUTY, Role.AUTHOR, Role.APPROVER}),
    "Jan": frozenset({Role.AUTHOR, Role.APPROVER}),
    "Kim": frozenset({Role.APPROVER, Role.DUTY}),
    "Lea": frozenset({Role.DRAFTER}),
}
WHO = st.sampled_from(sorted(ROLES))
HOURS = ("9 Uhr", "10 Uhr", "11 Uhr")
RISKS = ("niedrig", "normal", "hoch")
ENDS = ("2027-12-31", "2027-12-31", "2026-11-25")


def text_of(hour: str, risk: str, end: str) -> str:
    made = PLAYBOOK.replace("9 Uhr", hour).replace("gueltig_bis: 2027-12-31", f"gueltig_bis: {end}")
    return made.replace("sprache: de", f"sprache: de\nrisiko: {risk}")


TEXTS = st.builds(text_of, st.sampled_from(HOURS), st.sampled_from(RISKS), st.sampled_from(ENDS))


@dataclass
class Book:
    """What the machine knows of one text: who touched it last, who stands for it, how many it takes."""

    writer: int | None
    people: set[int]
    needed: int
    end: str


@cache
def template() -> Path:
    """A database with its people and an incident, made once."""
    folder = Path(tempfile.mkdtemp(prefix="moves-"))
    with Store(folder / "crisis.db") as store:
        town = Town(store)
        with store.transaction():
            for name, roles in ROLES.items():
                town._joins(name, *roles)
            from builders import post, sighting, source

            made = store.sources.add(source(last_success=town.now, added=town.now))
            store.posts.put([(post(source_id=made.id, seen=town.now), "f1")], town.now)
            (kept,) = store.posts.claim(1, "test", town.now)
            store.posts.done(kept, "test", keep=True)
            seen = replace(sighting(), post=kept, found=town.now)
            place.place(town.house, seen, tell.drawer(town.house), town.now)
    return folder / "crisis.db"


class Moves(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="moves-"))
        shutil.copy(template(), self.folder / "crisis.db")
        self.store = Store(self.folder / "crisis.db")
        self.town = Town(self.store, joined=True)
        self.town.shelf.files[NAME] = playbook()
        self.people: dict[str, Person] = {
            p.name: p for p in self.store.people.all() if p.name in ROLES
        }
        self.books: dict[str, Book] = {}
        self.out: dict[int, str] = {}  # answers that went out -> what exactly
        self.alone: set[int] = set()
        self.incident: Incident = self.store.incidents.all_open()[0]

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @property
    def house(self) -> House:
        house = self.town.house
        return replace(house, terms=replace(house.terms, review_within=timedelta(hours=6)))

    @property
    def current(self) -> Playbook:
        return self.town.shelf.files[NAME]

    def tries(self, move: Callable[[], object]) -> bool:
        """Whether it was allowed. Time goes on either way."""
        self.town.later(minutes=1)
        try:
            move()
        except CrisisError:
            return False
        return True

    def answers(self, *states: ResponseState) -> list[Response]:
        found = self.store.responses.of_incident(self.incident.id)
        return [one for one in found if one.state in states]

    def one(self, number: int, *states: ResponseState) -> Response | None:
        found = self.answers(*states)
        return found[number % len(found)] if found else None

    @rule(first=WHO, second=WHO, third=WHO)
    def a_text_goes_its_usual_way(self, first: str, second: str, third: str) -> None:
        """Several moves at once, so that random ones meet something that is in use."""
        self.hands_in(first)
        self.approves(second)
        self.approves(third)

    @rule(
        first=WHO,
        second=WHO,
        way=st.sampled_from(["release", "mend", "alone", "other words", "wait"]),
    )
    def an_answer_goes_its_usual_way(self, first: str, second: str, way: str) -> None:
        if not self.answers(ResponseState.DRAFT):
            self.begins_an_answer(first)
        last = len(self.answers(ResponseState.DRAFT, ResponseState.SUBMITTED)) - 1
        self.fills(first, max(last, 0), "um 18 Uhr")
        drafts = self.answers(ResponseState.DRAFT)
        if not drafts:
            return
        if way == "other words":
            self.changes_the_words(first, max(last, 0), restored=False)
        self.hands_over(first, len(drafts) - 1)
        waiting = len(self.answers(ResponseState.SUBMITTED)) - 1
        if way == "release":
            open_ones = len(self.answers(ResponseState.DRAFT, ResponseState.SUBMITTED)) - 1
            self.releases(second, open_ones)
        elif way == "mend":
            self.mends_and_releases(second, max(waiting, 0))
        elif way in ("alone", "other words"):
            open_ones = len(self.answers(ResponseState.DRAFT, ResponseState.SUBMITTED)) - 1
            self.releases_alone(second, open_ones)

    # --- the playbook ----------------------------------------------------------------------

    @rule(who=WHO, text=TEXTS)
    def writes(self, who: str, text: str) -> None:
        by, known = self.people[who], self.store.playbooks.latest(NAME)

        def write() -> None:
            began = known.sha256 if known else None
            made = approve.write(
                self.store, self.town.shelf, NAME, text, by, self.town.now, expected_sha256=began
            )
            self._touched(made, by.id)

        self.tries(write)

    @rule(text=TEXTS)
    def edits_the_file_outside(self, text: str) -> None:
        made = self.town.shelf.files[NAME] = playbook(text)
        self.town.later(minutes=1)
        if approve.record(self.store, [made], self.town.now):
            self._touched(made, None)

    def _touched(self, made: Playbook, writer: int | None) -> None:
        end = made.valid_until.isoformat() if made.valid_until else ""
        book = self.books.setdefault(made.sha256, Book(writer, set(), 1, end))
        if writer is not None:
            book.writer = writer

    @rule(who=WHO)
    def hands_in(self, who: str) -> None:
        self.tries(
            lambda: hand_in.hand_in(self.house, self.current, self.people[who], self.town.now)
        )

    @rule(who=WHO)
    def gives_back(self, who: str) -> None:
        by = self.people[who]
        self.tries(lambda: hand_in.give_back(self.house, self.current, "Nein", by, self.town.now))

    @rule(who=WHO)
    def takes_back(self, who: str) -> None:
        self.tries(lambda: hand_in.take_back(self.store, NAME, self.people[who], self.town.now))

    @rule(who=WHO)
    def approves(self, who: str) -> None:
        by, made = self.people[who], self.current
        book = self.books.get(made.sha256)
        stood = bool(book and len(book.people) >= book.needed)
        if self.tries(lambda: hand_in.approve(self.house, made, by, self.town.now)):
            self._touched(made, None)
            book = self.books[made.sha256]
            assert Role.APPROVER in by.roles
            assert book.writer != by.id, "nobody approves what they touched last"
            if not stood:
                book.people.add(by.id)
                risky = made.risk is Risk.HIGH
                book.needed = max(book.needed, 2 if risky else 1)

    @rule(who=WHO)
    def withdraws_an_approval(self, who: str) -> None:
        approvals = self.store.playbooks.approvals(NAME)
        if not approvals:
            return
        one, by = approvals[0], self.people[who]
        now = self.town.now
        gone = self.tries(lambda: approve.revoke(self.store, one.id, by, now, reason="Neue Lage"))
        if gone and one.revoked_at is None:
            self.books[one.sha256].people.clear()

    @rule()
    def a_day_passes(self) -> None:
        self.town.later(days=1)

    # --- answers ---------------------------------------------------------------------------

    @rule(who=WHO)
    def begins_an_answer(self, who: str) -> None:
        today = self.town.now.date()
        by = self.people[who]
        self.tries(
            lambda: respond.draft(
                self.store, self.incident.id, self.current, by, self.town.now, today=today
            )
        )

    @rule(who=WHO, number=st.integers(0, 3), when=st.sampled_from(["um 18 Uhr", "um 19 Uhr", ""]))
    def fills(self, who: str, number: int, when: str) -> None:
        made = self.one(number, ResponseState.DRAFT, ResponseState.SUBMITTED)
        if made is not None:
            self.tries(
                lambda: respond.fill(
                    self.store,
                    made.id,
                    title=made.title,
                    values={"naechste_info": when},
                    change_note="Neue Uhrzeit",
                    by=self.people[who],
                    now=self.town.now,
                    version=made.version,
                )
            )

    @rule(who=WHO, number=st.integers(0, 3), restored=st.booleans())
    def changes_the_words(self, who: str, number: int, restored: bool) -> None:
        made = self.one(number, ResponseState.DRAFT, ResponseState.SUBMITTED)
        if made is not None:
            texts = None if restored else {"website": "Alles anders. {{ naechste_info }}"}
            by = self.people[who]
            self.tries(lambda: answer_review.reword(self.store, made.id, texts, by, self.town.now))

    @rule(who=WHO, number=st.integers(0, 3))
    def hands_over(self, who: str, number: int) -> None:
        made = self.one(number, ResponseState.DRAFT)
        if made is not None:
            by = self.people[who]
            self.tries(lambda: answer_review.hand_over(self.house, made.id, by, self.town.now))

    @rule(who=WHO, number=st.integers(0, 3))
    def returns(self, who: str, number: int) -> None:
        made = self.one(number, ResponseState.SUBMITTED)
        if made is not None:
            by = self.people[who]
            self.tries(
                lambda: answer_review.give_back(self.house, made.id, "Nein", by, self.town.now)
            )

    @rule(who=WHO, number=st.integers(0, 3))
    def releases(self, who: str, number: int) -> None:
        made = self.one(number, ResponseState.DRAFT, ResponseState.SUBMITTED)
        if made is not None:
            by, today = self.people[who], self.town.now.date()
            if self.tries(
                lambda: respond.release(self.store, made.id, by, self.town.now, today=today)
            ):
                self._went_out(made, by, fingerprint(made))

    @rule(who=WHO, number=st.integers(0, 3))
    def mends_and_releases(self, who: str, number: int) -> None:
        made = self.one(number, ResponseState.SUBMITTED)
        if made is not None:
            by = self.people[who]
            if self.tries(
                lambda: answer_review.mend_and_release(
                    self.store,
                    made.id,
                    by,
                    self.town.now,
                    title=made.title,
                    values={"naechste_info": "um 20 Uhr"},
                    version=made.version,
                    today=self.town.now.date(),
                )
            ):
                self._went_out(made, by, None)

    @rule(who=WHO, number=st.integers(0, 3))
    def releases_alone(self, who: str, number: int) -> None:
        made = self.one(number, ResponseState.DRAFT, ResponseState.SUBMITTED)
        if made is None:
            return
        by = self.people[who]
        if self.tries(
            lambda: emergency.release_alone(
                self.house,
                made.id,
                "Niemand geht ans Telefon.",
                by,
                self.town.now,
                today=self.town.now.date(),
                version=made.version,
            )
        ):
            assert by.roles & {Role.DUTY, Role.APPROVER}
            self.alone.add(made.id)
            self._text_was_approved(made)
            source = playbook(self.store.playbooks.text(NAME, made.playbook_sha256) or "")
            assert deviations(made, source) == {}, "alone, only approved words go out"
            self.out[made.id] = fingerprint(self.store.responses.get(made.id))

    @rule(who=WHO, number=st.integers(0, 3))
    def looks_afterwards(self, who: str, number: int) -> None:
        made = self.one(number, ResponseState.RELEASED, ResponseState.SUPERSEDED)
        if made is not None:
            by = self.people[who]
            self.tries(lambda: emergency.review(self.store, made.id, by, self.town.now))

    @rule(who=WHO, number=st.integers(0, 3))
    def corrects(self, who: str, number: int) -> None:
        made = self.one(number, ResponseState.RELEASED)
        if made is not None:
            by = self.people[who]
            self.tries(lambda: respond.correct(self.store, made.id, by, self.town.now))

    @precondition(lambda self: len(self.answers(ResponseState.RELEASED)) > 1)
    @rule(who=WHO, number=st.integers(0, 3))
    def withdraws(self, who: str, number: int) -> None:
        made = self.one(number, ResponseState.RELEASED)
        if made is not None:
            by = self.people[who]
            self.tries(lambda: respond.withdraw(self.store, made.id, "Falsch", by, self.town.now))

    def _went_out(self, before: Response, by: Person, exactly: str | None) -> None:
        """``before``: as it was handed over. Two people, and a text that others stood for."""
        after = self.store.responses.get(before.id)
        assert before.state is ResponseState.SUBMITTED
        assert Role.APPROVER in by.roles
        assert by.id == after.released_by != after.written_by == before.written_by
        assert after.texts == before.texts
        assert exactly is None or after.values == before.values
        self._text_was_approved(after)
        self.out[after.id] = fingerprint(after)

    def _text_was_approved(self, made: Response) -> None:
        book = self.books[made.playbook_sha256]
        assert len(book.people) >= book.needed
        assert book.end >= self.town.now.date().isoformat()

    # --- always ----------------------------------------------------------------------------

    @invariant()
    def all_that_is_public_went_out_by_one_of_the_two_ways_and_unchanged_since(self) -> None:
        for one in self.store.responses.public():
            if one.state is ResponseState.RELEASED:
                assert self.out.get(one.id) == fingerprint(one)

    @invariant()
    def whoever_released_alone_is_looked_after(self) -> None:
        waiting = {one.id for one in self.store.responses.unreviewed()}
        for number in self.alone:
            one = self.store.responses.get(number)
            assert one.alone_because
            assert one.review_by is not None
            if one.reviewed_at is not None:
                assert one.reviewed_by not in (one.released_by, None)
            elif one.state is not ResponseState.WITHDRAWN:
                assert number in waiting

    @invariant()
    def a_text_in_review_is_the_text_in_the_folder(self) -> None:
        asked = self.store.reviews.open_of(NAME)
        latest = self.store.playbooks.latest(NAME)
        assert asked is None or (latest is not None and asked.sha256 == latest.sha256)


Moves.TestCase.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestMoves = Moves.TestCase
