"""``crisis evaluate``: folders, runs, pictures and the desk's verdicts in; figures out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from desk_verdicts import lessons

from crisis import wiring
from crisis.cli import main

CLAIMS = [
    {"id": "wolf", "text": "Ein Wolf hat im Stadtpark ein Kind angegriffen.", "lang": "de"},
    {"id": "wasser", "text": "Das Trinkwasser ist nach dem Rohrbruch vergiftet.", "lang": "de"},
    {"id": "bruecke", "text": "Die Elbbrücke ist heute Nacht eingestürzt.", "title": "Brücke weg"},
]
POSTS = [
    {"id": "p1", "text": "Im Stadtpark hat ein Wolf ein Kind angegriffen!", "lang": "de"},
    {"id": "p2", "text": "Trinkwasser vergiftet nach Rohrbruch, nicht trinken", "lang": "de"},
    {"id": "p3", "text": "Erst mal Kaffee", "lang": "de"},
]
QRELS = "p1\twolf\np2\twasser\n"


def lines(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "set"
    made.mkdir()
    lines(made / "claims.jsonl", CLAIMS)
    lines(made / "posts_dev.jsonl", POSTS)
    (made / "qrels_dev.tsv").write_text(QRELS, encoding="utf-8")
    return made


@pytest.fixture
def everyday(tmp_path: Path) -> Path:
    rows = [{"id": f"e{n}", "text": f"Heute gibt es Kuchen Nummer {n}"} for n in range(120)]
    return lines(tmp_path / "everyday.jsonl", rows)


def evaluate(*words: str | Path, lang: str = "en", code: int = 0, **more: str) -> Result:
    result = CliRunner().invoke(
        main, ["evaluate", *map(str, words)], env={"CRISIS_LANG": lang, **more}
    )
    assert result.exit_code == code, result.output
    return result


def figures(*words: str | Path) -> Any:
    return json.loads(evaluate(*words, "--format", "json").stdout)


def test_a_folder_is_measured_with_intervals(folder: Path, everyday: Path) -> None:
    found = figures(folder, "--background", everyday)
    (split,) = found["splits"]
    assert (found["claims"], found["everyday"], split["posts"], split["left_out"]) == (3, 120, 2, 1)
    assert split["measures"]["P@1"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert split["recall"]["100"]["value"] == 1.0
    assert split["recall"]["1000"] is None


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_table_says_what_is_left_out_and_what_cannot_be_said(
    folder: Path, everyday: Path, lang: str
) -> None:
    said = evaluate(folder, "--background", everyday, lang=lang).stdout
    assert "1.000 (1.00 – 1.00)" in said
    assert ("1 Beiträge ohne" if lang == "de" else "1 posts without") in said
    assert ("nur ein Fingerzeig" if lang == "de" else "a hint") in said
    assert ("–: zu wenige" if lang == "de" else "–: too few") in said


def test_markdown_is_a_table(folder: Path) -> None:
    said = evaluate(folder, "--format", "md").stdout
    assert "| split | posts | MAP@5 | P@1 | hit@10 | MRR |" in said


def test_a_run_of_any_program_is_measured_and_compared(folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "other.trec"
    run.write_text("p1 Q0 wasser 1 2.0 x\np1 Q0 wolf 2 2.0 x\np2 Q0 wasser 1 1e3 x\n\n")
    (split,) = figures(folder, "--run", run)["splits"]
    assert split["measures"]["MRR"]["value"] == 0.75
    said = evaluate(folder, "--against", run).stdout
    assert "Difference to other.trec, post by post" in said
    assert "+0.500" in said


def test_a_model_is_compared_with_another(folder: Path) -> None:
    model = Path(wiring.__file__).parents[1] / "matching" / "model.json"
    (split,) = figures(folder, "--model", model, "--against", model)["splits"]
    assert split["difference"]["MAP@5"] == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_a_run_that_lists_none_of_the_posts_is_no_measure(
    folder: Path, everyday: Path, tmp_path: Path
) -> None:
    run = tmp_path / "other.trec"
    run.write_text("p1 Q0 wolf 1 2.0 x\n")
    said = evaluate(folder, "--run", run, "--background", everyday, code=1).output
    assert "lists none of the posts of “everyday”" in said
    run.write_text("strange Q0 wolf 1 2.0 x\n")
    assert "lists none of the posts of “dev”" in evaluate(folder, "--run", run, code=1).output


def test_meaning_counts_where_an_encoder_is_asked_for(folder: Path) -> None:
    found = figures(folder, "--encoder", "auto")
    assert "e5" in found["matcher"]
    assert found["splits"][0]["measures"]["P@1"]["value"] == 1.0
    assert evaluate(folder, "--encoder", folder, code=1).output.startswith("Error: ")


@pytest.mark.parametrize("name", ["curve.svg", "curve.png"])
def test_a_picture_is_drawn(folder: Path, everyday: Path, tmp_path: Path, name: str) -> None:
    picture = tmp_path / name
    evaluate(folder, "--background", everyday, "--plot", picture, lang="de")
    body = picture.read_bytes()
    if name.endswith("svg"):
        assert b"1 von 100" in body
        assert b"Fehlalarme je Alltagsbeitrag" in body
    else:
        assert body.startswith(b"\x89PNG")


def test_a_catalogue_may_lie_elsewhere(folder: Path, tmp_path: Path) -> None:
    claims = (folder / "claims.jsonl").rename(tmp_path / "elsewhere.jsonl")
    assert "--claims" in evaluate(folder, code=1).output
    assert figures(folder, "--claims", claims)["claims"] == 3


@pytest.mark.parametrize(
    ("file", "body", "said"),
    [
        ("qrels_dev.tsv", "p1 wolf\n", "qrels_dev.tsv:1: expected: post, tab, claim."),
        ("qrels_dev.tsv", "p9\twolf\n", "qrels_dev.tsv:1: There is no post p9."),
        ("qrels_dev.tsv", "p1\tbaer\n", "qrels_dev.tsv:1: There is no claim baer."),
        ("qrels_dev.tsv", "\n", "gives no post a claim"),
        ("posts_dev.jsonl", "", "holds no post"),
        ("posts_dev.jsonl", json.dumps(POSTS[0]) + "\n" + json.dumps(POSTS[0]), ":2: p1 has occurred"),
        ("posts_dev.jsonl", "{", "posts_dev.jsonl:1: not valid JSON."),
        ("claims.jsonl", json.dumps(CLAIMS[0]) + "\n" + json.dumps(CLAIMS[0]), ":2: wolf has occurred"),
        ("claims.jsonl", '{"id": "x", "text": "y", "title": 3}', "is no text"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_and_nothing_is_measured(
    folder: Path, file: str, body: str, said: str
) -> None:
    (folder / file).write_text(body, encoding="utf-8")
    result = evaluate(folder, code=1)
    assert said in result.output
    assert "MAP@5" not in result.output


@pytest.mark.parametrize(
    "body",
    ["p1 Q0 wolf 1 high x", "p1 Q0 wolf 1", "p1 Q0 wolf 1 nan x", "p1 Q0 a 1 1 x\np1 Q0 a 2 1 x"],
)
def test_a_wrong_run_is_named(folder: Path, tmp_path: Path, body: str) -> None:
    run = tmp_path / "run.trec"
    run.write_text(body)
    assert "run.trec:" in evaluate(folder, "--run", run, code=1).output


def test_what_cannot_be_done_is_said_before_anything_long_begins(
    folder: Path, everyday: Path, tmp_path: Path
) -> None:
    assert "--desk" in evaluate(code=1).output
    assert "There is no folder" in evaluate(tmp_path / "none", code=1).output
    assert "There is: dev" in evaluate(folder, "--split", "test", code=1).output
    assert "--background" in evaluate(folder, "--plot", tmp_path / "x.png", code=1).output
    for name in ("x.gif", "none/x.png"):
        evaluate(folder, "--background", everyday, "--plot", tmp_path / name, code=1)
    run = tmp_path / "run"
    assert "exclude" in evaluate(folder, "--run", run, "--model", run, code=1).output
    assert "cannot be read" in evaluate(folder, "--run", run, code=1).output
    (folder / "qrels_dev.tsv").unlink()
    assert "qrels_dev.tsv cannot be read" in evaluate(folder, code=1).output
    (folder / "qrels_dev.tsv").write_bytes(b"\xff\xfe")
    assert "is not UTF-8" in evaluate(folder, code=1).output


@pytest.mark.parametrize("count", [0, 4, 150])
@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_desk_is_measured_on_its_own_verdicts(tmp_path: Path, count: int, lang: str) -> None:
    # The made-up verdicts are numbers of the model of words.
    where = {"CRISIS_INSTANCE": str(tmp_path / "instance"), "CRISIS_MATCHING_ENCODER": "none"}
    CliRunner().invoke(main, ["init"], env=where)
    house = wiring.house(tmp_path / "instance", where)
    with house.store.transaction():
        for lesson in lessons(count):
            house.store.lessons.put(lesson)
    house.close()
    said = evaluate("--desk", lang=lang, **where).stdout
    hint = "Fingerzeig" if lang == "de" else "a hint and no more"
    assert (hint in said) is (count < 40)
    found = json.loads(evaluate("--desk", "--format", "json", **where).stdout)
    assert found["fits"] + found["others"] == count
    if count == 150:
        assert found["separation"]["value"] > 0.5
    if count == 0:
        assert found["separation"] is None


def test_the_desk_goes_with_no_folder(folder: Path) -> None:
    assert "--format" in evaluate(folder, "--desk", code=1).output
