"""The documents are tested: nothing is missing from the reference, and every example runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "playbooks" / "README.md"])
BLOCK = re.compile(
    r"(?P<note><!-- not run: (?P<why>[^>]+) -->\s*)?^```(?P<kind>console|python)\n(?P<body>.*?)^```",
    re.DOTALL | re.MULTILINE,
)


def examples() -> Iterator[tuple[str, str, str]]:
    """Every console and Python example: where it stands, its kind, its text."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for found in BLOCK.finditer(text):
            if not found["why"]:
                line = text[: found.start("body")].count("\n") + 1
                yield f"{page.relative_to(ROOT)}:{line}", found["kind"], found["body"]


def environment(folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "CRISIS_INSTANCE": str(folder / "instance"),
        "CRISIS_PLAYBOOKS_FOLDER": str(ROOT / "playbooks"),
        "CRISIS_LANG": "de",
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation of its own, with the files that the examples speak of."""
    place = tmp_path_factory.mktemp("docs")
    (place / "playbooks").symlink_to(ROOT / "playbooks")
    (place / "rumours.jsonl").write_text(
        '{"id": "wasser", "text": "Das Trinkwasser ist vergiftet.", "lang": "de"}\n'
    )
    (place / "posts.jsonl").write_text(
        '{"id": "1", "text": "Leute, das Leitungswasser soll vergiftet sein!", "lang": "de"}\n'
    )
    (place / "feed.xml").write_text(
        "<rss version='2.0'><channel><title>Stadt</title><item><guid>1</guid>"
        "<description>Guten Morgen</description></item></channel></rss>"
    )
    done = subprocess.run(
        [sys.executable, "-m", "crisis", "init"], env=environment(place), cwd=place, check=False
    )
    assert done.returncode == 0
    return place


@pytest.mark.parametrize(
    ("kind", "body"), [pytest.param(kind, body, id=where) for where, kind, body in examples()]
)
def test_an_example_in_the_documents_runs(kind: str, body: str, folder: Path) -> None:
    if kind == "python":
        commands = [[sys.executable, "-c", body]]
    else:
        lines = re.sub(r"\\\n", " ", body).splitlines()
        commands = [["bash", "-c", line[2:]] for line in lines if line.startswith("$ ")]
        assert commands, "a console example begins its commands with a dollar sign"
    for command in commands:
        done = subprocess.run(
            command,
            env=environment(folder),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


def test_the_generated_pages_are_up_to_date_and_every_link_leads_somewhere() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "setup" / "docs.py", "check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "THIRD_PARTY.md", "docs/README.md"])
def test_a_page_that_people_look_for_is_there(name: str) -> None:
    assert len((ROOT / name).read_text("utf-8")) > 200


def test_programs_beside_the_tests_find_all_they_import() -> None:
    """``make screenshots`` and the like start from tests/ alone, without what pytest puts on the path."""
    done = subprocess.run(
        [sys.executable, "-c", "import screens, aloud, walkthrough"],
        check=False,
        cwd=ROOT / "tests",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_every_header_field_of_a_playbook_is_explained() -> None:
    from crisis.playbooks.header import FIELDS

    page = (ROOT / "docs" / "reference" / "playbook.md").read_text("utf-8")
    missing = [name for name in FIELDS if f"`{name}`" not in page]
    assert not missing


def test_nothing_says_where_it_was_made() -> None:
    """No absolute path of a machine, no registry host, in anything that git keeps."""
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    hosts = ("pypi" + ".org", "npmjs" + ".org", "/wo" + "rk/", "/ro" + "ot/", "python" + "hosted")
    found = [
        f"{name}: {host}"
        for name in names
        if (ROOT / name).is_file() and not (ROOT / name).is_symlink()
        for host in hosts
        if host in (ROOT / name).read_text("utf-8", errors="replace")
    ]
    assert not found
