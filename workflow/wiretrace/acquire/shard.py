"""One job of acquisition: the publishers of one shard, several at once, each politely, all of it archived."""

from __future__ import annotations

from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from wiretrace import config as configuration
from wiretrace import identity
from wiretrace.acquire import asn, dns, tls, transparency
from wiretrace.acquire.archives import WebArchive, key
from wiretrace.acquire.browser import Browsers
from wiretrace.acquire.common_crawl import CommonCrawl
from wiretrace.acquire.crawl import Crawler
from wiretrace.acquire.dns import Resolver
from wiretrace.acquire.fetch import Fetcher
from wiretrace.acquire.network import Dialer
from wiretrace.acquire.pace import Pace
from wiretrace.acquire.rdap import Rdap
from wiretrace.acquire.record import Archive, Record
from wiretrace.acquire.revisits import Past, past
from wiretrace.acquire.robots import Robots
from wiretrace.acquire.whois import Whois
from wiretrace.config import Investigation
from wiretrace.evidence import EvidenceWriter
from wiretrace.evidence.writer import MANIFEST
from wiretrace.identity.ties import standing
from wiretrace.progress import Progress

# Copies of a web archive that one publisher may cost, as a share of its pages, and at least so many.
COPIES_SHARE = 0.5
LEAST_COPIES = 5
# Folder beside the evidence in which jobs that run side by side tell each other whom they asked; it can be deleted.
PACE = "work/pace"
# Roles whose pages a web archive is asked for even where nothing that is live leads to them: what was taken down is
# what an investigation looks for.
ASKED_WHOLE = ("suspect", "distributor")


@dataclass(frozen=True)
class Summary:
    """What one job did.

    Args:
        publishers: publishers of the shard.
        pages: pages found, captures: exchanges archived, size: bytes of them, in this run.
        outcomes: look-ups that ended in this run, by outcome.
        repaired: what was torn and has been cut off; '' where nothing was.
    """

    publishers: int
    pages: int = 0
    captures: int = 0
    size: int = 0
    outcomes: tuple[tuple[str, int], ...] = ()
    repaired: str = ""


@dataclass(frozen=True)
class Job:
    """What the publishers of a job share."""

    investigation: Investigation
    archive: Archive
    resolver: Resolver
    dialer: Dialer
    pace: Pace
    robots: Robots
    whois: Whois
    rdap: Rdap
    web_archive: WebArchive
    common_crawl: CommonCrawl
    browsers: Browsers | None
    origins: asn.Table | None

    def fetcher(self, record: Record, known: Past | None = None) -> Fetcher:
        """A fetcher that archives under ``record``."""
        rows = known.rows if known else None
        return Fetcher(self.investigation.acquire, self.dialer, self.pace, self.robots, record, rows)


def acquire_shard(
    investigation: Investigation, snapshot: str, shard: int, shards: int, evidence: str | Path, progress: Progress
) -> Summary:
    """Acquire what the publishers of one shard show, into ``evidence/SNAPSHOT/NNN-of-MMM.warc.gz``.

    A job that was killed goes on where it stopped: what the snapshot's files hold is not asked for again. A sealed
    snapshot is left as it is.

    Raises:
        UserError: the configuration cannot be used, the disk is full.
    """
    evidence = Path(evidence)
    folder = evidence / snapshot
    rows = shares(configuration.seeds(investigation), shards)[shard]
    publishers = sorted({row["publisher"] for row in rows})
    if (folder / MANIFEST).exists() or not publishers:
        return Summary(len(publishers))
    known = past(evidence, snapshot, publishers)
    with EvidenceWriter(folder / f"{shard:03d}-of-{shards:03d}.warc.gz", wait=True) as writer:
        if writer.repaired:
            progress.say(writer.repaired, last=True)
        job = _job(investigation, Archive(evidence, snapshot, writer), publishers, evidence.parent / PACE)
        _work(job, rows, publishers, known, progress)
        counts = job.archive.counts
        return Summary(
            len(publishers),
            counts.pages,
            counts.captures,
            counts.size,
            tuple(sorted(counts.outcomes.items())),
            writer.repaired,
        )


def shares(rows: list[dict[str, str]], shards: int) -> list[list[dict[str, str]]]:
    """The seeds ``rows`` by job: no two jobs have publishers at one registrable domain, by address or by name.

    Accounts on a platform are publishers of their own, on hosts that all of them share; asked by one job, they are not
    asked faster where the jobs' common notes of whom they asked do not hold (see :mod:`wiretrace.acquire.pace`).
    """
    first = standing(
        (row["publisher"], identity.registrable_domain(identity.host_of(address)) or row["publisher"])
        for row in rows
        for address in (row["url"], f"https://{row['publisher']}/")
    )
    made: list[list[dict[str, str]]] = [[] for _ in range(shards)]
    for row in rows:
        made[identity.shard_of(first[row["publisher"]], shards)].append(row)
    return made


