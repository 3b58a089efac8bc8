"""``crisis match``: files and pipes in, lines out, every bad line named."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crisis.cli import lines
from crisis.cli.match import command

RUMOURS = [
    {"id": "wolf", "text": "Ein Wolf hat im Stadtpark ein Kind angegriffen.", "lang": "de"},
    {
        "id": "wasser",
        "text": "Das Trinkwasser in Musterstadt ist nach dem Rohrbruch vergiftet.",
        "title": "Vergiftetes Trinkwasser",
        "variants": ["Leitungswasser ist giftig"],
        "lang": "de",
        "unknown": {"fields": "are ignored"},
    },
]
POSTS = [
    {"id": "p1", "text": "Im Stadtpark hat ein Wolf ein Kind angegriffen!", "lang": "de"},
    {"id": "p2", "text": "Guten Morgen, erst mal Kaffee", "lang": "de"},
    {"id": 3, "text": "Das Trinkwasser in Musterstadt ist vergiftet nach dem Rohrbruch"},
]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_LANG", "en")


@pytest.fixture
def rumours(tmp_path: Path) -> Path:
    return written(tmp_path / "rumours.jsonl", RUMOURS)


def written(path: Path, rows: list[Any]) -> Path:
    text = "".join(
        (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n"
        for row in rows
    )
    path.write_text(text, encoding="utf-8")
    return path


def match(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(command, [str(a) for a in arguments], input=stdin)


def matched(rumours: Path, posts: Path, *more: str) -> Result:
    return match("--rumours", rumours, "--posts", posts, *more)


def test_only_posts_that_carry_a_rumour_are_printed(rumours: Path, tmp_path: Path) -> None:
    result = matched(rumours, written(tmp_path / "posts.jsonl", POSTS))
    assert result.exit_code == 0, result.output
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(f["post"], f["rumour"], f["rank"]) for f in found] == [
        ("p1", "wolf", 1),
        ("3", "wasser", 1),
    ]
    assert found[0]["band"] == "raise"
    assert found[0]["stance"] == "spreads"
    assert found[0]["marks"]
    sentences = [reason["text"] for reason in found[0]["reasons"]]
    assert any(sentence.startswith("Important words of the rumour") for sentence in sentences)


def test_reasons_speak_german(
    rumours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRISIS_LANG", "de")
    result = matched(rumours, written(tmp_path / "posts.jsonl", POSTS[:1]))
    assert "Wichtige Wörter" in result.stdout


def test_top_prints_the_best_whatever_they_are_good_for(rumours: Path, tmp_path: Path) -> None:
    both = {"id": "x", "text": "Wolf trinkt Trinkwasser", "lang": "de"}
    result = matched(rumours, written(tmp_path / "posts.jsonl", [both]), "--top", "2")
    assert [json.loads(line)["rank"] for line in result.stdout.splitlines()] == [1, 2]


def test_trec_lines_rank_the_candidates(rumours: Path, tmp_path: Path) -> None:
    posts = written(tmp_path / "posts.jsonl", POSTS)
    result = matched(rumours, posts, "--format", "trec")
    first = result.stdout.splitlines()[0].split(" ")
    assert first[:4] == ["p1", "Q0", "wolf", "1"]
    assert 0.5 < float(first[4]) <= 1
    assert first[5] == "crisis"


def test_posts_come_from_standard_input(rumours: Path) -> None:
    stdin = json.dumps(POSTS[0]).encode()
    result = match("--rumours", rumours, "--posts", "-", stdin=stdin)
    assert json.loads(result.stdout)["post"] == "p1"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{broken", "not valid JSON"),
        ('{"id": "x", "text": "a\x00b"}', "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("[1]", "not a JSON object"),
        ('{"text": "no id"}', "“id” is missing"),
        ('{"id": true, "text": "x"}', "“id” is missing"),
        ('{"id": " ", "text": "x"}', "“id” is missing"),
        ('{"id": "x"}', "“text” is missing"),
        ('{"id": "x", "text": " "}', "“text” is missing"),
        ('{"id": "x", "text": 5}', "“text” is missing"),
        ('{"id": "x", "text": "y", "lang": 5}', "“lang” is not"),
    ],
)
def test_a_bad_post_is_named_and_the_rest_is_answered(
    rumours: Path, tmp_path: Path, bad: str, said: str
) -> None:
    posts = written(tmp_path / "posts.jsonl", [POSTS[1], bad, "", POSTS[0]])
    result = matched(rumours, posts)
    assert result.exit_code == 1
    assert f"{posts}:2: {said}" in result.stderr
    assert "1 lines could not be used" in result.stderr
    assert json.loads(result.stdout)["post"] == "p1"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (RUMOURS[0], "has occurred before"),
        ({"id": "a b", "text": "x"}, "white space"),
        ({"id": "a", "text": "x", "title": 5}, "“title” is not"),
        ({"id": "a", "text": "x", "variants": "y"}, "“variants” is not"),
        ({"id": "a", "text": "x", "variants": [1]}, "“variants” is not"),
    ],
)
def test_a_bad_rumour_is_named_and_left_out(tmp_path: Path, bad: Any, said: str) -> None:
    rumours = written(tmp_path / "rumours.jsonl", [*RUMOURS, bad])
    result = matched(rumours, written(tmp_path / "posts.jsonl", POSTS))
    assert result.exit_code == 1
    assert f"{rumours}:3: " in result.stderr
    assert said in result.stderr
    assert len(result.stdout.splitlines()) == 2


def test_a_repeated_post_is_answered_with_a_warning(rumours: Path, tmp_path: Path) -> None:
    result = matched(rumours, written(tmp_path / "posts.jsonl", [POSTS[0], POSTS[0]]))
    assert result.exit_code == 0
    assert ":2: warning: " in result.stderr
    assert len(result.stdout.splitlines()) == 2


def test_an_id_with_a_space_cannot_be_a_trec_line(rumours: Path, tmp_path: Path) -> None:
    posts = written(tmp_path / "posts.jsonl", [{**POSTS[0], "id": "a b"}])
    assert matched(rumours, posts, "--format", "trec").exit_code == 1
    assert matched(rumours, posts).exit_code == 0


def test_other_encodings_are_named_and_a_byte_order_mark_is_no_matter(
    rumours: Path, tmp_path: Path
) -> None:
    posts = tmp_path / "posts.jsonl"
    good = json.dumps(POSTS[0]).encode()
    posts.write_bytes(b"\xef\xbb\xbf" + good + b"\r\n" + b'{"id": "x", "text": "\xfc\xff"}\n')
    result = matched(rumours, posts)
    assert f"{posts}:2: not UTF-8" in result.stderr
    assert json.loads(result.stdout)["post"] == "p1"


def test_a_huge_post_is_answered_and_an_endless_line_is_not(
    rumours: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST", 2_000_000)
    huge = {**POSTS[0], "text": POSTS[0]["text"] + " Kaffee" * 150_000}
    endless = {**POSTS[0], "text": "Kaffee " * 400_000}
    posts = written(tmp_path / "posts.jsonl", [huge, endless, POSTS[0]])
    result = matched(rumours, posts, "--top", "1")
    assert ":2: line over 16 MB" in result.stderr
    assert len(result.stdout.splitlines()) == 2


def test_the_garbage_collector_is_left_as_it_was(rumours: Path, tmp_path: Path) -> None:
    before = gc.get_threshold(), gc.get_freeze_count()
    assert matched(rumours, written(tmp_path / "posts.jsonl", POSTS)).exit_code == 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


def test_a_lone_surrogate_is_printed_as_its_escape(rumours: Path, tmp_path: Path) -> None:
    posts = written(tmp_path / "posts.jsonl", [json.dumps({**POSTS[0], "id": "\ud800"})])
    result = matched(rumours, posts)
    assert json.loads(result.stdout)["post"] == "\ud800"


def test_without_a_usable_rumour_nothing_can_be_matched(tmp_path: Path) -> None:
    rumours = written(tmp_path / "rumours.jsonl", ["{}"])
    result = matched(rumours, written(tmp_path / "posts.jsonl", POSTS))
    assert result.exit_code == 1
    assert "holds no usable rumour" in str(result.exception)


def test_a_missing_file_is_said_plainly(rumours: Path, tmp_path: Path) -> None:
    result = matched(rumours, tmp_path / "nothing.jsonl")
    assert result.exit_code == 1
    assert "cannot be read" in str(result.exception)


def test_another_model_can_be_named(rumours: Path, tmp_path: Path) -> None:
    posts = written(tmp_path / "posts.jsonl", POSTS)
    shipped = Path(lines.__file__).parent.parent / "matching" / "model.json"
    assert matched(rumours, posts, "--model", str(shipped)).exit_code == 0
    broken = written(tmp_path / "model.json", ["{}"])
    result = matched(rumours, posts, "--model", str(broken))
    assert result.exit_code == 1
    assert "format None" in str(result.exception)


def run(*arguments: str | Path, **more: Any) -> subprocess.Popen[bytes]:
    code = "from crisis.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "match", *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "CRISIS_LANG": "en"},
        **more,
    )


def test_a_pipe_is_answered_while_it_is_open(rumours: Path) -> None:
    with run("--rumours", rumours, "--posts", "-") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(json.dumps(POSTS[0]).encode() + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["post"] == "p1"
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


def test_a_reader_who_leaves_is_no_error(rumours: Path, tmp_path: Path) -> None:
    posts = written(tmp_path / "posts.jsonl", [{**POSTS[0], "id": n} for n in range(20_000)])
    with run("--rumours", rumours, "--posts", posts) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_neither_flask_nor_a_database_is_loaded(rumours: Path, tmp_path: Path) -> None:
    posts = written(tmp_path / "posts.jsonl", POSTS)
    code = (
        "import sys; from crisis.cli import main\n"
        "try: main()\n"
        "finally:\n"
        "    loaded = {'flask', 'pysqlite3', 'sqlite_utils'} & set(sys.modules)\n"
        "    assert not loaded, loaded\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "match", "--rumours", rumours, "--posts", posts],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("scores", [(0.5, 0.5, 0.5), (0.003, 0.003), (0.0, 0.0, 0.0), (1.0, 0.9)])
def test_no_two_trec_lines_of_a_post_score_the_same(scores: tuple[float, ...]) -> None:
    import struct

    from crisis.cli.match import _trec
    from crisis.types import Band, Match

    found = [
        Match(rumour_id=f"r{n}", score=score, band=Band.NONE, phrasing="")
        for n, score in enumerate(scores)
    ]
    read = [float(line.split()[4]) for line in _trec("p", found)]
    as_32_bit = [struct.unpack("f", struct.pack("f", value))[0] for value in read]
    assert as_32_bit == sorted(set(as_32_bit), reverse=True)
    assert all(abs(a - b) < 1e-5 for a, b in zip(read, scores, strict=True))


def test_a_cache_changes_no_answer_and_is_used_again(rumours: Path, tmp_path: Path) -> None:
    posts = written(tmp_path / "posts.jsonl", POSTS)
    plain = matched(rumours, posts, "--top", "2")
    cache = tmp_path / "index"
    first = matched(rumours, posts, "--top", "2", "--cache", str(cache))
    kept = cache.read_bytes()
    second = matched(rumours, posts, "--top", "2", "--cache", str(cache))
    assert plain.output == first.output == second.output
    assert cache.read_bytes() == kept


def test_a_damaged_cache_is_made_anew(rumours: Path, tmp_path: Path) -> None:
    posts = written(tmp_path / "posts.jsonl", POSTS)
    cache = tmp_path / "index"
    cache.write_bytes(b"damaged")
    result = matched(rumours, posts, "--cache", str(cache))
    assert result.exit_code == 0
    assert cache.read_bytes().startswith(b"crisis index")


def test_a_cache_that_cannot_be_written_is_told_and_does_no_harm(
    rumours: Path, tmp_path: Path
) -> None:
    posts = written(tmp_path / "posts.jsonl", POSTS)
    result = matched(rumours, posts, "--cache", str(tmp_path / "no" / "index"))
    assert result.exit_code == 0
    assert "cannot be written" in result.stderr
