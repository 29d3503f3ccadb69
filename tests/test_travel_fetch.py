"""Downloads against a real server on the loopback that behaves as badly as servers can, and addresses that are refused."""

from __future__ import annotations

import contextlib
import io
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from bot import travel_fetch
from bot.travel_fetch import BadDownload, Line, fetch, is_public

Behaviour = Callable[[socket.socket], None]

PUBLIC = "93.184.216.34"
"""What names resolve to here; the line then leads to the loopback all the same."""


class Server:
    """Answers each connection with the next behaviour, and keeps what it was asked."""

    def __init__(self, *behaviours: Behaviour) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._behaviours = list(behaviours)
        self.asked: list[bytes] = []
        self.dialled: list[str] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        for behaviour in self._behaviours:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(5)
                try:
                    self.asked.append(connection.recv(65536))
                    behaviour(connection)
                except OSError:
                    pass

    def dial(self, address: str, port: int, host: str, timeout: float) -> socket.socket:
        self.dialled.append(f"{address}:{port} for {host}")
        return socket.create_connection(self._listener.getsockname(), timeout=timeout)

    def line(self, *, resolve: Callable[[str, int], list[str]] | None = None, stall: float = 0.4, total: float = 5.0) -> Line:
        return Line(resolve=resolve or (lambda host, port: [PUBLIC]), dial=self.dial, stall=stall, total=total)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes an accept that waits for nobody
        self._listener.close()
        self._thread.join(6)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(*behaviours: Behaviour) -> Server:
        servers.append(Server(*behaviours))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def says(head: str, body: bytes = b"") -> Behaviour:
    return lambda connection: connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)


def download(url: str, line: Line) -> bytes:
    into = io.BytesIO()
    fetch(url, into, line=line)
    return into.getvalue()


URL = "https://example.org/travels/master.zip?x=1"


def test_a_file_is_downloaded_with_progress(serve: Callable[..., Server]) -> None:
    server = serve(says("HTTP/1.1 200 OK\nContent-Length: 5", b"hello"))
    into, heard = io.BytesIO(b"left over from before"), []
    fetch(URL, into, line=server.line(), progress=lambda got, of: heard.append((got, of)))
    assert into.getvalue() == b"hello"
    assert heard[-1] == (5, 5)
    assert server.asked[0].startswith(b"GET /travels/master.zip?x=1 HTTP/1.1\r\nHost: example.org\r\n")
    assert server.dialled == [f"{PUBLIC}:443 for example.org"]


def test_redirects_are_followed_and_start_over(serve: Callable[..., Server]) -> None:
    server = serve(
        says("HTTP/1.1 302 Found\nLocation: https://code.example.org/a", b"moved"),
        says("HTTP/1.1 301 Moved\nLocation: /b"),
        says("HTTP/1.1 200 OK", b"here"),
    )
    assert download(URL, server.line()) == b"here"
    assert [line.partition(" for ")[2] for line in server.dialled] == ["example.org", "code.example.org", "code.example.org"]


def redirect_to(target: str) -> Behaviour:
    return says(f"HTTP/1.1 302 Found\nLocation: {target}")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("http://example.org/plain", "Only https"),
        ("file:///etc/passwd", "Only https"),
        ("https://user:word@example.org/", "user name"),
        ("https://inside.example/", "not a public address"),
        ("", "redirects to nowhere"),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(serve: Callable[..., Server], target: str, said: str) -> None:
    server = serve(redirect_to(target) if target else says("HTTP/1.1 302 Found"))
    names = {"inside.example": ["10.0.0.7"]}
    with pytest.raises(BadDownload, match=said):
        download(URL, server.line(resolve=lambda host, port: names.get(host, [PUBLIC])))
    assert len(server.dialled) == 1


def test_a_redirect_to_an_inner_address_itself_is_refused(serve: Callable[..., Server]) -> None:
    server = serve(redirect_to("https://127.0.0.1/latest/meta-data"))
    with pytest.raises(BadDownload, match="not a public address"):
        download(URL, server.line(resolve=lambda host, port: [host] if host[0].isdigit() else [PUBLIC]))


def test_redirects_end(serve: Callable[..., Server]) -> None:
    server = serve(*[redirect_to("https://example.org/again")] * 8)
    with pytest.raises(BadDownload, match="More than 5 redirects"):
        download(URL, server.line())


