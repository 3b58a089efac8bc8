"""A web server on loopback that answers as it is told: properly, oddly or never."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

Answer = Callable[["Asked"], None]


class Asked:
    """One request, and the line on which to answer it."""

    def __init__(self, line: socket.socket, server: Server) -> None:
        self.line = line
        self.server = server
        self.head = b""
        while b"\r\n\r\n" not in self.head:
            piece = line.recv(65536)
            self.head += piece
            if not piece or not self.head[:1].isalpha():
                break  # hung up, or speaks TLS to a server that does not
        rows = self.head.decode("latin-1").split("\r\n")
        self.path = rows[0].split(" ")[1] if " " in rows[0] else ""
        pairs = (row.partition(": ") for row in rows[1:] if row)
        self.headers = {name.lower(): value for name, _, value in pairs}

    def say(self, status: str = "200 OK", body: bytes = b"", **headers: str) -> None:
        """A proper answer; header names with underscores for hyphens."""
        rows = {"Content-Length": str(len(body)), "Connection": "close"}
        rows |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in rows.items() if value)
        self.raw(f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body)

    def raw(self, data: bytes) -> None:
        """These bytes and no others."""
        self.line.sendall(data)


class Server:
    """Serves the answers in ``pages``, each in a thread; remembers what was asked."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.place = f"127.0.0.1:{self.port}"
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The address of a page."""
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    def close(self) -> None:
        """Stop answering and wait for what still runs."""
        self.over.set()
        # Closing alone does not wake a thread that waits for a connection.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while not self.over.is_set():
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._answer, args=(line,))
            self._threads.append(thread)
            thread.start()

    def _answer(self, line: socket.socket) -> None:
        line.settimeout(10)
        try:
            if self._tls:
                line = self._tls.wrap_socket(line, server_side=True)
            asked = Asked(line, self)
            self.asked.append(asked)
            page = self.pages.get(asked.path.partition("?")[0])
            if page is None:
                asked.say("404 Not Found")
            else:
                page(asked)
        except OSError:
            pass  # the other side hung up, which is its right
        finally:
            line.close()


def certificate(folder: Path, *options: str) -> tuple[Path, Path]:
    """A self-signed certificate and its key, made by openssl."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-keyout", str(key), "-out", str(cert), "-subj", "/CN=muster.example"),
            *options,
        ],
        check=True,
        capture_output=True,
    )
    return cert, key


def drip(asked: Asked) -> None:
    """One byte every twentieth of a second, for as long as anybody listens."""
    asked.raw(b"HTTP/1.1 200 OK\r\n\r\n")
    while not asked.server.over.is_set():
        asked.raw(b"x")
        time.sleep(0.05)
