"""Publishers of the world: what each is called, where it lies, what it runs on and who is behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wiretrace.practice.data import dice, digest, load, option

GROUPS = ("network_a", "network_b", "accounts", "wires", "honest")


@dataclass(frozen=True)
class Site:
    """One publisher. ``raw`` holds the settings of its data file that only few readers need."""

    key: str
    publisher: str
    host: str
    scheme: str
    name: str
    language: str
    kind: str
    role: str
    operator: str
    network: str
    family: str
    encoding: str
    clock: str
    zone: int
    ip: tuple[str, str]  # in round 1 and in round 2
    ids: dict[str, str]
    authors: tuple[dict[str, str], ...]
    raw: dict[str, Any] = field(repr=False, hash=False, compare=False)

    @property
    def root(self) -> str:
        """Address of its front page."""
        if self.kind == "account" or self.family == "account":
            return f"{self.scheme}://{self.publisher}/"
        return f"{self.scheme}://{self.host}/"

    @property
    def prefix(self) -> str:
        """Path that all its addresses begin with."""
        return "/" + self.publisher.partition("/")[2] + "/" if self.family == "account" else "/"


def platform(seed: int) -> dict[str, str]:
    """The blog platform of this world."""
    found: dict[str, str] = option(seed, "platform", load("publishers/accounts.yaml")["platform"])
    return found


def address(seed: int, place: str) -> str:
    """IPv4 address of a symbolic place such as ``cumulon-3``; places of one provider never share one."""
    provider, _, number = place.rpartition("-")
    setting = load("publishers/providers.yaml")["hosting"][provider]
    free = list(range(setting["low"], setting["high"]))
    dice(seed, "addresses", provider).shuffle(free)
    return f"{setting['prefix']}{free[int(number)]}"


def provider(seed: int, group: str, key: str) -> dict[str, str]:
    """Name and domain of a hosting provider or registrar."""
    setting = load("publishers/providers.yaml")[group][key]
    at = option(seed, f"provider {key}", range(len(setting["options"])))
    return {"name": setting["options"][at], "domain": f"{setting['label'][at]}.example"}


def organisation(seed: int, key: str) -> dict[str, str]:
    """Name, address and contacts of an organisation that a data file names."""
    found: dict[str, str] = option(seed, key, load("publishers/providers.yaml")["organisations"][key])
    return found


def _identifier(seed: int, kind: str, owner: str) -> str:
    throw = dice(seed, kind, owner)
    if kind == "adsense":
        return f"ca-pub-{throw.randrange(10**15, 10**16)}"
    if kind == "ga_ua":
        return f"UA-{throw.randrange(10**6, 10**8)}-1"
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
    if kind == "gtm":
        return "GTM-" + "".join(throw.choice(letters) for _ in range(7))
    return "G-" + "".join(throw.choice(letters) for _ in range(10))


def _ids(seed: int, raw: dict[str, Any]) -> dict[str, str]:
    found = {kind: _identifier(seed, kind, owner) for kind, owner in (raw.get("ids") or {}).items()}
    if raw.get("widget"):
        found["ga_ua"] = _identifier(seed, "ga_ua", "widget")
    if raw.get("sitekit"):
        # The id that Google's own WordPress plugin prints on every site; it names nobody.
        found["adsense_host"] = "ca-host-pub-2644536267352236"
    return found


def _site(seed: int, raw: dict[str, Any]) -> Site:
    chosen = option(seed, raw.get("with") or raw["key"], raw["options"])
    raw = {**raw, **{name: value for name, value in chosen.items() if name not in ("name", "label")}}
    if raw["family"] == "account":
        host = platform(seed)["host"]
        publisher = f"{host}/@{chosen['label']}"
    else:
        publisher = f"{chosen['label']}.{raw['tld']}"
        host = f"www.{publisher}" if int(digest(seed, raw["key"], "www", size=4), 16) % 3 == 0 else publisher
    first = address(seed, raw["ip"])
    second = address(seed, raw["ip2"]) if raw.get("ip2") else first
    return Site(
        raw["key"],
        publisher,
        host,
        raw["scheme"],
        chosen["name"],
        raw["language"],
        raw["kind"],
        raw["role"],
        raw.get("operator", ""),
        raw.get("network", ""),
        raw["family"],
        raw.get("encoding", "utf-8"),
        raw["clock"],
        raw["zone"],
        (first, second),
        _ids(seed, raw),
        tuple(raw.get("authors") or ()),
        raw,
    )


def settle(seed: int) -> dict[str, Site]:
    """All publishers of world ``seed``, by key."""
    found = {}
    for group in GROUPS:
        data = load(f"publishers/{group}.yaml")
        for raw in data["publishers"]:
            site = _site(seed, {**data["defaults"], **raw})
            found[site.key] = site
    return found
