"""Which of the two models that come with the program judges: words alone, or meaning as well.

Every process must know, since thresholds, counts and learning belong to one model; only the process that
opened the encoder can tell. So it leaves a fact. Learned models: see ``workflows.learn``.
"""

from __future__ import annotations

from crisis.interfaces import Store
from crisis.matching import shipped_model
from crisis.matching.scorer import Model

MEANING = "matching.meaning"
"""Fact: the name of the encoder that compares meaning; empty without one."""


def shipped(store: Store) -> Model:
    """The model that comes with the program: the one that compares meaning where there is an encoder."""
    return shipped_model(meaning=bool(store.facts.get(MEANING)))
