# ruff: noqa: E501, S311  (seeds are data; chance here is no secret)
"""Feed damaged input to everything that reads: ``python benchmarks/fuzz_read.py [TARGET...] [--minutes M] [--seed N]``.

pages    a page's bytes and headers, beside an older state of it, to the rows of its article
decode   bytes to text
dates    dates in a machine's field and in running text
lists    feeds, sitemaps, the WordPress API, an archive's index
ads      ads.txt and app-ads.txt
files    ads.txt, sellers.json, WordPress' root, a sitemap's shape, icons, image metadata
records  DNS, RDAP and certificates
whois    WHOIS answers

Each target has its minutes of CPU. An input is damaged, spliced and repeated from seeds, in bytes, lines, elements and
nodes of JSON (`damage.py`); real pages are
among them where they are at hand ($WIRETRACE_REAL_DATA or ../shared/data). Wrong is what raises, what takes more than
three seconds of CPU, and what is read otherwise the second time or later, when other input has gone through the caches.
Wrong inputs are kept in --keep. With --guided atheris chooses what to damage by the code that it reaches
(``pip install atheris``); one target.
"""

from __future__ import annotations

import argparse
import dataclasses
import gc
import gzip
import hashlib
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, FunctionType

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from damage import LARGEST, damaged

from wiretrace.config import Read
from wiretrace.evidence import Opened
from wiretrace.read import feeds, images, records, site_files, whois
from wiretrace.read.articles import article_rows
from wiretrace.read.decode import decode
from wiretrace.read.publisher import read_captures
from wiretrace.read.times import find_times, interval, parse_time, spoken_time

ROOT = Path(__file__).resolve().parents[1]
SLOW = 3.0  # seconds of CPU that no input may take
HANGS = 20.0  # seconds of CPU after which an input is given up
GUIDES = ("wiretrace.", "htmldate.", "trafilatura.", "bs4.")  # whose code guides atheris
PROSE = "The harbour crane fell at noon on Sunday, the office said, and nobody was hurt by it. "
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Crane falls | Harbour Post</title>'
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Crane falls","datePublished":"2024-03-05T10:00:00+09:00",'
    '"author":[{"@type":"Person","name":"A. Writer"}]}</script><meta property="article:published_time" content="2024-03-05">'
    '</head><body><nav class="menu"><ul><li><a href="/a">Home</a></ul></nav><article><h1>Crane falls</h1><p>By A. Writer</p>'
    f"<time datetime='2024-03-05'>令和6年3月5日</time><p>{PROSE * 3}</p><p>{PROSE * 2}</p><h2>About Harbour Tools</h2><p>{PROSE}</p></article>"
    "<footer>© 2024 Harbour Post</footer></body></html>"
)
STATE = (  # a page whose text stands in its script's data alone
    '<html lang="en"><head><title>Crane falls | Harbour Post</title></head><body><div id="root"></div><script id="__NEXT_DATA__" type="application/json">'
    f'{{"props":{{"article":{{"title":"Crane falls","body":[{{"type":"paragraph","children":[{{"text":"{PROSE}"}},{{"text":"{PROSE}"}}]}},'
    f'"\\u003cp>{PROSE}\\u003c/p>"]}}}}}}</script><script>window.__STATE__={{"headline":"Crane falls","content":"{PROSE * 3}","x":undefined}};</script></body></html>'
)
WHOIS = [
    b"Domain Name: QUAY.EXAMPLE\r\nCreation Date: 2019-05-30T22:00:00Z\r\nRegistrar: Harbour\r\nRegistrant Name: Ann Sailor\r\n"
    b"Registrant Email: ann@quay.example\r\nName Server: NS1.QUAY.EXAMPLE\r\n>>> Last update of whois database: 2024-01-01T00:00:00Z <<<\r\n",
    b"domain:      quay.example\nholder-c:    HP1-TEST\ncreated:     30.05.2019\n\nnic-hdl:     HP1-TEST\ncontact:     Harbour Press\n",
    b"\n    Domain name:\n        quay.example\n\n    Registrant:\n        Ann Sailor\n\n    Relevant dates:\n        Registered on: 30-May-2019\n",
    "[Domain Name]                   QUAY.EXAMPLE\n[登録者名]                      港湾日報\n[登録年月日]                    2019/05/30\n".encode(),
]  # fmt: skip
LISTS = [
    b'<?xml version="1.0"?><rss><channel><item><link>https://post.example/1</link><pubDate>Tue, 05 Mar 2024 10:00:00 +0900</pubDate></item></channel></rss>',
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/1"/><published>2024-03-05T10:00:00Z</published></entry></feed>',
    b"<urlset><url><loc>https://post.example/1</loc><lastmod>2024-03-05</lastmod></url></urlset>",
    b'[["original","timestamp","statuscode"],["https://post.example/1","20240305100000","200"]]',
    b'[{"link":"https://post.example/1","date_gmt":"2024-03-05T10:00:00","modified_gmt":"","slug":"ann","avatar_urls":{}}]',
]
ADS = [
    b"google.example, pub-1234567890123456, DIRECT, f08c47fec0942fa0 # c\nOWNERDOMAIN=post.example\n",
    b"\xef\xbb\xbf# ads\r\nMANAGERDOMAIN=desk.example, JP\r\ncontact=ads@post.example\r\nads.example , 77 , Direct\r\nads.example,77,RESELLER;x=y\r\n",
    b"<!doctype html><html><body>not found</body></html>",
    b"subdomain=news.post.example\nads.example,\xe2\x80\x8b9,DIRECT\n,,DIRECT\n",
]  # fmt: skip
FILES = [
    b'{"contact_email":"a@post.example","contact_address":"1 Quay","sellers":[]}',
    b'{"namespaces":["wp/v2","yoast/v1"],"timezone_string":"Asia/Tokyo"}',
    b"<sitemapindex><sitemap><loc>https://post.example/post-sitemap1.xml</loc></sitemap></sitemapindex>",
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde\x00\x00\x00\x0bzTXtSoftware\x00\x00x\x9c\x03\x00\x00\x00\x00\x01",
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;",
    b"\xff\xd8\xff\xe1\x00\x1eExif\x00\x00II*\x00\x08\x00\x00\x00\x01\x001\x01\x02\x00\x04\x00\x00\x00abc\x00\xff\xd9",
]  # fmt: skip
DNS = b'post.example. 300 IN A 192.0.2.1\npost.example. 300 IN MX 10 mx.post.example.\npost.example. 300 IN TXT "v=spf1 include:_spf.mail.example ~all"\n'
RDAP = (
    b'{"objectClassName":"domain","ldhName":"post.example","events":[{"eventAction":"registration","eventDate":"2019-05-30T22:00:00Z"}],'
    b'"entities":[{"roles":["registrant"],"vcardArray":["vcard",[["fn",{},"text","Ann Sailor"],["email",{},"text","a@post.example"]]],'
    b'"entities":[{"roles":["registrar"],"handle":"1"}]}],"nameservers":[{"ldhName":"ns1.post.example"}]}'
)


