"""Who is who: ids, addresses, registrable domains, publishers, shards. Pure; asks nobody."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import tldextract

from wiretrace.shipped import yaml_of

REGISTRY = Path(__file__).resolve().parents[3] / "config" / "registry"
# Parameters that only say where a reader came from; two addresses that differ in them alone are one page.
TRACKING = re.compile(r"utm_\w+|fbclid|gclid|yclid|mc_[ce]id|ref_src|spm|igshid", re.IGNORECASE)
IPV4 = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
IPV6 = re.compile(r"[0-9a-f:]*:[0-9a-f:.]*")
HOST = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
# Addresses whose canonical form is plain to see, as most links are: scheme and host, or none; a path without dots in
# front of its segments; a query of unreserved characters; a fragment, which is dropped. And host, path, query of one.
PLAIN = re.compile(
    r"(https?://[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,3})?"
    r"((?:/[A-Za-z0-9_~!$&'()*+,=:@-][A-Za-z0-9._~!$&'()*+,=:@-]{0,200}){0,12}/?)(?:\?([A-Za-z0-9._~=&-]{1,2000}))?(?:#.{0,2000})?",
    re.DOTALL,
)
PARTS = re.compile(r"https?://([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,3})(/[!-\"$->@-~]*)?(?:\?([!-\"$-~]*))?")
UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
LONGEST = 8192
REMEMBERED = 65_536  # answers kept of functions that are asked the same of every link on every page
_PATH = "%/:@!$&'()*+,;=~-._"
_QUERY = _PATH + "?"

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


@lru_cache(maxsize=REMEMBERED)
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


def provider_of(server: str) -> str:
    """Registrable domain of a host name as a record has it: one provider has many name servers."""
    words = unicodedata.normalize("NFKC", server).casefold().split()
    host = words[-1].strip(".") if words else ""
    return registrable_domain(host) or host


@lru_cache(maxsize=REMEMBERED)
def canonical(address: str, base: str = "") -> str:
    """One form of an http(s) address: absolute, lower-case host, no fragment, default port or tracking parameter.

    Escapes are normal (RFC 3986, section 6.2.2): unreserved characters bare, all else as upper-case UTF-8 escapes;
    what is escaped in bytes of another encoding stays as it is. The form is a fixed point: canonical of it is itself.
    Returns '' for anything that is not http or https, has no sound host, or is longer than 8,192 characters.
    """
    plain = PLAIN.fullmatch(address)
    site, folder = ("", "") if plain and plain[1] else _plain(base)
    if plain and (plain[1] or (plain[2] and site)):
        asked = f"?{query}" if plain[3] and (query := _query_of(plain[3])) else ""
        return f"{plain[1] or site}{plain[2] or '/'}{asked}"
    whole = _whole(address, site, folder, base) if site else ""
    if whole:
        return canonical(whole)
    try:
        parts = urlsplit(urljoin(base, address.strip()) if base else address.strip())
        port = parts.port
    except ValueError:
        return ""
    host = _host(parts.hostname or "")
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https") or not host:
        return ""
    netloc = f"[{host}]" if ":" in host else host
    if port and port != {"http": 80, "https": 443}[scheme]:
        netloc += f":{port}"
    query = _query_of("&".join(_escaped(piece, _QUERY) for piece in parts.query.split("&")))
    made = urlunsplit((scheme, netloc, _without_dots(_escaped(parts.path, _PATH)), query, ""))
    return made if len(made) <= LONGEST else ""


@lru_cache(maxsize=1_000)
def _plain(base: str) -> tuple[str, str]:
    """Scheme and host of ``base``, and these with its path to the last slash; '' where it is not plain to see."""
    plain = PLAIN.match(base)
    if not plain or not plain[1] or base[plain.end(1) : plain.end(1) + 1] != "/":
        return "", ""
    return plain[1], plain[1] + plain[2][: plain[2].rindex("/") + 1] if plain.end() == len(base) and plain[2] else ""


def _whole(address: str, site: str, folder: str, base: str) -> str:
    """``address`` with what it takes from ``base`` (RFC 3986, section 5.2.2) where that is plain to see, else ''."""
    if address.startswith("//"):
        whole = f"{site.partition('/')[0]}{address}"
        return whole if PLAIN.fullmatch(whole) else ""
    if not folder:
        return ""
    if not address or address[0] == "#":
        return base
    below = PLAIN.fullmatch(f"/{address}") if ":" not in address else None
    return folder + address if below and below[2] != "/" else ""


def _query_of(query: str) -> str:
    """``query`` without empty and tracking parameters."""
    return "&".join([one for one in query.split("&") if one and not TRACKING.fullmatch(one.partition("=")[0])])


def _host(name: str) -> str:
    """``name`` as DNS or an IP literal writes it; '' where it cannot be one."""
    host = name.lower().rstrip(".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return ""
    return host if len(host) <= 253 and (HOST.fullmatch(host) or IPV6.fullmatch(host)) else ""


def _escaped(text: str, safe: str) -> str:
    """``text`` with every escape in its normal form; a per cent sign that begins no escape is itself escaped."""
    text = re.sub("%(?![0-9A-Fa-f]{2})", "%25", text)
    text = re.sub("%[0-9A-Fa-f]{2}", lambda m: _bare(m[0]), text)
    return quote(text, safe=safe, errors="surrogatepass")


def _bare(escape: str) -> str:
    character = chr(int(escape[1:], 16))
    return character if UNRESERVED.fullmatch(character) else escape.upper()


def _without_dots(path: str) -> str:
    """``path`` from the root, without ``.`` and ``..`` (RFC 3986, section 5.2.4)."""
    kept: list[str] = []
    segments = path.lstrip("/").split("/") if path.strip("/") else [""]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept).lstrip("/")


@dataclass(frozen=True)
class Platform:
    """A rule that makes an account on a platform a publisher of its own.

    ``pattern`` is matched against ``host/path``, where ``query`` against ``host/path?query``, without a leading
    ``www.``; its group ``account`` (or ``account2``) names the account. ``named`` is the publisher's form where several
    forms of address mean one account. Names of accounts do not depend on case, except where ``case`` says so.
    """

    id: str
    name: str
    pattern: re.Pattern[str]
    source: str = ""
    matches: Mapping[str, str] = field(default_factory=dict)
    misses: tuple[str, ...] = ()
    named: str = ""
    case: bool = False
    query: bool = False


_added: list[Platform] = []


def platforms() -> tuple[Platform, ...]:
    """The rules that hold in this process: the investigation's own, then those of the registry (platforms.yaml)."""
    return (*_added, *read_platforms(REGISTRY / "platforms.yaml"))


