"""``crisis watch``: the monitor. One loop: due sources -> triage -> escalate -> deliver -> publish -> tidy.

Sources are asked side by side in threads, which touch no database; all writing is done here, in the loop.
Ends its step on SIGTERM. A second monitor waits until the first one is gone.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

import click

from crisis import wiring
from crisis.cli.calendars import Calendars
from crisis.cli.house import open_house
from crisis.cli.returned import Returned
from crisis.cli.words import t
from crisis.errors import CrisisError, StoreError
from crisis.interfaces import Reader
from crisis.settings import FreshSettings
from crisis.sources.lanes import Lanes
from crisis.types import Heard
from crisis.workflows import (
    approve,
    ask_channels,
    change_shift,
    deliver,
    drill_reminder,
    drill_steps,
    emergency,
    escalate,
    follow_up,
    hear_hub,
    know,
    learn,
    listen,
    look_after,
    look_again,
    mailing_list,
    maintenance,
    publish,
    remind,
    review,
    ring,
    self_test,
    tell_hub,
    tidy,
    triage,
    try_mail,
    updates,
    vigil,
    warn_of_gaps,
    watch,
)

CLAIMANT = "monitor:"
AT_ONCE_WAYS = 4  # gateways that are spoken to at the same time
AT_ONCE = 16  # sources asked at the same time
TIDY_EVERY = timedelta(hours=1)
FOLDER_EVERY = timedelta(seconds=30)
REMIND_EVERY = timedelta(minutes=10)
LEARN_EVERY = timedelta(minutes=10)  # how often it is asked whether it is time to learn
KNOW_EVERY = timedelta(seconds=5)  # how often published fact checks are held against the catalogue
GUARD_EVERY = timedelta(minutes=5)  # how often the health of sources is looked at
CATCH_UP = 1.0  # seconds of one step in which posts that wait are compared, batch after batch
SHIFT_EVERY = timedelta(seconds=20)  # how often it is asked who is on call
LOOK_EVERY = timedelta(minutes=1)  # how often it is asked which posts to look at again
LINES_EVERY = timedelta(seconds=2)  # how often it is asked which streams there are
SHORTEST_STEP = 0.2  # seconds between two steps while there is work

log = logging.getLogger("crisis.monitor")


@click.command(
    help=t(
        "Der Beobachter: fragt Quellen, erkennt Gerüchte, alarmiert. Läuft, bis er beendet wird;"
        " ein zweiter wartet, bis der erste geht. „crisis run“ startet ihn mit.",
        "The monitor: asks sources, recognises rumours, alerts. Runs until it is ended; a second one"
        " waits until the first is gone. “crisis run” starts it for you.",
    )
)
@click.option(
    "--once",
    is_flag=True,
    help=t("Nur ein Durchgang, dann Ende.", "One step, then end."),
)
def command(once: bool) -> None:
    """Watch until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    house = open_house()
    with alone(house.settings.instance / "monitor.lock", stop):
        if stop.is_set():
            return
        monitor = Monitor(house, os.environ)
        try:
            if once:
                monitor.step(wait=True)
            else:
                monitor.run(stop)
        finally:
            monitor.close()