def test_a_name_that_has_any_inner_address_is_refused(serve: Callable[..., Server]) -> None:
    server = serve()
    with pytest.raises(BadDownload, match="not a public address"):
        download(URL, server.line(resolve=lambda host, port: [PUBLIC, "192.168.1.1"]))
    assert server.dialled == []


def test_a_name_is_resolved_once_and_the_checked_address_dialled(serve: Callable[..., Server]) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    server = serve(says("HTTP/1.1 200 OK\nContent-Length: 2", b"ok"))
    assert download(URL, server.line(resolve=lambda host, port: next(answers))) == b"ok"
    assert server.dialled == [f"{PUBLIC}:443 for example.org"]
    assert next(answers) == ["127.0.0.1"]  # never asked for


def stalls(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
    time.sleep(1.0)


def drips(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(60):
        connection.sendall(b"a")
        time.sleep(0.05)


def drips_headers(connection: socket.socket) -> None:
    for number in range(60):
        connection.sendall(f"HTTP/1.1 100 Continue\r\nX-{number}: a\r\n\r\n".encode())
        time.sleep(0.05)


def goes_on(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    block = b"a" * (1 << 20)
    for _ in range((travel_fetch.MAX_BYTES >> 20) + 2):
        connection.sendall(block)


BAD_SERVERS: dict[str, tuple[Behaviour, str, float]] = {
    "stalls": (stalls, "stopped answering", 5.0),
    "says nothing": (lambda connection: time.sleep(1.0), "stopped answering", 5.0),
    "drips": (drips, "too slow", 0.8),
    "drips headers": (drips_headers, "too slow", 0.8),
    "sends less than it said": (says("HTTP/1.1 200 OK\nContent-Length: 100", b"short"), "said 100 bytes and sent 5", 5.0),
    "offers too much": (says("HTTP/1.1 200 OK\nContent-Length: 9999999999"), "offers 9,999,999,999 bytes", 5.0),
    "sends too much without saying": (goes_on, "sends more than 64 MB", 20.0),
    "breaks off a chunk": (says("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", b"ff\r\nabc"), "keep to HTTP", 5.0),
    "packs its answer": (says("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 2", b"xx"), "packed", 5.0),
    "sends nothing": (says("HTTP/1.1 200 OK\nContent-Length: 0"), "sent nothing", 5.0),
    "has no such page": (says("HTTP/1.1 404 Not Found\nContent-Length: 0"), "answered 404", 5.0),
    "speaks another language": (says("220 smtp ready"), "keep to HTTP", 5.0),
    "hangs up": (lambda connection: None, "keep to HTTP|cannot be reached", 5.0),
}


@pytest.mark.parametrize("name", BAD_SERVERS)
def test_a_bad_server_is_given_up_on(serve: Callable[..., Server], name: str) -> None:
    behaviour, said, total = BAD_SERVERS[name]
    started = time.monotonic()
    with pytest.raises(BadDownload, match=said):
        download(URL, serve(behaviour).line(total=total))
    assert time.monotonic() - started < total + 2


@pytest.mark.parametrize("url", ["http://example.org/a", "ftp://example.org/a", "file:///etc/passwd", "https://", "//x/y"])
def test_only_https_is_downloaded(url: str) -> None:
    with pytest.raises(BadDownload, match="Only https"):
        download(url, Line())


@pytest.mark.parametrize(
    "url", ["https://example.org/a b", "https://example.org/\r\nX: y", "https://[::1/", "https://h:99999/"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadDownload):
        download(url, Line(resolve=lambda host, port: ["127.0.0.1"]))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "169.254.169.254", "2130706433"])
def test_inner_addresses_are_refused_by_the_real_line(host: str) -> None:
    with pytest.raises(BadDownload):
        download(f"https://{host}/", Line())


INNER = """127.0.0.1 10.1.2.3 172.16.0.1 192.168.0.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 192.0.0.10
    198.18.0.1 203.0.113.5 240.0.0.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
    64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2001:db8::1 2001::1 192.88.99.1 not-an-address"""


@pytest.mark.parametrize("address", INNER.split())
def test_what_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "140.82.121.4", "2606:50c0:8000::153", "::ffff:93.184.216.34"])
def test_what_is_public(address: str) -> None:
    assert is_public(address)
