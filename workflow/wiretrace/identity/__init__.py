"""Who is who: ids, addresses, registrable domains, publishers, shards. Pure; asks nobody."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

import tldextract
import yaml

REGISTRY = Path(__file__).resolve().parents[3] / "config" / "registry"
# Parameters that only say where a reader came from; two addresses that differ in them alone are one page.
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|mc_[ce]id|ref_src|spm|igshid", re.IGNORECASE)
IPV4 = re.compile(r"\d{1,3}(\.\d{1,3}){3}")

_extract = tldextract.TLDExtract(suffix_list_urls=(), include_psl_private_domains=True, cache_dir=None)


def make_id(prefix: str, *parts: object, size: int = 16) -> str:
    """``prefix-`` and ``size`` hex digits of the SHA-256 of the parts; the same parts give the same id everywhere."""
    joined = "\x1f".join(str(part) for part in parts)
    return f"{prefix}-{hashlib.sha256(joined.encode('utf-8', 'replace')).hexdigest()[:size]}"


def sha256(data: bytes) -> str:
    """``sha256:`` and the 64 hex digits of the digest of ``data``."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def shard_of(publisher: str, shards: int) -> int:
    """Shard, 0 to ``shards`` - 1, that works on ``publisher``; no result may depend on it."""
    return int.from_bytes(hashlib.sha256(publisher.encode()).digest()[:8], "big") % shards


def host_of(address: str) -> str:
    """Host of an address in lower case, without port and final dot; empty where there is none."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.lower().rstrip(".")


def registrable_domain(host: str) -> str:
    """Registrable domain of ``host`` by the public suffix list of the installed tldextract, private section included.

    Where no suffix of the list matches, the list's own default rule ``*`` holds: the last label is the suffix
    (https://publicsuffix.org/list/, step 2). An IP address is its own domain; a lone label gives ''.
    """
    host = host.lower().strip(".")
    if IPV4.fullmatch(host) or ":" in host:
        return host
    found = _extract(host)
    if found.suffix:
        # A host that is itself a suffix of the private section (e.g. github.io) still has an owner.
        return f"{found.domain}.{found.suffix}" if found.domain else (found.suffix if "." in found.suffix else "")
    labels = host.split(".")
    return ".".join(labels[-2:]) if len(labels) >= 2 and all(labels) else ""


def canonical(address: str, base: str = "") -> str:
    """One form of an http(s) address: absolute, lower-case host, no fragment, default port or tracking parameter.

    Returns '' for anything that is not http or https, or has no host.
    """
    try:
        parts = urlsplit(urljoin(base, address.strip()) if base else address.strip())
        port = parts.port
    except ValueError:
        return ""
    host = (parts.hostname or "").lower().rstrip(".")
    if parts.scheme.lower() not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f]", host):
        return ""
    scheme = parts.scheme.lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return ""
    netloc = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}[scheme]:
        netloc += f":{port}"
    path = quote(unquote(parts.path, errors="surrogateescape"), safe="/:@!$&'()*+,;=~-._", errors="surrogateescape")
    query = urlencode([(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.fullmatch(k)])
    return urlunsplit((scheme, netloc, path or "/", query, ""))


@dataclass(frozen=True)
class Platform:
    """A rule that makes an account on a platform a publisher of its own.

    ``pattern`` is matched against ``host/path``; its group ``account`` names the account.
    """

    id: str
    name: str
    pattern: re.Pattern[str]
    source: str = ""
    matches: Mapping[str, str] = field(default_factory=dict)
    misses: tuple[str, ...] = ()


_added: list[Platform] = []


def platforms() -> tuple[Platform, ...]:
    """The rules that hold in this process: the investigation's own, then those of ``config/registry/platforms.yaml``."""
    return (*_added, *read_platforms(REGISTRY / "platforms.yaml"))


def add_platforms(paths: Iterable[str]) -> None:
    """Make the platform rules in ``paths``, which the investigation's file names, hold in this process."""
    _added[:] = [rule for path in paths for rule in read_platforms(Path(path))]


@cache
def read_platforms(path: Path) -> tuple[Platform, ...]:
    """The platform rules in one YAML file."""
    return tuple(
        Platform(
            rule["id"],
            rule["name"],
            re.compile(rule["pattern"]),
            rule.get("source", ""),
            rule.get("matches", {}),
            tuple(rule.get("misses", ())),
        )
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["platforms"]
    )


def platform_of(address: str) -> tuple[str, str]:
    """(platform name, publisher) where ``address`` belongs to an account on a known platform, else ('', '')."""
    host = host_of(address)
    try:
        target = host + (urlsplit(address).path or "/")
    except ValueError:
        return "", ""
    for rule in platforms():
        found = rule.pattern.match(target)
        if found:
            groups = found.groupdict()
            base = groups.get("host") or host
            return rule.name, f"{base}/{groups['account']}" if groups.get("account") else base
    return "", ""


def publisher_of(address: str) -> str:
    """Publisher at ``address``: account on a known platform, else registrable domain; '' where there is no host."""
    return platform_of(address)[1] or registrable_domain(host_of(address))