@dataclasses.dataclass
class Target:
    """What reads, and what it is fed from."""

    read: Callable[[bytes], object]
    seeds: list[bytes]


def read_page(body: bytes) -> object:
    """Everything that two rounds show of one page; the first round saw the made page."""
    media = ("text/html", "text/html; charset=shift_jis", "text/html; charset=utf-16", "")[len(body) % 4]
    states = {"c-1": PAGE.encode(), "c-2": body}
    rows = [
        {"capture_id": name, "snapshot": name, "kind": "http", "purpose": "page", "publisher": "post.example", "address": "https://post.example/2024/7",
         "time": f"2024-03-1{name[-1]}T00:00:00Z", "original_time": "", "digest": name, "route": "direct", "status": "200", "media_type": media, "truncated": "", "size": 1}
        for name in states
    ]  # fmt: skip
    headers = [("Content-Type", media), ("Last-Modified", "Tue, 05 Mar 2024 01:00:00 GMT")]
    reading = read_captures(
        "post.example", rows, [], lambda row: Opened(200, headers, states[row["capture_id"]], b""), Read()
    )
    content = reading.pages[-1].content
    told = (content.kind, content.refused, content.title, content.chrome, content.clocks, content.links, content.seen)
    return article_rows(reading, ()), told


def read_dates(body: bytes) -> object:
    """Times in a field, in prose, with and without an order, and the moments that they mean."""
    text = body.decode("utf-8", "replace")[:1_000]  # longer blocks are not read for dates
    found = [one for order in ("", "dmy", "mdy") for one in (*find_times(text, order, "en"), parse_time(text, order))]
    return [(one, interval(one), interval(one, (540, 540))) for one in found if one], spoken_time(text[:80])


def read_lists(body: bytes) -> object:
    """Every kind of list of addresses."""
    base = "https://post.example/feed"
    return feeds.of_list(feeds.text_of(body), base), feeds.of_index(body), feeds.of_wordpress(body)


