"""The chain of audit entries: any change to any entry shows."""

from __future__ import annotations

from dataclasses import replace

from builders import NOON, person
from hypothesis import given
from hypothesis import strategies as st

from crisis import audit
from crisis.types import AuditEntry, Role

texts = st.text(max_size=20)
entries = st.builds(
    lambda action, what, after, drill: audit.entry(
        NOON, None, action, what, after=after, drill=drill
    ),
    texts,
    texts,
    st.dictionaries(texts, st.one_of(texts, st.integers(), st.none())),
    st.booleans(),
)


def chain(new: list[AuditEntry]) -> list[AuditEntry]:
    previous, placed = audit.BEGINNING, []
    for entry in new:
        placed.append(audit.chained(entry, previous))
        previous = placed[-1].hash
    return placed


@given(st.lists(entries, max_size=6))
def test_a_chain_as_written_is_whole(new: list[AuditEntry]) -> None:
    assert audit.first_broken(chain(new)) is None


@given(st.lists(entries, min_size=1, max_size=6), st.data())
def test_a_changed_missing_or_swapped_entry_is_found(new: list[AuditEntry], data) -> None:
    whole = chain(new)
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = [*whole]
    changed[at] = replace(whole[at], action=whole[at].action + "x")
    assert audit.first_broken(changed) is changed[at]
    if at + 1 < len(whole):
        missing = whole[:at] + whole[at + 1 :]
        assert audit.first_broken(missing) is whole[at + 1]
        swapped = [*whole]
        swapped[at], swapped[at + 1] = whole[at + 1], whole[at]
        assert audit.first_broken(swapped) is not None


def test_who_acted_is_a_number_so_that_the_name_can_be_forgotten() -> None:
    assert audit.actor(None) == "system"
    assert audit.actor(replace(person("Ana", Role.DUTY), id=3)) == "person:3"
