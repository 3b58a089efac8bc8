"""``crisis train``: a folder of data in, a model out, the same twice; what is missing is named."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fake_encoder import FakeEncoder

from crisis.cli import main
from crisis.matching import read_model

SUBJECTS = [
    "harbour",
    "museum",
    "airport",
    "stadium",
    "chapel",
    "bakery",
    "factory",
    "lighthouse",
    "orchard",
    "theatre",
]
DEEDS = [
    "burnt",
    "flooded",
    "sold",
    "poisoned",
    "occupied",
    "collapsed",
    "raided",
    "haunted",
    "looted",
    "auctioned",
]
SMALL_TALK = [
    "coffee",
    "weather",
    "football",
    "holiday",
    "birthday",
    "music",
    "garden",
    "weekend",
    "train",
    "breakfast",
]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_LANG", "en")


def written(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def task(folder: Path, lang: str) -> None:
    claims = [
        {"id": f"{lang}-{s}-{d}", "text": f"The {s} was {d}.", "title": f"{s} {d}", "lang": lang}
        for s in SUBJECTS
        for d in DEEDS
    ]
    posts = [
        {"id": f"p-{c['id']}", "text": f"Listen all, {c['text']} Sad news", "lang": lang}
        for c in claims[::3]
    ]
    written(folder / "claims.jsonl", claims)
    written(folder / "posts_train.jsonl", posts)
    fits = "".join(f"{p['id']}\t{p['id'][2:]}\n" for p in posts)
    (folder / "qrels_train.tsv").write_text(fits, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    task(data / "matching/en", "en")
    task(data / "matching/multi", "fr")
    for split in ("dev", "devtest"):
        (data / f"matching/en/qrels_{split}.tsv").write_text("x\ten-harbour-burnt\n")
    written(
        data / "matching/de/claims_distractors.jsonl",
        [{"id": f"h{i}", "text": f"Schlagzeile {s} {i}"} for i, s in enumerate(SUBJECTS)],
    )
    chosen = random.Random(3)
    for lang in ("en", "de"):
        posts = [
            {"id": f"{lang}{i}", "text": " ".join(chosen.sample(SMALL_TALK, 5))} for i in range(200)
        ]
        written(data / f"background/{lang}.jsonl", posts)
    return data


def train(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["train", *map(str, arguments)])


def test_the_same_data_give_the_same_model(folder: Path, tmp_path: Path) -> None:
    for name in ("one.json", "two.json"):
        result = train(folder, "--output", tmp_path / name)
        assert result.exit_code == 0, result.output
    one = (tmp_path / "one.json").read_bytes()
    assert one == (tmp_path / "two.json").read_bytes()
    assert [band.rumours for band in read_model(one.decode()).bands] == [20, 300, 3_000]
    assert "Learning the weights" in result.stderr
    assert "20 rumours: raise from" in result.stdout
    assert not list(tmp_path.glob("*.new"))


def test_a_taught_encoder_teaches_the_model_by_its_halves(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    halves = [FakeEncoder("first half"), FakeEncoder("second half")]
    monkeypatch.setattr("crisis.wiring.encoder", FakeEncoder)
    monkeypatch.setattr("crisis.wiring.meaning.encoder_parts", lambda _: halves)
    result = train(folder, "--encoder", "whole", "--output", tmp_path / "model.json")
    assert result.exit_code == 0, result.output
    lens = read_model((tmp_path / "model.json").read_text("utf-8")).lens
    assert lens is not None
    assert (lens.encoder, lens.matrix) == ("whole", None)
    assert all(half.asked for half in halves)


def test_a_missing_file_is_named_before_anything_long_begins(folder: Path, tmp_path: Path) -> None:
    (folder / "background/de.jsonl").unlink()
    result = train(folder, "--output", tmp_path / "model.json")
    assert result.exit_code == 1
    assert "de.jsonl cannot be read" in result.output
    assert "docs/reference/matching.md" in result.output
    assert not (tmp_path / "model.json").exists()


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "x"}', '{"id": 3, "text": "x"}'])
def test_a_line_that_cannot_be_used_is_named(folder: Path, tmp_path: Path, line: str) -> None:
    (folder / "matching/en/claims.jsonl").write_text(f"\n{line}\n", encoding="utf-8")
    result = train(folder, "--output", tmp_path / "model.json")
    assert result.exit_code == 1
    assert "claims.jsonl:2" in result.output


def test_a_pair_without_a_tab_is_named(folder: Path, tmp_path: Path) -> None:
    (folder / "matching/en/qrels_train.tsv").write_text("post claim\n", encoding="utf-8")
    result = train(folder, "--output", tmp_path / "model.json")
    assert result.exit_code == 1
    assert "qrels_train.tsv:1" in result.output


def test_bytes_that_are_no_text_are_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "matching/en/claims.jsonl").write_bytes(b"\xff\xfe")
    result = train(folder, "--output", tmp_path / "model.json")
    assert result.exit_code == 1
    assert "is not UTF-8" in result.output


def test_a_folder_to_write_to_must_exist(folder: Path, tmp_path: Path) -> None:
    result = train(folder, "--output", tmp_path / "nowhere" / "model.json")
    assert result.exit_code == 1
    assert "does not exist" in result.output
