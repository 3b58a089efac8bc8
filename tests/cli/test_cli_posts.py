"""``crisis posts``, as somebody at a terminal meets it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crisis.cli.posts import command

DATA = Path(__file__).parent.parent / "data" / "feeds"


@pytest.fixture(autouse=True)
def _german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_LANG", "de")


def posts(*arguments: object) -> Result:
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


def test_each_post_is_one_line_with_exactly_these_fields() -> None:
    source = DATA / "stadt.rss"
    done = posts(source)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.exit_code == 0
    assert [row["id"] for row in rows] == ["m-2", "m-1"]
    assert list(rows[0]) == ["id", "source", "url", "author", "published", "lang", "text"]
    assert rows[0] | {"text": ""} == {
        "id": "m-2",
        "source": str(source),
        "url": "https://gespraech.example/2?a=1&b=2",
        "author": "Kim Beispiel",
        "published": "2026-11-03T08:30:00Z",
        "lang": "de",
        "text": "",
    }
    assert done.stderr == ""


def test_a_bad_source_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    page = tmp_path / "seite.html"
    page.write_text("<html></html>")
    done = posts(page, DATA / "mastodon.rss", tmp_path / "fehlt.xml", "http://10.0.0.1/feed")
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == 2
    errors = done.stderr.splitlines()
    assert len(errors) == 3
    assert all(line.startswith("Fehler: ") for line in errors)
    assert "Webseite" in errors[0]
    assert "gibt es nicht" in errors[1]
    assert "privates" in errors[2]


def test_an_empty_feed_is_a_remark_and_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_LANG", "en")
    done = posts(DATA / "leer.rss")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "holds no post" in done.stderr


def test_a_folder_stands_for_every_file_in_it(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/zwei.rss", "a.rss"):
        (tmp_path / name).write_bytes((DATA / "startseite-als-link.rss").read_bytes())
    done = posts(tmp_path)
    sources = [json.loads(line)["source"] for line in done.stdout.splitlines()]
    assert sources == [str(tmp_path / "a.rss")] * 2 + [str(tmp_path / "b/zwei.rss")] * 2


def test_a_file_that_is_too_large_or_none_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rohr")
    done = posts("--max-bytes", 10, DATA / "stadt.rss", tmp_path / "rohr", "a\0b")
    assert done.exit_code == 1
    large, pipe, name = done.stderr.splitlines()
    assert "größer als 10 Bytes" in large
    assert "keine gewöhnliche Datei" in pipe
    assert "nicht lesen" in name


def test_without_a_source_the_usage_is_shown() -> None:
    assert posts().exit_code == 2
    assert posts("--timeout", "nie", "x").exit_code == 2


def test_line_separators_do_not_break_a_line(tmp_path: Path) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [{"id": "a\u2028b\u0085c", "content_text": "x"}],
    }
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(feed))
    (line,) = posts(path).stdout.splitlines()
    assert json.loads(line)["id"] == "a\u2028b\u0085c"


def test_neither_flask_nor_a_database_is_loaded() -> None:
    program = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from crisis.cli import main\n"
        "done = CliRunner().invoke(main, ['posts', sys.argv[1]])\n"
        "heavy = {'flask', 'pysqlite3', 'sqlite_utils', 'feedparser'}\n"
        "print(done.exit_code, sorted(heavy & set(sys.modules)))\n"
    )
    run = [sys.executable, "-c", program, str(DATA / "stadt.rss")]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0 []"
