"""A server with two workers of four threads, and eight who ask it over kept connections."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from bench.databases import processes_below

THREADS = 8
SERVERS = {
    "gunicorn": ["gunicorn", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "60",
                 "--log-level", "error", "--bind", "127.0.0.1:{port}"],
    "granian": ["granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws",
                "--log-level", "error", "--port", "{port}"],
}  # fmt: skip

# Makes the bytes of the next request.
Ask = Callable[[], bytes]


def post_bytes(url: str, fields: dict[str, str], cookie: str = "") -> bytes:
    body = urlencode(fields)
    return (
        f"POST {url} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Cookie: {cookie}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


class Line:
    """A kept connection that costs the asker next to nothing: the two cores belong to the server."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        self.socket.sendall(request)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self.more()
        length = re.search(rb"content-length: *(\d+)", data[:end], re.IGNORECASE)
        assert length, data[:end]
        while len(data) < end + 4 + int(length[1]):
            data += self.more()
        return int(data[9:12]), data[end + 4 :]

    def more(self) -> bytes:
        piece = self.socket.recv(65536)
        assert piece, "closed by the server"
        return piece


class Rate(NamedTuple):
    """Answers a second, and what one cost the workers in CPU milliseconds."""

    per_second: float
    cpu: float


def rate(server: Server, ask: Ask, seconds: float) -> Rate:
    """By eight askers; refuses to count an error."""
    counts: list[int] = [0] * THREADS
    bad: list[int] = []

    def work(number: int) -> None:
        line = Line(server.port)
        while time.perf_counter() < stop:
            status, _body = line.ask(ask())
            counts[number] += 1
            if status not in {200, 302, 303}:
                bad.append(status)

    warm = [Line(server.port) for _ in range(THREADS)]
    for line in warm * 2:
        line.ask(ask())
    before, start = server.cpu(), time.perf_counter()
    stop = start + seconds
    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not bad, f"answers with status {set(bad)}"
    done = sum(counts)
    return Rate(done / (time.perf_counter() - start), (server.cpu() - before) * 1000 / done)


@dataclass(frozen=True)
class Server:
    pid: int
    port: int

    def cpu(self) -> float:
        """Seconds its processes have used so far (Linux)."""
        return sum(_cpu(pid) for pid in (self.pid, *processes_below(self.pid)))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(
    name: str,
    application: str,
    port: int,
    environment: dict[str, str] | None = None,
    python: str | Path = sys.executable,
) -> Iterator[Server]:
    command = [python, "-m", *(part.format(port=port) for part in SERVERS[name]), application]
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL,
                               start_new_session=True)  # fmt: skip
    try:
        _wait(port)
        yield Server(process.pid, port)
    finally:
        # With its workers: a graceful end waits for connections that our threads keep open.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)


def _wait(port: int) -> None:
    for _ in range(240):
        try:
            # Any answer will do: the peers have no address in common.
            line = Line(port)
            line.socket.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            line.more()
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("The server did not start.")
