"""Downloads a travel record over https, trusting neither the address nor the server.

- https only; no user name in the address; redirects are followed by hand, at most five, each checked like the first.
- A name is resolved once per hop, every address it has must be public, and the connection goes to the very address that
  was checked, so a name that changes its answer in between (DNS rebinding) gains nothing.
- A server that stalls, drips, sends more than it may, or less than it said, is given up on.

Nothing of what was downloaded outlives a failure: the caller gets a closed temporary file or an error.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

MAX_BYTES = 64 << 20
MAX_REDIRECTS = 5
STALL_SECONDS = 10.0
"""How long a server may say nothing."""
TOTAL_SECONDS = 180.0
CHUNK = 64 << 10

REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "192.0.0.0/24", "192.88.99.0/24")
)
"""Ways into other networks that `is_global` lets pass: NAT64, 6to4, Teredo and their relays."""


class BadDownload(Exception):
    """The download was refused or failed; the message says why, without the address's query."""


def is_public(address: str) -> bool:
    """True for an address on the open internet."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    if mapped is not None:
        ip = mapped
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_unspecified:
        return False
    return not any(ip.version == network.version and ip in network for network in REFUSED)


def _resolve(host: str, port: int) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _dial(address: str, port: int, host: str, timeout: float) -> socket.socket:
    """A TLS connection to a checked address, with the certificate checked against the name."""
    plain = socket.create_connection((address, port), timeout=timeout)
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


@dataclass(frozen=True, slots=True)
class Line:
    """How to reach the outside. Tests put a loopback server here; nothing else may."""

    resolve: Callable[[str, int], Sequence[str]] = _resolve
    allowed: Callable[[str], bool] = is_public
    dial: Callable[[str, int, str, float], socket.socket] = _dial
    stall: float = STALL_SECONDS
    total: float = TOTAL_SECONDS
    clock: Callable[[], float] = field(default=time.monotonic)


class _Connection(http.client.HTTPConnection):
    """An HTTP connection over a socket that is already open."""

    def __init__(self, host: str, port: int, sock: socket.socket) -> None:
        super().__init__(host, port)
        self.sock = sock


Progress = Callable[[int, int | None], None]
"""Hears how many bytes are here, and how many there will be where the server says."""


def fetch(url: str, into: BinaryIO, *, line: Line | None = None, progress: Progress | None = None) -> None:
    """Downloads `url` into an open file. Raises `BadDownload`."""
    line = line or Line()
    deadline = line.clock() + line.total
    for _ in range(MAX_REDIRECTS + 1):
        parts = _checked(url)
        try:
            following = _once(parts, into, line, deadline, progress)
        except BadDownload:
            raise
        except TimeoutError:
            raise BadDownload(f"{parts.hostname} stopped answering.") from None
        except (http.client.HTTPException, ssl.SSLError, OSError, UnicodeError, ValueError) as error:
            raise BadDownload(
                f"{parts.hostname} cannot be reached or does not keep to HTTP ({type(error).__name__})."
            ) from None
        if following is None:
            return
        url = urljoin(url, following)
    raise BadDownload(f"More than {MAX_REDIRECTS} redirects.")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadDownload("That is not an address.") from None
    if parts.scheme != "https" or not parts.hostname:
        raise BadDownload("Only https addresses are downloaded.")
    if parts.username is not None or parts.password is not None:
        raise BadDownload("An address with a user name in it is not downloaded.")
    if port == 0 or any(ord(char) <= 32 or ord(char) == 127 for char in url):
        raise BadDownload("That is not an address.")
    return parts


def _once(parts: SplitResult, into: BinaryIO, line: Line, deadline: float, progress: Progress | None) -> str | None:
    """One request. Gives the address of a redirect, or None once the body is in the file."""
    host, port = parts.hostname or "", parts.port or 443
    with contextlib.closing(_connect(host, port, line)) as connection, _given_up_at(deadline, connection, line):
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.netloc, "User-Agent": "attache", "Accept-Encoding": "identity", "Connection": "close"}
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        if response.status in (301, 302, 303, 307, 308):
            target = response.getheader("Location")
            if not target:
                raise BadDownload(f"{host} redirects to nowhere.")
            return target
        if response.status != 200:
            raise BadDownload(f"{host} answered {response.status}.")
        if (response.getheader("Content-Encoding") or "identity") != "identity":
            raise BadDownload(f"{host} sent a packed answer that was not asked for.")
        _receive(response, into, host, line, deadline, progress)
    return None


@contextlib.contextmanager
def _given_up_at(deadline: float, connection: _Connection, line: Line) -> Iterator[None]:
    """Cuts the connection at the deadline, whatever is being waited for: headers can drip for ever too."""
    sock = connection.sock

    def cut() -> None:
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(max(0.0, deadline - line.clock()), cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        if line.clock() >= deadline:
            raise BadDownload(f"{connection.host} is too slow: given up after {line.total:.0f} seconds.") from None
        raise
    finally:
        watch.cancel()


def _connect(host: str, port: int, line: Line) -> _Connection:
    addresses = list(dict.fromkeys(line.resolve(host, port)))
    if not addresses:
        raise BadDownload(f"{host} has no address.")
    if not all(line.allowed(address) for address in addresses):
        raise BadDownload(f"{host} is not a public address; nothing was asked of it.")
    failure: OSError | None = None
    for address in addresses[:4]:
        try:
            sock = line.dial(address, port, host, line.stall)
        except ssl.SSLError:
            raise
        except OSError as error:
            failure = error
            continue
        sock.settimeout(line.stall)
        return _Connection(host, port, sock)
    raise failure or OSError("no address answered")


def _receive(
    response: http.client.HTTPResponse, into: BinaryIO, host: str, line: Line, deadline: float, progress: Progress | None
) -> None:
    stated = response.length
    if stated is not None and stated > MAX_BYTES:
        raise BadDownload(f"{host} offers {stated:,} bytes; the travel record has far less than {MAX_BYTES >> 20} MB.")
    into.seek(0)
    into.truncate()
    received = 0
    while chunk := response.read1(CHUNK):
        received += len(chunk)
        if received > MAX_BYTES:
            raise BadDownload(f"{host} sends more than {MAX_BYTES >> 20} MB, which the travel record never has.")
        into.write(chunk)
        if progress:
            progress(received, stated)
        if line.clock() >= deadline:
            break
    if line.clock() >= deadline:
        raise BadDownload(f"{host} is too slow: given up after {line.total:.0f} seconds.")
    if stated is not None and received != stated:
        raise BadDownload(f"{host} said {stated:,} bytes and sent {received:,}.")
    if not received:
        raise BadDownload(f"{host} sent nothing.")
    into.flush()
