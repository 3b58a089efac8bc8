"""Reading in a process of its own: what comes through, what is stopped, what survives."""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crisis.errors import FeedError, TooLargeError
from crisis.sources import reader as room
from crisis.sources import worker
from crisis.sources.reader import FeedReader
from crisis.sources.reading import read
from crisis.types import Fetched

DATA = Path(__file__).parent.parent / "data" / "feeds"
GOOD = (DATA / "stadt.rss").read_bytes()
# An author that sends feedparser's search for e-mail addresses round in squares.
SLOW = b"<rss><channel><item><author>" + b"a." * 150_000 + b"@</author></item></channel></rss>"


@pytest.fixture
def reader() -> Iterator[FeedReader]:
    with FeedReader(seconds=20) as reader:
        yield reader


def fetched(body: bytes) -> Fetched:
    return Fetched(body=body, url="https://gespraech.example/feed", content_type="text/xml")


def pid(reader: FeedReader) -> int:
    """The process that reads."""
    process = reader._process
    assert process is not None
    return process.pid


@pytest.mark.parametrize("name", ["stadt.rss", "verein.json", "abgebrochen.rss", "leer.rss"])
def test_what_the_process_reads_is_what_would_be_read_here(reader: FeedReader, name: str) -> None:
    body = (DATA / name).read_bytes()
    assert reader.read(Fetched(body=body, url="")) == read(body)


def test_one_process_serves_feed_after_feed_errors_included(reader: FeedReader) -> None:
    reader.read(fetched(GOOD))
    first = pid(reader)
    with pytest.raises(FeedError, match="web page") as caught:
        reader.read(fetched(b"<html></html>"))
    assert "Webseite" in caught.value.de
    assert len(reader.read(fetched(GOOD)).posts) == 2
    assert pid(reader) == first


def test_a_feed_that_takes_too_long_is_stopped_and_the_next_is_read() -> None:
    with FeedReader(seconds=1) as reader:
        start = time.monotonic()
        with pytest.raises(TooLargeError, match="stopped"):
            reader.read(fetched(SLOW))
        assert time.monotonic() - start < 30
        assert len(reader.read(fetched(GOOD)).posts) == 2


def test_a_process_that_dies_is_replaced(reader: FeedReader) -> None:
    reader.read(fetched(GOOD))
    first = pid(reader)
    os.kill(first, signal.SIGKILL)
    os.waitid(os.P_PID, first, os.WEXITED | os.WNOWAIT)
    assert len(reader.read(fetched(GOOD)).posts) == 2
    assert pid(reader) != first


def test_a_process_that_dies_while_reading_costs_one_feed_only() -> None:
    with FeedReader(seconds=60) as reader:
        reader.read(fetched(GOOD))
        killer = threading.Timer(0.3, os.kill, (pid(reader), signal.SIGKILL))
        killer.start()
        with pytest.raises(FeedError, match="crashed"):
            reader.read(fetched(SLOW))
        killer.join()
        assert len(reader.read(fetched(GOOD)).posts) == 2


def test_memory_is_bounded() -> None:
    with FeedReader(seconds=60, memory=300_000_000) as reader:
        with pytest.raises((TooLargeError, FeedError)):
            reader.read(fetched(b"<rss><channel><item>" + b"<title>x</title>" * 6_000_000))
        assert len(reader.read(fetched(GOOD)).posts) == 2


