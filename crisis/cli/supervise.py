"""Keep a few processes running: start, restart with growing delay, end all together.

Does not know what they do, and keeps nothing beyond its own life; who needs more (start at boot,
limits) takes the systemd units of ``deploy/``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

from crisis.cli.words import t

FIRST_DELAY = 1.0  # seconds before the first restart; doubles with every crash
LONGEST_DELAY = 30.0
CALM = 60.0  # a process that ran this long starts again with the first delay
PATIENCE = 10.0  # seconds for an orderly end: the monitor's step and the desk's last requests
TICK = 0.1
NAME_WIDTH = 13  # "Arbeitsplatz " is the longest name

Say = Callable[[str], None]


@dataclass(slots=True)
class Child:
    """One process to keep: what it is called in the log, and its command."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str] | None = None  # None: ours
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    delay: float = FIRST_DELAY
    due: float = 0.0  # when to start it, on the monotonic clock
    readers: list[threading.Thread] = field(default_factory=list)


def say(line: str) -> None:
    """Print one line at once; a terminal that went away is no reason to stop."""
    try:
        print(line, flush=True)
    except OSError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - for the rest of our life


def supervise(
    children: Sequence[Child],
    *,
    ready: Callable[[], bool] = lambda: True,
    on_ready: Callable[[], None] = lambda: None,
    say: Say = say,
) -> None:
    """Run ``children`` until Ctrl-C, SIGTERM or SIGHUP; then end them all and return.

    ``on_ready`` is called once, as soon as ``ready`` says so. Call from the main thread: signals
    and the tie to the parent belong to it.
    """
    stop = threading.Event()

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        if stop.is_set():  # asked twice: somebody is in a hurry
            _kill(children)
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, ask_to_stop) for number in numbers}
    waiting = True
    try:
        while not stop.is_set():
            for child in children:
                _tend(child, say)
            if waiting and ready():
                waiting = False
                on_ready()
            stop.wait(TICK)
    finally:
        _end(children, say)
        for number, handler in before.items():
            signal.signal(number, handler)


def _tend(child: Child, say: Say) -> None:
    """Start the child where it is due; plan its restart where it has ended."""
    now = time.monotonic()
    if child.process is None:
        if now >= child.due:
            _start(child, say)
        return
    code = child.process.poll()
    if code is None:
        return
    if now - child.started >= CALM:
        child.delay = FIRST_DELAY
    say(
        t(
            f"{child.name} ist abgebrochen ({_ending(code)}); neuer Start in {child.delay:g} s.",
            f"{child.name} has crashed ({_ending(code)}); starting again in {child.delay:g} s.",
        )
    )
    _reap(child, child.process)
    child.due = now + child.delay
    child.delay = min(child.delay * 2, LONGEST_DELAY)


def _ending(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"Code {code}"


def _start(child: Child, say: Say) -> None:
    child.process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "crisis.cli.tether", str(os.getpid()), *child.command],
        env=child.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        # A session of its own: Ctrl-C reaches us alone, and we end the children in order.
        start_new_session=True,
    )
    child.started = time.monotonic()
    reader = threading.Thread(target=_relay, args=(child.name, child.process.stdout, say))
    reader.daemon = True
    reader.start()
    child.readers = [reader]


def _relay(name: str, stream: IO[str], say: Say) -> None:
    """Pass on what a child prints, line by line, with its name before it."""
    for line in stream:
        say(f"{name:<{NAME_WIDTH}}| {line.rstrip()}")


def _reap(child: Child, process: subprocess.Popen[str]) -> None:
    """Leave nothing of an ended child: its own children, the thread, the pipe."""
    _signal(process, signal.SIGKILL)  # workers it may have left behind
    for reader in child.readers:
        reader.join(timeout=1)
    with process:  # closes the pipe
        child.process = None


def _signal(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """To the child and all that it started; they share its session's group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _kill(children: Sequence[Child]) -> None:
    for child in children:
        if child.process is not None:
            _signal(child.process, signal.SIGKILL)


def _end(children: Sequence[Child], say: Say) -> None:
    """Ask every child to end, wait, insist where one does not."""
    running = [(child, child.process) for child in children if child.process is not None]
    for _, process in running:
        process.terminate()
    deadline = time.monotonic() + PATIENCE
    for child, process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(
                t(
                    f"{child.name} endet nicht von selbst und wird beendet.",
                    f"{child.name} does not end by itself and is killed.",
                )
            )
            _signal(process, signal.SIGKILL)
            process.wait()
        _reap(child, process)
