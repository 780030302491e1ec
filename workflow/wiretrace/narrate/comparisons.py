"""Pages that set two texts side by side: an article and its source, a text and the one before it."""

from __future__ import annotations

import shutil
from pathlib import Path

from wiretrace import schema
from wiretrace.narrate.alignment import align, align_versions, traced_pairs
from wiretrace.narrate.templating import filled
from wiretrace.narrate.version import Version

# Pages written, those of the heaviest claims first.
MOST = 400


def write(version: Version, folder: Path) -> dict[tuple[str, str], str]:
    """Write ``folder/KEY.html`` for pairs that claims rest on; returns (table, row) of claim_evidence → file name."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pairs = traced_pairs(version)
    traces = {row["trace_id"]: (row["article_id"], row["candidate"]) for row in version.table("traces")}
    by_claim = version.grouped("claim_evidence", "claim_id")
    named: dict[tuple[str, str], str] = {}
    done: dict[str, bool] = {}
    for row in (row for claim in version.claims for row in by_claim.get(claim["claim_id"], [])):
        pair = traces.get(row["row"]) if row["table"] == "traces" else None
        match = pairs.get(pair) if pair else None
        key = match["match_id"] if match else row["row"] if row["table"] == "article_versions" else ""
        if key and key not in done and len(done) < MOST:
            aligned = align(version, match, pair[1]) if match and pair else align_versions(version, key)
            done[key] = aligned is not None
            if aligned:
                schema.write_text(folder / f"{key}.html", filled("comparison.html.j2", aligned=aligned))
        if done.get(key):
            named[row["table"], row["row"]] = f"{key}.html"
    return named
