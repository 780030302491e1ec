"""Posts as the user gave them: CSV or JSON lines, checked row by row; each keeps the file and line it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wiretrace import given, identity
from wiretrace.errors import UserError
from wiretrace.schema import clean
from wiretrace.trace.fold import as_text, fold, size

NEEDED = ("account", "posted_at")
COLUMNS = (*NEEDED, "url", "text", "account_created_at", "platform")
MOST = 2_000_000  # posts of one investigation
LONGEST = 10_000  # characters of a post that are compared
SHOWN = 500  # characters of a post that the table keeps
LEAST = 12.0  # size (fold.size) from which a text is more than a stock phrase
ADDRESS = re.compile(r"https?://[^\s<>\"'“”「」（）()\]）]{3,2000}")
# What says whose text it is, not what it says: a copy marked as one and the names spoken to are no part of the text.
MARKS = re.compile(r"^\s*RT\s+@\w+:?|[@＠][\w.-]+")
EPOCH = re.compile(r"\d{9,10}(?:\d{3})?")


@dataclass(frozen=True)
class Post:
    """One post: ``time`` and ``created`` in seconds since 1970 (None: not known to the minute, to the day), ``address``
    canonical or '', ``phrase`` the folded text ('' where too short to say anything), ``source`` file:line.
    """

    post_id: str
    platform: str
    account: str
    time: int | None
    created: int | None
    address: str
    text: str
    phrase: str
    source: str


def lint(path: str) -> Iterator[tuple[str, bool]]:
    """('', False) for each row of a file of posts that a run takes; (words, whether it stops a run) for a mistake.

    Raises:
        UserError: the file cannot be read, a column is missing.
    """
    for line, row in given.records(path, NEEDED, COLUMNS):
        where = f"{path}, line {line}"
        try:
            _account(where, row)
        except UserError as error:
            yield str(error), True
            continue
        said = [name for name in ("posted_at", "account_created_at") if row.get(name, "").strip()]
        wrong = [name for name in said if instant(row[name].strip())[0] is None]
        if wrong:
            yield f"{where}: {wrong[0]} {row[wrong[0]][:40]!r} is no time; write e.g. 2024-03-05T09:00+09:00", False
        elif not row["posted_at"].strip():
            yield f"{where}: posted_at is empty; the post counts for no time", False
        yield "", False


def posts(paths: Sequence[str]) -> list[Post]:
    """All posts in ``paths``, sorted by id; of rows that are one post the first counts.

    Raises:
        UserError: a file cannot be read, lacks a column, names no account, or there are more than :data:`MOST` posts.
    """
    names = [Path(path).name for path in paths]
    for name in names:
        if names.count(name) > 1:
            raise UserError(
                f"configuration: inputs.posts: two files are named {name}; rename one, posts cite them by name"
            )
    found: dict[str, Post] = {}
    known: dict[str, str] = {}
    for path in paths:
        for line, row in given.records(path, NEEDED, COLUMNS):
            post = _post(f"{path}, line {line}", f"{Path(path).name}:{line}", row, known)
            found.setdefault(post.post_id, post)
            if len(found) > MOST:
                raise UserError(f"{path}: more than {MOST:,} posts; give fewer, e.g. of a shorter time")
    return [found[key] for key in sorted(found)]


def _post(where: str, source: str, row: Mapping[str, str], known: dict[str, str]) -> Post:
    account = _account(where, row)
    text = clean(row.get("text", "")).strip()[:LONGEST]
    link = row.get("url", "").strip() or next(iter(ADDRESS.findall(text)), "")
    if link not in known:
        address = identity.canonical(link) if link else ""
        known[link] = address if identity.publisher_of(address) else ""
    platform = " ".join(clean(row.get("platform", "")).split())[:100]
    said = row.get("posted_at", "").strip()
    phrase = ""
    if text:
        codes, _ = fold(MARKS.sub(" ", ADDRESS.sub(" ", text)))
        phrase = as_text(codes) if size(codes) >= LEAST else ""
    moment, exact = instant(said)
    born, _ = instant(row.get("account_created_at", "").strip())
    return Post(
        post_id=identity.make_id("p", platform, account, said, known[link], text),
        platform=platform,
        account=account,
        time=moment if exact else None,
        created=born,
        address=known[link],
        text=" ".join(text.split())[:SHOWN],
        phrase=phrase,
        source=source,
    )


def _account(where: str, row: Mapping[str, str]) -> str:
    account = " ".join(clean(row.get("account", "")).split()).removeprefix("@")[:200]
    if not account:
        raise UserError(f"{where}: account is empty; leave the row out")
    return account


def instant(written: str) -> tuple[int | None, bool]:
    """Seconds since 1970 of ISO 8601 (without a zone: UTC) or of a number of seconds or milliseconds since then, and
    whether it is exact to the minute; (None, False) where it is no time from 1990 to 2100.
    """
    if EPOCH.fullmatch(written):
        moment = int(written[:10]) if len(written) > 10 else int(written)
    else:
        try:
            parsed = datetime.fromisoformat(written)
        except ValueError:
            return None, False
        try:
            moment = int((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp())
        except (OverflowError, ValueError):
            return None, False
    if not 631_152_000 <= moment < 4_102_444_800:
        return None, False
    return moment, bool(EPOCH.fullmatch(written)) or ":" in written


def stamp(moment: int | None) -> str:
    """``moment`` as the tables write times."""
    return "" if moment is None else datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
