"""``crisis run`` as people call it: desk and monitor together, from nothing to Ctrl-C."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey


def run(tmp_path: Path, port: int) -> subprocess.Popen[str]:
    """``crisis run`` on an instance that does not exist yet."""
    return subprocess.Popen(
        [sys.executable, "-m", "crisis", "run"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "CRISIS_LANG": "de", "PORT": str(port)},
    )


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_a_newcomer_is_told_where_to_go_gets_in_and_ends_it(tmp_path: Path, port: int) -> None:
    with run(tmp_path, port) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Strg-C" in line:
                break
        printed = "".join(lines)
        assert f"Klarstellung läuft: http://127.0.0.1:{port}" in printed
        link = re.search(rf"http://127\.0\.0\.1:{port}/einrichten/\S+", printed)
        assert link is not None, printed
        with urllib.request.urlopen(link[0], timeout=10) as answer:
            assert answer.status == 200
            assert "text/html" in answer.headers["Content-Type"]
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(20) == 0
    assert rest.rstrip().endswith("Beendet.")
    assert "Traceback" not in printed + rest
    assert "abgebrochen" not in printed + rest


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)), run(tmp_path, port) as process:
        printed, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"Fehler: Port {port} ist schon vergeben" in printed
    assert "Traceback" not in printed
