"""A rumour that grows: whoever has it hears of it at 30 posts and at 120, not a hundred times."""

from __future__ import annotations

from pathlib import Path

from people import TownHall

from crisis.types import AlertKind
from crisis.workflows import handle


def test_updates_come_by_thresholds_with_what_was_said_before(tmp_path: Path) -> None:
    hall = TownHall(tmp_path)
    incident = hall.rumour_spreads(14)
    assert hall.ana.person is not None
    handle.acknowledge(hall.store, incident.id, hall.ana.person, hall.now)
    for _ in range(110):
        hall.later(seconds=20)
        hall.sees("Das Trinkwasser ist vergiftet!")
    worse = [a for a in hall.store.alerts.of_incident(incident.id) if a.kind is AlertKind.WORSE]
    sent = [a for a in worse if a.state.value == "pending"]
    assert [a.posts for a in sent] == sorted(a.posts for a in sent)
    assert 1 <= len(sent) <= 3
    assert ", zuletzt " in sent[-1].subject
    assert "Damals waren es" in sent[-1].text
    hall.close()
