"""Claims on accounts that post the same things close together in time, more often than chance lets expect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from statistics import median

from wiretrace.publish.case import Case, Draft, Later, Row
from wiretrace.publish.rows import Record, Rows
from wiretrace.publish.sources import headline
from wiretrace.publish.wording import Text, Value, count, counted, noted, sites

# Groups told one by one, the largest.
TOLD = 12
PAIRS = "SELECT * FROM post_pairs WHERE group_id = ? ORDER BY chance_log10, pair_id"
ACCOUNTS = "SELECT account, burst_id FROM post_accounts WHERE group_id = ? ORDER BY account"


def posted_together(case: Case) -> list[Draft]:
    """One draft for each group of accounts that co-post; beyond a dozen, one for the rest."""
    groups = list(case.shelf.rows("SELECT * FROM post_groups ORDER BY accounts DESC, group_id"))
    drafts = [_draft(case, group) for group in groups[:TOLD]]
    return [*drafts, _rest(case, groups[TOLD:])] if groups[TOLD:] else drafts


def _draft(case: Case, group: Record) -> Draft:
    pairs = case.shelf.rows(PAIRS, group["group_id"])
    accounts = list(case.shelf.rows(ACCOUNTS, group["group_id"]))
    names = [row["account"] for row in accounts]
    new = sum(bool(row["burst_id"]) for row in accounts)
    publishers = group["publishers"].split()
    # Of a pair the earliest things are listed only, and the group has at least what each of its pairs has.
    most = {kind: max((p["items"] for p in pairs if p["kind"] == kind), default=0) for kind in ("address", "text")}
    values: dict[str, Value] = {
        "accounts": counted(names, "account"),
        "addresses": _at_least(group["addresses"], most["address"], "address"),
        "texts": _at_least(group["texts"], most["text"], "text"),
        "sites": sites(publishers) if publishers else ("", ""),
        "pairs": count(group["pairs"], "pair"),
        "occasions": f"{median(pair['occasions'] for pair in pairs):g}",
        "expected": f"{median(pair['expected'] for pair in pairs):.2g}",
        "delay": _delay(median(pair["median_seconds"] for pair in pairs)),
        "new": count(new, "account"),
    }
    return Draft(
        "posted_together",
        group["group_id"],
        "",
        "likely",
        values,
        _rows(case, group, pairs),
        "texts" if not group["addresses"] else "both" if group["texts"] else "addresses",
        "new" if new else "default",
        against=[("alike", {}), ("given", {})],
        about=[group["group_id"], *names],
        size=min(group["accounts"], 40),
        suspect=bool(case.suspects & set(publishers)),
    )


def _rest(case: Case, groups: Sequence[Record]) -> Draft:
    publishers = sorted({name for group in groups for name in group["publishers"].split()})
    return Draft(
        "posted_together",
        "rest",
        "",
        "likely",
        {
            "groups": count(len(groups), "group"),
            "accounts": count(sum(group["accounts"] for group in groups), "account"),
            "sites": sites(publishers) if publishers else ("", ""),
        },
        (Row("post_groups", group["group_id"], _told(group)) for group in groups),
        "rest",
        "rest",
        against=[("alike", {}), ("given", {})],
        size=-60,
        suspect=bool(case.suspects & set(publishers)),
    )


def _rows(case: Case, group: Record, pairs: Rows) -> Iterator[Row | Later]:
    yield Row("post_groups", group["group_id"], _told(group))
    for pair in pairs:
        yield Later("post_pairs", pair["pair_id"], partial(_pair, pair))
    for article in group["articles"].split():
        yield Later("articles", article, partial(_posted, case, article))


def _told(group: Record) -> Text:
    return noted("co_posting", accounts=count(group["accounts"], "account"), pairs=count(group["pairs"], "pair"))


def _pair(pair: Record) -> Row:
    note = noted(
        "co_posted",
        a=pair["account_a"],
        b=pair["account_b"],
        occasions=pair["occasions"],
        expected=f"{pair['expected']:.2g}",
        delay=_delay(pair["median_seconds"]),
    )
    return Row("post_pairs", pair["pair_id"], note)


def _posted(case: Case, article: str) -> Row:
    note = noted("spread", publisher=case.publisher_of(article))
    return Row("articles", article, note, case.capture_of(article), headline(case, article))


def _at_least(shown: int, most: int, noun: str) -> Text:
    """``shown`` things; where more are known than are listed, at least so many as one pair has."""
    if most <= shown:
        return count(shown, noun)
    english, japanese = count(most, noun)
    return f"at least {english}", f"少なくとも{japanese}"


def _delay(seconds: float) -> Text:
    """A time between two posts in words."""
    if seconds < 120:
        return f"{seconds:.0f} seconds", f"{seconds:.0f}秒"
    return f"{seconds / 60:.0f} minutes", f"{seconds / 60:.0f}分"
