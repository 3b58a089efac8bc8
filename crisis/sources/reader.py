"""Bytes to posts in bounded time and memory: runs ``reading`` in a process that can be ended.

One process serves feed after feed, because starting it costs more than reading most feeds; where a
feed exhausts or kills it, that feed gets an error and the next one a new process. Reads nothing
itself and knows no format.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import crisis
from crisis.errors import FeedError
from crisis.sources import bulletins
from crisis.sources.worker import HEAD, error_from, packed, too_heavy
from crisis.types import FactCheck, FeedContent, FeedPost, Fetched, RumourStatus, SourceKind

START = 60.0  # seconds the process may take to start on a busy machine
_MAX_ANSWER = 100_000_000  # bytes; all text of a feed, escaped, is at most about a third of it
_PIECE = 1 << 16


class FeedReader:
    """Reads what was fetched; see ``interfaces.Reader``. Threads take turns; a fork gets its own process.

    ``seconds``: how long one feed may take. ``memory``: bytes of address space the process may have.
    ``certificate``: of a host of official warnings, PEM, what must have signed them; "" for nearly all.
    Close it, or use it in a ``with``.
    """

    def __init__(
        self,
        *,
        seconds: float = 10,
        memory: int = 1_000_000_000,
        certificate: Callable[[str], str] = lambda _host: "",
    ) -> None:
        self._certificate = certificate
        self._seconds = seconds
        self._memory = memory
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def read(self, fetched: Fetched, kind: SourceKind = SourceKind.FEED) -> FeedContent:
        """The posts in what was fetched. Raises FeedError, or TooLargeError if reading takes too much."""
        job = {
            "kind": kind.value,
            "url": fetched.url,
            "content_type": fetched.content_type,
            "bytes": len(fetched.body),
            "asked": fetched.asked,
            # By where the source is asked, not by where a list or a redirect leads.
            "certificate": self._certificate(urlsplit(fetched.asked).netloc) if kind.warns else "",
        }
        with self._lock:
            try:
                message = self._ask(packed(job) + fetched.body)
            except TimeoutError as error:
                self._end()
                raise too_heavy() from error
            except (OSError, EOFError, ValueError) as error:
                self._end()
                raise FeedError(
                    "Der Feed hat das Programm, das ihn las, zum Absturz gebracht. "
                    "Bitte den Betreiber der Quelle darauf hinweisen.",
                    "The feed crashed the program that read it. Please tell whoever runs the source.",
                ) from error
        if "content" not in message:
            raise error_from(message)
        return _content(message["content"])

    def close(self) -> None:
        """End the process. The reader may be used again and starts another."""
        with self._lock:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, job: bytes) -> dict[str, Any]:
        self._start()
        answer = _Exchange(*self._pipes(), time.monotonic() + self._seconds).run(job)
        message = json.loads(answer)
        if not isinstance(message, dict):
            raise ValueError("not an object")
        return message

    def _pipes(self) -> tuple[int, int]:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise EOFError("no process")
        return process.stdin.fileno(), process.stdout.fileno()

    def _start(self) -> None:
        """Have a process: ours, alive, and not one that belongs to whom we were forked from."""
        if (
            self._process is not None
            and self._owner == os.getpid()
            and self._process.poll() is None
        ):
            return
        if self._process is not None and self._owner == os.getpid():
            self._end()
        root = str(Path(crisis.__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
        command = [
            sys.executable,
            "-m",
            "crisis.sources.worker",
            str(self._seconds),
            str(self._memory),
        ]
        self._process = subprocess.Popen(  # noqa: S603, our own program and our own numbers
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C at the terminal is for us to handle
        )
        self._owner = os.getpid()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                os.set_blocking(pipe.fileno(), False)
        self._ask_nothing()

    def _ask_nothing(self) -> None:
        """Wait until the process has started, so that a feed's time is all its own."""
        pipes = self._pipes()
        _Exchange(*pipes, time.monotonic() + START).run(b"")

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


class _Exchange:
    """One job written to and one answer read from a process, both at once, until a deadline."""

    def __init__(self, giving: int, taking: int, deadline: float) -> None:
        self._giving = giving
        self._taking = taking
        self._deadline = deadline

    def run(self, job: bytes) -> bytes:
        """The answer. Raises TimeoutError, EOFError if the process ended, OSError, ValueError."""
        rest = memoryview(job)
        got = bytearray()
        with selectors.DefaultSelector() as pipes:
            pipes.register(self._taking, selectors.EVENT_READ)
            if rest:
                pipes.register(self._giving, selectors.EVENT_WRITE)
            while not _whole(got):
                for ready, _ in pipes.select(self._left()):
                    if ready.fd == self._taking:
                        got += self._take()
                        continue
                    rest = rest[os.write(self._giving, rest[:_PIECE]) :]
                    if not rest:
                        pipes.unregister(self._giving)
        return bytes(got[HEAD:])

    def _left(self) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def _take(self) -> bytes:
        piece = os.read(self._taking, _PIECE)
        if not piece:
            raise EOFError("the process ended")
        return piece


def _whole(got: bytearray) -> bool:
    """Whether a whole message is there. Raises ValueError for one that is none, or too large."""
    if len(got) < HEAD:
        return False
    length = int(got[:HEAD], 16)
    if length > _MAX_ANSWER:
        raise ValueError("answer too large")
    return len(got) >= HEAD + length


def _content(row: dict[str, Any]) -> FeedContent:
    posts = []
    for post in row["posts"]:
        published = post["published"]
        moment = datetime.fromisoformat(published) if published else None
        posts.append(FeedPost(**{**post, "published": moment}))
    return FeedContent(
        title=row["title"],
        lang=row["lang"],
        posts=tuple(posts),
        remarks=tuple(row["remarks"]),
        ask_every=row["ask_every"],
        cursor=row["cursor"],
        full=row["full"],
        hub=row["hub"],
        topic=row["topic"],
        checks=tuple(_check(check) for check in row["checks"]),
        bulletin=bulletins.made(row["bulletin"]),
    )


def _check(row: dict[str, Any]) -> FactCheck:
    published = row["published"]
    return FactCheck(
        **{
            **row,
            "status": RumourStatus(row["status"]),
            "published": date.fromisoformat(published) if published else None,
        }
    )
