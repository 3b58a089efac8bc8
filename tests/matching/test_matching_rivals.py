"""How a phrasing stands among a post's other candidates."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from crisis.matching.features import NAMES, PAIR, with_rivals

_ROW = st.tuples(st.integers(0, 3), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))


@given(st.lists(_ROW, min_size=1, max_size=9))
def test_the_lead_is_over_the_best_phrasing_of_another_rumour(
    candidates: list[tuple[int, float, float, float]],
) -> None:
    pairs = np.zeros((len(candidates), len(PAIR)))
    for row, (_, words, letters, soft) in zip(pairs, candidates, strict=True):
        row[0], row[PAIR.index("parts_covered")], row[PAIR.index("soft_covered")] = (
            words,
            letters,
            soft,
        )
    owners = [owner for owner, *_ in candidates]
    found = with_rivals(pairs, owners, 10)
    for name, place in (("lead", 1), ("lead_letters", 2), ("lead_soft", 3)):
        for row, one in zip(found, candidates, strict=True):
            others = [other[place] for other in candidates if other[0] != one[0]]
            assert row[NAMES.index(name)] == one[place] - max(others, default=0.0)
