"""Pictures from the approval of a playbook to every channel: exactly those bytes that somebody approved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from builders import drawn, pictured
from outlets import Asked, Drop
from test_workflow_publish import World

from crisis.errors import ConflictError
from crisis.responses.wording import fingerprint
from crisis.store import Store
from crisis.workflows import approve, respond

FILE = "bilder/turm.png"


@pytest.fixture
def world(store: Store) -> Iterator[World]:
    made = World(store, pictures=True)
    with made.open:
        yield made


def test_an_answer_takes_its_pictures_along_to_every_channel(world: World) -> None:
    made = world.released("mastodon", "bluesky", "webhook")
    world.sends()
    (status,) = world.masto.statuses.values()
    (media,) = status["media_attachments"]
    assert (media["description"], media["size"]) == ("Der Wasserturm von Norden", len(drawn()))
    (record,) = world.sky.records.values()
    assert record["embed"]["images"][0]["alt"] == "Der Wasserturm von Norden"
    assert world.sky.blobs == [drawn()]
    # There is no card beside pictures: the address stands in the text and can be pressed.
    assert record["text"].endswith(f"klarstellungen/{made.slug}") and record["facets"]
    ((_, said),) = world.hook.events
    (picture,) = said["answer"]["pictures"]
    assert picture["url"] == (
        f"https://musterstadt.example/klarstellungen/{made.slug}/abbildung/"
        f"{made.pictures[0].sha256[:16]}.png"
    )


def test_another_file_put_there_after_the_approval_goes_nowhere(world: World) -> None:
    world.town.shelf.pictures[FILE] = drawn(colour="red")
    world.released("mastodon", "bluesky")
    world.sends()
    assert world.sky.blobs == [drawn()]


def test_nobody_approves_a_picture_that_changed_while_they_looked(world: World) -> None:
    seen = pictured(drawn(colour="red"))
    world.town.shelf.pictures[FILE] = drawn(colour="blue")
    with pytest.raises(ConflictError, match="no longer the one you saw"):
        approve.approve(world.store, seen, world.town.chloe, world.town.now, shelf=world.town.shelf)
    assert world.store.playbooks.approvals()[0].sha256 == world.playbook.sha256


def test_a_picture_can_be_left_out_and_only_approved_ones_put_in(world: World) -> None:
    town = world.town
    made = respond.draft(
        world.store, world.incident.id, world.playbook, town.ana, town.now, today=town.now.date()
    )
    assert [one.file for one in made.pictures] == [FILE]

    def with_pictures(*sha256: str) -> list[str]:
        now = world.store.responses.get(made.id)
        kept = respond.fill(
            world.store, made.id, title=now.title, values=now.values, pictures=sha256,
            by=town.ana, now=town.now, version=now.version,
        )  # fmt: skip
        return [one.file for one in kept.pictures]

    assert with_pictures() == []
    assert with_pictures("f" * 64) == []
    assert with_pictures(made.pictures[0].sha256) == [FILE]


def test_what_is_handed_in_is_handed_in_with_its_pictures(world: World) -> None:
    made = world.submitted()
    assert fingerprint(made) != fingerprint(replace(made, pictures=()))
    other = replace(made.pictures[0], alt="Etwas anderes")
    assert fingerprint(made) != fingerprint(replace(made, pictures=(other,)))


def test_a_correction_keeps_the_pictures_where_posts_can_be_changed(world: World) -> None:
    made = world.released("mastodon", "bluesky")
    world.sends()
    before = [s["media_attachments"] for s in world.masto.statuses.values()]
    world.corrected(made, "um 20 Uhr", "mastodon", "bluesky")
    world.town.later(minutes=1)
    world.sends()
    assert [s["media_attachments"] for s in world.masto.statuses.values()] == before
    (record,) = world.sky.records.values()
    assert "20 Uhr" in record["text"] and record["embed"]["images"]


@pytest.mark.parametrize("done", [False, True], ids=["before", "after"])
def test_a_crash_between_upload_and_post_posts_once(world: World, *, done: bool) -> None:
    world.released("mastodon", "bluesky")
    dropped: set[str] = set()

    def trouble(asked: Asked) -> None:
        posts = ("/api/v1/statuses", "/xrpc/com.atproto.repo.putRecord")
        if asked["method"] == "POST" and asked["path"] in posts and asked["path"] not in dropped:
            dropped.add(asked["path"])
            raise Drop(done=done)

    world.masto.trouble = world.sky.trouble = trouble
    for _ in range(4):
        world.sends(2)
        world.town.later(minutes=10)
    assert len(dropped) == 2
    assert len(world.masto.statuses) == len(world.sky.records) == 1
    (status,) = world.masto.statuses.values()
    assert len(status["media_attachments"]) == 1
    # What was uploaded for nothing belongs to no post: both servers throw such files away.
    assert len(world.masto.media) <= 2 and len(world.sky.blobs) <= 2


def test_a_picture_the_server_refuses_fails_and_says_so(world: World) -> None:
    made = world.released("mastodon")
    world.masto.trouble = lambda asked: (
        (422, {}, {"error": "File type not supported"})
        if asked["path"] == "/api/v2/media"
        else None
    )
    world.sends()
    (row,) = world.store.publications.of_response(made.id)
    assert row.state == "failed" and "File type not supported" in row.problem_en
    assert world.masto.statuses == {}
