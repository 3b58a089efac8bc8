"""``crisis oncall`` in the terminal."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner

from crisis import wiring
from crisis.cli import main
from crisis.types import Layer, Person, Policy, PolicyStep, Rhythm, Role, Target, TargetKind


@pytest.fixture
def run(tmp_path, monkeypatch):  # type: ignore[no-untyped-def]
    """A small town; gives what a command prints."""
    monkeypatch.setenv("CRISIS_INSTANCE", str(tmp_path))
    monkeypatch.setenv("CRISIS_LANG", "en")
    house = wiring.house(tmp_path, {"CRISIS_INSTANCE": str(tmp_path)})
    now = house.now()
    with house.store.transaction():
        ids = [
            house.store.people.add(
                Person(name=name, email=f"{name}@stadt.example", roles=frozenset({role})), now
            ).id
            for name, role in (("Ana", Role.DUTY), ("=Ben", Role.DUTY), ("Greta", Role.ADMIN))
        ]
        house.store.oncall.put_layer(
            Layer(
                name="Tag",
                people=(ids[0], ids[1]),
                rhythm=Rhythm.DAILY,
                begins=(now - timedelta(days=3)).date(),
            )
        )
        step = PolicyStep(targets=(Target(kind=TargetKind.LEVEL, level=1),))
        house.store.oncall.add_policy(
            Policy(
                steps=(step, PolicyStep(targets=(Target(kind=TargetKind.LEVEL, level=2),))),
                made=now,
            )
        )
    house.close()

    def ran(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(main, ["oncall", *words])
        assert result.exit_code == code, result.output
        return str(result.output)

    return ran


def test_who_is_on_call_and_who_comes(run) -> None:  # type: ignore[no-untyped-def]
    assert run("now").startswith("level 1\t")
    assert len(run("next", "--days", "5").splitlines()) >= 4


def test_the_trial_says_who_why_and_what_is_passed_over(run) -> None:  # type: ignore[no-untyped-def]
    said = run("dry-run", "--at", "2026-11-29T03:00", "--severity", "urgent")
    assert "because you are on call now (step 1 of 2)" in said
    assert "Greta\tbecause nobody before you answered" in said
    assert "step 2\tpassed over because nobody stands in it" in said
    assert "no point in time" in run("dry-run", "--at", "gestern", code=2)


def test_the_plan_as_a_file(run) -> None:  # type: ignore[no-untyped-def]
    sheet = run("export", "--days", "3").splitlines()
    assert sheet[0] == "level;from;until;who;instead of" and len(sheet) >= 4
    assert any("'=Ben" in line for line in sheet)
    assert run("export", "--format", "ics").startswith("BEGIN:VCALENDAR")
