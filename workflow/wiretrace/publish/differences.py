"""Changes: what differs between consecutive rounds of acquisition, and why as far as the look-ups tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from wiretrace import config, identity, schema
from wiretrace.publish.wording import cited, registry
from wiretrace.schema.wanted import COMPARED

Record = dict[str, Any]
# Observations read from a page or its headers depend on pages being fetched; the others on their own look-up.
PAGE_SOURCES = ("page", "headers")
LOOKED = ("found", "absent")


@dataclass(frozen=True)
class Rounds:
    """What each round asked, and which articles it saw."""

    asked: Mapping[tuple[str, str, str], Sequence[str]]  # (snapshot, publisher, source) → outcomes
    pages: Mapping[tuple[str, str], Record]  # (snapshot, address) → the last look-up of that page
    seen: Mapping[tuple[str, str], str]  # (snapshot, article) → capture
    ended: Mapping[str, str]  # snapshot → its last capture's time


def changes(tables: Mapping[str, pd.DataFrame], snapshots: Iterable[str]) -> pd.DataFrame:
    """The table ``changes``: articles and observations that the later of two rounds lost, gained or found altered.

    ``snapshots`` are labels in order of time; other people's archives (``imports``) are no round. A row says whether
    the other side changed, or could not be asked, or was not asked: then nothing is known to have changed.
    """
    labels = [label for label in snapshots if label != config.IMPORTS]
    if len(labels) < 2:
        return schema.frame("changes")
    rows = {name: schema.records(tables[name][list(columns)]) for name, columns in COMPARED.items() if name in tables}
    rounds = _rounds(rows)
    found: list[Record] = []
    for before, after in pairwise(labels):
        found += _articles(rows, rounds, before, after)
        found += _observations(rows, rounds, before, after)
    for row in found:
        key = (row["from_snapshot"], row["to_snapshot"], row["subject"], row["row"], row["change"])
        row["change_id"] = identity.make_id("d", *key)
    return schema.frame("changes", found)


def _rounds(rows: Mapping[str, list[Record]]) -> Rounds:
    captures = {row["capture_id"]: row for row in rows.get("captures", [])}
    asked: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    pages: dict[tuple[str, str], Record] = {}
    for row in sorted(rows.get("lookups", []), key=lambda r: (r["time"], r["lookup_id"])):
        torn = captures.get(row["capture_id"], {}).get("truncated")
        if torn and row["outcome"] in LOOKED:
            # What came before the answer was cut off does not show what is gone.
            row = {**row, "outcome": "could_not_look", "reason": f"the answer was cut off: {row['reason'] or torn}"}
        asked[row["snapshot"], row["publisher"], row["source"]].append(row["outcome"])
        if row["source"] == "page":
            pages[row["snapshot"], identity.canonical(row["subject"]) or row["subject"]] = row
    seen: dict[tuple[str, str], str] = {}
    for page in sorted(rows.get("pages", []), key=lambda r: (r["time"], r["capture_id"])):
        capture = captures.get(page["capture_id"])
        if page["article_id"] and capture and capture["route"] in ("direct", "proxy"):
            seen[capture["snapshot"], page["article_id"]] = page["capture_id"]
    ended: dict[str, str] = {}
    for capture in captures.values():
        ended[capture["snapshot"]] = max(ended.get(capture["snapshot"], ""), capture["time"])
    return Rounds(asked, pages, seen, ended)


def _articles(rows: Mapping[str, list[Record]], rounds: Rounds, before: str, after: str) -> list[Record]:
    snapshot_of = {row["capture_id"]: row["snapshot"] for row in rows.get("captures", [])}
    versions: dict[str, list[Record]] = defaultdict(list)
    for version in rows.get("article_versions", []):
        versions[version["article_id"]].append(version)
    found = []
    for article in rows.get("articles", []):
        key = article["article_id"]
        was, now = rounds.seen.get((before, key)), rounds.seen.get((after, key))
        row = {"from_snapshot": before, "to_snapshot": after, "publisher": article["publisher"], "subject": "article"}
        row |= {"row": key}
        title = cited(article["title"])[0] if article["title"] else article["address"]
        if was and now:
            texts = sorted(versions[key], key=lambda v: v["sequence"])
            for old, new in pairwise(texts):
                if snapshot_of.get(new["capture_id"]) == after:
                    said = f"{title} was edited: {new['removed'] or 0} characters out, {new['added'] or 0} in."
                    row |= {"change": "edited", "before": old["version_id"], "after": new["version_id"]}
                    row |= {"why": "site", "statement": said, "capture_id": new["capture_id"]}
            if "change" in row:
                found.append(row)
        elif was:
            why, said, capture = _why_gone(rounds, article, after)
            row |= {"change": "removed", "before": article["title"], "why": why, "statement": f"{title} {said}."}
            found.append(row | {"capture_id": capture or was})
        elif now:
            why, said = _why_new(rounds, article, before)
            row |= {"change": "added", "after": article["title"], "why": why, "statement": f"{title} {said}."}
            found.append(row | {"capture_id": now})
    return found


def _why_gone(rounds: Rounds, article: Record, after: str) -> tuple[str, str, str]:
    lookup = rounds.pages.get((after, article["address"]))
    if lookup is None or lookup["outcome"] == "not_looked":
        reason = f" ({lookup['reason']})" if lookup and lookup["reason"] else ""
        return "not_looked", f"was not asked for again{reason}", ""
    if lookup["outcome"] == "could_not_look":
        return "source_down", f"could not be asked for again ({lookup['reason']})", lookup["capture_id"]
    return "site", f"is gone ({lookup['reason'] or article['state']})", lookup["capture_id"]


def _why_new(rounds: Rounds, article: Record, before: str) -> tuple[str, str]:
    if article["published_earliest"] and article["published_earliest"] > rounds.ended.get(before, ""):
        return "site", "is new"
    outcomes = rounds.asked.get((before, article["publisher"], "page"), [])
    if outcomes and not any(outcome in LOOKED for outcome in outcomes):
        return "source_down", "was first seen; its site could not be asked the round before"
    return "not_looked", "was first seen; it may have been there the round before"


def _observations(rows: Mapping[str, list[Record]], rounds: Rounds, before: str, after: str) -> list[Record]:
    kinds = set(registry()["changes"]["kinds"])
    gone: dict[tuple[str, str], list[Record]] = defaultdict(list)
    new: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for row in rows.get("observations", []):
        if row["kind"] not in kinds or row["state"] != "value" or row["source"].startswith("import:"):
            continue
        seen = set(row["snapshots"].split())
        if before in seen and after not in seen:
            gone[row["publisher"], row["kind"]].append(row)
        elif after in seen and before not in seen:
            new[row["publisher"], row["kind"]].append(row)
    found = []
    for key in sorted({*gone, *new}):
        base = {"from_snapshot": before, "to_snapshot": after, "publisher": key[0], "subject": "observation"}
        lost, got = gone.get(key, []), new.get(key, [])
        if len(lost) == len(got) == 1:
            said = f"{key[1]} changed from {cited(lost[0]['value'])[0]} to {cited(got[0]['value'])[0]}."
            found.append(base | _told(got[0], "edited", "site", said, before=lost[0]["value"], after=got[0]["value"]))
            continue
        for row in lost:
            why = _why_unseen(rounds, row, after)
            said = f"{row['kind']} {cited(row['value'])[0]} {WORDS_GONE[why]}."
            found.append(base | _told(row, "removed", why, said, before=row["value"]))
        for row in got:
            why = _why_unseen(rounds, row, before)
            said = f"{row['kind']} {cited(row['value'])[0]} {WORDS_NEW[why]}."
            found.append(base | _told(row, "added", why, said, after=row["value"]))
    return found


def _told(row: Record, change: str, why: str, said: str, **values: str) -> Record:
    """The columns of a change that come from its observation; ``values``: before, after."""
    return {
        "row": row["observation_id"],
        "change": change,
        "why": why,
        "statement": said,
        "capture_id": row["capture_id"],
        **values,
    }


WORDS_GONE = {
    "site": "is no longer there",
    "source_down": "could not be asked for again",
    "not_looked": "was not asked for again",
}
WORDS_NEW = {
    "site": "is new",
    "source_down": "was first seen; it could not be asked for the round before",
    "not_looked": "was first seen; it was not asked for the round before",
}


def _why_unseen(rounds: Rounds, row: Record, snapshot: str) -> str:
    """Why round ``snapshot`` did not see an observation: the site lacked it, or it was not or could not be asked."""
    source = "page" if row["source"] in PAGE_SOURCES else row["source"]
    outcomes = rounds.asked.get((snapshot, row["publisher"], source), [])
    if any(outcome in LOOKED for outcome in outcomes):
        return "site"
    return "source_down" if "could_not_look" in outcomes else "not_looked"