@cache
def registry(name: str) -> dict[str, Any]:
    """The parsed file ``config/registry/NAME``, a YAML file."""
    loaded: dict[str, Any] = yaml_of(REGISTRY / name)
    return loaded


def add_platforms(paths: Iterable[str]) -> None:
    """Make the platform rules in ``paths``, which the investigation's file names, hold in this process."""
    _added[:] = [rule for path in paths for rule in read_platforms(Path(path))]
    platform_of.cache_clear()
    _possible.cache_clear()
    _hosted.cache_clear()


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
            rule.get("named", ""),
            bool(rule.get("case", False)),
            bool(rule.get("query", False)),
        )
        for rule in yaml_of(path)["platforms"]
    )


@lru_cache(maxsize=REMEMBERED)
def _possible(host: str) -> tuple[Platform, ...]:
    """The platform rules that can hold at ``host``: most of them name theirs."""
    endings, hosted, loose = _hosted()
    among = hosted if host.endswith(endings) else loose
    return tuple([rule for rule, ending, whole in among if host.endswith(ending) and (not whole or whole(host))])


# A rule with how its hosts end, and what must match all of one; None where that is not plain to see.
Hosted = tuple[Platform, str, Callable[[str], re.Match[str] | None] | None]


@cache
def _hosted() -> tuple[tuple[str, ...], list[Hosted], list[Hosted]]:
    """The endings of hosts that rules name, all rules, and those that name none."""
    hosted: list[Hosted] = []
    for rule in platforms():
        wanted = _host_pattern(rule.pattern.pattern)
        hosted.append((rule, wanted[0], wanted[1].fullmatch) if wanted else (rule, "", None))
    endings = dict.fromkeys(ending for _, ending, _ in hosted if ending)
    return tuple(endings), hosted, [one for one in hosted if not one[1]]


