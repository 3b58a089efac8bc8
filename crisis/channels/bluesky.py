"""Edge: an answer as posts of a Bluesky account (AT protocol).

https://docs.bsky.app/docs/advanced-guides/posts and the lexicons ``com.atproto.server.createSession``,
``com.atproto.repo.putRecord``, ``getRecord``, ``deleteRecord`` and ``uploadBlob``. A post gets a record key
that follows from its row, so that a repeat writes the same record and nothing twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from crisis.channels.networks import ADDRESS
from crisis.channels.wire import Reply, Wire, lost_post, refusal
from crisis.errors import ChannelError, GoneError
from crisis.types import Account, Image, Posted, Publication, PublicationAct

COLLECTION = "app.bsky.feed.post"
MOST_PICTURE = 1_000_000  # bytes, by the lexicon ``app.bsky.embed.images``
MOST_PICTURES = 4  # of a post, by the same
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"  # of record keys, in the order in which they sort


class Bluesky:
    """One account. Fills ``interfaces.Channel``."""

    code = "bluesky"
    knows = True

    def __init__(
        self,
        wire: Wire,
        server: str,
        handle: str,
        password: str,
        *,
        pictures: Callable[[Publication], Sequence[Image]] = lambda what: (),
    ) -> None:
        """``server`` like "https://bsky.social"; ``password`` an app password."""
        self._wire, self._server = wire, server.rstrip("/")
        self._handle, self._password, self._pictures = handle, password, pictures
        self._who = urlsplit(server).hostname or server
        self._session: dict[str, str] = {}

    def publish(
        self, what: Publication, before: Publication | None, go: Callable[[], None]
    ) -> Posted:
        """Post it, as a reply to the part before. Raises ChannelError."""
        record = self._record(what)
        if before is not None:
            record["reply"] = self._reply(before.remote)
        elif what.more.get("reply_to"):
            answered = self._answered(what)
            if answered is not None:
                record["reply"] = answered
        said = self._place(record_key(what)) | {"record": record}
        found = self._post("com.atproto.repo.putRecord", said, go=go).json()
        return self._posted(str(found.get("uri", "")))

    def edit(self, what: Publication, target: Publication, go: Callable[[], None]) -> Posted:
        """Bluesky shows no changed posts: ``channels.plan`` never asks for it."""
        raise GoneError("Bluesky kann nichts ändern.", "Bluesky cannot change posts.")

    def remove(self, what: Publication, target: Publication, go: Callable[[], None]) -> None:
        """Take the post away; one that is gone already stays so."""
        key = target.remote.rpartition("/")[2]
        self._post("com.atproto.repo.deleteRecord", self._place(key), go=go)

    def look_up(self, what: Publication) -> Posted | None:
        """The post of this row, if it is there."""
        found = self._get_record(self._did(), record_key(what))
        return None if found is None else self._posted(str(found.get("uri", "")))

    def account(self) -> Account:
        """Who posts here. Raises ChannelError."""
        self._sign_in()
        handle = self._session["handle"]
        return Account(name=f"@{handle}", url=f"https://bsky.app/profile/{handle}", most=300)

    # --- what a post is made of -------------------------------------------------------------------

    def _record(self, what: Publication) -> dict[str, Any]:
        at = datetime.fromisoformat(str(what.more["at"]))
        record: dict[str, Any] = {
            "$type": COLLECTION,
            "text": what.text,
            "createdAt": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "langs": [str(what.more.get("lang", "de"))],
        }
        facets = link_facets(what.text)
        if facets:
            record["facets"] = facets
        if what.part == 1 or what.act is PublicationAct.REPLY:
            embed = self._embed(what)
            if embed is not None:
                record["embed"] = embed
        return record

    def _embed(self, what: Publication) -> dict[str, Any] | None:
        """The playbook's pictures; without any a card with the page's address and the share picture on it."""
        pictures, link = self._pictures(what), str(what.more.get("link", ""))
        own = bool(what.more.get("pictures"))  # of the playbook: shown whole, each with its words
        blobs = [(one, self._uploaded(one)) for one in pictures[:MOST_PICTURES]]
        shown = [(picture, blob) for picture, blob in blobs if blob is not None]
        if link and not (own and shown):
            card: dict[str, Any] = {
                "uri": link,
                "title": str(what.more.get("title", ""))[:300],
                "description": what.text[:200],
            }
            if shown and not own:
                card["thumb"] = shown[0][1]
            return {"$type": "app.bsky.embed.external", "external": card}
        images = [_image(picture, blob) for picture, blob in shown]
        return {"$type": "app.bsky.embed.images", "images": images} if images else None

    def _uploaded(self, picture: Image) -> dict[str, Any] | None:
        """The picture as the server keeps it; None for one that is too large: the words go out alone."""
        if len(picture.content) > MOST_PICTURE:
            return None
        reply = self._ask(
            "POST", "com.atproto.repo.uploadBlob", body=picture.content, kind=picture.media_type
        )
        blob = reply.json().get("blob")
        return blob if isinstance(blob, dict) else None

    def _reply(self, parent: str) -> dict[str, Any]:
        """Where a reply to ``parent`` (an at:// address) hangs. Raises GoneError."""
        repo, key = parent.split("/")[2], parent.rpartition("/")[2]
        found = self._get_record(repo, key)
        if found is None:
            raise GoneError(
                "Der Beitrag davor ist auf Bluesky nicht mehr da.",
                "The post before is no longer on Bluesky.",
            )
        here = {"uri": found.get("uri"), "cid": found.get("cid")}
        root = ((found.get("value") or {}).get("reply") or {}).get("root")
        return {"root": root or here, "parent": here}

    def _answered(self, what: Publication) -> dict[str, Any] | None:
        """Where a reply to somebody's post hangs; None where it is no post of Bluesky or gone and the
        answer can stand by itself. Raises ChannelError for a reply, which cannot."""
        address = str(what.more["reply_to"])
        alone = what.act is not PublicationAct.REPLY
        parts = urlsplit(address).path.strip("/").split("/")
        if urlsplit(address).hostname != "bsky.app" or len(parts) != 4 or parts[2] != "post":
            return None
        try:
            return self._reply(f"at://{parts[1]}/{COLLECTION}/{parts[3]}")
        except GoneError as error:
            if alone:
                return None
            raise lost_post() from error
        except ChannelError:
            if alone:
                return None
            raise

    # --- asking the server ------------------------------------------------------------------------

    def _did(self) -> str:
        if not self._session:
            self._sign_in()
        return self._session["did"]

    def _place(self, key: str) -> dict[str, Any]:
        return {"repo": self._did(), "collection": COLLECTION, "rkey": key}

    def _posted(self, uri: str) -> Posted:
        key = uri.rpartition("/")[2]
        who = self._session.get("handle") or uri.split("/")[2]
        return Posted(remote=uri, url=f"https://bsky.app/profile/{who}/post/{key}")

    def _get_record(self, repo: str, key: str) -> dict[str, Any] | None:
        query = urlencode({"repo": repo, "collection": COLLECTION, "rkey": key})
        reply = self._ask("GET", f"com.atproto.repo.getRecord?{query}", accept=(400,))
        found: dict[str, Any] = reply.json()
        if reply.status == 400:
            # Older servers say InvalidRequest with "Could not locate record".
            missing = found.get("error") == "RecordNotFound" or "locate record" in str(
                found.get("message", "")
            )
            if missing:
                return None
            raise self._refusal(reply)
        return found

    def _sign_in(self) -> None:
        body = json.dumps({"identifier": self._handle, "password": self._password}).encode()
        reply = self._wire.ask(
            "POST",
            f"{self._server}/xrpc/com.atproto.server.createSession",
            body=body,
            content_type="application/json",
        )
        if reply.status != 200:
            error = self._refusal(reply)
            error.doubt = False  # nothing was posted
            raise error
        found = reply.json()
        self._session = {name: str(found.get(name, "")) for name in ("accessJwt", "did", "handle")}

    def _post(
        self, method: str, said: dict[str, Any], *, go: Callable[[], None] | None = None
    ) -> Reply:
        body = json.dumps(said, ensure_ascii=False).encode()
        return self._ask("POST", method, body=body, kind="application/json", go=go)

    def _ask(
        self,
        verb: str,
        method: str,
        *,
        body: bytes = b"",
        kind: str = "",
        go: Callable[[], None] | None = None,
        accept: tuple[int, ...] = (),
    ) -> Reply:
        """Ask, and sign in anew where the session is over."""
        for fresh in (False, True):
            if not self._session:
                self._sign_in()
            reply = self._wire.ask(
                verb,
                f"{self._server}/xrpc/{method}",
                headers={"Authorization": f"Bearer {self._session['accessJwt']}"},
                body=body,
                content_type=kind,
                go=go,
            )
            if fresh or not _session_over(reply):
                break
            self._session = {}
        if reply.status == 200 or (reply.status in accept and not _session_over(reply)):
            return reply
        raise self._refusal(reply)

    def _refusal(self, reply: Reply) -> ChannelError:
        found = reply.json()
        words = str(found.get("message", "")) if isinstance(found, dict) else ""
        error = refusal(reply, self._who, said=words)
        reset = reply.headers.get("ratelimit-reset", "")
        if reply.status == 429 and error.retry_after is None and reset.isdigit():
            error.retry_after = _seconds(reset, reply.headers.get("date", ""))
        return error


def _image(picture: Image, blob: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"image": blob, "alt": picture.alt}
    if picture.width and picture.height:
        made["aspectRatio"] = {"width": picture.width, "height": picture.height}
    return made


def _session_over(reply: Reply) -> bool:
    found = reply.json() if reply.status in (400, 401) else {}
    return isinstance(found, dict) and found.get("error") in ("ExpiredToken", "InvalidToken")


def _seconds(reset: str, date: str) -> float | None:
    try:
        return max(0.0, int(reset) - parsedate_to_datetime(date).timestamp())
    except (ValueError, TypeError):
        return None


def record_key(what: Publication) -> str:
    """The record key (TID) that follows from the row: its time in microseconds, and ten bits of its key.

    https://atproto.com/specs/tid: 53 bits of time, 10 bits that tell writers apart, in base 32.
    """
    at = datetime.fromisoformat(str(what.more["at"]))
    micros = int(at.timestamp()) * 1_000_000 + at.microsecond
    number = (micros & (2**53 - 1)) << 10 | int(what.key[:8], 16) & 1023
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(60, -1, -5))


def link_facets(text: str) -> list[dict[str, Any]]:
    """Which bytes of ``text``, as UTF-8, are an address that can be pressed."""
    facets = []
    for found in ADDRESS.finditer(text):
        start = len(text[: found.start()].encode())
        end = start + len(found[0].encode())
        facets.append(
            {
                "index": {"byteStart": start, "byteEnd": end},
                "features": [{"$type": "app.bsky.richtext.facet#link", "uri": found[0]}],
            }
        )
    return facets
