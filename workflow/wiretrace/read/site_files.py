"""What a site's own files show of who runs it: ads.txt, app-ads.txt, sellers.json, WordPress' root, sitemap, icons."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterator
from typing import Any

import mmh3
from PIL import Image

from wiretrace.given import json_of
from wiretrace.read.images import looked_at
from wiretrace.read.markup import squeezed
from wiretrace.read.observations import Seen

LINES = 5_000
LONGEST = 2_000_000  # characters of a JSON file that are read
ICON = 1_000_000  # bytes of an image that is hashed
SIDE = 8_000  # pixels; a larger picture is no icon
NAMED = re.compile(r"(?P<which>OWNERDOMAIN|MANAGERDOMAIN)\s*=\s*(?P<host>[A-Za-z0-9.-]{3,253})(?:,.*)?", re.IGNORECASE)
HOST = re.compile(r"[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}")
LOC = re.compile(r"<loc>\s{0,20}([^<\s]{1,500})\s{0,20}</loc>", re.IGNORECASE)


def of_ads_txt(text: str) -> list[Seen]:
    """DIRECT lines and declared owners of an ads.txt (IAB Tech Lab, version 1.1); an HTML page is none."""
    found: dict[tuple[str, str], Seen] = {}
    if "<html" in text[:2000].lower():
        return []
    place = 0
    for raw in text.split("\n")[:LINES]:
        start, place = place, place + len(raw) + 1
        line = squeezed(raw[:600].partition("#")[0])
        for kind, value, rule in _ads_line(line):
            found.setdefault((kind, value), Seen(kind, value, rule, line[:200], start=start, end=start + len(raw)))
    return list(found.values())


def _ads_line(line: str) -> Iterator[tuple[str, str, str]]:
    named = NAMED.fullmatch(line)
    if named:
        which = "owner" if named["which"].lower().startswith("owner") else "manager"
        yield f"{which}_domain", named["host"].lower().strip("."), f"ads-txt-{which}"
        return
    fields = [field.strip() for field in line.split(",")]
    if len(fields) >= 3 and fields[2].upper() == "DIRECT" and HOST.fullmatch(fields[0].lower()) and fields[1]:
        yield "ads_txt", f"{fields[0].lower()}, {fields[1]}, DIRECT", "ads-txt-direct"


def of_sellers(text: str) -> list[Seen]:
    """The contact of a sellers.json (IAB Tech Lab); its sellers are other people."""
    loaded = _object(text)
    made = [
        Seen("contact_email", str(loaded[name]).strip().lower()[:200], "sellers-json", f"{name}: {loaded[name]}"[:200])
        for name in ("contact_email",)
        if isinstance(loaded.get(name), str) and "@" in loaded[name] and "sellers" in loaded
    ]
    if isinstance(loaded.get("contact_address"), str) and "sellers" in loaded:
        value = squeezed(loaded["contact_address"])[:200]
        made += [Seen("contact_address", value, "sellers-json", value)] if value else []
    return made


def of_wordpress_root(text: str) -> list[Seen]:
    """REST namespaces and time zone in the answer of ``/wp-json/``: its plugins, and where its owner set the clock."""
    loaded = _object(text)
    spaces = loaded.get("namespaces")
    made: list[Seen] = []
    if isinstance(spaces, list):
        names = sorted({squeezed(name[:80]) for name in spaces[:200] if isinstance(name, str)} - {""})
        made += [
            Seen("wp_namespace", name, "wp-root", name) for name in names if not name.startswith(("wp/", "oembed/"))
        ]
    zone = squeezed(str(loaded.get("timezone_string") or ""))[:60]
    if zone and isinstance(spaces, list):
        made.append(Seen("time_zone", zone, "wp-root", f"timezone_string: {zone}"))
    return made


def of_sitemap(text: str) -> list[Seen]:
    """The names of an index's sitemaps, numbers blanked: which program made it, with which kinds of page."""
    if "<sitemapindex" not in text[:2000]:
        return []
    names = {re.sub(r"\d+", "#", found.rpartition("/")[2])[:60] for found in LOC.findall(text[:200_000])[:200]}
    shape = " ".join(sorted(names))[:300]
    return [Seen("sitemap_shape", shape, "sitemap-index", shape)] if shape else []


def _object(text: str) -> dict[str, Any]:
    try:
        loaded = json_of(text[:LONGEST])
    except ValueError:
        return {}
    return loaded if isinstance(loaded, dict) else {}


def of_icon(body: bytes, address: str, kinds: Collection[str]) -> list[Seen]:
    """What of an icon or logo is known elsewhere or bears recompression: Shodan's hash of it, its difference hash."""
    made: list[Seen] = []
    if "favicon" in kinds:
        made.append(Seen("favicon_mmh3", str(shodan_hash(body[:ICON])), "favicon-mmh3", address))
    if "logo_image" in kinds:
        shape = difference_hash(body[:ICON])
        made += [Seen("logo_dhash", shape, "logo-dhash", address)] if shape else []
    return made


def shodan_hash(body: bytes) -> int:
    """MurmurHash3 (32 bits, signed) of the file in base64 with its line breaks, as Shodan indexes icons.

    Source: https://www.shodan.io/ (http.favicon.hash).
    """
    return int(mmh3.hash(base64.encodebytes(body)))


def difference_hash(body: bytes) -> str:
    """16 hex: whether each of 8 x 8 cells of the picture in grey is brighter than its right neighbour (dHash).

    Scaling and recompression leave it. '' for what is no picture, too large, or so plain that many would have it.
    """
    cells = looked_at(body, _cells)
    if cells is None:
        return ""
    bits = 0
    for row in range(8):
        for column in range(8):
            left, right = cells[row * 9 + column], cells[row * 9 + column + 1]
            bits = (bits << 1) | (left > right + 2)
    return f"{bits:016x}" if 8 <= bits.bit_count() <= 56 else ""


def _cells(image: Image.Image) -> list[int] | None:
    """The picture on white in grey, 9 columns of 8 rows; None where it is too large."""
    if max(image.size) > SIDE or image.size[0] * image.size[1] > SIDE * 1000:
        return None
    shown = Image.new("RGBA", image.size, "white")
    shown.alpha_composite(image.convert("RGBA"))
    return list(shown.convert("L").resize((9, 8), Image.Resampling.LANCZOS).getdata())
