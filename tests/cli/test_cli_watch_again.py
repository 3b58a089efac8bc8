"""The monitor looks again at what it keeps: a real page on a real line, while a clock is turned forward."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOON, person, rumour
from outside import feeds

from crisis import wiring
from crisis.cli.watch import Monitor
from crisis.types import Role, Source, Verdict
from crisis.workflows import suggest

ITEM = (
    "<rss version='2.0'><channel><title>Stadt</title><item><guid isPermaLink='false'>a</guid>"
    "<link>{link}</link><title>Das Trinkwasser ist vergiftet</title></item></channel></rss>"
)


def test_a_page_that_is_gone_is_forgotten_by_the_monitor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = NOON
    monkeypatch.setattr(wiring.House, "now", lambda _house: now)
    with feeds() as served:
        (tmp_path / "settings.toml").write_text(
            f'[monitor]\nallowed_hosts = ["127.0.0.1:{served.port}"]\n[matching]\nencoder = "none"\n'
        )
        house = wiring.house(tmp_path, {})
        served.pages["/a"] = b"<html>Das Trinkwasser ist vergiftet</html>"
        served.pages["/feed"] = ITEM.format(link=served.url("/a")).encode()
        with house.store.transaction():
            house.store.rumours.put(rumour(), now)
            ana = house.store.people.add(person("Ana", Role.DUTY), now)
            house.store.sources.add(Source(url=served.url("/feed"), name="Stadt", lang="de"))
        monitor = Monitor(house)
        monitor.step(wait=True)
        (perhaps,) = house.store.sightings.suggestions()
        incident = suggest.decide(house, perhaps.id, Verdict.FITS, ana, now)
        assert incident is not None

        def looks(**later: float) -> str:
            nonlocal now
            now += timedelta(**later)
            monitor.step(wait=True)
            for answer in monitor._looking:
                answer.result(timeout=20)
            monitor.step(wait=True)
            (sighting,) = house.store.sightings.of_incident(incident.id)
            return sighting.post.text

        served.pages["/feed"] = ITEM.partition("<item>")[0].encode() + b"</channel></rss>"
        assert looks(hours=7)
        del served.pages["/a"]
        assert looks(hours=7)  # missing once
        assert looks(hours=2) == ""
        actions = [entry.action for entry in house.store.audit.of_incident(incident.id)]
        assert actions.count("post.gone") == 1
        monitor.close()
        house.close()
