"""Edge: an answer as posts of a Mastodon account, or of any server that speaks its API.

https://docs.joinmastodon.org/methods/statuses/ and /methods/media/. A repeat within an hour is recognised
by its Idempotency-Key; later, and after a crash, one's own newest posts are looked through.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from html import unescape
from re import compile as pattern
from typing import Any
from urllib.parse import quote, urlsplit

from crisis.channels.wire import Reply, Wire, lost_post, refusal
from crisis.errors import ChannelError, GoneError
from crisis.types import Account, Image, Posted, Publication, PublicationAct

_BREAK = pattern(r"(?i)<br\s*/?>|</p>\s*<p>")
_TAG = pattern(r"<[^>]*>")
_PAGE = 40  # the most the server gives at once
_PICTURE_SECONDS = 20
MOST_PICTURES = 4  # of a post: https://docs.joinmastodon.org/user/posting/#attachments
_CLOCKS = timedelta(minutes=10)  # by so much the server's clock and ours may differ


class Mastodon:
    """One account. Fills ``interfaces.Channel``."""

    code = "mastodon"
    knows = True

    def __init__(
        self,
        wire: Wire,
        server: str,
        token: str,
        *,
        visibility: str = "public",
        pictures: Callable[[Publication], Sequence[Image]] = lambda what: (),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """``server`` like "https://social.bund.de"; ``visibility`` "public", "unlisted" or "private"."""
        self._wire, self._server, self._token = wire, server.rstrip("/"), token
        self._visibility, self._pictures, self._pause = visibility, pictures, pause
        self._who = urlsplit(server).hostname or server
        self._account: str | None = None

    def publish(
        self, what: Publication, before: Publication | None, go: Callable[[], None]
    ) -> Posted:
        """Post it, as a reply to the part before or to the post it answers. Raises ChannelError."""
        said: dict[str, Any] = {
            "status": what.text,
            "visibility": self._visibility,
            "language": what.more.get("lang", "de"),
        }
        answered = before.remote if before is not None else self._answered(what)
        if answered:
            said["in_reply_to_id"] = answered
        shown = what.part == 1 and what.act is PublicationAct.PUBLISH
        if shown:
            self._add(said, what)
        reply = self._ask(
            "POST", "/api/v1/statuses", said, go=go, more={"Idempotency-Key": what.key}
        )
        return _posted(reply)

    def edit(self, what: Publication, target: Publication, go: Callable[[], None]) -> Posted:
        """New words in the place of the old ones; Mastodon shows that, and when. Pictures stay, unless
        the new version has others or none is left of it."""
        said: dict[str, Any] = {"status": what.text, "language": what.more.get("lang", "de")}
        if what.act is PublicationAct.RETRACT:
            pass  # whoever leaves the pictures out takes them away
        elif _shown(what) != _shown(target):
            self._add(said, what)
        else:
            kept = self._ask("GET", f"/api/v1/statuses/{quote(target.remote, safe='')}").json()
            media = [str(one["id"]) for one in kept.get("media_attachments", []) if "id" in one]
            if media:
                said["media_ids"] = media
        reply = self._ask("PUT", f"/api/v1/statuses/{quote(target.remote, safe='')}", said, go=go)
        return _posted(reply)

    def remove(self, what: Publication, target: Publication, go: Callable[[], None]) -> None:
        """Take the post away. Raises GoneError if it is gone already."""
        self._ask("DELETE", f"/api/v1/statuses/{quote(target.remote, safe='')}", go=go)

    def look_up(self, what: Publication) -> Posted | None:
        """The post with these words among one's own newest, if it is there."""
        wanted = _plain(what.text)
        since = (what.begun or what.created) - _CLOCKS
        path = f"/api/v1/accounts/{self._own()}/statuses?limit={_PAGE}&exclude_reblogs=true"
        for status in self._ask("GET", path).json():
            if _moment(str(status.get("created_at", ""))) < since:
                continue
            if _plain(_text(str(status.get("content", "")))) == wanted:
                return Posted(remote=str(status["id"]), url=str(status.get("url") or ""))
        return None

    def account(self) -> Account:
        """Who posts here, and how long a post may be. Raises ChannelError."""
        own = self._ask("GET", "/api/v1/accounts/verify_credentials").json()
        instance = self._ask("GET", "/api/v2/instance").json()
        statuses = (instance.get("configuration") or {}).get("statuses") or {}
        most = statuses.get("max_characters")
        return Account(
            name=f"@{own.get('acct', '?')}@{self._who}",
            url=str(own.get("url") or ""),
            most=most if isinstance(most, int) and most > 50 else None,
        )

    def _answered(self, what: Publication) -> str:
        """The post of somebody else that this answers, as this server knows it; "" where it cannot find it
        and the answer can stand by itself. Raises PermanentChannelError for a reply, which cannot."""
        address = str(what.more.get("reply_to", ""))
        if not address:
            return ""
        try:
            found = self._ask(
                "GET",
                f"/api/v2/search?q={quote(address, safe='')}&type=statuses&resolve=true&limit=1",
            ).json()
        except ChannelError:
            if what.act is PublicationAct.REPLY:
                raise
            return ""
        statuses = found.get("statuses") or []
        if not statuses and what.act is PublicationAct.REPLY:
            raise lost_post()
        return str(statuses[0]["id"]) if statuses else ""

    def _own(self) -> str:
        if self._account is None:
            own = self._ask("GET", "/api/v1/accounts/verify_credentials").json()
            self._account = str(own.get("id", ""))
        return quote(self._account, safe="")

    def _add(self, said: dict[str, Any], what: Publication) -> None:
        """Its pictures, uploaded before the post: what a crash leaves behind belongs to no post, and the
        server throws it away."""
        media = [self._uploaded(picture) for picture in self._pictures(what)[:MOST_PICTURES]]
        if media:
            said["media_ids"] = media

    def _uploaded(self, picture: Image) -> str:
        """The picture's number once the server has worked it up."""
        body, kind = _form(picture)
        reply = self._ask("POST", "/api/v2/media", raw=(body, kind))
        number = str(reply.json().get("id", ""))
        waited = 0.0
        while reply.status in (202, 206) and waited < _PICTURE_SECONDS:
            self._pause(0.5)
            waited += 0.5
            reply = self._ask("GET", f"/api/v1/media/{quote(number, safe='')}")
        return number

    def _ask(
        self,
        method: str,
        path: str,
        said: dict[str, Any] | None = None,
        *,
        raw: tuple[bytes, str] | None = None,
        go: Callable[[], None] | None = None,
        more: dict[str, str] | None = None,
    ) -> Reply:
        body, kind = raw or (b"", "")
        if said is not None:
            body, kind = json.dumps(said, ensure_ascii=False).encode(), "application/json"
        reply = self._wire.ask(
            method,
            self._server + path,
            headers={"Authorization": f"Bearer {self._token}", **(more or {})},
            body=body,
            content_type=kind,
            go=go,
        )
        if 200 <= reply.status < 300:
            return reply
        raise self._refusal(reply, path)

    def _refusal(self, reply: Reply, path: str) -> ChannelError:
        found = reply.json()
        words = str(found.get("error", "")) if isinstance(found, dict) else ""
        if reply.status in (404, 410) and path.startswith("/api/v1/statuses/"):
            return GoneError(
                f"Der Beitrag ist auf {self._who} nicht mehr da.",
                f"The post is no longer on {self._who}.",
            )
        error = refusal(reply, self._who, said=words)
        reset = reply.headers.get("x-ratelimit-reset", "")
        if reply.status == 429 and error.retry_after is None and reset:
            error.retry_after = _seconds_until(reset, reply.headers.get("date", ""))
        return error


