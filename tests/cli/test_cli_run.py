"""``crisis run``: what it starts, it keeps, and it leaves nothing behind. Real processes throughout."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crisis.cli.run import answers, check_port, desk_command, no_port
from crisis.errors import SettingsError
from crisis.settings import load

# Stands in for "crisis run": supervises what the test names on the command line.
SUPERVISOR = """
import sys
from crisis.cli import supervise
from crisis.cli.supervise import Child

supervise.PATIENCE, supervise.FIRST_DELAY = 2.0, 0.2
children = [
    Child(f"Nr{number}", [sys.executable, "-u", "-c", code], delay=0.2)
    for number, code in enumerate(sys.argv[1:])
]
supervise.supervise(children, on_ready=lambda: print("BEREIT", flush=True))
print("ENDE", flush=True)
"""
SLEEPER = "import os, time; print('pid', os.getpid()); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEPER
PARENT = (
    "import os, subprocess, sys, time\n"
    f"subprocess.Popen([sys.executable, '-u', '-c', {SLEEPER!r}])\n"
    "time.sleep(600)"
)
CRASHING = "print('kaputt'); raise SystemExit(3)"
# A desk small enough for a test, behind the very gunicorn command of "crisis run".
APP = """
import os

def create_app():
    print("worker", os.getpid(), flush=True)
    def app(environ, start_response):
        start_response("200 OK", [])
        return [b"hier"]
    return app
"""


class Run:
    """A supervisor as its own process, and what it has printed."""

    def __init__(self, command: list[str], environ: dict[str, str], cwd: Path) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=cwd,
            env={**os.environ, "CRISIS_LANG": "de", **environ},
        )

    def until(self, *wanted: str) -> list[str]:
        """Read until each of ``wanted`` has appeared in some line; return all lines so far."""
        assert self.process.stdout is not None
        while not all(any(words in line for line in self.lines) for words in wanted):
            line = self.process.stdout.readline()
            assert line, f"ended before {wanted}: {self.lines}"
            self.lines.append(line.rstrip())
        return self.lines

    def pids(self, word: str = "pid") -> list[int]:
        """The process ids that children have printed after ``word``."""
        found = [line.split(f"{word} ")[1] for line in self.lines if f"{word} " in line]
        return [int(pid) for pid in found]

    def ask(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self) -> tuple[int, float]:
        """Wait for the end; the exit code, and how many seconds it took."""
        start = time.monotonic()
        rest, _ = self.process.communicate(timeout=30)
        self.lines += rest.splitlines()
        return self.process.returncode, time.monotonic() - start


def alive(pid: int) -> bool:
    """Whether the process runs; one that only waits to be collected does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def gone(pids: list[int], seconds: float = 10) -> bool:
    """Whether all have ended within ``seconds``."""
    deadline = time.monotonic() + seconds
    while any(map(alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(alive, pids))


@pytest.fixture
def start(tmp_path: Path) -> Iterator[object]:
    """Start a supervisor of the given children; nothing of it outlives the test."""
    runs: list[Run] = []

    def begin(*codes: str, script: str = SUPERVISOR, **environ: str) -> Run:
        run = Run([sys.executable, "-u", "-c", script, *codes], environ, tmp_path)
        runs.append(run)
        return run

    yield begin
    for run in runs:
        run.process.kill()
        run.process.communicate()
        for pid in run.pids() + run.pids("worker"):
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_ends_all_children_within_seconds(start, number) -> None:  # type: ignore[no-untyped-def]
    run = start(SLEEPER, SLEEPER)
    run.until("BEREIT", "Nr0          | pid", "Nr1          | pid")
    run.ask(number)
    code, seconds = run.end()
    assert code == 0
    assert seconds < 5
    assert run.lines[-1] == "ENDE"
    assert gone(run.pids(), 0)


def test_a_killed_supervisor_leaves_no_orphan(start) -> None:  # type: ignore[no-untyped-def]
    run = start(SLEEPER, SLEEPER)
    run.until("Nr0          | pid", "Nr1          | pid")
    run.ask(signal.SIGKILL)
    assert len(run.pids()) == 2
    assert gone(run.pids())


def test_a_crashed_child_starts_again_later_and_later(start) -> None:  # type: ignore[no-untyped-def]
    run = start(CRASHING, SLEEPER)
    run.until("in 0.2 s", "in 0.4 s", "in 0.8 s")
    assert "Nr0 ist abgebrochen (Code 3); neuer Start in 0.2 s." in run.lines
    run.until("| pid")
    (other,) = run.pids()
    assert alive(other)  # one child's crash is not the other's
    run.ask(signal.SIGTERM)
    assert run.end()[0] == 0


def test_a_crash_after_a_calm_time_counts_as_the_first(start) -> None:  # type: ignore[no-untyped-def]
    run = start(CRASHING, script=SUPERVISOR.replace("PATIENCE,", "CALM = 0.0; supervise.PATIENCE,"))
    run.until("in 0.2 s")
    run.lines.clear()
    run.until("in 0.2 s")
    assert not [line for line in run.lines if "0.4 s" in line]
    run.ask(signal.SIGTERM)
    assert run.end()[0] == 0


def test_a_child_that_is_killed_starts_again(start) -> None:  # type: ignore[no-untyped-def]
    run = start(SLEEPER)
    run.until("| pid")
    (first,) = run.pids()
    os.kill(first, signal.SIGKILL)
    run.until("abgebrochen (SIGKILL)")
    run.lines.clear()
    run.until("| pid")
    assert run.pids() != [first]
    run.ask(signal.SIGTERM)
    assert run.end()[0] == 0


def test_a_child_that_will_not_end_is_made_to(start) -> None:  # type: ignore[no-untyped-def]
    run = start(STUBBORN)
    run.until("| pid")
    run.ask(signal.SIGINT)
    code, seconds = run.end()
    assert code == 0
    assert 1.5 < seconds < 8
    assert "Nr0 endet nicht von selbst und wird beendet." in run.lines
    assert gone(run.pids(), 0)


def test_who_asks_twice_does_not_wait(start) -> None:  # type: ignore[no-untyped-def]
    run = start(STUBBORN)
    run.until("| pid")
    run.ask(signal.SIGINT)
    time.sleep(0.3)
    run.ask(signal.SIGINT)
    assert run.end()[1] < 1.5
    assert gone(run.pids(), 0)


def test_what_a_child_has_started_ends_with_it(start) -> None:  # type: ignore[no-untyped-def]
    run = start(PARENT)
    run.until("| pid")
    run.ask(signal.SIGTERM)
    assert run.end()[0] == 0
    assert gone(run.pids())


def test_a_child_does_not_start_for_a_parent_that_is_gone() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crisis.cli.tether", "1", "echo", "da"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")


