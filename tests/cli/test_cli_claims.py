"""``crisis claims`` and ``crisis train-claims``: lines in, lines out; a model from a folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crisis.cli import main

COMMENTS = [
    ("Im Jahr 2015 kamen 30 Prozent mehr Besucher als 2014.", 1),
    ("Laut Statistik wurden 400 Wohnungen gebaut.", 1),
    ("Ach, seid doch still!", 0),
    ("So ein Quatsch 😂", 0),
] * 3


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_LANG", "en")


def crisis(*words: object, given: str = "") -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=given)


def line(name: str, text: str) -> str:
    return json.dumps({"id": name, "text": text, "lang": "de"}) + "\n"


def test_each_post_gets_its_kind_and_the_reasons() -> None:
    said = crisis("claims", "-", given=line("a", "Stimmt das mit dem Deich?"))
    row = json.loads(said.stdout)
    assert said.exit_code == 0
    assert (row["post"], row["kind"]) == ("a", "question")
    assert "ends with a question mark" in row["reasons"]
    assert row["probabilities"]["question"] == row["probability"]


def test_a_bad_line_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    posts = tmp_path / "posts.jsonl"
    posts.write_text(line("a", "Danke!") + "{\n" + line("b", "Der Damm ist gebrochen."), "utf-8")
    said = crisis("claims", posts)
    assert said.exit_code == 1
    assert [json.loads(row)["post"] for row in said.stdout.splitlines()] == ["a", "b"]
    assert f"{posts}:2: not valid JSON." in said.stderr


def test_a_missing_file_is_named() -> None:
    said = crisis("claims", "nowhere.jsonl")
    assert said.exit_code == 1
    assert "nowhere.jsonl cannot be read" in said.stderr


def test_it_loads_neither_flask_nor_a_database_nor_scikit_learn() -> None:
    code = (
        "import sys; from crisis.cli import main\n"
        "try: main(['claims', '-'])\n"
        "except SystemExit: pass\n"
        "print([m for m in ('flask', 'pysqlite3', 'sqlite_utils', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=line("a", "Hallo").encode(),
        capture_output=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == b"[]"


def test_training_writes_a_model_that_is_read(tmp_path: Path) -> None:
    rows = [json.dumps({"text": text, "fact_claiming": fact}) for text, fact in COMMENTS]
    (tmp_path / "train.jsonl").write_text("\n".join(rows), "utf-8")
    model = tmp_path / "claims.json"
    said = crisis("train-claims", tmp_path, "--output", model)
    assert said.exit_code == 0, said.output
    judged = crisis("claims", "-", "--model", model, given=line("a", "Danke euch allen!"))
    assert json.loads(judged.stdout)["kind"] == "other"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"{\n", "train.jsonl:1: this line is not built as expected"),
        (b"[1]\n", "train.jsonl:1: this line is not built as expected"),
        (b'{"text": "a", "fact_claiming": 7}\n', "train.jsonl:1: this line is not built"),
        (b'{"text": "a", "fact_claiming": 1}\n', "needs comments with a claim and without one"),
        (b"\xff\n", "is not UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_training_names_what_is_wrong(tmp_path: Path, content: bytes | None, problem: str) -> None:
    if content is not None:
        (tmp_path / "train.jsonl").write_bytes(content)
    said = crisis("train-claims", tmp_path, "--output", tmp_path / "m.json")
    assert said.exit_code == 1
    assert problem in said.stderr


def test_training_wants_a_folder_to_write_to(tmp_path: Path) -> None:
    said = crisis("train-claims", tmp_path, "--output", tmp_path / "none" / "m.json")
    assert said.exit_code == 1
    assert "does not exist" in said.stderr
