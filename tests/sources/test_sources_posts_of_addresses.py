"""``crisis posts URL``: from a real server through fetching and reading to lines."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from webserver import Server

from crisis.cli.posts import command

DATA = Path(__file__).parent.parent / "data" / "feeds"


def test_an_address_yields_its_posts_where_the_host_is_allowed(server: Server) -> None:
    body = (DATA / "anzeiger.rdf").read_bytes()
    server.pages["/feed"] = lambda asked: asked.say(body=body, Content_Type="application/rdf+xml")
    refused = CliRunner().invoke(command, [server.url("/feed")])
    assert refused.exit_code == 1
    assert server.asked == []
    done = CliRunner().invoke(command, ["--allow-host", server.place, server.url("/feed")])
    assert done.exit_code == 0
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["text"] for row in rows] == ["Öl im Fluß für 5 €?", "Undatiert"]
    assert rows[1]["published"] is None
    assert rows[0]["source"] == server.url("/feed")
