"""Which networks may be contacted, and connections to hosts in them: direct or through the configured proxy."""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from functools import cache
from urllib.parse import urlsplit

import socks  # type: ignore[import-untyped]

from wiretrace.acquire.dns import Resolver
from wiretrace.config import Acquire
from wiretrace.evidence.http import parse_head

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Not asked unless `allow_networks` names them. From the IANA special-purpose registries
# (https://www.iana.org/assignments/iana-ipv4-special-registry, …-ipv6-special-registry), without the documentation
# ranges; an explicit list, since `ipaddress.is_global` lets NAT64, 6to4, site-local and multicast addresses through.
DENIED: tuple[Network, ...] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",
        "::ffff:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2002::/16",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
LOCAL_NAMES = re.compile(r"(?:^|\.)(?:localhost|local|internal|home\.arpa)$")
NUMERIC = re.compile(r"(?:0x[0-9a-f]*|\d+)$", re.IGNORECASE)
# Ports below 1024 belong to other protocols than HTTP; a page must not send us there.
WEB_PORTS = (80, 443)
MOST_ADDRESSES = 3
LONGEST_PROXY_HEAD = 16_384


class UnreachableError(Exception):
    """No usable connection; ``lasting`` where a further try would find the same."""

    def __init__(self, why: str, lasting: bool = False) -> None:
        super().__init__(why)
        self.lasting = lasting


class RefusedError(Exception):
    """A target that we do not contact, and why."""


def literal(host: str) -> Address | None:
    """The address that ``host`` is, in any form a C library takes (127.1, 0x7f.1, 2130706433); None for a name."""
    bare = host.strip("[]").partition("%")[0]
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    if NUMERIC.match(bare.rpartition(".")[2]):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(bare))
        except OSError:
            raise RefusedError(f"refused: {host[:80]} is neither a name nor an address") from None
    return None


def denied(address: Address, allowed: list[str]) -> str:
    """Why ``address`` may not be contacted; '' where it may."""
    permitted = [ipaddress.ip_network(network) for network in allowed]
    if any(address in network for network in permitted):
        return ""
    hit = next((network for network in DENIED if address in network), None)
    if hit is None:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if mapped is not None and not denied(mapped, allowed):
        return ""
    return f"refused: {address} is in {hit}, which acquire.allow_networks does not name"


def left(deadline: float) -> float:
    """Seconds until ``deadline`` of the monotonic clock.

    Raises:
        TimeoutError: none is left.
    """
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("timed out")
    return seconds


@cache
def trusting(ca_file: str) -> ssl.SSLContext:
    """Context that verifies, by the system's authorities and those of ``ca_file``."""
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