def read_ads(body: bytes) -> object:
    """The lines of an ads.txt."""
    return site_files.of_ads_txt(decode(body).text)


def read_files(body: bytes) -> object:
    """Every kind of a site's own file."""
    text = decode(body).text
    made = [one(text) for one in (site_files.of_ads_txt, site_files.of_sellers, site_files.of_wordpress_root)]
    icon = site_files.of_icon(body, "https://post.example/i.png", ["favicon", "logo_image"])
    return made, site_files.of_sitemap(text), icon, images.metadata(body)


def read_records(body: bytes) -> object:
    """Every kind of record about a domain."""
    return records.of_dns(body.decode("utf-8", "replace")), records.of_rdap(body), records.of_tls(body)


def certificate() -> bytes:
    """A certificate of our own, the same each time."""
    from datetime import datetime

    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "post.example")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    made = made.not_valid_before(datetime(2024, 1, 1)).not_valid_after(datetime(2025, 1, 1))
    names = x509.SubjectAlternativeName([x509.DNSName("post.example"), x509.DNSName("*.post.example")])
    return made.add_extension(names, False).sign(key, None).public_bytes(Encoding.PEM)


def targets(data: Path, number: int) -> dict[str, Target]:
    """The targets with their seeds; ``number`` real pages of each folder."""
    pages = [
        PAGE.encode(),
        STATE.encode(),
        PAGE.encode("utf-16"),
        PAGE.encode("shift_jis", "ignore"),
        PAGE.encode("euc_jp", "ignore"),
    ]
    for gold in sorted((data / "read").glob("*/gold.jsonl")):
        rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()]
        for row in rows[:: max(1, len(rows) // number)]:
            pages.append(gzip.decompress((gold.parent / row["file"]).read_bytes())[:200_000])
    native = data / "attrib/whois/cases_jp_cn_native.jsonl"
    lines = native.read_text(encoding="utf-8").splitlines() if native.exists() else []
    answers = [str(json.loads(line)["text"]).encode() for line in lines[::5]]
    dates = [
        "2024-03-05T10:00:00+09:00", "Tue, 05 Mar 2024 10:00:00 GMT", "令和6年3月5日 午後3時", "2024년 3월 5일 오후 3:05", "5 de marzo de 2024 a las 10:00",
        "民國一百一十三年三月五日", "20240305101112", "Mar 5, 2024, 2:20 PM ET", "03/05/2024", "二〇二四年三月五日", "ngày 5 tháng 3 năm 2024",
    ]  # fmt: skip
    return {
        "pages": Target(read_page, pages),
        "decode": Target(lambda body: [decode(body), decode(body, "text/html; charset=gbk")], pages),
        "dates": Target(read_dates, [date.encode() for date in dates]),
        "lists": Target(read_lists, LISTS),
        "files": Target(read_files, ADS + FILES),
        "ads": Target(read_ads, ADS),
        "records": Target(read_records, [DNS, RDAP, certificate()]),
        "whois": Target(lambda body: whois.of_whois(body, "quay.example"), WHOIS + answers),
    }


def gives_up(number: int, frame: FrameType | None) -> None:
    """Called after ``HANGS`` seconds of CPU in one input."""
    raise TimeoutError


def strings(value: object) -> Iterator[str]:
    """Every text in what was read."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for part in pair for text in strings(part))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (text for part in value for text in strings(part))
    elif dataclasses.is_dataclass(value):
        yield from (text for field in dataclasses.fields(value) for text in strings(getattr(value, field.name)))


@dataclasses.dataclass
class Tally:
    """What has come of one target so far."""

    name: str
    target: Target
    keep: Path
    runs: int = 0
    slowest: float = 0.0
    wrong: dict[str, int] = dataclasses.field(default_factory=dict)
    held: list[tuple[bytes, str]] = dataclasses.field(default_factory=list)

    def told(self, what: str, body: bytes) -> None:
        """Keep ``body`` as an example of what is wrong, the first of each kind in full."""
        self.wrong[what] = self.wrong.get(what, 0) + 1
        if self.wrong[what] == 1:
            path = self.keep / f"{self.name}-{hashlib.sha256(body).hexdigest()[:12]}"
            path.write_bytes(body)
            print(f"{self.name}: {what}: {len(body)} bytes kept in {path}", flush=True)

    def digest(self, body: bytes) -> str:
        """What is read of ``body``, as a digest; '' where that fails."""
        begun = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, HANGS)
        try:
            read = self.target.read(body)
        except Exception as error:  # whatever it is, it is what is looked for
            frame = traceback.extract_tb(error.__traceback__)[-1]
            self.told(f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}", body)
            return ""
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        spent = time.process_time() - begun
        self.runs += 1
        self.slowest = max(self.slowest, spent)
        if spent > SLOW:
            self.told("slow", body)
            print(f"   {spent:.1f} s", flush=True)
        texts = "\x1f".join(strings(read))
        if not texts.isascii():
            try:
                texts.encode()
            except UnicodeEncodeError:
                self.told("lone surrogate", body)
        return hashlib.sha256((repr(read)).encode("utf-8", "surrogatepass")).hexdigest()

    def one(self, body: bytes, chance: random.Random) -> None:
        """Read ``body``, sometimes twice, and sometimes one that was read long before."""
        made = self.digest(body)
        if chance.random() < 0.1 and self.digest(body) != made:
            self.told("read otherwise the second time", body)
        if chance.random() < 0.05:
            if len(self.held) > 40:
                old, was = self.held.pop(chance.randrange(len(self.held)))
                if self.digest(old) != was:
                    self.told("read otherwise later", old)
            self.held.append((body, made))


def run(tally: Tally, minutes: float, seed: int, largest: int) -> None:
    """Damage to at most ``largest`` bytes and read, for ``minutes`` of CPU."""
    chance = random.Random(f"{seed} {tally.name}")
    begun = time.process_time()
    seeds = tally.target.seeds
    for body in seeds:
        if time.process_time() - begun > minutes * 15:
            break
        tally.one(body, chance)
    while time.process_time() - begun < minutes * 60:
        tally.one(damaged(chance, chance.choice(seeds), chance.choice(seeds), largest), chance)
    print(
        f"{tally.name:8} {tally.runs} executions, slowest {tally.slowest:.1f} s of CPU, wrong: {tally.wrong or 'none'}"
    )


def guided(tally: Tally, minutes: float, seed: int, largest: int) -> None:
    """Let atheris choose; it ends the process by itself."""
    import atheris

    chance = random.Random(f"{seed} {tally.name}")
    for each in gc.get_objects():  # all that is loaded would be twenty thousand functions, most of them not of reading
        if isinstance(each, FunctionType) and str(each.__module__).startswith(GUIDES):
            atheris.instrument_func(each)
    corpus = tempfile.mkdtemp()
    for number, body in enumerate(tally.target.seeds):
        Path(corpus, str(number)).write_bytes(body)

    def mutated(body: bytes, most: int, number: int) -> bytes:
        made = random.Random(number)
        if made.random() < 0.5:
            return atheris.Mutate(body, most)
        return damaged(made, body, made.choice(tally.target.seeds), most)

    def one(body: bytes) -> None:
        tally.one(body, chance)
        if time.process_time() - begun > minutes * 60:
            print(
                f"{tally.name:8} {tally.runs} executions (guided), slowest {tally.slowest:.1f} s, wrong: {tally.wrong}"
            )
            sys.stdout.flush()
            os._exit(0)

    begun = time.process_time()
    options = [
        sys.argv[0],
        f"-seed={seed or 1}",
        "-timeout=600",
        "-rss_limit_mb=3000",
        f"-max_len={min(largest, 300_000)}",
        corpus,
    ]
    atheris.Setup(options, one, custom_mutator=mutated)
    atheris.Fuzz()


def main() -> None:
    """Run the targets that are named, or all."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("targets", nargs="*")
    options.add_argument("--data", default=os.environ.get("WIRETRACE_REAL_DATA") or str(ROOT / "../shared/data"))
    options.add_argument("--minutes", type=float, default=1.0, help="of CPU for each target")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--largest", type=int, default=LARGEST, help="bytes of a made input")
    options.add_argument("--keep", default="", help="folder for wrong inputs; default: a temporary one")
    options.add_argument("--guided", action="store_true")
    args = options.parse_args()
    signal.signal(signal.SIGPROF, gives_up)
    known = targets(Path(args.data), 40)
    keep = Path(args.keep or tempfile.mkdtemp())
    keep.mkdir(parents=True, exist_ok=True)
    wrong = 0
    for name in args.targets or list(known):
        if name not in known:
            options.error(f"no target {name!r}; there are: {', '.join(known)}")
        tally = Tally(name, known[name], keep)
        (guided if args.guided else run)(tally, args.minutes, args.seed, args.largest)
        wrong += len(tally.wrong)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
