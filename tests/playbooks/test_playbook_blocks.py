"""Blocks used by several playbooks: put in place before anybody reads or approves the text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.playbooks.blocks import includes, located, whole
from crisis.playbooks.check import check
from crisis.playbooks.folder import Folder
from crisis.playbooks.parse import parse, read, sha256
from crisis.playbooks.problem import Problem

TODAY = date(2026, 11, 23)


def test_a_text_without_blocks_stays_as_it_is_to_the_last_character() -> None:
    for text in (
        "",
        "\ufeffa\r\nb",
        "---\nx: {{ baustein: a }}\n---\n",
        "```\n{{ baustein: a }}\n```",
    ):
        made = whole("x", text, lambda name: "NEIN")
        assert made.text == text
        assert made.origins == ()
        assert located([Problem("x.md", 3, "hint", "c", "d", "e")], made)[0].line == 3


def test_a_block_is_put_where_its_line_stands() -> None:
    blocks = {"a": "\ufeffeins\r\nzwei\n\n", "b": "Anfang\n{{ block: a }}\nEnde"}
    made = whole("x", "---\nt: 1\n---\nvor\n{{ baustein: b }}\n  {{include:a}}  \nnach", blocks.get)
    assert made.text == "---\nt: 1\n---\nvor\nAnfang\neins\nzwei\nEnde\neins\nzwei\nnach"
    assert made.blocks == ("b", "a")
    assert [origin.line for origin in made.origins] == [1, 2, 3, 4, 5, 5, 5, 5, 6, 6, 7]
    assert made.problems == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("fehlt", "block-missing"),
        ("../geheim", "block-name"),
        ("/etc/passwd", "block-name"),
        ("a b", "block-name"),
        ("", "block-name"),
        ("kreis", "block-cycle"),
        ("gross", "block-too-much"),
        ("tief", "block-too-much"),
    ],
)
def test_a_block_that_cannot_be_had_is_named(name: str, code: str) -> None:
    blocks = {
        "kreis": "{{ baustein: rund }}",
        "rund": "{{ baustein: kreis }}",
        "gross": "x" * 200_001,
    }
    blocks |= {"tief": "{{ baustein: t1 }}", "t4": "Ende"}
    blocks |= {f"t{n}": f"{{{{ baustein: t{n + 1} }}}}" for n in range(1, 4)}
    asked = []

    def open_block(wanted: str) -> str | None:
        asked.append(wanted)
        return blocks.get(wanted)

    made = whole("x", f"---\n---\n{{{{ baustein: {name} }}}}", open_block)
    assert [(p.line, p.severity, p.code) for p in made.problems] == [(3, "error", code)]
    assert not any(".." in wanted or wanted.startswith("/") for wanted in asked)


def test_a_bomb_of_blocks_stays_small() -> None:
    blocks = {f"b{n}": "\n".join([f"{{{{ baustein: b{n + 1} }}}}"] * 50) for n in range(4)}
    made = whole("x", "{{ baustein: b0 }}", (blocks | {"b4": "x" * 1000}).get)
    assert len(made.text) < 500_000
    assert made.problems


@given(st.text(alphabet="ab{}: \n`-", max_size=60))
def test_any_text_can_be_put_together(text: str) -> None:
    made = whole("x", text, lambda name: "Baustein")
    assert not made.origins or len(made.origins) == made.text.count("\n") + 1
    assert not [name for _, name in includes(made.text) if name in ("a", "b")] or made.problems


@pytest.fixture
def folder(tmp_path: Path, good: str) -> Folder:
    (tmp_path / "bausteine").mkdir()
    (tmp_path / "bausteine" / "fakt.md").write_text(
        "Das Wasser in {{ ortsteil }} ist **sauber**.\n"
    )
    text = good.replace("Das Wasser in {{ ortsteil }} ist sauber.", "{{ baustein: fakt }}", 1)
    (tmp_path / "wasser.md").write_text(text)
    return Folder(tmp_path)


def test_an_approval_covers_the_words_of_the_block(folder: Folder) -> None:
    assert folder.names() == ["wasser"]
    first = folder.load().playbooks[0]
    assert "**sauber**" in first.answers["website"]
    assert first.sha256 == sha256(first.text)
    assert parse("wasser", first.text) == first, "the kept text needs no blocks any more"
    (folder.path / "bausteine" / "fakt.md").write_text("Das Wasser ist **gut**. {{ ortsteil }}")
    assert folder.load().playbooks[0].sha256 != first.sha256


def test_a_playbook_whose_block_is_gone_cannot_be_used(folder: Folder) -> None:
    (folder.path / "bausteine" / "fakt.md").unlink()
    content = folder.load()
    assert content.playbooks == ()
    assert [problem.code for problem in content.problems] == ["block-missing"]
    reading = read("wasser", folder.text("wasser"))
    assert [p.code for p in reading.problems if p.severity == "error"] == ["block-open"]


def test_a_link_out_of_the_folder_is_no_block(folder: Folder, tmp_path: Path) -> None:
    secret = tmp_path.parent / "geheim.md"
    secret.write_text("geheim")
    (folder.path / "bausteine" / "fakt.md").unlink()
    (folder.path / "bausteine" / "fakt.md").symlink_to(secret)
    assert folder.load().playbooks == ()


def test_a_problem_inside_a_block_says_where_it_is(folder: Folder) -> None:
    (folder.path / "bausteine" / "fakt.md").write_text("Gut. {{ ortsteil }}\n\n[x](y.html)\n")
    made = folder.whole("wasser", folder.text("wasser"))
    found = located(check("wasser", made.text, today=TODAY), made)
    lines = folder.text("wasser").split("\n")
    assert [(lines[p.line - 1], p.code) for p in found] == [("{{ baustein: fakt }}", "link")]
    assert found[0].de.startswith("Im Baustein „fakt“, Zeile 3: ")
    assert found[0].en.startswith('In the block "fakt", line 3: ')


def test_a_block_is_no_playbook_and_cannot_be_saved_as_one(folder: Folder) -> None:
    from crisis.errors import InvalidInputError

    with pytest.raises(InvalidInputError):
        folder.save("bausteine/neu", "x", None)
