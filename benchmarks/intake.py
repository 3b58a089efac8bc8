"""How many everyday posts a second are taken in, from the socket to the database, with 10,000 rumours.

    python -m benchmarks.intake FOLDER [POSTS] [FROM]

``FROM`` is the number of posts to begin at. The folder's background posts are sent by a process of its own,
as events of a Jetstream over a real WebSocket, as JSON lines over a socket, and as ``POST /api/posts`` to the
real desk under gunicorn, whose spool is worked off beside it. Ours reads, sieves, screens and writes, exactly
as desk and monitor do. Counted is our processor time alone (of both processes), on one core; the claims of
the folder are enlarged to 10,000 rumours. Beside it in the same run: the bare screen
(``Index.match``).
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import Process, get_context
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

HERE = Path(__file__).parent
RUMOURS = 10_000
BATCH = 500


def main(arguments: list[str]) -> None:
    """Measure and print a Markdown table."""
    sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]
    from matching_data import folder, rows, rumours

    data = folder(arguments[:1])
    count = int(arguments[1]) if len(arguments) > 1 else 20_000
    first = int(arguments[2]) if len(arguments) > 2 else 0
    claims = list(enlarged(list(rows(data / "matching" / "en" / "claims.jsonl")), RUMOURS))
    posts = [
        row["text"] for lang in ("en", "de") for row in rows(data / "background" / f"{lang}.jsonl")
    ]
    posts = (posts * (1 + (first + count) // len(posts)))[first : first + count]
    catalogue = rumours(claims)
    print(f"{len(posts):,} everyday posts, {len(catalogue):,} rumours, one core\n")
    print("| way in | posts/s of the processor | of the clock | kept for triage |")
    print("|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as place:
        for name, run in (
            ("Jetstream", _jetstream),
            ("JSON lines", _lines),
            ("POST /api/posts", _posted),
        ):
            path = Path(place) / f"{run.__name__}.db"
            took, clock, kept = run(catalogue, posts, path)
            print(f"| {name} | {len(posts) / took:,.0f} | {len(posts) / clock:,.0f} | {kept} |")
        took = _screen(catalogue, posts, Path(place) / "screen.db")
        print(f"| the screen alone, from memory | {len(posts) / took:,.0f} | | |")


def enlarged(claims: list[dict[str, str]], size: int) -> Iterator[dict[str, str]]:
    """Claims, then copies of them in which four words of ten come from other claims."""
    draw = random.Random(5)
    pool = [word for claim in claims for word in claim["text"].split()]
    for number in range(size):
        claim = claims[number % len(claims)]
        if number < len(claims):
            yield claim
            continue
        words = claim["text"].split()
        mixed = " ".join(draw.choice(pool) if draw.random() < 0.4 else word for word in words)
        yield {"id": f"{claim['id']}-{number}", "text": mixed}


def _house(catalogue, path: Path):  # type: ignore[no-untyped-def]
    """A real store, the real index, and nothing else of a house."""
    sys.path.insert(0, str(HERE.parent / "tests"))
    from town import Town

    from crisis.matching import Index
    from crisis.store import Store

    store = Store(path)
    town = Town(store)
    with store.transaction():
        for rumour in catalogue:
            store.rumours.put(rumour, datetime.now(UTC))
    town.index = Index.build(catalogue, today=datetime.now(UTC).date())
    town.index.match(["warm up"] * 50)
    return town


def _jetstream(catalogue, posts: list[str], path: Path):  # type: ignore[no-untyped-def]
    from builders import source

    from crisis.sources.follow import Streams
    from crisis.types import SourceKind
    from crisis.workflows import listen

    town = _house(catalogue, path)
    place, sender = _sending(_as_websocket, [_event(n, text) for n, text in enumerate(posts)])
    with town.store.transaction():
        town.store.sources.add(
            source(url=f"ws://{place}/subscribe", kind=SourceKind.JETSTREAM, lang="")
        )
    streams = Streams(lambda *_: None, allowed_hosts=(place,))  # type: ignore[arg-type,return-value]
    house = town.house
    started, clock, new = time.process_time(), time.perf_counter(), 0
    streams.follow(town.store.sources.all())
    while new < len(posts):
        for heard in streams.heard(BATCH):
            new += listen.keep(house, heard, datetime.now(UTC))
        if not streams.waiting():
            time.sleep(0.001)
    took, clocked = time.process_time() - started, time.perf_counter() - clock
    streams.close()
    sender.kill()
    return took, clocked, town.store.posts.waiting()


def _lines(catalogue, posts: list[str], path: Path):  # type: ignore[no-untyped-def]
    from builders import source

    from crisis.types import FeedPost, Heard, SourceKind
    from crisis.workflows import listen

    town = _house(catalogue, path)
    lines = [json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(posts)]
    place, sender = _sending(_as_lines, lines)
    with town.store.transaction():
        kept = town.store.sources.add(
            source(url=f"ws://{place}/subscribe", kind=SourceKind.JETSTREAM, lang="")
        )
    house = town.house
    started, clock, new = time.process_time(), time.perf_counter(), 0
    host, _, port = place.partition(":")
    with socket.create_connection((host, int(port))) as line, line.makefile("rb") as file:
        while new < len(posts):
            fields = [json.loads(file.readline()) for _ in range(min(BATCH, len(posts) - new))]
            said = tuple(FeedPost(key=one["id"], text=one["text"]) for one in fields)
            new += listen.keep(house, Heard(source_id=kept.id, posts=said), datetime.now(UTC))
    took, clocked = time.process_time() - started, time.perf_counter() - clock
    sender.kill()
    return took, clocked, town.store.posts.waiting()


def _posted(catalogue, posts: list[str], path: Path):  # type: ignore[no-untyped-def]
    """To the desk as it runs, in lots of ``BATCH``; triaged here, as the monitor does."""
    from crisis.cli.init import prepare
    from crisis.scope import ALL
    from crisis.types import Person, Role, Scope
    from crisis.workflows import push, triage

    folder = path.parent / "desk"
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (folder / "settings.toml").write_text(
        f"[desk]\nport = {port}\nworkers = 1\n[monitor]\npushed_per_minute = 10000000\n"
        '[matching]\nencoder = "none"\n'
    )
    settings = prepare(folder)[1]
    town = _house(catalogue, settings.database)
    chief = town.store.people.add(
        Person(name="Iris", email="i@x.example", roles=frozenset({Role.ADMIN})), town.now
    )
    now = datetime.now(UTC)
    _token, secret = push.make(
        town.store, "benchmark", Scope.POSTS, 30, chief, now, lang="en", confirmed=[ALL]
    )
    desk, worker = _desk(settings, folder, port)
    lots = [
        "\n".join(json.dumps({"id": f"{at + n}", "text": text}) for n, text in enumerate(lot))
        for at in range(0, len(posts), BATCH)
        for lot in [posts[at : at + BATCH]]
    ]
    sender = get_context("fork").Process(target=_post, args=(port, secret, lots), daemon=True)
    started, clock, before = time.process_time(), time.perf_counter(), _spent(worker)
    sender.start()
    done, kept = 0, 0
    while done < len(posts):
        took = triage.triage(town.house, "benchmark", datetime.now(UTC))
        done += took
        if not took:
            time.sleep(0.005)
    here = time.process_time() - started
    spent, clocked = here + _spent(worker) - before, time.perf_counter() - clock
    kept = town.store._db.table("posts").count
    sender.kill()
    desk.terminate()
    desk.wait(20)
    return spent, clocked, kept


def _desk(settings, folder: Path, port: int):  # type: ignore[no-untyped-def]
    """The desk under gunicorn, once it answers; with the number of its one worker."""
    from crisis.cli.run import desk_command

    desk = subprocess.Popen(
        desk_command(settings), env={**os.environ, "CRISIS_INSTANCE": str(folder)}
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            if line.recv(100):
                break
        time.sleep(0.1)
    children = Path(f"/proc/{desk.pid}/task/{desk.pid}/children").read_text().split()
    return desk, int(children[0])


def _spent(process: int) -> float:
    """Seconds of the processor that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _post(port: int, secret: str, lots: list[str]) -> None:
    """The sender, a process of its own: one line, kept open as a listening tool would."""
    line = http.client.HTTPConnection("127.0.0.1", port)
    for number, lot in enumerate(lots):
        line.request(
            "POST",
            "/api/posts",
            lot.encode(),
            {
                "Authorization": f"Bearer {secret}",
                "Content-Type": "application/x-ndjson",
                "Idempotency-Key": f"lot-{number}",
            },
        )
        answer = line.getresponse()
        said = answer.read()
        if answer.status != 202:
            raise SystemExit(f"{answer.status} {said!r}")
    time.sleep(600)


