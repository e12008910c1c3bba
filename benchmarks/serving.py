"""A server as hosts are: files gzipped, connections kept; and, where asked, at the end of a slow line."""

from __future__ import annotations

import functools
import gzip
import http.server
import mimetypes
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LATENCY, BYTES_A_SECOND = 0.15, 1_638_400 // 8
"""The line of Lighthouse's slow 4G."""
_PIECE = 8192


@dataclass
class Line:
    """What went over a line: {path: bytes}. A slow one sends its bytes one after the other, whoever asks."""

    slow: bool = False
    sent: dict[str, int] = field(default_factory=dict)
    _one: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, size: int) -> None:
        """Wait as long as so many bytes take."""
        if self.slow:
            with self._one:
                time.sleep(size / BYTES_A_SECOND)


@contextmanager
def served(site: Path, line: Line | None = None) -> Iterator[str]:
    """Serve a site and yield its address."""
    line = line or Line()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            file = site / path.lstrip("/")
            file = file / "index.html" if file.is_dir() else file
            body = _gzipped(file) if file.is_file() else b""
            if line.slow:
                time.sleep(LATENCY)
            self.send_response(200 if file.is_file() else 404)
            self.send_header("Content-Type", mimetypes.guess_type(file.name)[0] or "text/plain")
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for start in range(0, len(body), _PIECE):
                piece = body[start : start + _PIECE]
                line.wait(len(piece))
                self.wfile.write(piece)
            line.sent[path] = line.sent.get(path, 0) + len(body)

        def log_message(self, *_: object) -> None:
            pass

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A browser that leaves a page lets go of its connections."""

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@functools.cache
def _gzipped(file: Path) -> bytes:
    return gzip.compress(file.read_bytes(), 9)
