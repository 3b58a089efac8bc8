"""Databases kept open from one request to the next."""

from __future__ import annotations

import os
import shutil
import threading
from pathlib import Path

import pytest

from crisis.store import Store
from crisis.store.pool import Pool


@pytest.fixture
def path(tmp_path: Path) -> Path:
    Store(tmp_path / "crisis.db").close()
    return tmp_path / "crisis.db"


def test_the_same_database_is_handed_out_again(path: Path) -> None:
    pool = Pool()
    first = pool.take(path)
    pool.give(first)
    assert pool.take(path) is first
    assert pool.take(path) is not first, "nobody shares it"


def test_what_another_process_wrote_is_seen(path: Path) -> None:
    pool = Pool()
    kept = pool.take(path)
    assert kept.live.version(("rumours",)) == 0
    pool.give(kept)
    with Store(path) as other, other.transaction():
        other._db.execute("update changes set version = 7 where topic = 'rumours'")
    assert pool.take(path).live.version(("rumours",)) == 7


def test_threads_use_it_one_after_the_other(path: Path) -> None:
    pool = Pool()
    store = pool.take(path)
    pool.give(store)
    seen: list[int] = []

    def work() -> None:
        mine = pool.take(path)
        seen.append(mine.posts.waiting())
        pool.give(mine)

    for _ in range(3):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert seen == [0, 0, 0]
    assert pool.take(path) is store


def test_a_store_left_in_a_transaction_is_not_handed_out(path: Path) -> None:
    pool = Pool()
    store = pool.take(path)
    store._db.execute("begin immediate")
    pool.give(store)
    again = pool.take(path)
    assert again is not store
    with again.transaction():
        pass  # nobody holds the database any more


def test_a_restored_backup_is_opened_anew(path: Path, tmp_path: Path) -> None:
    pool = Pool()
    store = pool.take(path)
    pool.give(store)
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    os.replace(copy, path)
    assert pool.take(path) is not store


def test_no_file_no_store_kept(path: Path, tmp_path: Path) -> None:
    pool = Pool()
    store = pool.take(path)
    for file in tmp_path.glob("crisis.db*"):
        file.unlink()
    pool.give(store)
    assert pool.take(path) is not store, "a fresh one, as ever"


def test_no_more_are_kept_than_wanted(path: Path) -> None:
    pool = Pool(most=1)
    first, second = pool.take(path), pool.take(path)
    pool.give(first)
    pool.give(second)
    assert pool.take(path) is first
    assert pool.take(path) is not second
    pool.give(first)
    pool.close()
    assert pool.take(path) is not first


def test_another_database_is_another_store(path: Path, tmp_path: Path) -> None:
    pool = Pool()
    store = pool.take(path)
    pool.give(store)
    other = pool.take(tmp_path / "other.db")
    assert other.path != store.path


def test_a_fork_opens_its_own(path: Path) -> None:
    pool = Pool()
    store = pool.take(path)
    pool.give(store)
    pool._process -= 1  # as after a fork
    assert pool.take(path) is not store
