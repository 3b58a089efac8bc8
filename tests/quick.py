"""What tests need again and again, made once in each process: an empty database, templates, addresses.

Making the database anew runs every migration (50 ms of the processor); a new application compiles every
template it shows (100 ms) and two functions for each of its 200 addresses (75 ms). All of it is tried for
itself elsewhere: ``tests/store``, and any real start.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from crisis.store import Store
from crisis.store.driver import PRAGMAS


@cache
def _empty() -> bytes:
    """A database of the present shape without a row, as its file."""
    folder = Path(tempfile.mkdtemp(prefix="klarstellung-"))
    try:
        Store(folder / "crisis.db").close()  # closing folds the journal into the file
        return (folder / "crisis.db").read_bytes()
    finally:
        shutil.rmtree(folder)


def empty_database(path: Path) -> Path:
    """Put an empty database at ``path``, its folder too; one that is there stays."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty())
    return path


class _Compiled(BytecodeCache):
    """Templates compiled by one application serve the next: they are the same files."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        kept = self._kept.get(bucket.key + bucket.checksum)
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def share_templates(app: Flask) -> None:
    """Let the application use what earlier ones compiled."""
    app.jinja_env.bytecode_cache = _COMPILED


def write_without_waiting() -> None:
    """Leave the disk alone at every commit: only a power cut would tell, and no test has one."""
    PRAGMAS["synchronous"] = "off"


def share_addresses() -> None:
    """Let the same address of a later application use the functions that were compiled for the first.

    They depend on nothing but what stands in the key; whose they are is given to them when called.
    """
    kept: dict[Any, Callable[..., tuple[str, str]]] = {}
    compiled = Rule._compile_builder

    def remembered(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        defaults = tuple(sorted((self.defaults or {}).items()))
        key = (self.rule, tuple(self._trace), defaults, append_unknown)
        if key not in kept:
            kept[key] = compiled(self, append_unknown)
        return kept[key]

    Rule._compile_builder = remembered  # type: ignore[method-assign]
