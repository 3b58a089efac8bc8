"""Who may do what, over the whole table."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import person

from crisis.errors import NotAllowedError
from crisis.rights import RIGHTS, Act, may, require
from crisis.types import Role


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("role", Role)
def test_a_role_gives_what_the_table_says_and_nothing_else(act: Act, role: Role) -> None:
    somebody = person("Ana", role)
    assert may(somebody, act) == (role in RIGHTS[act])
    assert not may(replace(somebody, active=False), act)
    assert not may(replace(somebody, drill=True), act)
    assert may(replace(somebody, drill=True), act, drill=True) == (role in RIGHTS[act])


@pytest.mark.parametrize("act", Act)
def test_a_stranger_is_refused_with_a_reason_and_the_system_is_let_through(act: Act) -> None:
    with pytest.raises(NotAllowedError) as told:
        require(person("Dev"), act)
    assert "Rolle" in told.value.de and "role" in told.value.en
    require(None, act)


def test_every_act_is_in_the_table() -> None:
    assert set(RIGHTS) == set(Act)
    assert all(RIGHTS.values())
