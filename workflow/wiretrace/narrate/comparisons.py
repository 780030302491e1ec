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
    named: dict[tuple[str, str], str] = {}
    done: dict[str, bool] = {}
    for row in (row for claim in version.claims for row in version.evidence(claim["claim_id"])):
        pair = _pair(version, row["row"]) if row["table"] == "traces" else ("", "")
        match = pairs.get(pair, "")
        key = match or (row["row"] if row["table"] == "article_versions" else "")
        if key and key not in done and len(done) < MOST:
            matched = version.having("text_matches", "match_id", match).first()
            aligned = align(version, matched, pair[1]) if matched else align_versions(version, key)
            done[key] = aligned is not None
            if aligned:
                schema.write_text(folder / f"{key}.html", filled("comparison.html.j2", aligned=aligned))
        if done.get(key):
            named[row["table"], row["row"]] = f"{key}.html"
    return named


def _pair(version: Version, trace: str) -> tuple[str, str]:
    """The article of a trace and its candidate source."""
    found = version.having("traces", "trace_id", trace).first()
    return (found["article_id"], found["candidate"]) if found else ("", "")
