"""HTTP to servers we do not trust: link cards, web hooks, pictures by address, gateways.

A name is resolved once, every address it has must be public, and the connection goes to one of those addresses, so a
second answer of the name server changes nothing. Each redirect is checked as the first address was. Time, size (before
and after decompression) and ports are bounded; no proxy is read from the environment.
"""

import ipaddress
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore2
import httpx2

Resolve = Callable[[str, int], list[str]]
Connect = Callable[[tuple[str, int], float], socket.socket]

# What is neither on the public internet nor meant for us: IANA's special-purpose registries (RFC 6890 and later), and
# 168.63.129.16, the address inside Azure that answers as the host.
_CLOSED = [
    ipaddress.ip_network(net)
    for net in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24",
        "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
        "240.0.0.0/4", "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
]  # fmt: skip
# Public IPv6 is inside this; mapped, NAT64, unique-local, link-local and multicast addresses are not.
_IPV6 = ipaddress.ip_network("2000::/3")
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+))*\.?", re.IGNORECASE)
_QUAD = re.compile(r"(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}")
_SECRETS = frozenset({"authorization", "cookie", "proxy-authorization"})
_CHUNK = 65_536


class OutboundRefused(Exception):
    """We will not make this request. The text is a sentence that can be shown."""


class OutboundFailed(Exception):
    """The other side did not answer as it should. The text is a sentence that can be shown."""


class OutboundTimeout(OutboundFailed):
    """The other side was too slow; whether it acted is not known."""


@dataclass(frozen=True, slots=True)
class Allow:
    """Where a request may go: these ports, at public addresses."""

    ports: frozenset[int] = frozenset({80, 443})


PUBLIC = Allow()


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: status, headers with lower-case names, the body decompressed, the address that gave it."""

    status: int
    headers: dict[str, str]
    body: bytes
    url: str


def is_public(address: str) -> bool:
    """Whether an IP address is one on the public internet."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.version == 6 and (ip not in _IPV6 or ip.scope_id):
        return False
    return not any(ip in net for net in _CLOSED if net.version == ip.version)


def resolve_host(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system's resolver gives them. Raises `OutboundFailed`."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise OutboundFailed(f"No address was found for {host}.") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect_to(address: tuple[str, int], timeout: float) -> socket.socket:
    """A TCP connection to an IP address and port; seconds."""
    return socket.create_connection(address, timeout)


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    max_bytes: int = 1_000_000,
    truncate: bool = False,
    timeout: float = 10.0,
    redirects: int = 3,
    allow: Allow = PUBLIC,
    trusted_hosts: Collection[str] = (),
    resolve: Resolve = resolve_host,
    connect: Connect = connect_to,
    tls: ssl.SSLContext | None = None,
) -> Response:
    """Ask a server and return what it says, whatever the status.

    `timeout` (seconds) bounds the whole exchange with its redirects, and each read. `max_bytes` bounds the decompressed
    body: more is refused, or cut off with `truncate`. GET and HEAD follow up to `redirects` redirects, and lose
    credentials on the way to another host; other methods return the redirect. `trusted_hosts` (`host:port`) were set by
    the operator and may be private, on any port. Raises `OutboundRefused`, `OutboundFailed`, `OutboundTimeout`.
    """
    deadline = time.monotonic() + timeout
    sent = {name.lower(): value for name, value in (headers or {}).items()}
    for _ in range(redirects + 1):
        target = _checked(url, allow, trusted_hosts)
        addresses = _addresses(target, trusted_hosts, resolve)
        wire = _Wire(addresses, deadline, timeout, connect)
        answer = _exchange(target, method, sent, content, _Limits(max_bytes, truncate), wire, tls)
        location = answer.headers.get("location")
        if method not in {"GET", "HEAD"} or answer.status not in {301, 302, 303, 307, 308} or not location:
            return answer
        url, sent = _next(target, location, sent)
    raise OutboundFailed("The address redirects too many times.")


def _next(target: httpx2.URL, location: str, sent: dict[str, str]) -> tuple[str, dict[str, str]]:
    try:
        url = target.join(location)
    except httpx2.InvalidURL as error:
        raise OutboundFailed("The address redirects to something that is no address.") from error
    if _origin(url) != _origin(target):
        sent = {name: value for name, value in sent.items() if name not in _SECRETS}
    return str(url), sent


