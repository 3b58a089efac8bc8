"""The world around the program, for journeys: a web server with feeds and a mail server, both real."""

from __future__ import annotations

import email
import http.server
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller


class Feeds:
    """Serves what stands in ``pages`` by path, with an ETag."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.asked: list[str] = []
        feeds = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                feeds.asked.append(self.path)
                body = feeds.pages.get(self.path)
                if body is None:
                    self.send_error(404)
                    return
                mark = f'"{hash(body)}"'
                if self.headers.get("If-None-Match") == mark:
                    self.send_response(304)
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
                self.send_header("ETag", mark)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Postbox:
    """Takes every mail."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = email.message_from_bytes(envelope.content, policy=default)
        self.mails.append(cast(EmailMessage, mail))
        return "250 OK"


@contextmanager
def feeds() -> Iterator[Feeds]:
    served = Feeds()
    try:
        yield served
    finally:
        served.close()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def settings(*, desk: int, mail: int, feed: int) -> str:
    """A settings file for this world."""
    return f"""
[authority]
name = "Musterstadt"
contact_email = "presse@musterstadt.example"
[desk]
port = {desk}
workers = 1
[mail]
host = "127.0.0.1"
port = {mail}
security = "none"
sender = "alarm@musterstadt.example"
[monitor]
allowed_hosts = ["127.0.0.1:{feed}"]
step_seconds = 1
"""
