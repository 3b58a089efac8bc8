"""Meaning where the house uses it: the setting, the catalogue's vectors, the crowd, the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import tiny_encoder
from builders import post, source
from click.testing import CliRunner
from town import Town

from crisis import wiring
from crisis.cli.match import command as match
from crisis.errors import ModelError
from crisis.settings import load
from crisis.store import Store
from crisis.types import Rumour
from crisis.wiring import Catalogue
from crisis.workflows import judge, learn, triage

DAM = Rumour(id="dam", text="Der Staudamm oberhalb der Stadt ist gebrochen.", lang="de")
WOLF = Rumour(id="wolf", text="Ein Wolf hat im Stadtpark ein Kind angegriffen.", lang="de")
ENGLISH = "The dam above the town has burst, run!"


def catalogue(store: Store, folder: Path, encoder: str) -> Catalogue:
    with store.transaction():
        for rumour in (DAM, WOLF):
            store.rumours.put(rumour, wiring.now())
    return Catalogue(store, load(folder, {"CRISIS_MATCHING_ENCODER": encoder}))


def test_with_the_encoder_a_post_in_another_language_is_found(store: Store, tmp_path: Path) -> None:
    index = catalogue(store, tmp_path, "auto")()
    (matches,) = index.match([ENGLISH], ["en"], top=1)
    assert matches[0].rumour_id == "dam"
    assert store.facts.get(judge.MEANING) == "multilingual-e5-small-4bit"
    assert learn.in_use(store).model.version == index.model.version
    assert index.sight is not None
    assert (tmp_path / "vectors.bin").stat().st_size > 2 * 4 * 384


def test_without_an_encoder_words_alone_judge(store: Store, tmp_path: Path) -> None:
    index = catalogue(store, tmp_path, "none")()
    assert index.match([ENGLISH], ["en"], top=1, banded=True) == [[]]
    assert store.facts.get(judge.MEANING) == ""
    assert learn.in_use(store).model.version == index.model.version
    assert index.sight is None
    assert not (tmp_path / "vectors.bin").exists()


def test_going_back_to_words_is_told_to_every_process(store: Store, tmp_path: Path) -> None:
    meaning = catalogue(store, tmp_path, "auto")().model.version
    words = catalogue(store, tmp_path, "none")().model.version
    assert meaning != words == judge.shipped(store).version


def test_a_folder_of_ones_own_is_used(store: Store, tmp_path: Path) -> None:
    folder = tiny_encoder.folder(tmp_path / "tiny")
    index = catalogue(store, tmp_path, str(folder))()
    assert store.facts.get(judge.MEANING).startswith("tiny-")
    assert index.match(["Wasser"], ["de"], top=1)[0]


def test_a_folder_that_cannot_be_used_stops_nobody_and_is_named(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index = catalogue(store, tmp_path, str(tmp_path / "nowhere"))
    assert index().match([DAM.text], ["de"], top=1)[0][0].rumour_id == "dam"
    index()
    assert caplog.text.count("nowhere") == 1


def test_where_many_posts_wait_meaning_is_looked_up_sparingly_and_the_desk_says_so(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(triage, "CROWDED", 1)
    store = town.store
    with store.transaction():
        store.sources.add(source())
        store.posts.put([(post(key=f"k{i}"), f"f{i}") for i in range(3)], town.now)
    triage.triage(town.house, "a", town.now, limit=2)
    assert town.index.thrifty
    assert store.facts.get(triage.THRIFTY) == town.now.isoformat()
    triage.triage(town.house, "a", town.now, limit=2)
    assert not town.index.thrifty
    assert store.facts.get(triage.THRIFTY) == ""


def run_match(tmp_path: Path, *more: str | Path) -> list[dict[str, object]]:
    rumours, posts = tmp_path / "r.jsonl", tmp_path / "p.jsonl"
    rumours.write_text(json.dumps({"id": "dam", "text": DAM.text, "lang": "de"}) + "\n")
    posts.write_text(json.dumps({"id": "p", "text": ENGLISH, "lang": "en"}) + "\n")
    words = ["--rumours", str(rumours), "--posts", str(posts), "--top", "1", *map(str, more)]
    result = CliRunner().invoke(match, words)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_command_compares_meaning_where_it_is_asked_to(tmp_path: Path) -> None:
    (found,) = run_match(tmp_path, "--encoder", "auto", "--cache", tmp_path / "kept")
    assert found["rumour"] == "dam"
    assert "meaning" in [reason["code"] for reason in found["reasons"]]  # type: ignore[attr-defined]
    vectors = (tmp_path / "kept.vectors").read_bytes()
    assert run_match(tmp_path, "--encoder", "auto", "--cache", tmp_path / "kept") == [found]
    assert (tmp_path / "kept.vectors").read_bytes() == vectors


def test_the_command_goes_on_with_words_where_no_encoder_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiring, "encoder", lambda *asked: None)
    assert run_match(tmp_path, "--encoder", "auto") == run_match(tmp_path)


def test_a_wrong_folder_is_an_error_of_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        wiring.encoder(str(tmp_path / "nowhere"))
    assert wiring.encoder("none") is None