# --- the desk's own server -------------------------------------------------------------------


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def desk(tmp_path: Path, port: int) -> str:
    """Code that becomes gunicorn, called as ``crisis run`` calls it, with a small app."""
    (tmp_path / "small.py").write_text(APP, encoding="utf-8")
    command = list(desk_command(load(tmp_path, {"PORT": str(port)})))
    command[3] = "small:create_app()"
    return f"import os; os.execv({command[0]!r}, {command!r})"


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while not answers("127.0.0.1", port):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(("number", "seconds"), [(signal.SIGINT, 8.0), (signal.SIGKILL, 15.0)])
def test_gunicorn_and_its_workers_end_with_the_supervisor(  # type: ignore[no-untyped-def]
    start, tmp_path: Path, port: int, number: signal.Signals, seconds: float
) -> None:
    run = start(desk(tmp_path, port))
    wait_for(port)
    run.until("worker ")
    while len(run.pids("worker")) < 2:  # both of them
        run.lines.append(run.process.stdout.readline().rstrip())
    run.ask(number)
    assert gone(run.pids("worker"), seconds)
    assert not answers("127.0.0.1", port)


def test_the_desk_listens_where_the_settings_say(tmp_path: Path) -> None:
    settings = load(tmp_path, {"CRISIS_DESK_HOST": "::1", "CRISIS_DESK_WORKERS": "3"})
    command = desk_command(settings)
    assert command[command.index("--bind") + 1] == "[::1]:8000"
    assert command[command.index("--workers") + 1] == "3"


def test_a_taken_port_is_said_plainly_with_another_to_take(port: int) -> None:
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(SettingsError) as caught,
    ):
        check_port("127.0.0.1", port)
    assert f"Port {port} ist schon vergeben" in caught.value.de
    assert f"PORT={port + 1} make run" in caught.value.de
    assert f"PORT={port + 1} make run" in caught.value.en


def test_a_port_of_the_administrator_is_said_plainly() -> None:
    error = no_port("127.0.0.1", 80, PermissionError(errno.EACCES, "Permission denied"))
    assert "Systemverwalter" in error.de


def test_the_last_port_of_all_has_no_next_one() -> None:
    error = no_port("127.0.0.1", 65535, OSError(errno.EADDRINUSE, "in use"))
    assert "PORT=8000" in error.de


def test_a_terminal_that_went_away_is_no_reason_to_stop() -> None:
    """The reader of what is printed ends first, as a closed window does."""
    reading, writing = os.pipe()
    os.close(reading)
    code = "from crisis.cli.supervise import say; say('eins'); say('zwei')"
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=writing, stderr=subprocess.PIPE, check=False
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_free_port_is_fine_and_stays_free(port: int) -> None:
    check_port("127.0.0.1", port)
    check_port("127.0.0.1", port)
    assert not answers("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"Cannot listen on 192\.0\.2\.1"):
        check_port("192.0.2.1", 8000)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(SettingsError, match="unknown"):
        check_port("kein-rechner.invalid", 8000)
