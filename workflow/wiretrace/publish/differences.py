"""Changes: what differs between consecutive rounds of acquisition, and why as far as the look-ups tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from wiretrace import config, identity
from wiretrace.publish.rows import Record
from wiretrace.publish.shelf import Shelf
from wiretrace.publish.wording import cited, registry

# Observations read from a page or its headers depend on pages being fetched; the others on their own look-up.
PAGE_SOURCES = ("page", "headers")
# Look-ups; what came before an answer was cut off does not show what is gone.
LOOKUPS = """
    SELECT l.snapshot, l.publisher, l.source, l.subject, l.capture_id, l.time, l.lookup_id,
        iif(c.truncated IS NULL, l.outcome, 'could_not_look') AS outcome,
        iif(c.truncated IS NULL, l.reason,
            'the answer was cut off: ' || iif(l.reason = '', c.truncated, l.reason)) AS reason
    FROM lookups l LEFT JOIN captures c
        ON c.capture_id = l.capture_id AND c.truncated <> '' AND l.outcome IN ('found', 'absent')
"""
# What each round asked of whom, and how it ended.
ASKED = f"""
    INSERT INTO _asked
    SELECT snapshot, publisher, source, max(outcome IN ('found', 'absent')), max(outcome = 'could_not_look')
    FROM ({LOOKUPS}) GROUP BY 1, 2, 3
"""  # noqa: S608 (our own words)
# The capture that shows an article in a round: the last of its pages that were fetched from its site.
SEEN = """
    INSERT OR REPLACE INTO _seen
    SELECT c.snapshot, p.article_id, p.capture_id FROM pages p JOIN captures c ON c.capture_id = p.capture_id
    WHERE p.article_id <> '' AND c.route IN ('direct', 'proxy') ORDER BY p.time, p.capture_id
"""
# The articles that one of two rounds saw.
BOTH = """
    SELECT a.*, ifnull(b.capture_id, '') AS was, ifnull(n.capture_id, '') AS now
    FROM articles a LEFT JOIN _seen b ON b.snapshot = ? AND b.article_id = a.article_id
        LEFT JOIN _seen n ON n.snapshot = ? AND n.article_id = a.article_id
    WHERE b.capture_id IS NOT NULL OR n.capture_id IS NOT NULL ORDER BY a.rowid
"""
# The texts of an article, each with the round in which it was first read.
TEXTS = """
    SELECT v.*, ifnull(c.snapshot, '') AS snapshot
    FROM article_versions v LEFT JOIN captures c ON c.capture_id = v.capture_id
    WHERE v.article_id = ? ORDER BY v.sequence, v.rowid
"""
OBSERVED = """
    SELECT * FROM observations WHERE state = 'value' AND source NOT GLOB 'import:*' ORDER BY publisher, kind, rowid
