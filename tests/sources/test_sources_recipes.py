"""The recipes of docs/guide/sources.md, each against a self-made sample in the shape of the real thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from crisis.sources import read
from crisis.types import SourceKind

SAMPLES = Path(__file__).parents[1] / "data" / "recipes"


@pytest.mark.parametrize(
    ("name", "title", "url", "words"),
    [
        (
            "youtube",
            "Musterstadt TV",
            "https://www.youtube.com/watch?v=AAAAAAAAAAA",
            ["Ist unser Trinkwasser vergiftet?", "am Wasserwerk"],
        ),
        (
            "reddit",
            "Neues aus Musterstadt",
            "https://www.reddit.com/r/musterstadt/comments/abc/wasser/",
            ["Wasser in der Nordstadt", "riecht es nach Chlor"],
        ),
        (
            "bridge",
            "Musterstadt Info - Telegram",
            "https://t.me/musterstadt/41",
            ["sagt der Nachbar\nTeilt das!"],
        ),
    ],
)
def test_a_recipe_brings_posts(name: str, title: str, url: str, words: list[str]) -> None:
    content = read(SourceKind.FEED, (SAMPLES / f"{name}.xml").read_bytes(), url="https://x.example")
    (post,) = content.posts
    assert (content.title, post.url) == (title, url)
    for word in words:
        assert word in post.text
    assert "<" not in post.text
    assert "alert" not in post.text
    assert post.published is not None


def test_how_often_a_video_was_seen_is_its_reach() -> None:
    content = read(SourceKind.FEED, (SAMPLES / "youtube.xml").read_bytes())
    assert content.posts[0].reach == 1234
