"""Counts of scores: they add up, stand by day and model, and go when their time is over."""

from __future__ import annotations

from datetime import date, timedelta

from crisis.store import Store

MONDAY = date(2026, 11, 23)
SUNDAY = MONDAY - timedelta(days=1)


def test_counts_add_up_by_day_model_and_bin(store: Store) -> None:
    store.scores.add(SUNDAY, "3", {-101: 7})
    store.scores.add(MONDAY, "3", {-101: 5, 12: 1})
    store.scores.add(MONDAY, "3", {12: 2})
    store.scores.add(MONDAY, "3", {12: 4}, may_raise=False)
    store.scores.add(MONDAY, "2", {12: 100})
    store.scores.add(MONDAY, "3", {})
    assert store.scores.since(SUNDAY, "3") == {SUNDAY: {-101: 7}, MONDAY: {-101: 5, 12: 7}}
    assert store.scores.since(MONDAY, "3", may_raise=True) == {MONDAY: {-101: 5, 12: 3}}
    assert store.scores.since(MONDAY, "3", may_raise=False) == {MONDAY: {12: 4}}
    assert store.scores.models(MONDAY) == {"2": 100, "3": 12}
    assert store.scores.since(MONDAY, "unknown") == {}


def test_a_whole_batch_of_bins_is_one_statement(store: Store) -> None:
    store.scores.add(MONDAY, "3", dict.fromkeys(range(-101, 101), 1))
    assert sum(store.scores.since(MONDAY, "3")[MONDAY].values()) == 202


def test_old_counts_go(store: Store) -> None:
    store.scores.add(SUNDAY, "3", {1: 1})
    store.scores.add(MONDAY, "3", {1: 1})
    assert store.scores.forget(MONDAY) == 1
    assert list(store.scores.since(SUNDAY, "3")) == [MONDAY]