def _job(investigation: Investigation, archive: Archive, publishers: list[str], shared: Path) -> Job:
    config = investigation.acquire
    resolver = Resolver(config.resolvers, config.pace.timeout)
    dialer = Dialer(config, resolver)
    pace = Pace(config.pace.delay, shared)
    return Job(
        investigation,
        archive,
        resolver,
        dialer,
        pace,
        Robots(publishers),
        Whois(dialer, pace, config.whois_root),
        Rdap(config.rdap_bootstrap),
        WebArchive(config.cdx, config.playback),
        CommonCrawl(config.common_crawl, config.common_crawl_data),
        Browsers(config.browser) if config.browser else None,
        asn.Table(config.asn_table) if config.asn_table else None,
    )


def _work(
    job: Job, rows: list[dict[str, str]], publishers: list[str], known: dict[str, Past], progress: Progress
) -> None:
    done = 0
    with ThreadPoolExecutor(job.investigation.acquire.pace.publishers_at_once) as pool:
        running = {
            pool.submit(_publisher, job, publisher, [r for r in rows if r["publisher"] == publisher], known[publisher])
            for publisher in publishers
        }
        try:
            while running:
                ended, running = wait(running, timeout=1.0, return_when=FIRST_EXCEPTION)
                for future in ended:
                    future.result()
                done += len(ended)
                counts = job.archive.counts
                failed = counts.outcomes.get("could_not_look", 0)
                said = f"{done} of {len(publishers)} publishers, {counts.pages} pages, {failed} could not be looked at"
                progress.say(said, last=not running)
        finally:
            job.pace.stop.set()
            for future in running:
                future.cancel()


def _publisher(job: Job, publisher: str, rows: list[dict[str, str]], known: Past) -> None:
    """Everything about one publisher: look-ups, crawl, web archive."""
    record = Record(job.archive, publisher)
    fetcher = job.fetcher(record, known)
    seeds = [row["url"] for row in rows]
    _lookups(job, fetcher, publisher, seeds)
    crawl = Crawler(fetcher, seeds, known.pages, job.browsers).run()
    gone = list(dict.fromkeys(crawl.gone))
    config = job.investigation.acquire
    most = max(LEAST_COPIES, int(config.budget.pages * COPIES_SHARE))
    for source in ("web_archive", "common_crawl"):
        if source not in config.lookups:
            record.note(source, publisher, "not_looked", f"acquire.lookups does not name {source}")
    if "web_archive" in config.lookups:
        live = {key(url) for url in crawl.live}
        job.web_archive.ask(fetcher, gone, live, rows[0]["role"] in ASKED_WHOLE, most)
    if "common_crawl" in config.lookups:
        job.common_crawl.ask(fetcher, gone, job.fetcher, most)


def _lookups(job: Job, fetcher: Fetcher, publisher: str, seeds: list[str]) -> None:
    """DNS, RDAP, WHOIS, TLS and logs of certificates of a domain; for what is none, why they were not asked."""
    record = fetcher.record
    wanted = job.investigation.acquire.lookups
    why = "account on a platform" if "/" in publisher else "an IP address" if _is_address(publisher) else ""
    for source in ("dns", "asn", "rdap", "whois", "tls", "transparency"):
        if why or source not in wanted:
            record.note(source, publisher, "not_looked", why or f"acquire.lookups does not name {source}")
    if why:
        return
    hosts = list(dict.fromkeys([publisher, *(identity.host_of(seed) for seed in seeds)]))
    addresses = dns.ask_all(record, job.resolver, publisher, hosts) if "dns" in wanted else []
    if "asn" in wanted:
        asn.ask(record, job.resolver, job.origins, addresses)
    ended = job.rdap.ask(fetcher, publisher, job.fetcher) if "rdap" in wanted else "not_looked"
    if "whois" in wanted:
        if ended in ("found", "absent"):
            record.note("whois", publisher, "not_looked", "RDAP answered")
        else:
            job.whois.ask(record, publisher)
    if "tls" in wanted:
        for host in hosts:
            tls.ask(record, job.dialer, job.pace, host)
    if "transparency" in wanted:
        transparency.ask(fetcher, job.investigation.acquire.transparency, publisher)


def _is_address(publisher: str) -> bool:
    return bool(identity.IPV4.fullmatch(publisher)) or ":" in publisher
