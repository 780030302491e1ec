"""A page for each cited capture: its address, time and digest, who cites it, its words marked, the page in a frame."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import quote

from wiretrace import schema
from wiretrace.narrate import pages
from wiretrace.narrate.rendering import Rendered, render
from wiretrace.narrate.templating import filled
from wiretrace.narrate.version import Version
from wiretrace.publish.rows import Record

# What a claim says of one capture is told up to this many sentences; the claim's own page has all.
MOST_NOTES = 6


@dataclass(frozen=True)
class Written:
    """What the page of one capture holds: the plain text, and where in the page the marked words are."""

    text: str
    place: str


def write(version: Version, archive: Path, folder: Path) -> dict[str, Written]:
    """Write ``folder/CAPTURE.html`` for each cited capture, and ``folder/rendered/CAPTURE.html`` for each page that can
    be laid out. A capture that nothing cites any more loses its pages."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "rendered").mkdir(parents=True)
    cited = groupby(version.rows("claim_evidence", order="capture_id, place"), lambda row: str(row["capture_id"]))
    return {
        capture: _capture(version, archive, folder, held, list(rows))
        for capture, rows in cited
        if (held := version.captures.get(capture))
    }


def _capture(version: Version, archive: Path, folder: Path, capture: Record, rows: list[Record]) -> Written:
    held = pages.captured(version, archive, capture)
    values = [version.value_of(row) for row in rows]
    cited = [pages.cited(row, value) for row, value in zip(rows, values, strict=True)]
    # A shared value in the form that is compared needs no place of its own where the page's own form of it is marked.
    written = {value for value, phrase in zip(values, cited, strict=True) if phrase.core}
    phrases = sorted({phrase for phrase in cited if phrase.words.strip() and phrase.words not in written})
    rendered = render(held.source, phrases) if held.source else None
    page = version.pages.get(capture["capture_id"], {})
    if rendered:
        _frame(folder / "rendered", capture, page, rendered)
    said: dict[str, dict[tuple[str, str], None]] = {}
    for row in rows:
        said.setdefault(row["claim_id"], {})[row["note"], row["note_ja"]] = None
    cited_by = version.having("claims", "claim_id", *sorted(said))
    html = filled(
        "capture.html.j2",
        frames=True,
        capture=capture,
        page=page,
        rendered=rendered,
        investigation=version.run["investigation"],
        replay=_replay(capture),
        shown=pages.show(held.text, held.source, phrases, held.at_hand),
        claims=[
            (claim, list(said[claim["claim_id"]])[:MOST_NOTES])
            for claim in sorted(cited_by, key=lambda claim: (-claim["weight"], claim["claim_id"]))
        ],
    )
    schema.write_text(folder / f"{capture['capture_id']}.html", html)
    return Written(held.text, "page" if rendered and rendered.marked else "marked")


def _replay(capture: Record) -> str:
    """Where ReplayWeb.page shows the capture in the evidence's WACZ file; empty for what is no answer to play back.

    A web archive's copy was asked of the archive, and stands under the archive's address.
    """
    if capture["kind"] != "http":
        return ""
    asked = capture["via"] if capture["route"] == "web_archive" else capture["address"]
    return f"view=pages&url={quote(asked, safe='')}&ts={re.sub('[^0-9]', '', capture['time'])[:14]}"


def _frame(folder: Path, capture: Record, page: Mapping[str, object], rendered: Rendered) -> None:
    """The laid-out page as a file of its own, so that it is read only when somebody looks."""
    html = filled(
        "rendered.html.j2", style="rendered.css", language=False, capture=capture, page=page, body=rendered.body
    )
    schema.write_text(folder / f"{capture['capture_id']}.html", html)
