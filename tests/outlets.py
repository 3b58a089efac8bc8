"""Servers on this machine that speak the networks' real APIs: status codes, errors and limits as documented.

Mastodon: docs.joinmastodon.org (statuses, media, instance, rate limits; Idempotency-Key for an hour).
Bluesky: the lexicons of com.atproto and app.bsky; record keys, sessions that end, getRecord's errors.
"""

from __future__ import annotations

import hashlib
import html
import itertools
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, str], Any]
Asked = dict[str, Any]
TID = re.compile(r"[234567abcdefghij][234567a-z]{12}")


class Outlet:
    """A server that keeps what it was asked. ``trouble`` may answer in its place, or raise ``Drop``."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.trouble: Callable[[Asked], Answer | None] = lambda asked: None
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, asked: Asked) -> Answer:
        return 200, {}, {}

    def count(self, method: str, path: str) -> int:
        return sum(one["method"] == method and one["path"] == path for one in self.asked)


class Drop(Exception):  # noqa: N818 - what the server does, not what went wrong
    """Close the connection instead of answering. ``done``: after the work was done."""

    def __init__(self, *, done: bool) -> None:
        super().__init__()
        self.done = done


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _serve(self) -> None:
        outlet: Outlet = self.server.outlet  # type: ignore[attr-defined]
        length = int(self.headers.get("Content-Length") or 0)
        parts = urlsplit(self.path)
        asked = {
            "method": self.command,
            "path": parts.path,
            "query": {name: values[0] for name, values in parse_qs(parts.query).items()},
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": self.rfile.read(length),
        }
        outlet.asked.append(asked)
        try:
            status, headers, said = outlet.trouble(asked) or outlet.answer(asked)
        except Drop as drop:
            if drop.done:
                outlet.answer(asked)
            self.close_connection = True
            self.connection.close()
            return
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the library's names

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serving(*outlets: Outlet) -> Iterator[None]:
    servers = []
    for outlet in outlets:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        server.handle_error = lambda *_: None  # type: ignore[method-assign, assignment]
        server.outlet = outlet  # type: ignore[attr-defined]
        outlet.port = server.server_port
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
    try:
        yield
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


class MastodonServer(Outlet):
    """One account, "stadt", with the token "geheim"."""

    def __init__(self, *, most: int = 500) -> None:
        super().__init__()
        self.most = most
        self.statuses: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, str] = {}
        self.media: dict[str, dict[str, Any]] = {}
        self.slow_media = False
        self.created_at = "2026-11-23T12:00:00.000Z"
        self._numbers = itertools.count(111_000_000_001)

    @property
    def texts(self) -> list[str]:
        return [one["source"] for one in self.statuses.values()]

    def answer(self, asked: Asked) -> Answer:
        method, path = asked["method"], asked["path"]
        if path == "/api/v2/instance":
            return 200, {}, {"configuration": {"statuses": {"max_characters": self.most}}}
        if asked["headers"].get("authorization") != "Bearer geheim":
            return 401, {}, {"error": "The access token is invalid"}
        if path == "/api/v1/accounts/verify_credentials":
            return 200, {}, {"id": "7", "acct": "stadt", "url": f"{self.url}/@stadt"}
        if path == "/api/v2/media":
            return self._upload(asked)
        if path.startswith("/api/v1/media/"):
            return 200, {}, self.media[path.rpartition("/")[2]]
        if path == "/api/v1/statuses" and method == "POST":
            return self._post(asked)
        if path == "/api/v1/accounts/7/statuses":
            newest = sorted(self.statuses.values(), key=lambda one: one["id"], reverse=True)
            return 200, {}, newest[: int(asked["query"].get("limit", 20))]
        if path == "/api/v2/search":
            known = asked["query"]["q"].startswith("https://mastodon.example/")
            return 200, {}, {"statuses": [{"id": "9000"}] if known else []}
        return self._one(asked, path.rpartition("/")[2])

    def _one(self, asked: Asked, number: str) -> Answer:
        if number not in self.statuses:
            return 404, {}, {"error": "Record not found"}
        if asked["method"] == "DELETE":
            return 200, {}, self.statuses.pop(number)
        if asked["method"] == "PUT":
            said = json.loads(asked["body"])
            kept = set(said.get("media_ids", []))
            one = self.statuses[number]
            one["media_attachments"] = [self.media[number] for number in kept]
            one.update(self._words(said["status"]), edited_at="2026-11-23T13:00:00.000Z")
        return 200, {}, self.statuses[number]

    def _upload(self, asked: Asked) -> Answer:
        head = f"Content-Type: {asked['headers']['content-type']}\r\n\r\n".encode()
        form = BytesParser(policy=HTTP).parsebytes(head + asked["body"])
        fields = {
            part.get_param("name", header="content-disposition"): part.get_payload(decode=True)
            for part in form.iter_parts()
        }
        number = str(next(self._numbers))
        self.media[number] = {
            "id": number,
            "description": fields["description"].decode(),
            "size": len(fields["file"]),
        }
        return (202 if self.slow_media else 200), {}, self.media[number]

    def _post(self, asked: Asked) -> Answer:
        said = json.loads(asked["body"])
        key = asked["headers"].get("idempotency-key", "")
        if key and key in self.keys:
            return 200, {}, self.statuses[self.keys[key]]
        length = len(re.sub(r"https?://\S+", "x" * 23, said["status"]))
        if length > self.most:
            error = f"Validation failed: Text character limit of {self.most} exceeded"
            return 422, {}, {"error": error}
        if "in_reply_to_id" in said and said["in_reply_to_id"] not in (*self.statuses, "9000"):
            error = "The post you are trying to reply to does not appear to exist."
            return 404, {}, {"error": error}
        number = str(next(self._numbers))
        self.statuses[number] = {
            "id": number,
            "url": f"{self.url}/@stadt/{number}",
            "created_at": self.created_at,
            "visibility": said["visibility"],
            "language": said["language"],
            "in_reply_to_id": said.get("in_reply_to_id"),
            "media_attachments": [self.media[m] for m in said.get("media_ids", [])],
            **self._words(said["status"]),
        }
        if key:
            self.keys[key] = number
        return 200, {}, self.statuses[number]

    def _words(self, text: str) -> dict[str, str]:
        """As the server lays it out: paragraphs, breaks, and addresses cut in three."""
        shown = html.escape(text, quote=False)
        shown = re.sub(
            r"(https?://)(\S{1,20})(\S*)",
            r'<a href="\g<0>"><span class="invisible">\1</span><span>\2</span>'
            r'<span class="invisible">\3</span></a>',
            shown,
        )
        paragraphs = shown.replace("\n\n", "</p><p>").replace("\n", "<br />")
        return {"source": text, "content": f"<p>{paragraphs}</p>"}


class BlueskyServer(Outlet):
    """One account, "stadt.example", with the app password "geheim"."""

    DID = "did:plc:stadt"

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[str, dict[str, Any]] = {}
        self.others: dict[str, dict[str, Any]] = {}
        self.blobs: list[bytes] = []
        self.session = 0

    @property
    def texts(self) -> list[str]:
        return [self.records[key]["text"] for key in sorted(self.records)]

    def answer(self, asked: Asked) -> Answer:
        method = asked["path"].removeprefix("/xrpc/")
        if method == "com.atproto.server.createSession":
            said = json.loads(asked["body"])
            if (said["identifier"], said["password"]) != ("stadt.example", "geheim"):
                error = {"error": "AuthenticationRequired", "message": "Invalid identifier"}
                return 401, {}, error
            self.session += 1
            who = {"did": self.DID, "handle": "stadt.example"}
            return 200, {}, {"accessJwt": f"s{self.session}", "refreshJwt": "r", **who}
        if asked["headers"].get("authorization") != f"Bearer s{self.session}":
            return 400, {}, {"error": "ExpiredToken", "message": "Token has expired"}
        if method == "com.atproto.repo.uploadBlob":
            self.blobs.append(asked["body"])
            blob = {"$type": "blob", "ref": {"$link": _cid(asked["body"])}, "size": 1}
            return 200, {}, {"blob": blob | {"mimeType": asked["headers"]["content-type"]}}
        if method == "com.atproto.repo.getRecord":
            return self._get(asked["query"])
        said = json.loads(asked["body"])
        if method == "com.atproto.repo.deleteRecord":
            self.records.pop(said["rkey"], None)
            return 200, {}, {}
        return self._put(said)

    def _get(self, query: dict[str, str]) -> Answer:
        held = self.records if query["repo"] == self.DID else self.others
        record = held.get(query["rkey"])
        if record is None:
            uri = f"at://{query['repo']}/{query['collection']}/{query['rkey']}"
            error = {"error": "RecordNotFound", "message": f"Could not locate record: {uri}"}
            return 400, {}, error
        return 200, {}, self._face(query["rkey"], record) | {"value": record}

    def _put(self, said: dict[str, Any]) -> Answer:
        record, text = said["record"], said["record"]["text"]
        assert said["collection"] == record["$type"] == "app.bsky.feed.post"
        assert TID.fullmatch(said["rkey"]), said["rkey"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z", record["createdAt"])
        if len(text) > 300:  # enough for the tests: their letters are one grapheme each
            message = "Invalid app.bsky.feed.post record: Record/text must not be longer than 300"
            return 400, {}, {"error": "InvalidRequest", "message": message}
        for facet in record.get("facets", []):
            start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
            shown = text.encode()[start:end].decode()
            assert shown == facet["features"][0]["uri"]
        for end in record.get("reply", {}).values():
            assert end["cid"], "a reply names what it answers"
        self.records[said["rkey"]] = record
        return 200, {}, self._face(said["rkey"], record)

    def _face(self, key: str, record: dict[str, Any]) -> dict[str, Any]:
        uri = f"at://{self.DID}/app.bsky.feed.post/{key}"
        return {"uri": uri, "cid": _cid(json.dumps(record, sort_keys=True).encode())}


def _cid(body: bytes) -> str:
    return "bafy" + hashlib.sha256(body).hexdigest()[:20]


class HookServer(Outlet):
    """Another program of the town that listens."""

    @property
    def events(self) -> list[tuple[str, dict[str, Any]]]:
        return [(one["headers"]["webhook-id"], json.loads(one["body"])) for one in self.asked]