def _screen(catalogue, posts: list[str], path: Path) -> float:  # type: ignore[no-untyped-def]
    index = _house(catalogue, path).index
    started = time.process_time()
    for at in range(0, len(posts), BATCH):
        index.match(posts[at : at + BATCH], top=1)
    return time.process_time() - started


def _event(number: int, text: str) -> str:
    record = {
        "$type": "app.bsky.feed.post",
        "text": text,
        "createdAt": (datetime(2026, 3, 2, tzinfo=UTC) + timedelta(seconds=number)).isoformat(),
        "langs": ["en"],
        "reply": {"parent": {"cid": "b" * 59, "uri": "at://did:plc:x/app.bsky.feed.post/3k"}},
    }
    commit = {"rev": "3k", "operation": "create", "collection": "app.bsky.feed.post"}
    commit |= {"rkey": f"r{number}", "record": record, "cid": "b" * 59}  # type: ignore[dict-item]
    return json.dumps(
        {
            "did": "did:plc:x",
            "time_us": 1_700_000_000_000_000 + number,
            "kind": "commit",
            "commit": commit,
        }
    )


# --- the sender, a process of its own --------------------------------------------------------


def _sending(how: Callable[[list[str]], Iterator[bytes]], said: list[str]) -> tuple[str, Process]:
    listener = socket.create_server(("127.0.0.1", 0))
    sender = get_context("fork").Process(target=_send, args=(listener, how, said), daemon=True)
    sender.start()
    place = f"127.0.0.1:{listener.getsockname()[1]}"
    listener.close()
    return place, sender  # type: ignore[return-value]


def _send(
    listener: socket.socket, how: Callable[[list[str]], Iterator[bytes]], said: list[str]
) -> None:
    line, _ = listener.accept()
    if how is _as_websocket:
        head = b""
        while b"\r\n\r\n" not in head:
            head += line.recv(65536)
        key = next(r for r in head.split(b"\r\n") if r.lower().startswith(b"sec-websocket-key"))
        magic = key.split(b": ")[1] + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        accept = base64.b64encode(hashlib.sha1(magic).digest())
        line.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
    for piece in how(said):
        line.sendall(piece)
    time.sleep(600)


def _as_websocket(said: list[str]) -> Iterator[bytes]:
    for text in said:
        data = text.encode()
        length = len(data)
        head = bytes([0x81, length]) if length < 126 else b"\x81\x7e" + length.to_bytes(2, "big")
        yield head + data


def _as_lines(said: list[str]) -> Iterator[bytes]:
    yield from (text.encode() for text in said)


if __name__ == "__main__":
    main(sys.argv[1:])