@cache
def unverified() -> ssl.SSLContext:
    """Context that takes any certificate and old protocols: a bad certificate is an observation, not an obstacle."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


class Dialer:
    """Opens connections to outside hosts, checked against the deny list."""

    def __init__(self, config: Acquire, resolver: Resolver) -> None:
        self.config = config
        self.resolver = resolver
        proxy = urlsplit(config.proxy)
        self.scheme = proxy.scheme.lower() if config.proxy else ""
        self.proxy = (proxy.hostname or "", proxy.port or {"http": 8080}.get(self.scheme, 1080))
        # Where a proxy resolves names and DNS is not among the look-ups, no name is given to a resolver.
        self.resolves = not self.scheme or "dns" in config.lookups

    @property
    def route(self) -> str:
        """Route by which connections go, as in the table ``captures``."""
        return "proxy" if self.scheme else "direct"

    @property
    def absolute_form(self) -> bool:
        """Whether plain HTTP goes to the proxy in absolute form."""
        return self.scheme == "http"

    def addresses(self, host: str) -> list[str]:
        """Addresses of ``host`` that may be contacted; empty where only the proxy knows them.

        Raises:
            RefusedError: one of its addresses is on the deny list, or the name is local by definition.
            UnreachableError: the name has no address, or the resolver gives none.
        """
        name = "127.0.0.1" if host == "localhost" else host
        if LOCAL_NAMES.search(name):
            raise RefusedError(f"refused: {host[:80]} is a local name")
        known = literal(name)
        if known is not None:
            found = [str(known)]
        elif not self.resolves:
            return []
        else:
            found, problem = self.resolver.addresses(name)
            if not found and not self.scheme:
                raise UnreachableError(problem, lasting=True)
        for address in found:
            why = denied(ipaddress.ip_address(address), self.config.allow_networks)
            if why:
                raise RefusedError(why)
        return found

    def connect(self, host: str, port: int, deadline: float, tunnel: bool = True) -> tuple[socket.socket, str]:
        """A connection to ``host`` and the address that answers there ('' behind a proxy).

        Without ``tunnel``, an HTTP proxy is only connected to, for requests in absolute form.

        Raises:
            RefusedError, UnreachableError: see ``addresses``; the connection fails.
            TimeoutError: ``deadline`` has passed.
        """
        addresses = self.addresses(host)
        if self.scheme:
            return self._through_proxy(host, port, deadline, tunnel), ""
        problem = ""
        for address in addresses[:MOST_ADDRESSES]:
            try:
                return socket.create_connection((address, port), left(deadline)), address
            except TimeoutError:
                problem = "connecting timed out"
            except OSError as error:
                problem = f"cannot connect: {error.strerror or error}"
        raise UnreachableError(f"{problem} ({host}:{port})")

    def _through_proxy(self, host: str, port: int, deadline: float, tunnel: bool) -> socket.socket:
        if self.scheme.startswith("socks"):
            relayed: socket.socket = socks.socksocket()
            relayed.set_proxy(socks.SOCKS5, *self.proxy, rdns=True)  # type: ignore[attr-defined]
            relayed.settimeout(left(deadline))
            try:
                relayed.connect((host, port))
            except (OSError, socks.ProxyError) as error:
                relayed.close()
                raise UnreachableError(f"proxy: {error}") from error
            return relayed
        try:
            stream = socket.create_connection(self.proxy, left(deadline))
        except OSError as error:
            raise UnreachableError(f"proxy: cannot connect: {error.strerror or error}") from error
        try:
            if tunnel:
                _open_tunnel(stream, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", deadline)
        except (OSError, UnreachableError) as error:
            stream.close()
            if isinstance(error, UnreachableError | TimeoutError):
                raise
            raise UnreachableError(f"proxy: {error.strerror or error}") from error
        return stream

    def secure(self, stream: socket.socket, host: str, deadline: float, context: ssl.SSLContext) -> ssl.SSLSocket:
        """TLS over ``stream``, with SNI; closes ``stream`` where it fails.

        Raises:
            UnreachableError: the handshake fails; ssl.SSLCertVerificationError: the certificate does not verify.
        """
        try:
            stream.settimeout(left(deadline))
            return context.wrap_socket(stream, server_hostname=host)
        except (TimeoutError, ssl.SSLCertVerificationError):
            stream.close()
            raise
        except (OSError, ValueError) as error:
            stream.close()
            raise UnreachableError(f"TLS: {getattr(error, 'reason', '') or error}") from error


def _open_tunnel(stream: socket.socket, target: str, deadline: float) -> None:
    stream.settimeout(left(deadline))
    stream.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode("ascii", "replace"))
    answer = b""
    # Byte by byte: what follows the blank line belongs to the tunnel.
    while not answer.endswith((b"\r\n\r\n", b"\n\n")):
        stream.settimeout(left(deadline))
        byte = stream.recv(1)
        if not byte or len(answer) > LONGEST_PROXY_HEAD:
            raise UnreachableError("proxy: closed without an answer to CONNECT")
        answer += byte
    head = parse_head(answer)
    if head is None or not 200 <= head.status < 300:
        raise UnreachableError(f"proxy: CONNECT answered {head.status if head else 'no HTTP'}")