@cache
def _host_pattern(pattern: str) -> tuple[str, re.Pattern[str]] | None:
    """What ``pattern``, which is matched against ``host/path``, wants of the host: how it ends, and all of it.

    None where that is not plain to see.
    """
    opening = re.match(r"\(\?:", pattern)
    choices = _choices(pattern, opening.end()) if opening else []
    wanted = [_before_slash(choice) for choice in choices or [pattern]]
    plain = [part for part in wanted if part]
    if len(plain) < len(wanted):
        return None
    if len(plain) > 1:
        return "", re.compile("|".join(re.sub(r"\?P<\w+>", "?:", part) for part in plain))
    # A group of a plain name says no more than the name.
    bare = re.sub(r"\(\?P<\w+>((?:[a-z0-9-]|\\\.)+)\)", r"\1", plain[0])
    ending = re.search(r"(?<!\\)(?:[a-z0-9-]|\\\.)*$", bare)
    return (ending[0].replace("\\", "") if ending else ""), re.compile(plain[0])


def _choices(pattern: str, start: int) -> list[str]:
    """The choices of the group that begins at ``start``, each with what follows the group; [] for an optional group."""
    depth, begin, choices = 1, start, []
    for found in re.finditer(r"\\.|\[(?:\\.|[^\]\\])+\]|[()|]", pattern[start:]):
        at = start + found.start()
        depth += (found[0] == "(") - (found[0] == ")")
        if (found[0] == "|" and depth == 1) or not depth:
            choices.append(pattern[begin:at])
            begin = at + 1
        if not depth:
            break
    rest = pattern[begin:]
    return [] if rest[:1] in ("?", "*", "+", "{") else [choice + rest for choice in choices]


def _before_slash(pattern: str) -> str:
    """What stands before the first slash outside of groups, if no part of it could match a slash; else ''."""
    depth = 0
    for found in re.finditer(r"\\.|\[(?:\\.|[^\]\\])+\]|[()|/.]", pattern):
        part = found[0]
        depth += (part == "(") - (part == ")")
        if part == "/" and not depth:
            return pattern[: found.start()]
        if part in ("/", ".") or part.startswith("[^") or (part == "|" and not depth):
            return ""
    return ""


@lru_cache(maxsize=REMEMBERED)
def platform_of(address: str) -> tuple[str, str]:
    """(platform name, publisher) where ``address`` belongs to an account on a known platform, else ('', '')."""
    split = PARTS.fullmatch(address)
    if split:
        return _platform_at(split[1], split[2] or "/", split[3] or "")
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return _platform_at(host_of(address), parts.path or "/", parts.query)


def _platform_at(host: str, path: str, query: str) -> tuple[str, str]:
    host = host.removeprefix("www.")
    possible = _possible(host)
    if not possible:
        return "", ""
    plain = host + path
    for rule in possible:
        shown = f"{plain}?{query}" if rule.query else plain
        found = rule.pattern.match(shown if rule.case else shown.lower())
        if found:
            groups = found.groupdict()
            account = groups.get("account") or groups.get("account2")
            base = groups.get("host") or host
            if rule.named:
                return rule.name, rule.named.format(account=account)
            return rule.name, f"{base}/{account}" if account else base
    return "", ""


def publisher_of(address: str) -> str:
    """Publisher at ``address``: account on a known platform, else registrable domain; '' where there is no host."""
    split = PARTS.fullmatch(address)
    if split:
        return _platform_at(split[1], split[2] or "/", split[3] or "")[1] or registrable_domain(split[1])
    return platform_of(address)[1] or registrable_domain(host_of(address))