def _origin(url: httpx2.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, _port(url)


def _port(url: httpx2.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


# -- may we ----------------------------------------------------------------------------------------------------------


def _checked(url: str, allow: Allow, trusted_hosts: Collection[str]) -> httpx2.URL:
    if not url.isprintable() or "\\" in url or " " in url or len(url) > 2_000:
        raise OutboundRefused("This is not a web address.")
    try:
        target = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
        raise OutboundRefused("This is not a web address.") from error
    if target.scheme not in {"http", "https"} or not target.host:
        raise OutboundRefused("Only http and https addresses can be opened.")
    if target.userinfo:
        raise OutboundRefused("An address with a user name in it is not opened.")
    if not _trusted(target, trusted_hosts):
        if _port(target) not in allow.ports:
            raise OutboundRefused(f"Port {_port(target)} is not opened from here.")
        if _NUMBERS.fullmatch(target.host) and not _QUAD.fullmatch(target.host):
            raise OutboundRefused("An address written in disguise is not opened.")
    return target


def _trusted(target: httpx2.URL, trusted_hosts: Collection[str]) -> bool:
    host = f"[{target.host}]" if ":" in target.host else target.host
    return f"{host}:{_port(target)}" in trusted_hosts


def _addresses(target: httpx2.URL, trusted_hosts: Collection[str], resolve: Resolve) -> list[tuple[str, int]]:
    """Where to connect. One address that is not public spoils them all."""
    port = _port(target)
    found = resolve(target.raw_host.decode("ascii"), port)
    if not found:
        raise OutboundFailed(f"No address was found for {target.host}.")
    if not _trusted(target, trusted_hosts) and not all(map(is_public, found)):
        raise OutboundRefused(f"{target.host} is not on the public internet.")
    return [(address, port) for address in found[:3]]


# -- the exchange ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Limits:
    max_bytes: int
    truncate: bool


class _Stream(httpcore2.NetworkStream):
    """A stream whose every wait ends at the deadline, so that a drip of bytes cannot hold us."""

    def __init__(self, inner: httpcore2.NetworkStream, wire: "_Wire") -> None:
        self._inner, self._wire = inner, wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._wire.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._wire.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._wire.left()), self._wire)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Wire(httpcore2.NetworkBackend):
    """Connects to the addresses that were checked, never to a name."""

    def __init__(self, addresses: list[tuple[str, int]], deadline: float, per_read: float, connect: Connect) -> None:
        self._addresses, self._deadline, self._per_read, self._connect = addresses, deadline, per_read, connect

    def left(self) -> float:
        """Seconds that the next wait may take."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise OutboundTimeout("The other server took too long.")
        return min(left, self._per_read)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore2.NetworkStream:
        problem: OSError | None = None
        for at, address in enumerate(self._addresses):
            try:
                sock = self._connect(address, self.left() / (len(self._addresses) - at))
            except OSError as error:
                problem = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return _Stream(_Socket(sock), self)
        raise OutboundFailed(f"No connection to {host} could be made.") from problem


class _Socket(httpcore2.NetworkStream):
    """A plain socket as the HTTP library wants to see it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._sock.settimeout(timeout)
        return self._sock.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._sock.settimeout(timeout)
        self._sock.sendall(buffer)

    def close(self) -> None:
        self._sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        self._sock.settimeout(timeout)
        try:
            return _Socket(ssl_context.wrap_socket(self._sock, server_hostname=server_hostname))
        except BaseException:
            self.close()
            raise

    def get_extra_info(self, info: str) -> Any:
        return None


@cache
def _tls() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)


def _exchange(
    target: httpx2.URL,
    method: str,
    headers: Mapping[str, str],
    content: bytes | None,
    limits: _Limits,
    wire: _Wire,
    tls: ssl.SSLContext | None,
) -> Response:
    sent = {
        "host": target.netloc.decode("ascii"),
        "accept-encoding": "gzip, deflate",
        "user-agent": "Terrace",
        **headers,
    }
    if content is not None:
        sent["content-length"] = str(len(content))
    context = (tls or _tls()) if target.scheme == "https" else None
    try:
        with (
            httpcore2.ConnectionPool(ssl_context=context, max_connections=1, network_backend=wire) as pool,
            pool.stream(method, str(target), headers=list(sent.items()), content=content) as answer,
        ):
            got = _headers(answer.headers)
            body = b"" if method == "HEAD" else _body(answer.iter_stream(), got.get("content-encoding", ""), limits)
            return Response(answer.status, got, body, str(target))
    except ssl.SSLError as error:
        raise OutboundFailed(f"{target.host} did not prove who it is.") from error
    except (TimeoutError, httpcore2.TimeoutException) as error:
        raise OutboundTimeout("The other server took too long.") from error
    except (OSError, httpcore2.NetworkError, httpcore2.ProtocolError, zlib.error) as error:
        raise OutboundFailed(f"The answer of {target.host} could not be read.") from error


def _headers(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    out: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        out[key] = f"{out[key]}, {text}" if key in out else text
    return out


def _body(chunks: Iterator[bytes], encoding: str, limits: _Limits) -> bytes:
    body = bytearray()
    for part in _inflated(chunks, encoding.strip().lower()):
        body += part
        if len(body) > limits.max_bytes:
            if limits.truncate:
                return bytes(body[: limits.max_bytes])
            raise OutboundFailed(f"The answer is larger than {limits.max_bytes:,} bytes.")
    return bytes(body)


def _inflated(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Decompressed in pieces of at most 64 kB, so that a small answer cannot become a large one in one step."""
    if encoding in {"", "identity"}:
        yield from chunks
        return
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise OutboundFailed("The answer is compressed in a way that was not asked for.")
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 32 if encoding != "deflate" else zlib.MAX_WBITS)
    begun = False
    for chunk in chunks:
        data, begun = chunk, True
        while data and not inflate.eof:
            yield inflate.decompress(data, _CHUNK)
            data = inflate.unconsumed_tail
    yield inflate.flush()
    if begun and not inflate.eof:
        raise OutboundFailed("The answer ended too early.")
