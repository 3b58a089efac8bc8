"""The process in which feeds are read: ``python -m crisis.sources.worker``. Started by ``reader`` only.

A job is two lines' worth on standard input: the length of a JSON object (8 hex digits and a line end),
the object, then the body it announces; the answer comes back the same way. No pickles: whatever a
feed may do to this process, what it says is only data to the other. It ends when its input ends, when
a job takes more processor time than allowed, or when memory runs out; the reader starts another.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from dataclasses import asdict
from importlib import import_module
from typing import Any, BinaryIO

from crisis.errors import CrisisError, FeedError, TooLargeError
from crisis.sources import bulletins, read
from crisis.types import FactCheck, FeedContent, SourceKind

HEAD = 9  # bytes before each message: 8 hexadecimal digits and a line end


def main(taking: BinaryIO, giving: BinaryIO, *, seconds: float, memory: int) -> None:
    """Read one feed after the other until the input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(2_000)
    giving.write(packed({"ready": True}))
    giving.flush()
    while job := _message(taking):
        body = taking.read(job["bytes"])
        _bound_time(seconds)
        giving.write(answer(job, body))
        giving.flush()


def answer(job: dict[str, Any], body: bytes) -> bytes:
    """What came of one job, packed: the content, or the error in both languages."""
    kind = SourceKind(job["kind"])
    try:
        content = read(
            kind,
            body,
            url=job["url"],
            content_type=job["content_type"],
            asked=job.get("asked", ""),
            certificate=job.get("certificate", ""),
        )
        return packed({"content": _plain(content)})
    except CrisisError as error:
        return _failed(error)
    except (MemoryError, RecursionError):
        return _failed(too_heavy())


def too_heavy() -> TooLargeError:
    """The error for a feed that needs more time or memory than a feed may."""
    return TooLargeError(
        "Der Feed ist zu groß oder zu verschachtelt; das Lesen wurde abgebrochen.",
        "The feed is too large or too deeply nested; reading it was stopped.",
    )


def packed(message: dict[str, Any]) -> bytes:
    """A message as it goes through the pipe."""
    data = json.dumps(message, separators=(",", ":")).encode("ascii")
    return b"%08x\n" % len(data) + data


def error_from(message: dict[str, Any]) -> CrisisError:
    """The error a worker reported."""
    kind = TooLargeError if message.get("error") == "TooLargeError" else FeedError
    return kind(str(message.get("de", "")), str(message.get("en", "")))


def _failed(error: CrisisError) -> bytes:
    return packed({"error": type(error).__name__, "de": error.de, "en": error.en})


def _message(taking: BinaryIO) -> dict[str, Any] | None:
    head = taking.read(HEAD)
    if len(head) < HEAD:
        return None
    job: dict[str, Any] = json.loads(taking.read(int(head, 16)))
    return job


def _bound_time(seconds: float) -> None:
    """Let the system end us if this job takes more processor time than it may, reader or no reader."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _plain(content: FeedContent) -> dict[str, Any]:
    posts = []
    for post in content.posts:
        row = asdict(post)
        row["published"] = post.published.isoformat() if post.published else None
        posts.append(row)
    return {
        "title": content.title,
        "lang": content.lang,
        "remarks": list(content.remarks),
        "ask_every": content.ask_every,
        "posts": posts,
        "cursor": content.cursor,
        "checks": [_plain_check(check) for check in content.checks],
        "full": content.full,
        "hub": content.hub,
        "topic": content.topic,
        "bulletin": bulletins.plain(content.bulletin),
    }


def _plain_check(check: FactCheck) -> dict[str, Any]:
    """What a reader knows of a published check; the rest is ours to say."""
    return {
        "claim": check.claim,
        "claimed": check.claimed,
        "url": check.url,
        "verdict": check.verdict,
        "status": check.status.value,
        "publisher": check.publisher,
        "published": check.published.isoformat() if check.published else None,
        "lang": check.lang,
    }


def _own_output() -> BinaryIO:
    """Standard output for us alone: what a library prints by chance goes nowhere."""
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return os.fdopen(kept, "wb")


if __name__ == "__main__":
    import_module("crisis.sources.reading")  # before the clock of the first feed runs
    main(sys.stdin.buffer, _own_output(), seconds=float(sys.argv[1]), memory=int(sys.argv[2]))
