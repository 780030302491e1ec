"""Which records of archives that other tools wrote the ``revisit`` records in them refer to.

Theirs name an address and a time (WARC 1.1, section 6.7), sometimes the record, often no more than the digest of the
payload; never the place. Found once, when the archives are taken in, and kept beside them.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from wiretrace import identity
from wiretrace.evidence.warc import Record, scan

REVISITS = "revisits.json"
Place = tuple[str, int]


def places(files: list[Path]) -> dict[str, dict[str, Place]]:
    """For each ``revisit`` record of ``files`` that refers to a response in them: file name -> offset -> its place.

    By the record's id, else by address and time, else by the digest that both state, of the same address first; what
    is said not to have been modified since, without saying what, is the newest response of its address before it.
    """
    ids: dict[str, Place] = {}
    dated: dict[tuple[str, str], Place] = {}
    digests: dict[tuple[str, str], Place] = {}
    by_address: dict[str, list[tuple[str, Place]]] = {}
    waiting: list[tuple[Place, Record]] = []
    for path in files:
        for record in scan(path):
            place = (path.name, record.offset)
            if record.type == "revisit":
                waiting.append((place, record))
            address, time = _target(record), record.headers.get("warc-date", "")
            if record.type != "response" or record.oversize or not address or not time:
                continue
            ids.setdefault(record.id, place)
            dated.setdefault((address, _second(time)), place)
            by_address.setdefault(address, []).append((time, place))
            if digest := _digest(record):
                digests.setdefault((digest, address), place)
                digests.setdefault((digest, ""), place)
    found: dict[str, dict[str, Place]] = {}
    for (name, offset), record in waiting:
        named = _target(record, "warc-refers-to-target-uri") or _target(record)
        shown = (
            ids.get(record.headers.get("warc-refers-to", "").strip("<>"))
            or dated.get((named, _second(record.headers.get("warc-refers-to-date", ""))))
            or digests.get((_digest(record), named))
            or digests.get((_digest(record), ""))
            or _before(by_address, record)
        )
        if shown:
            found.setdefault(name, {})[str(offset)] = shown
    return found


def _before(by_address: dict[str, list[tuple[str, Place]]], record: Record) -> Place | None:
    """The newest response of the address of a ``revisit`` record that was not modified since, before it."""
    if not record.headers.get("warc-profile", "").endswith("/server-not-modified"):
        return None
    time = record.headers.get("warc-date", "")
    return max((one for one in by_address.get(_target(record), []) if one[0] < time), default=("", None))[1]


def _target(record: Record, name: str = "warc-target-uri") -> str:
    return identity.canonical(record.headers.get(name, "").strip("<>"))


def _second(time: str) -> str:
    """``time`` without a fraction, which some tools write in the one place and leave out in the other."""
    return time[:19]


def _digest(record: Record) -> str:
    return record.headers.get("warc-payload-digest", "").lower()


def referred_place(path: Path, offset: int) -> Place | None:
    """Name of the file beside ``path`` and the offset of the record that its ``revisit`` record at ``offset`` shows."""
    return referred_places(path).get(offset)


def referred_places(path: Path) -> dict[int, Place]:
    """As ``referred_place``, for each ``revisit`` record of an imported archive whose own is known."""
    kept = path.parent / REVISITS
    return _load(kept, kept.stat().st_mtime_ns).get(path.name, {}) if kept.exists() else {}


@lru_cache(maxsize=4)
def _load(path: Path, changed: int) -> dict[str, dict[int, Place]]:
    loaded = json.loads(path.read_text(encoding="utf-8"))
    return {
        name: {int(at): (str(shown[0]), int(shown[1])) for at, shown in found.items()} for name, found in loaded.items()
    }