def _shown(what: Publication) -> list[str]:
    """Which pictures of the playbook go with it."""
    return [str(one.get("sha256", "")) for one in what.more.get("pictures", ())]


def _posted(reply: Reply) -> Posted:
    found = reply.json()
    return Posted(remote=str(found.get("id", "")), url=str(found.get("url") or ""))


def _form(picture: Image) -> tuple[bytes, str]:
    """The picture and its description as a multipart form."""
    border = f"klarstellung-{secrets.token_hex(16)}"
    ending = picture.media_type.rpartition("/")[2].partition("+")[0]
    lines = (
        f"--{border}\r\n".encode(),
        b'Content-Disposition: form-data; name="description"\r\n\r\n',
        picture.alt.encode(),
        f"\r\n--{border}\r\n".encode(),
        f'Content-Disposition: form-data; name="file"; filename="bild.{ending}"\r\n'.encode(),
        f"Content-Type: {picture.media_type}\r\n\r\n".encode(),
        picture.content,
        f"\r\n--{border}--\r\n".encode(),
    )
    return b"".join(lines), f"multipart/form-data; boundary={border}"


def _text(html: str) -> str:
    return unescape(_TAG.sub("", _BREAK.sub(" ", html)))


def _plain(text: str) -> str:
    """Words only: servers lay out lines and shorten what an address shows."""
    return " ".join(text.split())


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _seconds_until(reset: str, date: str) -> float | None:
    try:
        return max(0.0, (_moment(reset) - parsedate_to_datetime(date)).total_seconds())
    except (ValueError, TypeError):
        return None
