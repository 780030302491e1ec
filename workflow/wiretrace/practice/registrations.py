"""Who registered which name, and what DNS says of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wiretrace.practice import notices
from wiretrace.practice.data import dice, digest, load
from wiretrace.practice.rounds import lapsing
from wiretrace.practice.runs import Newsstand
from wiretrace.practice.sites import Site, address, organisation, platform, provider

Zone = dict[tuple[str, str], list[str]]
IANA, NIC, WHOIS = "data.iana.example", "rdap.nic.example", "whois.nic.example"
WHOIS_TEST, WHOIS_INVALID, ROOT = "whois.registry.test", "whois.registry.invalid", "whois.iana.example"
ARCHIVE, LOGS, CRAWLS = "web-archive.example", "ct-logs.example", "crawl-index.example"


@dataclass(frozen=True)
class Registration:
    """One registered name. ``registrant`` is None where the registry redacts it."""

    domain: str
    registrar: dict[str, str]
    created: datetime
    updated: datetime
    expires: datetime
    registrant: dict[str, str] | None
    servers: tuple[str, ...]
    handle: str


def register(stand: Newsstand, round_: int) -> dict[str, Registration]:
    """All registrations that hold in ``round_``, by domain."""
    found = {}
    for site in stand.sites.values():
        if site.family == "account" or (round_ >= 2 and site.key == lapsing(stand.seed)):
            continue
        found[site.publisher] = _of_site(stand.seed, site)
        if site.key == lapsing(stand.seed):
            last = found[site.publisher].created.replace(year=2025)
            found[site.publisher] = replace(found[site.publisher], expires=last)
    for domain, host in _services(stand.seed).items():
        registrar = provider(stand.seed, "registrars", "lantern")
        servers = _servers(stand.seed, host, domain)
        found[domain] = _registration(stand.seed, domain, registrar, "2012-05-08", None, servers)
    return found


def _services(seed: int) -> dict[str, str]:
    """Domains of those who serve publishers: providers, registrars, the platform, a media host; with their DNS."""
    data = load("publishers/providers.yaml")
    renting = [key for key in data["hosting"] if key not in ("office", "registry")]
    found = {provider(seed, "hosting", key)["domain"]: key for key in renting}
    found.update({provider(seed, "registrars", key)["domain"]: "harbor" for key in data["registrars"]})
    found[platform(seed)["host"]] = "parapet"
    found[organisation(seed, "operator-b")["email"].partition("@")[2]] = "harbor"
    found.update(dict.fromkeys(("iana.example", "nic.example", ARCHIVE, LOGS, CRAWLS), "harbor"))
    return found


def _servers(seed: int, key: str, domain: str) -> tuple[str, ...]:
    base = domain if key == "own" else provider(seed, "hosting", key)["domain"]
    return (f"ns1.{base}", f"ns2.{base}")


def _registration(
    seed: int,
    domain: str,
    registrar: dict[str, str],
    created: str,
    registrant: dict[str, str] | None,
    servers: tuple[str, ...],
) -> Registration:
    throw = dice(seed, "registration", domain)
    # Names that one customer registers in one go are minutes apart.
    begun = datetime.fromisoformat(created) + timedelta(hours=6, seconds=throw.randrange(2400))
    years = 2026 - begun.year
    expires = begun.replace(year=begun.year + years)
    updated = begun.replace(year=2024) + timedelta(days=throw.randrange(5, 40))
    handle = f"{digest(seed, domain, 'handle', size=10).upper()}-EXMP"
    return Registration(domain, registrar, begun, updated, expires, registrant, servers, handle)


def _of_site(seed: int, site: Site) -> Registration:
    setting = site.raw["registrant"]
    registrant = None
    if setting == "named":
        who = notices.company(seed, site)
        shown = who["shown"] or site.name
        registrant = {**who, "name": shown, "native": shown, "country": _country(site)}
    elif setting != "redacted":
        registrant = organisation(seed, setting)
    registrar = provider(seed, "registrars", site.raw["registrar"])
    servers = _servers(seed, site.raw["dns"], site.publisher)
    return _registration(seed, site.publisher, registrar, site.raw["created"], registrant, servers)


def _country(site: Site) -> str:
    return {"ja": "JP", "ko": "KR", "en": "GB", "zh-Hans": "CN", "zh-Hant": "HK"}[site.language]


def zone(stand: Newsstand, round_: int) -> Zone:
    """All of DNS in ``round_``."""
    found: Zone = {}
    for domain, registration in register(stand, round_).items():
        _apex(stand.seed, found, domain, registration)
    for site in stand.sites.values():
        if site.family != "account" and (site.publisher, "NS") in found:
            _site(stand.seed, found, site, round_)
    _infrastructure(stand.seed, found)
    for (name, kind), values in sorted(found.items()):
        if kind == "A":
            for value in values:
                _pointer(stand.seed, found, value, name)
    return found


def _apex(seed: int, found: Zone, domain: str, registration: Registration) -> None:
    found[domain, "NS"] = [f"{server}." for server in registration.servers]
    master = registration.servers[0]
    serial = 2025000000 + int(digest(seed, domain, "serial", size=6), 16) % 90000
    mailbox = "hostmaster." + master.partition(".")[2]
    found[domain, "SOA"] = [f"{master}. {mailbox}. {serial} 7200 3600 1209600 3600"]


def _site(seed: int, found: Zone, site: Site, round_: int) -> None:
    domain, ip = site.publisher, site.ip[round_ - 1]
    for name in (domain, f"www.{domain}"):
        found[name, "A"] = [ip]
        if site.raw["ip"].startswith(("parapet", "office")):
            found[name, "AAAA"] = [f"2001:db8:{int(ip.rpartition('.')[2]):x}::10"]
    own = site.raw["registrant"] == "named"
    mail = domain if own else provider(seed, "hosting", site.raw["dns"])["domain"]
    found[domain, "MX"] = [f"10 mail.{domain}." if own else f"10 mx.{mail}."]
    include = f"ip4:{ip}" if own else f"include:_spf.{mail}"
    found[domain, "TXT"] = [f'"v=spf1 {include} ~all"']
    if own:
        found[f"mail.{domain}", "A"] = [ip]
    if site.kind == "honest" and site.scheme == "https":
        token = digest(seed, domain, "verification", size=43)
        found[domain, "TXT"].append(f'"google-site-verification={token}"')
        found[domain, "CAA"] = ['0 issue "authority.example"']
    if site.raw["dns"] == "own":
        for number in (1, 2):
            found[f"ns{number}.{domain}", "A"] = [ip]


def _infrastructure(seed: int, found: Zone) -> None:
    for number, (domain, key) in enumerate(_services(seed).items()):
        ip = address(seed, f"registry-{number}")
        found[domain, "A"] = [ip]
        found[f"www.{domain}", "A"] = [ip]
        found[domain, "TXT"] = ['"v=spf1 -all"']
        for name in ("ns1", "ns2", "mx", "_spf"):
            if key in domain or name in ("ns1", "ns2", "mx"):
                found[f"{name}.{domain}", "A"] = [ip]
        found[f"_spf.{domain}", "TXT"] = [f'"v=spf1 ip4:{ip} -all"']
        found.pop((f"_spf.{domain}", "A"), None)
    media = "media." + organisation(seed, "operator-b")["email"].partition("@")[2]
    found[media, "A"] = [address(seed, "harbor-12")]
    for name in (IANA, NIC, WHOIS, ROOT, ARCHIVE, LOGS, CRAWLS):
        found[name, "A"] = [address(seed, "registry-40")]
    for registrar in load("publishers/providers.yaml")["registrars"]:
        domain = provider(seed, "registrars", registrar)["domain"]
        found[f"whois.{domain}", "A"] = [address(seed, "registry-41")]
    for name in (WHOIS_TEST, WHOIS_INVALID):
        found[name, "A"] = [address(seed, "registry-42")]


def _pointer(seed: int, found: Zone, ip: str, name: str) -> None:
    """Reverse names: the provider's pattern, none for the cloud that sets none, the host's own for own lines."""
    reverse = ".".join(reversed(ip.split("."))) + ".in-addr.arpa"
    number = int(ip.rpartition(".")[2])
    if ip.startswith("192.0.2."):
        if number >= 130:
            found[reverse, "PTR"] = [f"{name.removeprefix('www.')}."]
        return
    key = "parapet" if ip.startswith("203.0.113.") else "harbor" if number < 130 else "kohei"
    found[reverse, "PTR"] = [f"h{number}.{provider(seed, 'hosting', key)['domain']}."]