@pytest.mark.parametrize("program", ["/gibt/es/nicht", "/bin/false"])
def test_a_process_that_cannot_start_is_an_error(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", program)
    with FeedReader() as reader, pytest.raises(FeedError, match="crashed"):
        reader.read(fetched(GOOD))


def test_a_large_body_and_a_large_answer_go_through(reader: FeedReader) -> None:
    item = "<item><guid>{}</guid><title>{}</title></item>"
    items = "".join(item.format(n, f"Wort{n} " * 300) for n in range(1_500))
    body = f"<rss><channel>{items}</channel></rss>".encode()
    assert len(body) > 3_000_000
    assert len(reader.read(fetched(body)).posts) == 1_500


def test_threads_take_turns(reader: FeedReader) -> None:
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(len(reader.read(fetched(GOOD)).posts)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [2] * 8


def test_a_closed_reader_starts_again(reader: FeedReader) -> None:
    reader.read(fetched(GOOD))
    reader.close()
    reader.close()
    assert len(reader.read(fetched(GOOD)).posts) == 2


def test_a_fork_gets_a_process_of_its_own_and_leaves_ours_alone() -> None:
    """In a program of its own, since forking this one would copy its threads."""
    program = (
        "import os, sys\n"
        "from crisis.sources.reader import FeedReader\n"
        "from crisis.types import Fetched\n"
        "feed = Fetched(body=b'<rss><channel><item><title>x</title></item></channel></rss>', url='')\n"
        "reader = FeedReader()\n"
        "reader.read(feed)\n"
        "ours = reader._process.pid\n"
        "if os.fork() == 0:\n"
        "    reader.read(feed)\n"
        "    other = reader._process.pid != ours\n"
        "    reader.close()\n"
        "    os._exit(0 if other else 1)\n"
        "_, status = os.wait()\n"
        "reader.read(feed)\n"
        "print(status, reader._process.pid == ours)\n"
        "reader.close()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.split() == [b"0", b"True"]


@pytest.mark.parametrize(
    "answer", [b"00000002\n[]", b"ffffffff\n", b"quatsch!\n", b"00000001\n{", b""]
)
def test_a_process_that_answers_nonsense_is_not_believed(
    reader: FeedReader, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.read(fetched(GOOD))
    taking, giving = os.pipe()
    os.write(giving, answer)
    os.close(giving)
    sink = os.open(os.devnull, os.O_WRONLY)
    # The pipes of a hijacked process: what it sends is only data.
    monkeypatch.setattr(reader, "_pipes", lambda: (sink, taking))
    monkeypatch.setattr(room, "selectors", _Plain)
    with pytest.raises(FeedError, match="crashed"):
        reader.read(fetched(GOOD))
    os.close(taking)
    os.close(sink)


class _Plain:
    """Selectors that also take /dev/null, which epoll refuses."""

    import selectors as _real

    DefaultSelector = _real.SelectSelector
    EVENT_READ = _real.EVENT_READ
    EVENT_WRITE = _real.EVENT_WRITE


# --- the other side, in this process ---------------------------------------------------------


def job(body: bytes, **more: object) -> bytes:
    head = {"kind": "feed", "url": "", "content_type": "", "bytes": len(body), **more}
    return worker.packed(head) + body


def messages(stream: bytes) -> list[dict[str, object]]:
    found = []
    while stream:
        length = int(stream[: worker.HEAD], 16)
        found.append(json.loads(stream[worker.HEAD : worker.HEAD + length]))
        stream = stream[worker.HEAD + length :]
    return found


def test_the_worker_answers_job_after_job_until_its_input_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Its bounds are for a process of its own; here they would hold for the tests.
    bounds: list[object] = []
    monkeypatch.setattr(resource, "setrlimit", lambda *bound: bounds.append(bound))
    limit = sys.getrecursionlimit()
    giving = io.BytesIO()
    taking = io.BytesIO(job(GOOD) + job(b"") + job(b"[]"))
    worker.main(taking, giving, seconds=5, memory=10**9)
    sys.setrecursionlimit(limit)
    ready, good, empty, other = messages(giving.getvalue())
    assert ready == {"ready": True}
    assert set(good) == {"content"}
    assert [empty["error"], other["error"]] == ["FeedError", "FeedError"]
    assert len(bounds) == 5


@pytest.mark.parametrize("failure", [MemoryError, RecursionError])
def test_exhaustion_is_told_as_too_large(
    failure: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhaust(*_args: object, **_options: object) -> None:
        raise failure

    monkeypatch.setattr(worker, "read", exhaust)
    head = {"kind": "feed", "url": "", "content_type": ""}
    (message,) = messages(worker.answer(head, b""))
    assert message["error"] == "TooLargeError"
    assert isinstance(worker.error_from(message), TooLargeError)
