"""``crisis channels`` on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from outlets import BlueskyServer, HookServer, MastodonServer, serving
from people import TownHall

from crisis.cli import main


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(tmp_path)
    yield made
    made.close()


def says(hall: TownHall, *arguments: str, lang: str = "de") -> Result:
    environment = {**hall.environ, "CRISIS_INSTANCE": str(hall.instance), "CRISIS_LANG": lang}
    return CliRunner().invoke(main, ["channels", *arguments], env=environment)


def test_without_channels_it_says_how_to_get_some(hall: TownHall) -> None:
    assert "docs/operate/channels.md" in says(hall, "test").output
    assert "Nur die Website" in says(hall, "list").output
    assert "website only" in says(hall, "list", lang="en").output


def test_every_channel_says_who_we_are_there(hall: TownHall) -> None:
    masto, sky, hook = MastodonServer(most=1000), BlueskyServer(), HookServer()
    with serving(masto, sky, hook):
        secret = hall.instance / "secret"
        secret.write_text("geheim\n")
        secret.chmod(0o600)
        (hall.instance / "settings.toml").write_text(
            f"""
            [channels]
            allowed_hosts = ["{masto.host}", "{sky.host}", "{hook.host}"]
            by_hand = ["facebook"]
            not_ticked = ["facebook"]
            [channels.mastodon]
            server = "{masto.url}"
            token_file = "secret"
            [channels.bluesky]
            server = "{sky.url}"
            handle = "stadt.example"
            password_file = "secret"
            [channels.webhook]
            url = "{hook.url}/klar"
            secret_file = "secret"
            """
        )
        told = says(hall, "test")
        assert told.exit_code == 0, told.output
        assert "Mastodon: in Ordnung, @stadt@127.0.0.1" in told.output
        assert "höchstens 1000 Zeichen" in told.output
        assert "Bluesky: in Ordnung, @stadt.example" in told.output
        assert "Anderes Programm: in Ordnung, 127.0.0.1" in told.output
        listed = says(hall, "list").output
        assert "Mastodon: von selbst, höchstens 1000 Zeichen" in listed
        assert "Facebook: von Hand, höchstens 63206 Zeichen, ohne Häkchen" in listed
        secret.write_text("falsch\n")
        told = says(hall, "test", lang="en")
        assert told.exit_code == 1
        assert "Mastodon: error: 127.0.0.1 does not accept our access" in told.output
        assert hall.store.facts.get("channel.mastodon")


def test_the_hub_of_the_feeds_is_tried_too(hall: TownHall) -> None:
    hub = HookServer()
    with serving(hub):
        (hall.instance / "settings.toml").write_text(
            f"""
            [authority]
            public_url = "https://musterstadt.example"
            [channels]
            allowed_hosts = ["{hub.host}"]
            [public]
            websub_hub = "{hub.url}/hub"
            """
        )
        told = says(hall, "test")
        assert told.exit_code == 0, told.output
        assert "WebSub-Verteiler: nimmt an" in told.output
        assert b"musterstadt.example%2Fklarstellungen%2Ffeed.atom" in hub.asked[0]["body"]
        hub.trouble = lambda asked: (403, {}, {})
        refused = says(hall, "test", lang="en")
        assert refused.exit_code == 1
        assert "WebSub hub: error: " in refused.output


def test_a_channel_without_its_secret_stops_the_start(hall: TownHall) -> None:
    (hall.instance / "settings.toml").write_text(
        '[channels.mastodon]\nserver = "https://social.example"\n'
    )
    told = says(hall, "test")
    assert told.exit_code == 1 and "[channels.mastodon] token_file fehlt" in told.output
    (hall.instance / "settings.toml").write_text('[channels.mastodom]\nserver = "x"\n')
    assert "mastodom gibt es nicht" in says(hall, "test").output