"""


@dataclass(frozen=True)
class Rounds:
    """What each round asked, and which articles it saw, as tables beside those of ``shelf``."""

    shelf: Shelf
    ended: Mapping[str, str]  # snapshot → its last capture's time

    def asked(self, snapshot: str, publisher: str, source: str) -> Record:
        """Whether an answer came (``looked``) or failed to come; an empty row where nothing was asked."""
        query = "SELECT * FROM _asked WHERE snapshot = ? AND publisher = ? AND source = ?"
        return self.shelf.rows(query, snapshot, publisher, source).first()

    def page(self, snapshot: str, address: str) -> Record:
        """The last look-up of a page in a round; an empty row where there is none."""
        return self.shelf.rows("SELECT * FROM _pages WHERE snapshot = ? AND address = ?", snapshot, address).first()


def changes(shelf: Shelf, snapshots: Iterable[str]) -> Iterator[Record]:
    """Rows of ``changes``: articles and observations that the later of two rounds lost, gained or found altered.

    ``shelf`` has the tables of ``wanted.COMPARED``. ``snapshots`` are labels in order of time; other people's archives
    (``imports``) are no round. A row says whether the other side changed, or could not be asked, or was not asked: then
    nothing is known to have changed. Held are the observations of one kind at one publisher.
    """
    labels = [label for label in snapshots if label != config.IMPORTS]
    if len(labels) < 2:
        return
    rounds = _rounds(shelf)
    for before, after in pairwise(labels):
        for found in (_articles(rounds, before, after), _observations(rounds, before, after)):
            for row in found:
                key = (row["from_snapshot"], row["to_snapshot"], row["subject"], row["row"], row["change"])
                yield row | {"change_id": identity.make_id("d", *key)}


def _rounds(shelf: Shelf) -> Rounds:
    shelf.scratch(
        "_asked",
        "snapshot TEXT, publisher TEXT, source TEXT, looked INTEGER, failed INTEGER,"
        " PRIMARY KEY (snapshot, publisher, source)",
    )
    shelf.change(ASKED)
    columns = ("snapshot", "address", "outcome", "reason", "capture_id")
    shelf.scratch("_pages", f"{' TEXT, '.join(columns)} TEXT, PRIMARY KEY (snapshot, address)")
    looked = shelf.rows(f"SELECT * FROM ({LOOKUPS}) WHERE source = 'page' ORDER BY time, lookup_id")  # noqa: S608
    pages = (row | {"address": identity.canonical(row["subject"]) or row["subject"]} for row in looked)
    shelf.change("INSERT OR REPLACE INTO _pages VALUES (?, ?, ?, ?, ?)", ([row[c] for c in columns] for row in pages))
    shelf.scratch("_seen", "snapshot TEXT, article_id TEXT, capture_id TEXT, PRIMARY KEY (snapshot, article_id)")
    shelf.change(SEEN)
    ended = shelf.rows("SELECT snapshot, max(time) AS time FROM captures GROUP BY snapshot")
    return Rounds(shelf, {row["snapshot"]: row["time"] for row in ended})


def _articles(rounds: Rounds, before: str, after: str) -> Iterator[Record]:
    for article in rounds.shelf.rows(BOTH, before, after):
        was, now = article["was"], article["now"]
        row = {"from_snapshot": before, "to_snapshot": after, "publisher": article["publisher"], "subject": "article"}
        row |= {"row": article["article_id"]}
        title = cited(article["title"])[0] if article["title"] else article["address"]
        if was and now:
            for old, new in pairwise(rounds.shelf.rows(TEXTS, article["article_id"])):
                if new["snapshot"] == after:
                    said = f"{title} was edited: {new['removed'] or 0} characters out, {new['added'] or 0} in."
                    row |= {"change": "edited", "before": old["version_id"], "after": new["version_id"]}
                    row |= {"why": "site", "statement": said, "capture_id": new["capture_id"]}
            if "change" in row:
                yield row
        elif was:
            why, said, capture = _why_gone(rounds, article, after)
            row |= {"change": "removed", "before": article["title"], "why": why, "statement": f"{title} {said}."}
            yield row | {"capture_id": capture or was}
        else:
            why, said = _why_new(rounds, article, before)
            row |= {"change": "added", "after": article["title"], "why": why, "statement": f"{title} {said}."}
            yield row | {"capture_id": now}


def _why_gone(rounds: Rounds, article: Record, after: str) -> tuple[str, str, str]:
    lookup = rounds.page(after, article["address"])
    if not lookup or lookup["outcome"] == "not_looked":
        reason = f" ({lookup['reason']})" if lookup and lookup["reason"] else ""
        return "not_looked", f"was not asked for again{reason}", ""
    if lookup["outcome"] == "could_not_look":
        return "source_down", f"could not be asked for again ({lookup['reason']})", lookup["capture_id"]
    return "site", f"is gone ({lookup['reason'] or article['state']})", lookup["capture_id"]


def _why_new(rounds: Rounds, article: Record, before: str) -> tuple[str, str]:
    if article["published_earliest"] and article["published_earliest"] > rounds.ended.get(before, ""):
        return "site", "is new"
    asked = rounds.asked(before, article["publisher"], "page")
    if asked and not asked["looked"]:
        return "source_down", "was first seen; its site could not be asked the round before"
    return "not_looked", "was first seen; it may have been there the round before"


def _observations(rounds: Rounds, before: str, after: str) -> Iterator[Record]:
    kinds = set(registry()["changes"]["kinds"])
    seen = (row for row in rounds.shelf.rows(OBSERVED) if row["kind"] in kinds)
    for (publisher, kind), rows in groupby(seen, key=lambda row: (row["publisher"], row["kind"])):
        lost: list[Record] = []
        got: list[Record] = []
        for row in rows:
            in_before, in_after = (label in row["snapshots"].split() for label in (before, after))
            if in_before != in_after:
                (lost if in_before else got).append(row)
        base = {"from_snapshot": before, "to_snapshot": after, "publisher": publisher, "subject": "observation"}
        if len(lost) == len(got) == 1:
            said = f"{kind} changed from {cited(lost[0]['value'])[0]} to {cited(got[0]['value'])[0]}."
            yield base | _told(got[0], "edited", "site", said, before=lost[0]["value"], after=got[0]["value"])
            continue
        for row in lost:
            why = _why_unseen(rounds, row, after)
            said = f"{kind} {cited(row['value'])[0]} {WORDS_GONE[why]}."
            yield base | _told(row, "removed", why, said, before=row["value"])
        for row in got:
            why = _why_unseen(rounds, row, before)
            said = f"{kind} {cited(row['value'])[0]} {WORDS_NEW[why]}."
            yield base | _told(row, "added", why, said, after=row["value"])


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
    asked = rounds.asked(snapshot, row["publisher"], source)
    if asked and asked["looked"]:
        return "site"
    return "source_down" if asked and asked["failed"] else "not_looked"
