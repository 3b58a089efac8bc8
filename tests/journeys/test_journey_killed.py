"""The monitor is killed (SIGKILL) at every step, once each: nothing is lost, nothing is doubled.

A step is any moment right before or right after something became durable: each commit, each mail handed
over. The world around it is real: a web server, a mail server, the database on disk. One doubling cannot be
helped by anybody who speaks SMTP: killed between the mail server's "accepted" and our own commit, the same
mail is handed over again, with the same Message-ID, by which mailboxes fold it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest
from builders import FEED_IN_SCOPE
from fakes import feed
from outside import Feeds, Postbox, feeds, mail_server, settings

from crisis import wiring
from crisis.types import AlertState, Person, Role, Source
from crisis.workflows import admit, subscribe

pytestmark = pytest.mark.journey

SPREADS = (
    "Leute, trinkt bloß kein Leitungswasser mehr! Das Trinkwasser ist nach dem Rohrbruch vergiftet!",
    "Bitte teilen: Das Trinkwasser ist vergiftet und darf nicht mehr getrunken werden!",
)
AMBIGUOUS = "accepted-but-not-written-down"
EVERY = 6  # so many tests share the moments: each stays well below its limit on a slow machine
# What is said in other words is not the matter here, and reading the encoder takes seconds in each life.
ENVIRON = {"CRISIS_MATCHING_ENCODER": "none"}
CHATTER = ("Heute Flohmarkt am Rathaus, kommt vorbei!", "Wer hat meine Katze gesehen?")


def _live(instance: str, die_at: int) -> None:
    """One life of the monitor: until there is nothing left to do, or until the given moment."""
    from crisis.alerts.smtp import SmtpMailer
    from crisis.cli.watch import Monitor
    from crisis.store import Store

    moments = 0
    accepted = False  # by the mail server, and not yet written down here

    def moment() -> None:
        nonlocal moments
        moments += 1
        if moments == die_at:
            if accepted:
                (Path(instance) / AMBIGUOUS).touch()
            os.kill(os.getpid(), signal.SIGKILL)

    execute, send = Store.transaction, SmtpMailer.send

    from contextlib import contextmanager

    @contextmanager
    def transaction(store):
        with execute(store):
            yield
            if store._depth == 1:
                moment()  # everything done, not yet durable
        if store._depth == 0:
            nonlocal accepted
            accepted = False
            moment()  # durable, and nobody knows it yet

    def sending(mailer, alert, go=None):
        nonlocal accepted
        moment()
        send(mailer, alert, go)
        accepted = True
        moment()

    Store.transaction = transaction  # type: ignore[method-assign]
    SmtpMailer.send = sending  # type: ignore[method-assign]
    house = wiring.house(Path(instance), ENVIRON)
    monitor = Monitor(house)
    for _ in range(3):
        monitor.step(wait=True)
    monitor.close()
    house.store.close()
    os._exit(0)


def _prepared(folder: Path, outside: Feeds, port: int) -> wiring.House:
    from crisis.cli.init import prepare

    folder.mkdir()
    (folder / "settings.toml").write_text(settings(desk=1025, mail=port, feed=outside.port))
    prepare(folder)
    house = wiring.house(folder, ENVIRON)
    ana = Person(name="Ana", email="ana@musterstadt.example", roles=frozenset({Role.DUTY}))
    admit.invite(house.store, ana, None, house.now())
    subscribe.add(
        house.store,
        Source(url=outside.url("/rss"), name="Stadt", lang="de"),
        None,
        house.now(),
        confirmed=FEED_IN_SCOPE,
    )
    return house


def _check(house: wiring.House, box: Postbox) -> None:
    store = house.store
    [incident] = store.incidents.all_open()
    assert incident.posts == len(SPREADS)
    assert store.sightings.count_of_incident(incident.id) == len(SPREADS)
    assert store.posts.waiting() == 0
    mails = [alert for alert in store.alerts.recent() if alert.kind == "raised"]
    assert [alert.state for alert in mails] == [AlertState.SENT]
    received = [mail["Message-ID"] for mail in box.mails]
    assert set(received) == {alert.message_id for alert in store.alerts.recent()}
    ambiguous = (house.settings.instance / AMBIGUOUS).exists()
    assert len(received) == len(set(received)) + ambiguous
    actions = [entry.action for entry in store.audit.of_incident(incident.id)]
    assert actions.count("incident.opened") == 1
    assert store.audit.verify() is None


@pytest.mark.parametrize("start", range(1, EVERY + 1))
def test_a_monitor_killed_at_any_moment_loses_nothing_and_doubles_nothing(
    tmp_path: Path, start: int
) -> None:
    """Every sixth moment from ``start`` on: the six together are all there are."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["crisis.cli.watch", "crisis.matching.index", "sklearn"])
    killed = 0
    with feeds() as outside:
        outside.pages["/rss"] = feed(*CHATTER, *SPREADS)
        for die_at in range(start, 200, EVERY):
            with mail_server() as (box, port):
                house = _prepared(tmp_path / str(die_at), outside, port)
                first = context.Process(target=_live, args=(str(house.settings.instance), die_at))
                first.start()
                first.join(120)
                died = first.exitcode == -signal.SIGKILL
                if died:
                    killed += 1
                    second = context.Process(target=_live, args=(str(house.settings.instance), 0))
                    second.start()
                    second.join(120)
                    assert second.exitcode == 0
                _check(house, box)
                house.store.close()
            if not died:
                break
    assert not died, "there are more moments than were tried"
    assert killed >= 5
