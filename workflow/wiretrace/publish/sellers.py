"""Claims on sellers: which outlets a captured catalogue offers placement on. Selling placement is not operating."""

from __future__ import annotations

from wiretrace.publish.case import Case, Draft, Row
from wiretrace.publish.wording import Counted, Value, count, listing, noted, sites


def sold_by(case: Case) -> list[Draft]:
    """One draft for each seller whose catalogue was captured."""
    drafts = []
    sellers = case.shelf.rows("SELECT DISTINCT seller FROM outlet_listings ORDER BY seller")
    for seller in [row["seller"] for row in sellers]:
        rows = case.rows("outlet_listings", "seller", seller)
        outlets = sorted({row["outlet"] for row in rows})
        known = [outlet for outlet in outlets if outlet in case.publishers and outlet != seller]
        priced = sum(bool(row["price"]) for row in rows)
        honest = [o for o in known if case.publishers[o]["role"] in ("outlet", "control")]
        against: list[tuple[str, dict[str, Value]]] = [("advertised", {})]
        if honest:
            against.append(("controls", {"sites": sites(honest)}))
        names = listing(known) if known else ("none", "なし")
        values: dict[str, Value] = {
            "seller": case.name_of(seller),
            "outlets": count(len(outlets), "outlet"),
            "known": (
                Counted(f"{len(known)} ({names[0]})", len(known)),
                Counted(f"{len(known)}（{names[1]}）", len(known)),
            ),
            "prices": (f", {priced} entries with a price", f"（価格付き{priced}件）") if priced else ("", ""),
        }
        evidence = [
            Row("outlet_listings", r["listing_id"], noted("listed", outlet=r["outlet"]), r["capture_id"], r["label"])
            for r in sorted(rows, key=lambda r: (r["outlet"] not in case.suspects, r["outlet"], r["listing_id"]))
        ]
        suspect = bool(case.suspects & {*known, seller})
        drafts.append(
            Draft(
                "sold_by",
                seller,
                "",
                "established",
                values,
                evidence,
                against=against,
                about=[seller],
                size=min(len(known), 40),
                suspect=suspect,
            )
        )
    return drafts
