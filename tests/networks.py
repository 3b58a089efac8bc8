"""A town hall with accounts on two networks, real servers on this machine, and channels by hand."""

from __future__ import annotations

from pathlib import Path

from outlets import BlueskyServer, MastodonServer, serving
from people import TownHall

from crisis import wiring
from crisis.types import Incident, Response
from crisis.workflows import ask_channels, publish


class Networks:
    """A town hall with two accounts and two channels by hand."""

    def __init__(self, folder: Path) -> None:
        self.masto, self.sky = MastodonServer(), BlueskyServer()
        self.open = serving(self.masto, self.sky)
        self.open.__enter__()
        secret = folder / "secret"
        secret.write_text("geheim")
        secret.chmod(0o600)
        self.hall = TownHall(
            folder,
            CRISIS_AUTHORITY_PUBLIC_URL="https://musterstadt.example",
            CRISIS_CHANNELS_ALLOWED_HOSTS=f"{self.masto.host},{self.sky.host}",
            CRISIS_CHANNELS_MASTODON_SERVER=self.masto.url,
            CRISIS_CHANNELS_MASTODON_TOKEN_FILE=str(secret),
            CRISIS_CHANNELS_BLUESKY_SERVER=self.sky.url,
            CRISIS_CHANNELS_BLUESKY_HANDLE="stadt.example",
            CRISIS_CHANNELS_BLUESKY_PASSWORD_FILE=str(secret),
            CRISIS_CHANNELS_BY_HAND="facebook,x",
            CRISIS_CHANNELS_NOT_TICKED="x",
        )
        self.hall.everybody_signs_in()
        self.hall.chloe_approves()
        self.incident: Incident = self.hall.rumour_spreads()

    def close(self) -> None:
        self.hall.close()
        self.open.__exit__(None, None, None)

    def submitted(self) -> Response:
        hall = self.hall
        made = hall.draft(self.incident)
        hall.ana.fills(made, submit=True, naechste_info="um 18 Uhr")
        return hall.store.responses.get(made.id)

    def released(self, *codes: str) -> Response:
        made = self.submitted()
        self.hall.chloe.presses(
            f"/antworten/{made.id}/veroeffentlichen",
            {"version": str(made.version), "kanaele": "1", "kanal": list(codes)},
        )
        return self.hall.store.responses.get(made.id)

    def sends(self) -> int:
        house = wiring.house(self.hall.instance, self.hall.environ, store=self.hall.store)
        return sum(publish.publish(house, "monitor:1", self.hall.now) for _ in range(5))

    def page(self, made: Response, lang: str = "de") -> str:
        return self.hall.ana.opens(f"/antworten/{made.id}?lang={lang}").text

    def row(self, made: Response, channel: str) -> int:
        rows = self.hall.store.publications.of_response(made.id)
        return next(row.id for row in rows if row.channel == channel)

    def states(self, made: Response) -> dict[str, str]:
        rows = self.hall.store.publications.of_response(made.id)
        return {row.channel: str(row.state) for row in rows}

    def states_shown(self) -> dict[str, str]:
        """For pictures: one answer before its release and one with all that can happen to it."""
        house = wiring.house(self.hall.instance, self.hall.environ, store=self.hall.store)
        ask_channels.ask(house, self.hall.now)
        before = self.submitted()
        made = self.released("mastodon", "bluesky", "facebook", "x")
        self.sky.trouble = lambda asked: (
            (403, {}, {"message": "Account is suspended"}) if "putRecord" in asked["path"] else None
        )
        self.sends()
        self.hall.chloe.presses(
            f"/antworten/kanaele/{self.row(made, 'facebook')}/erledigt",
            {"adresse": "https://www.facebook.com/musterstadt/posts/1"},
        )
        promised = self.released("mastodon")
        self.sends()
        self.hall.ana.presses(
            f"/antworten/{promised.id}/ankuendigen",
            {
                "erste": "2026-11-23T13:20",
                "alle": "20",
                "bis": "2026-11-23T15:00",
                "kanal": "mastodon",
            },
        )
        self.hall.later(minutes=16)
        return {
            "answer-channels": f"/antworten/{before.id}",
            "answer-standing": f"/antworten/{made.id}",
            "board-channels": "/",
            "answer-promised": f"/antworten/{promised.id}",
            "incident-promised": f"/vorfaelle/{self.incident.id}",
        }
