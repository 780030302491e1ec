"""Services that list what they saw: logs of certificates as crt.sh answers, a crawl's index as Common Crawl's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from wiretrace import identity
from wiretrace.practice import archive
from wiretrace.practice.archive import Held
from wiretrace.practice.data import digest
from wiretrace.practice.model import Certificate, Response
from wiretrace.practice.registrations import CRAWLS
from wiretrace.practice.serving import PLAIN, answer

# Crawls with the months whose captures are theirs, newest first.
MADE = {"PC-MAIN-2025-26": "202506", "PC-MAIN-2025-22": "202505"}


def logs(seed: int, certificates: Sequence[Certificate], target: str) -> Response:
    """Certificates that are logged for the domain asked, as https://crt.sh/?q=DOMAIN&output=json lists them."""
    domain = parse_qs(urlsplit(target).query).get("q", [""])[0].lower()
    listed = [
        {
            "issuer_ca_id": 1,
            "issuer_name": f"C=XX, O={certificate.issuer}, CN={certificate.issuer} R1",
            "common_name": certificate.names[0],
            "name_value": "\n".join(certificate.names),
            "id": number,
            "entry_timestamp": "2024-01-01T00:10:00.123",
            "not_before": "2019-01-01T00:00:00" if certificate.expired else "2024-01-01T00:00:00",
            "not_after": "2020-01-01T00:00:00" if certificate.expired else "2038-01-01T00:00:00",
            "serial_number": digest(seed, *certificate.names, "serial", size=32),
        }
        for number, certificate in enumerate(certificates, start=1)
        if any(identity.registrable_domain(name) == domain for name in certificate.names)
    ]
    return answer(json.dumps(listed).encode(), "application/json")


def crawls(captures: Sequence[Held], target: str) -> Response:
    """The list of crawls, or what the index of one has."""
    parts = urlsplit(target)
    if parts.path == "/collinfo.json":
        listed = [{"id": name, "name": name, "cdx-api": f"http://{CRAWLS}/{name}-index"} for name in MADE]
        return answer(json.dumps(listed).encode(), "application/json")
    month = MADE.get(parts.path.strip("/").removesuffix("-index"), "")
    asked = parse_qs(parts.query)
    if not month or not asked.get("url"):
        return answer(b"not found\n", PLAIN, status=404)
    found = archive.matching(captures, asked["url"][0], asked.get("matchType", ["exact"])[0])
    lines = [_line(held, number) for number, held in enumerate(found) if held.timestamp.startswith(month)]
    if not lines:
        return answer(json.dumps({"message": f"No Captures found for: {asked['url'][0]}"}).encode(), PLAIN, status=404)
    return answer("".join(lines).encode(), "text/x-ndjson")


def _line(held: Held, number: int) -> str:
    row = held.row()
    line = {
        "urlkey": row["urlkey"],
        "timestamp": held.timestamp,
        "url": held.original,
        "mime": row["mimetype"],
        "status": row["statuscode"],
        "digest": row["digest"],
        "length": row["length"],
        "offset": str(7919 * number),
        "filename": "crawl-data/segment/warc/part-00000.warc.gz",
    }
    return json.dumps(line) + "\n"