class Monitor:
    """The loop and what it carries from one step to the next. One at a time: see ``alone``."""

    def __init__(self, house: wiring.House, environ: Mapping[str, str] | None = None) -> None:
        """``environ`` goes before the settings file; without it the file is not followed."""
        self._house = house
        self._environ = environ
        self._fresh = (
            None
            if environ is None
            else FreshSettings(house.settings.instance, environ, house.settings)
        )
        self._claimant = CLAIMANT + secrets.token_hex(4)
        self._asking: dict[int, Future[watch.Outcome]] = {}
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="source")
        self._lanes = Lanes(AT_ONCE)
        self._retired: list[tuple[Reader, list[Future[watch.Outcome]]]] = []
        self._ringing: dict[Future[CrisisError | None], ring.Job] = {}
        self._bells = ThreadPoolExecutor(AT_ONCE_WAYS, thread_name_prefix="gateway")
        self._calendars = Calendars()
        self._knocking: dict[int, Future[CrisisError | None]] = {}
        self._looking: list[Future[look_again.Seen]] = []
        self._glanced: datetime | None = None
        self._held: list[Heard] = []  # heard, not yet written down
        self._lined: datetime | None = None
        self._shifted: datetime | None = None
        self._tidied: datetime | None = None
        self._looked: datetime | None = None
        self._learned: datetime | None = None
        self._reminded: datetime | None = None
        self._guarded: datetime | None = None
        self._compared: datetime | None = None
        self._returned = self._mailbox()
        self._reviewing = False  # entries of the catalogue wait to be looked at
        with house.store.transaction():
            # We are alone: what an earlier monitor held when it died is ours to do again.
            house.store.posts.give_back(CLAIMANT)
            house.store.alerts.give_back(CLAIMANT)
            house.store.publications.give_back(CLAIMANT)
            house.store.ways.give_back(CLAIMANT)

    def _mailbox(self) -> Returned | None:
        found = wiring.inbox(self._house.settings)
        return None if found is None else Returned(found)

    def run(self, stop: threading.Event) -> None:
        """Step after step. A database that cannot be used for a while is waited for."""
        while not stop.is_set():
            try:
                busy = self.step()
            except StoreError as error:
                log.warning("%s", error.de)
                busy = False
            self._rest(stop, SHORTEST_STEP if busy else self._house.settings.monitor.step_seconds)

    def _rest(self, stop: threading.Event, seconds: float) -> None:
        """Until it is time, a stream or another program brought something, or a mail is due."""
        streams, store = self._house.streams, self._house.store
        until = time.monotonic() + seconds
        while not stop.wait(min(SHORTEST_STEP, seconds)) and time.monotonic() < until:
            with suppress(StoreError):  # the next step says so
                if (streams is not None and streams.waiting()) or store.posts.waiting():
                    return
                if store.alerts.is_due(self._house.now()) or store.ways.is_due(self._house.now()):
                    return

    def step(self, *, wait: bool = False) -> bool:
        """One turn; True if there may be more to do at once. ``wait``: until every source answered."""
        self._follow()
        house, now = self._house, self._house.now()
        self._beat(now)
        new = self._asked(now, wait=wait) + self._heard(now)
        self._hubs(now)
        self._calendars.look(house, now, wait=wait)
        self._look_again(now)
        new += drill_steps.step(house, house.now())
        triaged = triage.triage(house, self._claimant, now)
        until = time.monotonic() + CATCH_UP
        while triaged == triage.BATCH and (wait or time.monotonic() < until):
            triaged = triage.triage(house, self._claimant, house.now())
        if self._returned is not None:
            self._returned.look(house, house.now())
        look_after.look_after(house, house.now())
        escalate.escalate(house, house.now())
        follow_up.follow_up(house, house.now())
        if _over(self._shifted, now, SHIFT_EVERY):
            self._shifted = now
            change_shift.look(house, house.now())
            maintenance.summarise(house, house.now())
        emergency.remind(house, house.now())
        updates.remind(house, house.now())
        sent = deliver.deliver(house, self._claimant, house.now(), clock=house.now)
        rung = self._other_ways(wait=wait)
        out = publish.publish(house, self._claimant, house.now())
        mailing_list.ask(house, house.now())
        tell_hub.tell_hub(house, house.now())
        self._now_and_then(now)
        if rung:
            log.info("%s", t(f"{rung} auf anderen Wegen", f"{rung} by other ways"))
        if new or sent:
            log.info(
                "%s", t(f"{new} neue Beiträge, {sent} Mails", f"{new} new posts, {sent} mails")
            )
        if out:
            log.info("%s", t(f"{out} Veröffentlichungen", f"{out} publications"))
        waiting = house.streams is not None and house.streams.waiting()
        more = triaged == triage.BATCH or sent >= deliver.MOST
        return bool(waiting or self._asking or self._ringing or new or out or more)

    def close(self) -> None:
        """Let go of the threads; answers still under way are fetched again next time."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._calendars.close()
        self._let_bells_end()
        if self._returned is not None:
            self._returned.close()
        if self._house.streams is not None:
            self._house.streams.close()

    def _follow(self) -> None:
        """Go on with other settings once the file has changed; who is being asked is asked as before."""
        if self._fresh is None or self._environ is None:
            return
        self._let_go()
        before = self._fresh.problem
        if self._fresh.look():
            old = self._house
            settings = self._fresh.now
            self._house = wiring.house(
                settings.instance, self._environ, settings=settings, store=old.store
            )
            if old.streams is not None:
                old.streams.close()
                self._lined = None
            self._retired.append((old.reader, list(self._asking.values())))
            if self._returned is not None:
                self._returned.close()
            self._returned = self._mailbox()
            log.info("%s", t("Neue Einstellungen gelten.", "New settings hold."))
        if self._fresh.problem is not None and self._fresh.problem is not before:
            log.warning("%s", self._fresh.problem.de)

    def _let_go(self) -> None:
        """End reading processes of earlier settings whose last feeds have been read."""
        over = [reader for reader, asked in self._retired if all(one.done() for one in asked)]
        self._retired = [pair for pair in self._retired if pair[0] not in over]
        for reader in over:
            reader.close()

    def _beat(self, now: datetime) -> None:
        with self._house.store.transaction():
            self._house.store.facts.set("monitor.heartbeat", now.isoformat())

    def _asked(self, now: datetime, *, wait: bool) -> int:
        """Ask whom we may, keep what has come in; says how many posts were new."""
        waiting = self._ask(now)
        new = self._kept(wait=wait)
        while wait and waiting:
            threading.Event().wait(SHORTEST_STEP)  # a host rests between two of its sources
            waiting = self._ask(self._house.now())
            new += self._kept(wait=True)
        return new

    def _ask(self, now: datetime) -> bool:
        """Ask those that are due and may be asked now; True while others still wait for their turn."""
        house = self._house
        due = house.store.sources.due(now)
        for source in self._lanes.admit(due, now):
            self._asking[source.id] = self._pool.submit(
                watch.ask, house.fetch, house.reader, source
            )
        return any(source.id not in self._asking for source in due)

    def _kept(self, *, wait: bool) -> int:
        """Write down what has come in; says how many posts were new."""
        new = 0
        for source_id, answer in list(self._asking.items()):
            if wait or answer.done():
                del self._asking[source_id]
                self._lanes.free(source_id, self._house.now())
                new += watch.keep(self._house.store, answer.result(), self._house.now())
        return new

    def _heard(self, now: datetime) -> int:
        """Hear the streams there are, and write down what came; says how many posts were new."""
        house = self._house
        if house.streams is None:
            return 0
        if _over(self._lined, now, LINES_EVERY):
            self._lined = now
            house.streams.follow(listen.wants_lines(house.store))
        # What cannot be written down now is held: its stream has gone on and would not say it again.
        self._held = self._held or house.streams.heard()
        new = 0
        while self._held:
            new += listen.keep(house, self._held[0], now)
            del self._held[0]
        return new

    def _hubs(self, now: datetime) -> None:
        """Ask hubs to push to us, beside the sources and as they are asked: in threads."""
        house = self._house
        for lease_id, answer in list(self._knocking.items()):
            if answer.done():
                del self._knocking[lease_id]
                hear_hub.asked(house.store, lease_id, answer.result(), house.now())
        if house.callbacks is None:
            return
        for lease in house.store.hubs.due(now)[: AT_ONCE - len(self._knocking)]:
            if lease.id not in self._knocking:
                hear_hub.begin(house.store, lease, now)
                self._knocking[lease.id] = self._pool.submit(hear_hub.ask, house, lease)

    def _other_ways(self, *, wait: bool = False) -> int:
        """Speak to gateways, in threads: one that hangs holds up no mail. Says how many took something.

        ``wait``: until each has answered.
        """
        house, sent = self._house, self._rang()
        for job in ring.take(
            house, self._claimant, house.now(), limit=AT_ONCE_WAYS - len(self._ringing)
        ):
            if job.request is None:  # a short mail goes as mails go
                error = ring.send(house, job)
                sent += ring.keep(house, job.ring, error, self._claimant, house.now())
            else:
                self._ringing[self._bells.submit(ring.send, house, job)] = job
        return sent + (self._rang(wait=True) if wait else 0)

    def _rang(self, *, wait: bool = False) -> int:
        """Write down what came of messages to gateways."""
        house, sent = self._house, 0
        for answer, job in list(self._ringing.items()):
            if wait or answer.done():
                del self._ringing[answer]
                sent += ring.keep(house, job.ring, answer.result(), self._claimant, house.now())
        return sent

    def _let_bells_end(self) -> None:
        """What is on the wire is written down, so that the next monitor does not ring twice."""
        self._bells.shutdown(wait=True)
        self._rang(wait=True)

    def _look_again(self, now: datetime) -> None:
        """Ask whether posts still stand where they stood, beside the sources and as they are asked."""
        house = self._house
        over = [answer for answer in self._looking if answer.done()]
        self._looking = [answer for answer in self._looking if not answer.done()]
        for answer in over:
            look_again.keep(house.store, answer.result(), now)
        if not self._looking and _over(self._glanced, now, LOOK_EVERY):
            self._glanced = now
            self._looking = [
                self._pool.submit(look_again.look, house.fetch, house.reader, question)
                for question in look_again.due(house.store, now)
            ]

    def _now_and_then(self, now: datetime) -> None:
        if _over(self._looked, now, FOLDER_EVERY):
            self._looked = now
            approve.record(self._house.store, self._house.shelf.playbooks(), now)
            self._reviewing = True
        if _over(self._reminded, now, REMIND_EVERY):
            self._reminded = now
            remind.remind(self._house, now)
            drill_reminder.remind(self._house, now)
            warn_of_gaps.warn_of_gaps(self._house, now)
        if _over(self._guarded, now, GUARD_EVERY):
            self._guarded = now
            vigil.look(self._house, now)
            self._test_ourselves(now)
        if self._reviewing:
            self._reviewing = review.some(self._house, now) == review.BATCH
        if _over(self._compared, now, KNOW_EVERY):
            self._compared = now
            know.compare(self._house, now)
        if _over(self._learned, now, LEARN_EVERY):
            self._learned = now
            self._learn(now)
        if ask_channels.due(self._house, now):
            ask_channels.ask(self._house, now)
        if _over(self._tidied, now, TIDY_EVERY):
            self._tidied = now
            tidy.tidy(self._house, now)

    def _test_ourselves(self, now: datetime) -> None:
        settings = self._house.settings
        mail, dog = settings.mail, settings.watchdog
        self_test.notice(self._house.store, now)
        if mail.host:
            self_test.send(
                self._house,
                dog.self_test_email,
                dog.self_test_hour,
                now,
                base_url=settings.base_url,
                way=try_mail.way(mail.host, mail.port, mail.security, mail.user, mail.sender),
            )

    def _learn(self, now: datetime) -> None:
        """Before tidying: what is learned from a verdict is taken from its post while it is there."""
        try:
            outcome = learn.by_itself(self._house, now)
        except StoreError:
            raise
        except Exception:
            # Watching goes on whatever becomes of learning; it is tried again after its interval.
            log.exception("%s", t("Das Lernen ist gescheitert.", "Learning failed."))
            return
        if outcome is not None and outcome.version:
            state = (
                t("urteilt ab jetzt", "judges from now on")
                if outcome.taken
                else t("nicht besser, aufgehoben", "not better, kept on file")
            )
            log.info(
                "%s", t(f"Gelernt: {outcome.version}, ", f"Learned: {outcome.version}, ") + state
            )


def _over(last: datetime | None, now: datetime, every: timedelta) -> bool:
    """Whether it is time again; also where a clock was put back behind the last time."""
    return last is None or not timedelta(0) <= now - last <= every


@contextmanager
def alone(path: Path, stop: threading.Event) -> Iterator[None]:
    """Hold the monitor's lock; the system lets go of it whatever becomes of us."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        told = False
        while not stop.is_set():
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    log.warning(
                        "%s",
                        t(
                            "Ein anderer Beobachter läuft schon; dieser wartet.",
                            "Another monitor is running; this one waits.",
                        ),
                    )
                    told = True
                stop.wait(0.5)
        yield
